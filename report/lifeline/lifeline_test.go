package lifeline

import (
	"fmt"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/sim"
)

// A Follower tells what held when, of the nodes that it follows; who is cut off
// it knows from all of them.
func TestFollower(t *testing.T) {
	trace := []sim.TraceEvent{
		{At: 0, What: sim.TraceStart, Node: 0},
		{At: 1, What: sim.TracePartition, Node: 0, Name: "cut", Item: 7, Value: 1},
		{At: 1, What: sim.TracePartition, Node: 1, Name: "cut", Item: 7, Value: 2},
		{At: 1, What: sim.TracePartition, Node: 2, Name: "cut", Item: 7, Value: 2},
		{At: 2, What: sim.TraceCrash, Node: 1},
		{At: 3, What: sim.TraceByzantine, Node: 0, Name: "lie: often: begin"},
		{At: 3, What: sim.TracePause, Node: 2},
		{At: 4, What: sim.TraceStart, Node: 1},
		{At: 4, What: sim.TraceStart, Node: 1},
		{At: 5, What: sim.TraceHeal, Node: 0, Name: "cut", Item: 7, Value: 1},
		{At: 5, What: sim.TraceHeal, Node: 1, Name: "cut", Item: 7, Value: 2},
		{At: 5, What: sim.TraceHeal, Node: 2, Name: "cut", Item: 7, Value: 2},
		{At: 6, What: sim.TraceResume, Node: 2},
		{At: 6, What: sim.TraceCrash, Node: 1},
		{At: 8, What: sim.TraceByzantine, Node: 0, Name: "lie: often: end"},
	}
	want := []string{
		"0 partition 1-5 cut 1 true", "0 Byzantine 3-8 lie: often",
		"1 partition 1-5 cut 2 false", "1 down 2-4", "1 down 6-9",
		"2 partition 1-5 cut 2 false", "2 paused 3-6",
	}
	tell := func(nodes []protocols.NodeID) (got []string) {
		f := Follow(nodes)
		f.Trace(trace)
		for _, s := range f.Spans(9) {
			text := fmt.Sprintf("%d %v %d-%d", s.Node, s.What, s.From, s.To)
			if s.What == Parted {
				text += fmt.Sprint(" ", s.Fault, " ", s.Side, " ", s.CutOff)
			} else if s.Behaviour != "" {
				text += " " + s.Behaviour
			}
			got = append(got, text)
		}
		return got
	}
	if got := tell(nil); !slices.Equal(got, want) {
		t.Errorf("of all\n%q, want\n%q", got, want)
	}
	if got := tell([]protocols.NodeID{0, 2}); !slices.Equal(got, slices.Concat(want[:2], want[5:])) {
		t.Errorf("of some\n%q", got)
	}
}
