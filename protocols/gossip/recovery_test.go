package gossip

import (
	"slices"
	"testing"

	"meshsim/protocols"
)

// What was begun before a partition ended counts for its recovery, whatever was
// begun later does not; what never comes to all leaves a lower bound.
func TestRecovery(t *testing.T) {
	s := newScript(t, Default(), 3, protocols.ProbeConfig{})
	healed := func(at protocols.Time) {
		s.Observe(protocols.Observed{At: at, Node: protocols.External, Protocol: protocols.NodeProtocol,
			Observation: protocols.Observation{Kind: protocols.MeshHealed}})
	}
	s.see(1*second, 0, Published, 1, 0)
	s.see(2*second, 1, Delivered, 1, 0)
	healed(5 * second)
	s.see(8*second, 2, Delivered, 1, 0)
	healed(9 * second) // nothing is missing
	s.see(10*second, 0, Published, 2, 0)
	healed(11 * second)
	s.see(12*second, 1, Delivered, 2, 0)
	s.finish(20 * second)
	want := []protocols.Item{
		{Metric: "recovery_time", At: 5 * second, Value: 3},
		{Metric: "recovery_time", At: 9 * second, Value: 0},
		{Metric: "recovery_time", At: 11 * second, Value: 9, Censored: true},
	}
	got := itemsOf(s, "recovery_time")
	if len(got) != len(want) {
		t.Fatalf("recovered %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("recovered %v, want %v", got[i], want[i])
		}
	}
}

// After a crash, rumors reach everybody again when one that was published since has:
// not one from before, nor one that only some hold.
func TestFailover(t *testing.T) {
	s := newScript(t, Default(), 3, protocols.ProbeConfig{})
	down := func(at protocols.Time, id protocols.NodeID) {
		s.Observe(protocols.Observed{At: at, Node: id, Protocol: protocols.NodeProtocol,
			Observation: protocols.Observation{Kind: protocols.NodeDown}})
	}
	s.see(1*second, 0, Published, 1, 0)
	down(2*second, 2)
	s.see(3*second, 1, Delivered, 1, 0) // everywhere, but from before
	s.see(4*second, 0, Published, 2, 0) // nobody else is told
	s.see(5*second, 0, Published, 3, 0)
	s.see(7*second, 1, Delivered, 3, 0)
	s.see(8*second, 0, Published, 4, 0)
	s.see(9*second, 1, Delivered, 4, 0)
	s.finish(20 * second)
	want := []protocols.Item{{Metric: "failover_time", At: 2 * second, Value: 5}}
	if got := itemsOf(s, "failover_time"); !slices.Equal(got, want) {
		t.Errorf("recovered %v, want %v", got, want)
	}

	s = newScript(t, Default(), 5, protocols.ProbeConfig{Warmup: 3 * second})
	down(2*second, 2)
	s.see(4*second, 0, Published, 2, 0)
	down(6*second, 1)
	down(6*second, 0)
	s.see(7*second, 3, Published, 3, 0) // and 4 is never told
	s.finish(20 * second)
	want = []protocols.Item{{Metric: "failover_time", At: 6 * second, Value: 14, Censored: true}}
	if got := itemsOf(s, "failover_time"); !slices.Equal(got, want) {
		t.Errorf("recovered %v, want %v", got, want)
	}
}

func itemsOf(s *script, metric string) (list []protocols.Item) {
	for _, it := range s.out.Items {
		if it.Metric == metric {
			list = append(list, it)
		}
	}
	return list
}
