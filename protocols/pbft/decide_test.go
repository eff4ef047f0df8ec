package pbft

import (
	"testing"

	"meshsim/protocols"
)

// digestOf is a batch's digest of one letter.
func digestOf(name string) (d protocols.Digest) {
	if name == "-" {
		return null.digest
	}
	d[0] = name[0]
	return d
}

// claim is what a replica says of a number: what prepared there and in which
// view, and what it accepted.
type claim struct {
	sequence, view uint64
	batch          string
}

// change is a view-change to view 9.
func change9(replica protocols.NodeID, low uint64, prepared, took []claim) *ViewChange {
	m := &ViewChange{View: 9, Replica: replica, Stable: stable{sequence: low}}
	if low > 0 {
		m.Stable.state = digestOf("s")
	}
	for _, c := range prepared {
		m.Prepared = append(m.Prepared, &certificate{proposal: newPrePrepare(c.view, c.sequence, digestOf(c.batch), 0)})
	}
	for _, c := range took {
		m.Accepted = append(m.Accepted, accepted{c.sequence, c.view, digestOf(c.batch)})
	}
	return m
}

func (p *plan) text() string {
	s := ""
	for _, d := range p.batches {
		if d == null.digest {
			s += "-"
		} else {
			s += string(rune(d[0]))
		}
	}
	return s
}

// With proofs: from the latest stable checkpoint to the highest certificate, each
// number gets what prepared in the highest view, or the null request.
func TestDecideByProof(t *testing.T) {
	for name, x := range map[string]struct {
		all  []*ViewChange
		low  uint64
		want string
	}{
		"nothing":             {[]*ViewChange{change9(0, 0, nil, nil), change9(1, 0, nil, nil), change9(2, 0, nil, nil)}, 0, ""},
		"one":                 {[]*ViewChange{change9(0, 0, nil, nil), change9(1, 0, []claim{{1, 3, "a"}}, nil), change9(2, 0, nil, nil)}, 0, "a"},
		"gaps":                {[]*ViewChange{change9(0, 0, []claim{{4, 0, "d"}}, nil), change9(1, 0, []claim{{2, 3, "b"}}, nil), change9(2, 0, nil, nil)}, 0, "-b-d"},
		"views":               {[]*ViewChange{change9(0, 0, []claim{{1, 0, "a"}}, nil), change9(1, 0, []claim{{1, 8, "b"}}, nil), change9(2, 0, []claim{{1, 7, "c"}}, nil)}, 0, "b"},
		"null prepared later": {[]*ViewChange{change9(0, 0, []claim{{1, 2, "a"}}, nil), change9(1, 0, []claim{{1, 3, "-"}}, nil), change9(2, 0, nil, nil)}, 0, "-"},
		"stable":              {[]*ViewChange{change9(0, 4, []claim{{6, 1, "f"}}, nil), change9(1, 0, []claim{{3, 1, "c"}, {5, 1, "e"}}, nil), change9(2, 0, nil, nil)}, 4, "ef"},
		"all below stable":    {[]*ViewChange{change9(0, 4, nil, nil), change9(1, 0, []claim{{3, 1, "c"}}, nil), change9(2, 0, nil, nil)}, 4, ""},
	} {
		p := decideByProof(x.all)
		if p.stable.sequence != x.low || p.text() != x.want {
			t.Errorf("%s: from %d %q, want from %d %q", name, p.stable.sequence, p.text(), x.low, x.want)
		}
	}
}

