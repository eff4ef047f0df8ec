package report

import (
	"math"
	"math/rand/v2"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// A synthetic study resembles push-pull gossip that a partition holds up: what
// the kernel would record, made by formulas.
type synthetic struct {
	nodes, runs int
	hub         bool // one node has most of the messages
	faults      bool
	detail      bool
	rumors      int
}

func (c synthetic) study() *Study {
	s := &Study{Name: "gossip-partition", Description: "A third of the edge is cut off for 10s; the rumor reaches everybody soon after it is back.",
		Scenario: []byte("meshsim: 1\nname: gossip-partition\nnodes:\n  core: {count: 200, zone: eu-west-1}\n# <script>alert('no')</script>\n"),
		Command:  "meshsim run gossip-partition.yaml --seed 42", Next: "meshsim verify gossip-partition.yaml",
		Planned: c.runs, Metrics: append(syntheticMetrics(), sim.KernelMetrics()...),
		Verdicts: []Verdict{
			{"always", "gossip.validity", Holds, "in all runs", ""},
			{"eventually", "gossip.coverage >= 99% within 20s", Holds, "the slowest took 18.21 s", ""},
			{"thresholds", "gossip.convergence_time: p95 < 18s", Undecided, "17.94 s, and no bound with so few runs", "73 runs give a bound at 95%"},
			{"thresholds", "gossip.messages_per_delivery: mean < 5", Violated, "6.12 [6.05, 6.19]", ""},
		},
		Provenance: Provenance{Version: "0.1.0", Go: "go1.26", Platform: "linux/amd64", Workers: 2, Started: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)},
	}
	for i := range c.runs {
		s.Results = append(s.Results, c.result(uint64(42+i)))
	}
	return s
}

func syntheticMetrics() []protocols.MetricSpec {
	return []protocols.MetricSpec{
		{Name: "gossip.coverage", Form: protocols.Series, Unit: "ratio", Doc: "share of the live nodes that have the rumor", Goal: true},
		{Name: "gossip.variance", Form: protocols.Series, Unit: "1", Doc: "variance of the estimates over the nodes"},
		{Name: "gossip.estimate", Form: protocols.Series, Unit: "1", Doc: "mean of what the nodes estimate"},
		{Name: "gossip.convergence_time", Form: protocols.Sample, Unit: "s", Doc: "time from a rumor's publication until 99% of the live nodes have it"},
		{Name: "gossip.residue", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the nodes that never heard of a rumor"},
		{Name: "gossip.rounds", Form: protocols.Scalar, Unit: "rounds", Doc: "intervals until nobody spreads anything"},
		{Name: "gossip.messages_per_delivery", Form: protocols.Scalar, Unit: "1", Doc: "messages sent for each first delivery"},
		{Name: "gossip.messages", Form: protocols.Scalar, Unit: "1", Doc: "messages that the protocol sent"},
	}
}

func (c synthetic) result(seed uint64) *sim.Result {
	r := rand.New(rand.NewPCG(seed, 1))
	n, shift := float64(c.nodes), 0.4*r.NormFloat64()
	res := &sim.Result{Seed: seed, Nodes: c.nodes, End: 60 * time.Second, Ending: sim.EndDuration, Fingerprint: r.Uint64(),
		Figures: map[string]protocols.Figures{}, Cost: sim.Cost{Wall: 1300 * time.Millisecond, HeapBytes: uint64(c.nodes) * 210, EventsPerSec: 4.2e6}}
	var f protocols.Figures
	var sent, delivered, events uint64
	for k := 1; k <= 120; k++ {
		t := float64(k) / 2
		at := protocols.Time(t * 1e9)
		up := 0.7/(1+math.Exp(-1.5*(t-4-shift))) + 0.3/(1+math.Exp(-1.2*(t-17-shift)))
		f.Point("coverage", at, math.Round(up*n)/n)
		f.Point("variance", at, 250*math.Pow(0.55+0.02*shift, t))
		f.Point("estimate", at, 500+40*math.Exp(-t/3)*(1+shift))
		rate := n * 1.5 * (1 + 0.05*r.NormFloat64())
		lost := 0.02
		live := c.nodes
		if c.faults && t > 5 && t <= 15 {
			lost = 0.3
		}
		if c.faults && t > 20 && t <= 24 {
			live -= c.nodes / 12
		}
		sent += uint64(rate / 2)
		delivered += uint64(rate / 2 * (1 - lost))
		events += uint64(rate)
		res.Samples = append(res.Samples, sim.SampleRow{At: time.Duration(at), Live: live, Events: events, Sent: sent, Delivered: delivered,
			SentBytes: sent * 96, Connected: 1 - lost})
	}
	res.Events = events
	rumors := max(c.rumors, 1)
	for k := range rumors {
		v := 16 + shift + 0.8*r.ExpFloat64()
		f.Items = append(f.Items, protocols.Item{Metric: "convergence_time", At: protocols.Time(k) * 1e9, Value: v, Censored: v > 18.5})
	}
	f.Scalar("residue", protocols.Time(res.End), math.Round(0.001*n*r.Float64())/n)
	f.Scalar("rounds", protocols.Time(res.End), float64(9+r.IntN(3)))
	f.Scalar("messages_per_delivery", protocols.Time(res.End), 6+0.1*r.NormFloat64())
	res.Figures["gossip"] = f
	res.Kinds = []sim.KindTotal{
		{Protocol: "gossip", Kind: "push", Sent: sent * 2 / 3, Bytes: sent * 60, Delivered: delivered * 2 / 3, Lost: (sent - delivered) * 2 / 3, Duplicated: sent / 1000},
		{Protocol: "gossip", Kind: "pull", Sent: sent / 3, Bytes: sent * 36, Delivered: delivered / 3, Lost: (sent - delivered) / 3},
	}
	res.Drops = sim.Drops{Loss: sent / 50, Partition: sent / 8, Down: sent / 300}
	if c.faults {
		res.Spans = []sim.FaultSpan{{Name: "partition", Verb: "partition", From: 5 * time.Second, To: 15 * time.Second, Nodes: c.nodes / 3},
			{Name: "faults[1]", Verb: "crash", From: 20 * time.Second, To: 24 * time.Second, Nodes: c.nodes / 12},
			{Name: "faults[2]", Verb: "degrade", From: 8 * time.Second, To: 11 * time.Second}}
	}
	if c.detail {
		c.addDetail(res, r)
	}
	return res
}

func (c synthetic) addDetail(res *sim.Result, r *rand.Rand) {
	res.Latency = &sim.Histogram{}
	for range 20000 {
		base := []float64{8e6, 45e6, 110e6}[r.IntN(3)]
		res.Latency.Add(int64(base * math.Exp(0.25*r.NormFloat64())))
	}
	for range c.nodes {
		sent := 90 + 6*r.NormFloat64()
		got := sent + 9*r.NormFloat64()
		if c.hub {
			sent, got = 3+r.ExpFloat64()*4, 3+r.ExpFloat64()*6
		}
		res.PerNode = append(res.PerNode, sim.NodeTotal{Sent: uint64(max(sent, 0)), Received: uint64(max(got, 0))})
	}
	if c.hub {
		res.PerNode[0] = sim.NodeTotal{Sent: uint64(4 * c.nodes), Received: uint64(3 * c.nodes)}
	}
}
