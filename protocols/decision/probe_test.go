package decision_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/sim"
)

type event struct {
	at    protocols.Time
	node  protocols.NodeID
	kind  protocols.ObservationKind
	id    decision.ID
	value uint64
}

const down = 99

func (e event) observed() protocols.Observed {
	o := protocols.Observed{At: e.at * 1e9, Node: e.node, Protocol: "decision", Observation: protocols.Observation{Kind: e.kind, Key: uint64(e.id), Value: e.value}}
	if e.kind >= down {
		o.Protocol, o.Kind = protocols.NodeProtocol, e.kind-down
	}
	return o
}

// Every figure of a short history, by hand.
func TestProbe(t *testing.T) {
	a, b, c := decision.NewID(1, 1), decision.NewID(2, 1), decision.NewID(0, 1)
	approved, rejected := decision.Pack(decision.Approved, 7), decision.Pack(decision.Rejected, 9)
	p := decision.New(decision.Default()).Probe(protocols.ProbeConfig{Nodes: 6, Members: []protocols.NodeID{0, 1, 2, 3}, Warmup: 1e9,
		Goals: map[string][]float64{"learned": {1, 0.5}}})
	for _, e := range []event{
		{0, 0, decision.Proposed, c, 1}, {5, 0, decision.Decided, c, approved}, // in the warm-up
		{1, 1, decision.Proposed, a, 1},
		{2, 0, decision.Voted, a, 1}, {2, 1, decision.Voted, a, 1}, {2, 2, decision.Voted, a, 2}, {2, 3, decision.Voted, a, 1}, {3, 3, decision.Voted, a, 1},
		{4, 1, decision.Decided, a, approved}, {5, 0, decision.Decided, a, approved}, {6, 0, decision.Decided, a, approved},
		{7, 2, decision.Proposed, b, 1}, {8, 0, decision.Voted, b, 2}, {8, 1, decision.Voted, b, 2}, {8, 2, decision.Voted, b, 2},
		{9, 0, decision.Decided, b, rejected}, {9, 1, decision.Decided, b, rejected}, {10, 2, decision.Decided, b, rejected}, {11, 3, decision.Decided, b, rejected},
		{12, 1, decision.Proposed, decision.NewID(1, 2), 1},
	} {
		p.Observe(e.observed())
	}
	if p.(protocols.Settler).Settled() {
		t.Error("settled, but not all know")
	}
	var f protocols.Figures
	p.Sample(13e9, &f)
	p.Finish(protocols.RunTotals{At: 20e9, Observations: make([]protocols.Total, 11)}, &f)
	if len(f.Points) != 1 || f.Points[0].Value != 0.5 {
		t.Errorf("series %+v, want 6 of 12", f.Points)
	}
	got := map[string][]float64{}
	censored := 0
	for _, it := range f.Items {
		got[it.Metric] = append(got[it.Metric], it.Value)
		if it.Censored {
			censored++
		}
	}
	for metric, want := range map[string][]float64{
		"decision_latency": {3, 2, 8}, "learn_latency": {3, 4, 19, 19, 2, 2, 3, 4, 8, 8, 8, 8},
		"vote_participation": {1, 0.75}, "quorum_margin": {0, 0},
	} {
		if !slices.Equal(got[metric], want) {
			t.Errorf("%s is %v, want %v", metric, got[metric], want)
		}
	}
	for _, s := range f.Scalars {
		want := map[string]float64{"proposals": 3, "approved": 1, "rejected": 1, "undecided": 1}[s.Metric]
		if s.Value != want {
			t.Errorf("%s is %v, want %v", s.Metric, s.Value, want)
		}
	}
	reached := 0
	for _, r := range f.Reached {
		if r.OK {
			reached++
		}
	}
	if censored != 7 || len(f.Reached) != 6 || reached != 3 {
		t.Errorf("%d censored, %d of %d goals", censored, reached, len(f.Reached))
	}
}

