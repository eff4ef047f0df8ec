package gossip

import (
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
	var got []protocols.Item
	for _, it := range s.out.Items {
		if it.Metric == "recovery_time" {
			got = append(got, it)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("recovered %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("recovered %v, want %v", got[i], want[i])
		}
	}
}