// With claims: what one alone claims moves nothing, what f+1 accepted and no
// quorum contradicts stands, and a number stays open while it might have committed.
func TestDecideByClaims(t *testing.T) {
	c := Default()
	c.Authentication = MACs
	cl := newCluster(c, []protocols.NodeID{0, 1, 2, 3})
	a := []claim{{1, 3, "a"}}
	for name, x := range map[string]struct {
		all  []*ViewChange
		ok   bool
		low  uint64
		want string
	}{
		"nothing":                    {[]*ViewChange{change9(0, 0, nil, nil), change9(1, 0, nil, nil), change9(2, 0, nil, nil)}, true, 0, ""},
		"supported":                  {[]*ViewChange{change9(0, 0, a, a), change9(1, 0, nil, a), change9(2, 0, nil, nil)}, true, 0, "a"},
		"claimed by one":             {[]*ViewChange{change9(0, 0, a, a), change9(1, 0, nil, nil), change9(2, 0, nil, nil)}, false, 0, ""},
		"and refuted by a fourth":    {[]*ViewChange{change9(0, 0, a, a), change9(1, 0, nil, nil), change9(2, 0, nil, nil), change9(3, 0, nil, nil)}, true, 0, ""},
		"accepted before, not since": {[]*ViewChange{change9(0, 0, a, a), change9(1, 0, nil, []claim{{1, 2, "a"}}), change9(2, 0, nil, nil)}, false, 0, ""},
		"later view":                 {[]*ViewChange{change9(0, 0, a, a), change9(1, 0, []claim{{1, 5, "b"}}, []claim{{1, 5, "b"}}), change9(2, 0, nil, []claim{{1, 5, "b"}})}, true, 0, "b"},
		"null prepared":              {[]*ViewChange{change9(0, 0, []claim{{1, 3, "-"}}, []claim{{1, 3, "-"}}), change9(1, 0, nil, []claim{{1, 3, "-"}}), change9(2, 0, nil, nil)}, true, 0, "-"},
		"gap":                        {[]*ViewChange{change9(0, 0, []claim{{2, 3, "b"}}, []claim{{2, 3, "b"}}), change9(1, 0, nil, []claim{{2, 3, "b"}}), change9(2, 0, nil, nil)}, true, 0, "-b"},
		"beyond the window":          {[]*ViewChange{change9(0, 1<<60, []claim{{1<<60 + 1, 3, "x"}}, nil), change9(1, 0, nil, nil), change9(2, 0, nil, nil), change9(3, 0, nil, nil)}, true, 0, ""},
		"checkpoint of one":          {[]*ViewChange{change9(0, 4, nil, nil), change9(1, 0, nil, nil), change9(2, 0, nil, nil)}, false, 0, ""},
		"checkpoint of f+1":          {[]*ViewChange{change9(0, 4, nil, nil), change9(1, 4, nil, nil), change9(2, 0, nil, nil)}, true, 4, ""},
	} {
		p, ok := cl.decideByClaims(x.all)
		if ok != x.ok || ok && (p.stable.sequence != x.low || p.text() != x.want) {
			t.Errorf("%s: decided %v, from %d %q, want %v, from %d %q", name, ok, p.stable.sequence, p.text(), x.ok, x.low, x.want)
		}
	}
}

// The view timeout doubles with each view change without progress, to its limit.
func TestPatience(t *testing.T) {
	c := Default()
	for _, x := range []struct {
		attempts uint
		want     string
	}{{0, "2s"}, {1, "2s"}, {2, "4s"}, {5, "32s"}, {6, "1m0s"}, {7, "1m0s"}, {1 << 31, "1m0s"}} {
		n := replica{cluster: newCluster(c, []protocols.NodeID{0, 1, 2, 3}), change: change{attempts: x.attempts}}
		if got := n.patience().String(); got != x.want {
			t.Errorf("after %d view changes %s, want %s", x.attempts, got, x.want)
		}
	}
}

// Slots of the ring are those of the window, also when numbers go round.
func TestLog(t *testing.T) {
	c := Default()
	c.Window, c.Checkpoint, c.InFlight = 8, 4, 1
	l := newLog(newCluster(c, []protocols.NodeID{0, 1, 2, 3}))
	for low := uint64(0); low < 40; low += 4 {
		l.collect(low)
		for n := low + 1; n <= low+8; n++ {
			s := l.at(n)
			if s.sequence != n || n > low+4 && s.record != 0 || l.find(n) != s {
				t.Fatalf("slot %d of the window from %d is %+v", n, low, s)
			}
			s.record = n
			s.keep(newBatch([]*Request{{}}))
		}
		if l.find(low) != nil || l.find(low+9) != nil || l.within(low) || l.within(low+9) || l.high() != low+8 {
			t.Fatalf("the window from %d is too wide", low)
		}
		seen := uint64(0)
		l.slots(func(s *slot) {
			if seen++; s.sequence != low+seen {
				t.Errorf("slot %d comes as the %d. behind %d", s.sequence, seen, low)
			}
		})
		if seen != 8 {
			t.Errorf("%d slots", seen)
		}
	}
}
