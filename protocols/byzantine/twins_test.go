package byzantine_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/sim"
)

// Each honest node hears one of the twins, the two sides different ones, and the
// second goes on from the first one's disk.
func TestTwins(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Twins{}, ids(3, 4))))
	original := n.values(1, lived, 0)
	for node := 1; node < 6; node++ {
		other := node == 3 || node == 4
		lives := n.values(node, lived, 0)
		if len(lives) != 1+oneIf(other) || lives[0] != original[0] {
			t.Errorf("node %d hears the lives %x of node 0", node, lives)
		}
		if got := n.count(node, heard, 0); got < beats-2 || got > beats {
			t.Errorf("node %d hears %d cries, want about %d", node, got, beats)
		}
	}
	for _, o := range n.list {
		if due := int(o.At / protocols.Time(beat)); o.Kind == heard && o.Key == 0 && (int(o.Value) < due-3 || int(o.Value) > due) {
			t.Errorf("node %d hears cry %d at %v", o.Node, o.Value, time.Duration(o.At))
			break
		}
	}
}

// Answers come to the twin that cried: who is heard hears, too.
func TestTwinsHear(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Twins{}, ids(3, 4))))
	for node := 1; node < 6; node++ {
		if got := n.count(node, answered, 0); got < 2*beats-100 {
			t.Errorf("node %d gets %d answers of node 0", node, got)
		}
	}
}

// First twins hear first twins, second ones second ones. Both tell a third party
// of it: what a life was answered with.
func TestTwinsTogether(t *testing.T) {
	c := mesh(wrapped, makes(&byzantine.Twins{}, ids(3, 4), 1))
	tr := &twinTrace{}
	c.Trace = tr
	c.Wire = true
	if _, err := sim.Run(c); err != nil {
		t.Fatal(err)
	}
	if len(tr.labelled) != 2 || tr.labelled[0] == 0 || tr.labelled[1] == 0 {
		t.Errorf("messages between twins: %v of the first, %v of the second", tr.labelled[0], tr.labelled[1])
	}
	if tr.stray > 0 {
		t.Errorf("%d labelled messages reach nodes without a twin", tr.stray)
	}
}

// twinTrace counts the messages that are a byte longer, by their last byte.
type twinTrace struct {
	labelled [2]int
	stray    int
}

func (x *twinTrace) Trace(events []sim.TraceEvent) {
	for _, e := range events {
		if e.What != sim.TraceDeliver || e.Size != (&cry{}).Size()+1 {
			continue
		}
		b := e.Message.AppendTo(nil)
		x.labelled[b[len(b)-1]]++
		if e.Node > 1 || e.Peer > 1 {
			x.stray++
		}
	}
}

// Strokes that follow one another draw the sides anew, and the twins go on.
func TestTwinsScheduled(t *testing.T) {
	f := makes(&byzantine.Twins{}, nil)
	f.At, f.For, f.Every = 100*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond
	n := runMesh(t, mesh(wrapped, f))
	var lives []uint64
	changed := 0
	for node := 1; node < 6; node++ {
		mine := n.values(node, lived, 0)
		changed += oneIf(len(mine) > 1)
		for _, l := range mine {
			if !slices.Contains(lives, l) {
				lives = append(lives, l)
			}
		}
	}
	if len(lives) != 2 || changed < 4 {
		t.Errorf("there are %d instances, want 2; %d nodes hear both, want nearly all 5", len(lives), changed)
	}
}

// A crash takes both down, and both come back.
func TestTwinsCrash(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Twins{}, ids(3, 4)), crash(0)))
	if a, b := n.values(1, lived, 0), n.values(3, lived, 0); len(a) != 2 || len(b) != 4 {
		t.Errorf("node 1 hears %d lives and node 3 hears %d; want 2, and 4: first, second, second after the crash, first after the end", len(a), len(b))
	}
}
