package sim

import (
	"testing"
	"time"

	"meshsim/protocols"
)

// What finds its node down is missed, and told apart from what the network dropped.
func TestInjectionsIntoANodeThatIsDown(t *testing.T) {
	c := meshOf(2, &script{}, time.Millisecond)
	c.Faults = []Fault{{Name: "crash", At: 10, Crash: &Crash{Nodes: Selector{From: []protocols.NodeID{0}}}}}
	c.Workload = []Workload{Injections{{At: 1, Protocol: "script", Message: &packet{1, 8}}, {At: 20, Protocol: "script", Message: &packet{2, 8}}, {At: 30, To: 1, Protocol: "script", Message: &packet{3, 8}}}}
	if r := mustRun(t, c); r.Injected != 2 || r.Missed != 1 || r.Drops.Down != 1 {
		t.Errorf("%d injected, %d missed, %d dropped because the node was down; want 2, 1, 1", r.Injected, r.Missed, r.Drops.Down)
	}
}

// What enters from outside is delivered, but no figure of the network counts it:
// of a node that is alone, the network has nothing to tell.
func TestInjectionsAreNoTrafficOfTheNetwork(t *testing.T) {
	c := meshOf(1, &script{}, time.Millisecond)
	c.Detail.PerNode = true
	c.Workload = []Workload{Injections{{At: 1, Protocol: "script", Message: &packet{1, 8}}, {At: 2, Protocol: "script", Message: &packet{2, 8}}}}
	r := mustRun(t, c)
	var delivered uint64
	for _, k := range r.Kinds {
		delivered += k.Delivered
	}
	if delivered != 2 || r.Injected != 2 {
		t.Errorf("%d delivered, %d of them injected; want 2 of 2", delivered, r.Injected)
	}
	if v, _ := r.Scalar("net.delivered"); v != 0 {
		t.Errorf("net.delivered is %v", v)
	}
	if last := r.Samples[len(r.Samples)-1]; last.Delivered != 0 {
		t.Errorf("%d delivered in the last sample", last.Delivered)
	}
	if r.PerNode[0].Received != 0 {
		t.Errorf("node 0 received %d", r.PerNode[0].Received)
	}
}

// startOrder notes for which nodes the trace shows a start, and those that it
// shows to handle a message before.
type startOrder struct{ started, early map[protocols.NodeID]bool }

func (s startOrder) Trace(events []TraceEvent) {
	for _, e := range events {
		switch {
		case e.What == TraceStart:
			s.started[e.Node] = true
		case e.What == TraceDeliver && !s.started[e.Node]:
			s.early[e.Node] = true
		}
	}
}

// A node that boots at time 0 has started before it handles what enters then, and
// so it looks to checkers and in the trace, whatever place the tie gives it.
func TestInjectionsAtTimeZero(t *testing.T) {
	const nodes = 50
	s := &script{
		start:   func(env *protocols.Env) { env.Observe(0, 0, 0) },
		receive: func(env *protocols.Env, _ protocols.NodeID, _ uint64) { env.Observe(0, 0, 1) },
	}
	var list Injections
	for id := range protocols.NodeID(nodes) {
		list = append(list, Injection{To: id, Protocol: "script", Message: &packet{1, 8}})
	}
	for _, mode := range []Mode{Windowed, Ordered} {
		for seed := range uint64(5) {
			c := meshOf(nodes, s, time.Millisecond)
			c.Seed, c.Mode, c.Workload = seed, mode, []Workload{list}
			seen, next := 0, make([]uint64, nodes)
			c.Checks = []Check{checkOf(func(o protocols.Observed) string {
				if o.Value != next[o.Node] {
					t.Errorf("seed %d: node %d is seen to handle a message before its start", seed, o.Node)
				}
				next[o.Node]++
				seen++
				return ""
			})}
			traced := startOrder{map[protocols.NodeID]bool{}, map[protocols.NodeID]bool{}}
			c.Trace = traced
			mustRun(t, c)
			if seen != 2*nodes || len(traced.started) != nodes || len(traced.early) > 0 {
				t.Errorf("seed %d: %d observations of %d nodes, the trace shows %d starts and %d that come late", seed, seen, nodes, len(traced.started), len(traced.early))
			}
		}
	}
}
