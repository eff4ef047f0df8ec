package partition_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/partition"
)

const s = protocols.Time(time.Second)

func saw(at protocols.Time, node protocols.NodeID, kind protocols.ObservationKind, key partition.Epoch) protocols.Observed {
	return protocols.Observed{At: at, Node: node, Protocol: "partition", Observation: protocols.Observation{Kind: kind, Key: uint64(key)}}
}

func kernel(at protocols.Time, node protocols.NodeID, kind protocols.ObservationKind) protocols.Observed {
	return protocols.Observed{At: at, Node: node, Protocol: protocols.NodeProtocol, Observation: protocols.Observation{Kind: kind}}
}

// A life of three nodes: one is cut off, one crashes, one is never ready.
func TestProbe(t *testing.T) {
	p := partition.New(partition.Default()).Probe(protocols.ProbeConfig{Nodes: 4, Members: []protocols.NodeID{0, 1, 3}})
	var f protocols.Figures
	for _, o := range []protocols.Observed{
		saw(10*s, 0, partition.Writable, 1), saw(11*s, 1, partition.Writable, 1),
		kernel(20*s, protocols.External, protocols.MeshParted),
		saw(23*s, 0, partition.Suspected, 0), saw(24*s, 0, partition.ReadOnly, 1),
		kernel(30*s, protocols.External, protocols.MeshHealed),
		kernel(31*s, 1, protocols.NodeDown),
		kernel(32*s, 2, protocols.NodeDown), // no member
	} {
		p.Observe(o)
	}
	p.Sample(33*s, &f)
	for _, o := range []protocols.Observed{
		saw(36*s, 0, partition.Writable, 2), kernel(40*s, 1, protocols.NodeUp), saw(48*s, 1, partition.Writable, 2), saw(49*s, 1, partition.ReadOnly, 2),
	} {
		p.Observe(o)
	}
	p.Sample(50*s, &f)
	p.Finish(protocols.RunTotals{At: 50 * s, Observations: make([]protocols.Total, 10)}, &f)

	want := []protocols.Item{
		{Metric: "ready_time", At: 0, Value: 10}, {Metric: "ready_time", At: 0, Value: 11},
		{Metric: "detect_time", At: 20 * s, Value: 3}, {Metric: "read_only_after", At: 20 * s, Value: 4},
		{Metric: "read_only_time", At: 24 * s, Value: 12}, {Metric: "recovery_time", At: 30 * s, Value: 6},
		{Metric: "ready_time", At: 40 * s, Value: 8},
		{Metric: "read_only_time", At: 49 * s, Value: 1, Censored: true},
		{Metric: "ready_time", At: 0, Value: 50, Censored: true},
	}
	if !slices.Equal(f.Items, want) {
		t.Errorf("items\n%+v, want\n%+v", f.Items, want)
	}
	series := []protocols.Point{
		{Metric: "read_only", At: 33 * s, Value: 1}, {Metric: "suspecting", At: 33 * s, Value: 0.5},
		{Metric: "read_only", At: 50 * s, Value: 2.0 / 3}, {Metric: "suspecting", At: 50 * s, Value: 1.0 / 3},
	}
	if !slices.Equal(f.Points, series) {
		t.Errorf("points %+v, want %+v", f.Points, series)
	}
	scalars := map[string]float64{}
	for _, x := range f.Scalars {
		scalars[x.Metric] = x.Value
	}
	// Node 0 was ready for 40 s and read-only for 12 of them, node 1 for 20 s and for 2 s with 1.
	if got, want := scalars["read_only_total"], 13.0/(40+20+2); got != want {
		t.Errorf("read-only for %v of the time, want %v", got, want)
	}
	if got := scalars["unavailable"]; got != 5 { // from 31s, when node 1 crashed, to 36s
		t.Errorf("unavailable for %v s, want 5", got)
	}
}

// A node that is read-only for longer than the bound, though nothing is wrong, has
// not returned; before that nobody knows.
func TestReturns(t *testing.T) {
	c := partition.Default()
	bound := protocols.Time(partition.Bound(&c, 3))
	for _, x := range []struct {
		name            string
		more            []protocols.Observed
		end             protocols.Time
		late, undecided bool
	}{
		{"all write", []protocols.Observed{saw(9*s, 2, partition.Writable, 1)}, 10 * s, false, false},
		{"one does not yet", nil, 10 * s, false, true},
		{"one never does", nil, 5*s + bound, true, false},
		{"a cut lasts", []protocols.Observed{kernel(9*s, protocols.External, protocols.MeshParted)}, 9*s + 2*bound, false, false},
		{"a cut has healed", []protocols.Observed{kernel(9*s, protocols.External, protocols.MeshParted), kernel(20*s, protocols.External, protocols.MeshHealed)}, 9*s + bound, false, true},
		{"it is down", []protocols.Observed{kernel(9*s, 2, protocols.NodeDown)}, 9*s + 2*bound, false, false},
		{"it lies", []protocols.Observed{kernel(9*s, 2, protocols.NodeCorrupted)}, 9*s + 2*bound, false, false},
		{"no quorum is up", []protocols.Observed{kernel(9*s, 0, protocols.NodeDown), kernel(9*s, 1, protocols.NodeDown)}, 9*s + 2*bound, false, false},
	} {
		var checker protocols.Checker
		for _, spec := range partition.New(c).Checkers {
			if spec.Name == "returns" {
				checker = spec.New(protocols.ProbeConfig{Nodes: 3, Members: []protocols.NodeID{0, 1, 2}})
			}
		}
		start := []protocols.Observed{saw(0, 2, partition.ReadOnly, 0), saw(5*s, 0, partition.Writable, 1), saw(5*s, 1, partition.Writable, 1)}
		for _, o := range append(start, x.more...) {
			if text := checker.Observe(o); text != "" {
				t.Errorf("%s: %s", x.name, text)
			}
		}
		violation, undecided := checker.(protocols.Finisher).Finish(x.end)
		if (violation != "") != x.late || (undecided != "") != x.undecided {
			t.Errorf("%s: violated %q, undecided %q", x.name, violation, undecided)
		}
	}
}
