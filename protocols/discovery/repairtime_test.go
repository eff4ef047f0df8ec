package discovery

import (
	"slices"
	"testing"

	"meshsim/protocols"
)

// A mesh of six nodes in which 0 is linked to all others, and 1 to 2. Each needs two
// links. When 0 crashes, 3, 4 and 5 are left with none, 1 and 2 with one.
func TestRepairTime(t *testing.T) {
	ids := []protocols.NodeID{0, 1, 2, 3, 4, 5}
	c := Default()
	c.DegreeMin = 2
	p := newProbe(c, protocols.ProbeConfig{Nodes: 6, Members: ids})
	see := func(at protocols.Time, node protocols.NodeID, kind protocols.ObservationKind, key uint64) {
		p.Observe(protocols.Observed{At: at, Node: node, Protocol: "discovery", Observation: protocols.Observation{Kind: kind, Key: key}})
	}
	kernel := func(at protocols.Time, node protocols.NodeID, kind protocols.ObservationKind) {
		p.Observe(protocols.Observed{At: at, Node: node, Protocol: protocols.NodeProtocol, Observation: protocols.Observation{Kind: kind}})
	}
	link := func(at protocols.Time, a, b protocols.NodeID) {
		see(at, a, LinkUp, uint64(b))
		see(at, b, LinkUp, uint64(a))
	}
	for _, id := range ids {
		see(0, id, Joined, 0)
		if id > 0 {
			link(0, 0, id)
		}
	}
	link(0, 1, 2)
	kernel(10, 0, protocols.NodeDown)
	see(15, 3, LinkDown, 0)
	link(20, 1, 3) // 1 has two again, 3 one
	link(30, 2, 4)
	see(40, 3, LinkUp, 5) // one end alone is no link
	see(45, 5, LinkUp, 3) // 3 has two, 5 one
	kernel(50, 5, protocols.NodeDown)
	link(60, 3, 4) // 4 has two, and 3 again: all that are up do
	kernel(70, 1, protocols.NodeDown)

	var out protocols.Figures
	p.Finish(protocols.RunTotals{At: 100, Observations: make([]protocols.Total, len(observationNames)), Messages: make([]protocols.Total, len(kindNames))}, &out)
	var got []protocols.Item
	for _, it := range out.Items {
		if it.Metric == "repair_time" {
			got = append(got, it)
		}
	}
	want := []protocols.Item{{Metric: "repair_time", At: 10, Value: 50e-9}, {Metric: "repair_time", At: 50, Value: 10e-9},
		{Metric: "repair_time", At: 70, Value: 30e-9, Censored: true}}
	if !slices.Equal(got, want) {
		t.Errorf("repairs %v, want %v", got, want)
	}
}
