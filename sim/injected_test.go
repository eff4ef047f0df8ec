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