// Without faults a decision takes the way of the proposal to the one who orders
// and back, a vote, and the way of the verdict: five messages, and two writes to
// disk, of the proposal and of the vote.
func TestTimeToDecide(t *testing.T) {
	const latency, disk = 7 * time.Millisecond, 3 * time.Millisecond
	p := onSequencer(decision.Default(), nil)
	r := run(t, sim.Config{
		Duration: 3 * time.Second, Probes: true, Sample: time.Second,
		Groups:   []sim.Group{{Name: "voters", Count: 12, Stack: []*protocols.Protocol{p}, DiskSync: disk, Crypto: &protocols.CryptoCosts{}}},
		Network:  sim.Network{Default: sim.Link{Latency: sim.Latency{Base: latency}}},
		Workload: []sim.Workload{sim.Injections{{At: time.Second, To: 3, Protocol: "decision", Message: decision.NewPropose("auth-service", 3, 0)}}},
	})
	items := r.Items("decision.decision_latency")
	if len(items) != 1 || math.Abs(items[0].Value-(5*latency+2*disk).Seconds()) > 1e-9 {
		t.Errorf("%+v, want %v", items, 5*latency+2*disk)
	}
	margin := r.Items("decision.quorum_margin")
	if len(margin) != 1 || math.Abs(margin[0].Value-4./12) > 1e-9 {
		t.Errorf("the margin is %+v, want 12 votes less 8 needed", margin)
	}
}

func TestCheckers(t *testing.T) {
	id := decision.NewID(1, 1)
	approved, rejected := decision.Pack(decision.Approved, 7), decision.Pack(decision.Rejected, 7)
	counted := func(o decision.Outcome, voter uint64) uint64 { return decision.Pack(o, voter) }
	base := []event{{1, 1, decision.Proposed, id, 1}, {2, 0, decision.Voted, id, 1}, {2, 1, decision.Voted, id, 1}, {2, 2, decision.Voted, id, 1},
		{3, 0, decision.Counted, id, counted(1, 1)}, {3, 2, decision.Counted, id, counted(1, 1)}, {4, 0, decision.Decided, id, approved}}
	for _, c := range []struct {
		checker string
		then    []event
		want    string
	}{
		{"agreement", []event{{5, 1, decision.Decided, id, decision.Pack(decision.Approved, 8)}}, ""},
		{"agreement", []event{{5, 1, decision.Decided, id, rejected}}, "proposal 1/1 is approved at place 7 to node 0, rejected at place 7 to node 1"},
		{"agreement", []event{{5, 1, decision.Decided, id + 1, rejected}}, ""},
		{"validity", nil, ""},
		{"validity", []event{{5, 1, decision.Decided, id + 1, rejected}}, "node 1 decides proposal 1/2, which nobody made"},
		{"validity", []event{{5, 1, down + protocols.NodeCorrupted, 0, 0}, {5, 2, decision.Decided, id + 1, rejected}}, ""},
		{"certified", nil, ""},
		{"certified", []event{{5, 1, decision.Decided, id, rejected}}, "proposal 1/1 is rejected to node 1 with at most 0 votes of 3"},
		{"certified", []event{{5, 0, decision.Voted, id + 1, 1}, {5, 2, decision.Voted, id + 1, 1}, {5, 2, decision.Voted, id + 1, 1}, {6, 1, decision.Decided, id + 1, approved}}, "proposal 1/2 is approved to node 1 with at most 2 votes of 3"},
		{"certified", []event{{5, 0, decision.Voted, id + 1, 1}, {5, 2, decision.Voted, id + 1, 1}, {5, 2, down + protocols.NodeCorrupted, 0, 0}, {6, 1, decision.Decided, id + 1, approved}}, "proposal 1/2 is approved to node 1 with at most 2 votes of 3"},
		{"certified", []event{{5, 0, decision.Voted, id + 1, 1}, {5, 2, decision.Voted, id + 1, 1}, {5, 3, down + protocols.NodeCorrupted, 0, 0}, {6, 1, decision.Decided, id + 1, approved}}, ""},
		{"once", nil, ""},
		{"once", []event{{5, 0, decision.Decided, id, approved}}, "node 0 decides proposal 1/1 again"},
		{"once", []event{{5, 0, down + protocols.NodeDown, 0, 0}, {6, 0, decision.Decided, id, approved}}, ""},
		{"once", []event{{5, 3, decision.Counted, id, counted(2, 1)}}, "node 1 wants proposal 1/1 approved and rejected"},
		{"once", []event{{5, 1, down + protocols.NodeCorrupted, 0, 0}, {5, 3, decision.Counted, id, counted(2, 1)}}, ""},
	} {
		for _, spec := range decision.New(decision.Default()).Checkers {
			if spec.Name != c.checker {
				continue
			}
			checker, got := spec.New(protocols.ProbeConfig{Nodes: 4, Members: ids(4)}), ""
			for _, e := range append(slices.Clone(base), c.then...) {
				if o := e.observed(); o.Protocol == protocols.NodeProtocol || slices.Contains(checker.Wants(), o.Kind) {
					got += checker.Observe(o)
				}
			}
			if got != c.want {
				t.Errorf("%s after %v says %q, want %q", c.checker, c.then, got, c.want)
			}
		}
	}
}
