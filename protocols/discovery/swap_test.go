package discovery

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/keys"
)

// quartet is four nodes that hand each other messages at once; a probe takes as long
// as the way between the two is.
type quartet struct {
	t     *testing.T
	nodes []*node
	ways  [4][4]time.Duration
	now   protocols.Time
	kinds []protocols.Kind // of swaps, in order
	lost  protocols.Kind   // of messages that do not arrive
}

// The roles in the tests.
const (
	initiator = iota
	candidate
	old
	far
)

func newQuartet(t *testing.T, links ...[2]int) *quartet {
	c := Default()
	c.DegreeMin, c.DegreeMax = 0, 1 // nobody looks for links that are missing
	o := DefaultOptimise()
	o.Unbiased = 0
	c.Optimise = &o
	q := &quartet{t: t, lost: KindLeave}
	s := &shared{Config: c, world: protocols.World{Nodes: 4}}
	for id := range protocols.NodeID(4) {
		n := &node{shared: s, phase: joined}
		n.renew(q.env(id), false)
		q.nodes = append(q.nodes, n)
	}
	for _, l := range links {
		q.nodes[l[0]].link(q.env(protocols.NodeID(l[0])), q.nodes[l[1]].own)
		q.nodes[l[1]].link(q.env(protocols.NodeID(l[1])), q.nodes[l[0]].own)
	}
	return q
}

func (q *quartet) env(id protocols.NodeID) *protocols.Env {
	env := &protocols.Env{Crypto: keys.Costed(1), Costs: &keys.Measured}
	env.Reset(id, q.now, uint64(q.now)+uint64(id), &protocols.Disk{})
	return env
}

// way says how far two nodes are from each other, there and back, and lets those that
// are linked know.
func (q *quartet) way(a, b int, d time.Duration) {
	q.ways[a][b], q.ways[b][a] = d, d
	q.nodes[a].measured(protocols.NodeID(b), uint32(d.Microseconds()))
	q.nodes[b].measured(protocols.NodeID(a), uint32(d.Microseconds()))
}

// deliver hands on what a node sends, and what that leads to.
func (q *quartet) deliver(env *protocols.Env) {
	for _, s := range env.Sends {
		if s.Message.Kind() == q.lost {
			continue
		}
		if _, ok := s.Message.(*Swap); ok {
			q.kinds = append(q.kinds, s.Message.Kind())
		}
		if s.Message.Kind() == KindProbed {
			q.now += protocols.Time(q.ways[env.Self][s.To])
		}
		answer := q.env(s.To)
		q.nodes[s.To].Receive(answer, env.Self, s.Message)
		q.deliver(answer)
	}
}

// begin lets the initiator consider the candidate.
func (q *quartet) begin() {
	env := q.env(initiator)
	q.nodes[initiator].consider(env, candidate, uint32(q.ways[initiator][candidate].Microseconds()))
	q.deliver(env)
}

// linked holds the links of all against those that should be there.
func (q *quartet) linked(links ...[2]int) {
	q.t.Helper()
	for a := range 4 {
		for b := range 4 {
			want := slices.Contains(links, [2]int{a, b}) || slices.Contains(links, [2]int{b, a})
			if got := q.nodes[a].linkTo(protocols.NodeID(b)) >= 0; got != want {
				q.t.Errorf("node %d has a link to %d: %v, want %v", a, b, got, want)
			}
		}
	}
}

// Four nodes swap their two long links for two short ones, in three messages and
// their answers.
func TestSwapOfFour(t *testing.T) {
	q := newQuartet(t, [2]int{initiator, old}, [2]int{candidate, far})
	q.way(initiator, old, 100*time.Millisecond)
	q.way(candidate, far, 90*time.Millisecond)
	q.way(initiator, candidate, 10*time.Millisecond)
	q.way(old, far, 20*time.Millisecond)
	q.begin()
	q.linked([2]int{initiator, candidate}, [2]int{old, far})
	if want := []protocols.Kind{KindSwap, KindReplace, KindSwitch, KindSwitched, KindReplaced, KindSwapped}; !slices.Equal(q.kinds, want) {
		t.Errorf("messages %v, want %v", q.kinds, want)
	}
}

// A swap that saves the initiator much, and costs the others more, is not made; nor
// one of a link that is to stay as it is; nor one with an end that does not optimise.
func TestSwapThatIsRefused(t *testing.T) {
	long, short := 100*time.Millisecond, 10*time.Millisecond
	for name, spoil := range map[string]func(q *quartet){
		"costs more":            func(q *quartet) { q.way(old, far, 300*time.Millisecond) },
		"saves next to nothing": func(q *quartet) { q.way(old, far, 189*time.Millisecond) },
		"is random at the far":  func(q *quartet) { q.nodes[far].active[0].random = true },
		"is random at the old":  func(q *quartet) { q.nodes[old].active[0].random = true },
		"is random at both":     func(q *quartet) { q.nodes[candidate].active[0].random = true },
		"is not measured":       func(q *quartet) { q.nodes[far].active[0].way = 0 },
		"the old has left":      func(q *quartet) { q.nodes[old].phase = left },
	} {
		q := newQuartet(t, [2]int{initiator, old}, [2]int{candidate, far})
		q.way(initiator, old, long)
		q.way(candidate, far, long)
		q.way(initiator, candidate, short)
		q.way(old, far, short)
		spoil(q)
		q.begin()
		q.linked([2]int{initiator, old}, [2]int{candidate, far})
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// A candidate that has room takes the initiator, who gives the old neighbour up.
func TestSwapWithRoom(t *testing.T) {
	q := newQuartet(t, [2]int{initiator, old})
	q.way(initiator, old, 100*time.Millisecond)
	q.way(initiator, candidate, 10*time.Millisecond)
	q.begin()
	q.linked([2]int{initiator, candidate})
}

// An answer that is lost leaves a link that one end alone believes in, for as long as
// it takes to notice. The candidate serves others after a round or two.
func TestSwapWhoseAnswerIsLost(t *testing.T) {
	q := newQuartet(t, [2]int{initiator, old}, [2]int{candidate, far})
	q.way(initiator, old, 100*time.Millisecond)
	q.way(candidate, far, 100*time.Millisecond)
	q.way(initiator, candidate, 10*time.Millisecond)
	q.way(old, far, 10*time.Millisecond)
	q.lost = KindReplaced
	q.begin()
	if q.nodes[old].linkTo(far) < 0 || q.nodes[far].linkTo(old) < 0 {
		t.Error("the old neighbour and the far one are not linked")
	}
	if p := q.nodes[candidate].probes; p == nil || p.offer == nil {
		t.Error("the candidate forgets the initiator before it knows")
	}
	for range 2 {
		q.nodes[candidate].optimise(q.env(candidate))
	}
	if q.nodes[candidate].probes.offer != nil {
		t.Error("the candidate waits for ever")
	}
	env := q.env(candidate)
	q.nodes[candidate].alive(env)
	q.deliver(env)
	if q.nodes[candidate].linkTo(far) >= 0 {
		t.Error("the candidate still believes in its link to the far one, which has told it otherwise")
	}
}
