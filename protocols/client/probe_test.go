package client_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
	"meshsim/sim"
)

// play shows a probe what a client observes, in lines of: when in ms, node, kind, sequence, value.
func play(p *client.Probe, lines []struct {
	at       protocols.Time
	node     protocols.NodeID
	kind     string
	sequence uint64
	value    uint64
}) {
	for _, l := range lines {
		o := protocols.Observed{At: l.at * ms, Node: l.node, Protocol: "store"}
		if l.kind == "down" {
			o.Protocol, o.Kind = protocols.NodeProtocol, protocols.NodeDown
		} else {
			o.Observation = protocols.Observation{Kind: base.Observation + protocols.ObservationKind(slices.Index(client.Observations, l.kind)), Key: l.sequence, Value: l.value}
		}
		p.Observe(o)
	}
}

type line = struct {
	at       protocols.Time
	node     protocols.NodeID
	kind     string
	sequence uint64
	value    uint64
}

// Every figure of a short history, by hand.
func TestProbe(t *testing.T) {
	get, put := linear.Pack(kv.Get, 1), linear.Pack(kv.Put, 1)
	c := client.Default()
	c.Timeout, c.Outage = 300*time.Millisecond, 500*time.Millisecond
	p := client.NewProbe(c, base, protocols.ProbeConfig{Nodes: 4, Warmup: 100 * ms, Goals: map[string][]float64{"completed": {1}}})
	play(p, []line{
		{50, 2, "asked", 1, get}, {50, 2, "submitted", 1, 1}, // in the warm-up
		{110, 2, "returned", 1, 0},
		{200, 2, "asked", 2, put}, {200, 2, "submitted", 2, 1},
		{300, 2, "returned", 2, 0}, // 100 ms
		{400, 2, "asked", 3, get}, {400, 2, "submitted", 3, 1},
		{600, 3, "asked", 1, put}, {600, 3, "submitted", 1, 1},
		{900, 2, "submitted", 3, 2}, {950, 3, "submitted", 1, 2},
	})
	var f protocols.Figures
	p.Sample(1100*ms, &f)
	play(p, []line{
		{1200, 3, "refused", 1, 9},  // 600 ms, nothing for 800
		{1300, 2, "returned", 3, 0}, // 900 ms
		{1400, 3, "asked", 2, put}, {1400, 3, "submitted", 2, 1},
		{1500, 2, "asked", 4, put}, {1500, 2, "dropped", 4, 0},
		{1600, 2, "asked", 5, put}, {1600, 2, "submitted", 5, 1},
		{1700, 3, "down", 0, 0},   // 300 ms, and no answer
		{1800, 2, "failed", 5, 0}, // 200 ms, and no answer; nothing is asked for any more
		{3000, 2, "asked", 6, get}, {3000, 2, "submitted", 6, 1},
	})
	if p.Settled() {
		t.Error("settled, but an operation is under way")
	}
	p.Sample(3100*ms, &f)
	p.Finish(protocols.RunTotals{At: 3600 * ms, Messages: []protocols.Total{{Count: 20, Sum: 300}, {Count: 10, Sum: 60}}}, &f)

	items := []protocols.Item{{At: 200 * ms, Value: 0.1}, {At: 600 * ms, Value: 0.6}, {At: 400 * ms, Value: 0.9},
		{At: 1400 * ms, Value: 0.3, Censored: true}, {At: 1600 * ms, Value: 0.2, Censored: true}, {At: 3000 * ms, Value: 0.6, Censored: true}}
	for i := range items {
		items[i].Metric = "request_latency"
	}
	if !slices.Equal(f.Items, items) {
		t.Errorf("items %+v, want %+v", f.Items, items)
	}
	want := map[string]float64{
		"request_latency_p50": 0.6, "request_latency_p99": 0.9, "request_latency_max": 0.9, "read_latency_p50": 0.9, "read_latency_p99": 0.9,
		"write_latency_p50": 0.1, "write_latency_p99": 0.6, "goodput_peak": 1, "throughput_mean": 3 / 3.5,
		"operations": 7, "operations_completed": 3, "operations_failed": 2, "operations_dropped": 1, "retries": 2,
		"outages": 2, "outage_total": 1.4, "outage_longest": 0.8, // 400 to 1200, 3000 to 3600
		"messages_per_operation": 10, "bytes_per_operation": 120,
	}
	for _, s := range f.Scalars {
		if w, ok := want[s.Metric]; !ok || s.Value-w > 1e-9 || w-s.Value > 1e-9 {
			t.Errorf("%s is %v, want %v", s.Metric, s.Value, w)
		}
		delete(want, s.Metric)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	points := map[string][2]float64{"offered": {3, 2}, "throughput": {1, 1}, "goodput": {1, 0}, "outstanding": {2, 1}, "completed": {1. / 3, 3. / 7}}
	for _, x := range f.Points {
		if w := points[x.Metric][x.At/(3000*ms)]; x.Value != w {
			t.Errorf("%s at %v is %v, want %v", x.Metric, time.Duration(x.At), x.Value, w)
		}
	}
	reached := 0
	for _, r := range f.Reached {
		if r.OK {
			reached++
		}
	}
	if len(f.Points) != 10 || len(f.Reached) != 7 || reached != 3 {
		t.Errorf("%d points, %d of %d goals", len(f.Points), reached, len(f.Reached))
	}
}

// In the simulator: the figures are those of the arithmetic, and all ways of
// running agree.
func TestSimulated(t *testing.T) {
	const latency = 5 * time.Millisecond
	c := client.Default()
	c.Closed.Concurrency, c.Stop = 4, 9*time.Second
	deaf := func(now protocols.Time) bool { return now >= 3000*ms && now < 5000*ms }
	config := func() sim.Config {
		p := store(c, &faults{deaf: deaf})
		return sim.Config{
			Seed: 1, Duration: 10 * time.Second, Sample: time.Second, Probes: true,
			Groups:  []sim.Group{{Name: "replicas", Count: 2, Stack: []*protocols.Protocol{p}}, {Name: "clients", Count: 3, Stack: []*protocols.Protocol{p}}},
			Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: latency}}},
			Checks:  []sim.Check{{Protocol: "store", Spec: p.Checkers[0]}},
		}
	}
	r, err := sim.Run(config())
	if err != nil || len(r.Violations) > 0 {
		t.Fatal(err, r.Violations)
	}
	scalar := func(name string) float64 {
		v, ok := r.Scalar("store." + name)
		if !ok {
			t.Errorf("there is no %s", name)
		}
		return v
	}
	if got := scalar("request_latency_p50"); got != 0.01 {
		t.Errorf("half of the operations take %v s, want two latencies", got)
	}
	if got := scalar("outage_longest"); got < 2 || got > 5 {
		t.Errorf("an outage of %v s, want 2 and a back-off", got)
	}
	if scalar("outages") != 1 || scalar("operations_completed") != scalar("operations") {
		t.Errorf("%v outages, %v of %v operations", scalar("outages"), scalar("operations_completed"), scalar("operations"))
	}
	for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
		for _, wire := range []bool{false, true} {
			k := config()
			k.Mode, k.Wire, k.Workers = mode, wire, 3
			if other, err := sim.Run(k); err != nil || other.Fingerprint != r.Fingerprint {
				t.Errorf("mode %d, wire %v: another run (%v)", mode, wire, err)
			}
		}
	}
}
