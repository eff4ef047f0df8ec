package report

import (
	"fmt"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/sim"
)

// A violation is followed back from call to call over the messages between, and
// over what protocols on one node tell each other, up to the limit.
func TestCauses(t *testing.T) {
	c := &Causes{Of: 40, Until: 100}
	c.Trace([]sim.TraceEvent{
		{At: 10, What: sim.TraceExpire, Node: 1, Protocol: "p", Name: "tick", Key: 10},
		{At: 10, What: sim.TraceSend, Node: 1, Peer: 2, Protocol: "p", Name: "ask", Size: 5, Key: 20, Cause: 10},
		{At: 11, What: sim.TraceDeliver, Node: 3, Peer: 1, Protocol: "p", Name: "other", Key: 21},
		{At: 12, What: sim.TraceDeliver, Node: 2, Peer: 1, Protocol: "p", Name: "ask", Size: 5, Key: 20},
		{At: 12, What: sim.TraceHear, Node: 2, Protocol: "q", Name: "committed", Key: 30, Cause: 20},
		{At: 12, What: sim.TraceSend, Node: 2, Peer: 3, Protocol: "q", Name: "tell", Size: 7, Key: 40, Cause: 30},
		{At: 13, What: sim.TraceObserve, Node: 2, Protocol: "q", Name: "seen", Cause: 30},
		{At: 14, What: sim.TraceDeliver, Node: 3, Peer: 2, Protocol: "q", Name: "tell", Size: 7, Key: 40},
		{At: 101, What: sim.TraceExpire, Node: 9, Protocol: "p", Name: "late", Key: 40},
	})
	want := []string{
		"0.00000001 s  n1  timer p.tick came due",
		"0.00000001 s  n1  sent p.ask to n2, 5 B",
		"0.000000012 s  n2  received p.ask from n1, 5 B",
		"0.000000012 s  n2  heard q.committed",
		"0.000000012 s  n2  sent q.tell to n3, 7 B",
		"0.000000014 s  n3  received q.tell from n2, 7 B",
	}
	name := func(id protocols.NodeID) string { return fmt.Sprint("n", id) }
	if got := c.Lines(name); !slices.Equal(got, want) {
		t.Errorf("caused by\n%q, want\n%q", got, want)
	}
	long := &Causes{Of: 1000, Until: 1 << 40}
	for i := range uint64(maxRemembered + 1000) {
		long.Trace([]sim.TraceEvent{{At: protocols.Time(i), What: sim.TraceHear, Node: 1, Key: i + 1, Cause: i}})
	}
	if got := long.Lines(name); got != nil {
		t.Errorf("what was forgotten is told: %q", got)
	}
	long.Of = maxRemembered + 1000
	if got := long.Lines(name); len(got) != maxCauses {
		t.Errorf("%d calls are told, want %d", len(got), maxCauses)
	}
}
