package sim

import (
	"testing"
	"time"
)

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
