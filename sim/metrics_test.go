package sim

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
)

// rumorResult is a run of ten nodes, worked out by hand.
func rumorResult() *Result {
	r := &Result{
		Nodes: 10, End: 4 * time.Second, Events: 120,
		Samples: []SampleRow{
			{At: time.Second, Live: 10, Events: 30, Sent: 20, Delivered: 16, SentBytes: 2000, Connected: 1, Timed: 10, OnTheWay: 40e6, Slow: 5e6,
				Syncs: 1, Written: 1000, Disks: 1, Cores: 2, Busy: time.Second, DiskBytes: 1000, LargestDisk: 1000},
			{At: 3 * time.Second, Live: 8, Events: 90, Sent: 60, Delivered: 46, SentBytes: 6000, Connected: math.NaN(), Partitioned: 1, Timed: 40, OnTheWay: 340e6, Slow: 20e6},
			{At: 3 * time.Second, Live: 8, Events: 90, Sent: 60, Delivered: 46, SentBytes: 6000, Connected: 0.75, Timed: 40, OnTheWay: 340e6, Slow: 20e6,
				Syncs: 9, Written: 5000, Disks: 4, Cores: 2, Busy: time.Second, DiskBytes: 6000, LargestDisk: 3000},
		},
		Kinds: []KindTotal{
			{Protocol: "gossip", Kind: "push", Sent: 60, Bytes: 6000, Delivered: 50, Duplicated: 2},
			{Protocol: "gossip", Kind: "pull", Sent: 20, Bytes: 400, Delivered: 18},
			{Protocol: "heartbeat", Kind: "beat", Sent: 20, Bytes: 160, Delivered: 20},
		},
		Drops:      Drops{Loss: 1, Partition: 2, Down: 3, QueueFull: 4, Corrupt: 5, NoProtocol: 6, StreamReset: 7},
		Violations: []Violation{{Check: "validity"}},
		PerNode:    []NodeTotal{{Sent: 7, Received: 1, SentBytes: 70, ReceivedBytes: 10}, {Sent: 3, Received: 2}},
		Latency:    &Histogram{},
		Figures: map[string]protocols.Figures{"gossip": {
			Points:  []protocols.Point{{Metric: "coverage", At: 1, Value: 0.25}, {Metric: "residue", At: 1, Value: 0.75}, {Metric: "coverage", At: 2, Value: 1}},
			Scalars: []protocols.Point{{Metric: "rounds", Value: 5}},
			Items: []protocols.Item{{Metric: "convergence_time", At: 1, Value: 2.5},
				{Metric: "convergence_time", At: 2, Value: 3, Censored: true}, {Metric: "convergence_time", At: 3, Value: 1.5}},
			Reached: []protocols.Reached{{Metric: "coverage", Level: 0.5, Item: 9, OK: true}, {Metric: "coverage", Level: 0.99, Item: 9}},
		}},
		Cost: Cost{Wall: time.Second / 2, HeapBytes: 5000, EventsPerSec: 240},
	}
	for range 99 {
		r.Latency.Add(16)
	}
	r.Latency.Add(31)
	return r
}

func TestScalar(t *testing.T) {
	r := rumorResult()
	for _, c := range []struct {
		name string
		want float64
	}{
		{"net.messages", 100}, {"net.bytes", 6560}, {"net.delivered", 88}, {"net.duplicated", 2},
		{"net.delivery_ratio", 0.88}, {"net.dropped", 28}, {"net.lost", 1}, {"net.dropped_partition", 2},
		{"net.dropped_down", 3}, {"net.dropped_queue", 4}, {"net.dropped_corrupt", 5},
		{"net.dropped_protocol", 6}, {"net.dropped_reset", 7}, {"net.mean_throughput", 22},
		{"net.mean_messages_per_node", 10}, {"net.mean_bytes_per_node", 656},
		{"net.latency_p50", 16e-9}, {"net.latency_p99", 16e-9}, {"net.latency_max", 31e-9},
		{"disk.written", 5000}, {"disk.syncs", 9}, {"disk.mean_size", 1500}, {"disk.max_size", 3000},
		{"run.duration", 4}, {"run.nodes", 10}, {"run.events", 120}, {"run.events_per_node", 12}, {"run.violations", 1},
		{"cost.wall", 0.5}, {"cost.events_per_second", 240}, {"cost.bytes_per_node", 500},
		{"gossip.messages", 80}, {"gossip.bytes", 6400}, {"heartbeat.messages", 20}, {"gossip.rounds", 5},
	} {
		if got, ok := r.Scalar(c.name); !ok || got != c.want {
			t.Errorf("Scalar(%q) = %v, %v; want %v", c.name, got, ok, c.want)
		}
	}
	for _, name := range []string{"", "net", "net.throughput", "net.nonsense", "raft.messages", "gossip.coverage", "gossip.", "cost."} {
		if v, ok := r.Scalar(name); ok {
			t.Errorf("Scalar(%q) = %v, want none", name, v)
		}
	}
}

func TestScalarNeedsSomethingToDivide(t *testing.T) {
	r := &Result{}
	for _, name := range []string{"net.delivery_ratio", "net.mean_throughput", "net.mean_bytes_per_node", "net.latency_p50", "run.events_per_node", "cost.wall"} {
		if v, ok := r.Scalar(name); ok {
			t.Errorf("Scalar(%q) of an empty run = %v, want none", name, v)
		}
	}
}

func TestSeries(t *testing.T) {
	const s = protocols.Time(time.Second)
	r := rumorResult()
	for _, c := range []struct {
		name string
		at   []protocols.Time
		want []float64
	}{
		{"net.throughput", []protocols.Time{s, 3 * s}, []float64{16, 15}}, // the third sample is at the same instant
		{"net.offered", []protocols.Time{s, 3 * s}, []float64{20, 20}},
		{"net.traffic", []protocols.Time{s, 3 * s}, []float64{2000, 2000}},
		{"run.event_rate", []protocols.Time{s, 3 * s}, []float64{30, 30}},
		{"net.mean_latency", []protocols.Time{s, 3 * s}, []float64{4e-3, 10e-3}},
		{"net.slow_latency", []protocols.Time{s, 3 * s}, []float64{5e-3, 20e-3}},
		{"net.connectivity", []protocols.Time{s, 3 * s}, []float64{1, 0.75}},
		{"run.live", []protocols.Time{s, 3 * s, 3 * s}, []float64{10, 8, 8}},
		{"run.availability", []protocols.Time{s, 3 * s, 3 * s}, []float64{1, 0.8, 0.8}},
		{"run.partitioned", []protocols.Time{s, 3 * s, 3 * s}, []float64{0, 1, 0}},
		{"gossip.coverage", []protocols.Time{1, 2}, []float64{0.25, 1}},
		{"gossip.nonsense", nil, nil},
		{"net.messages", nil, nil},
	} {
		got := r.Series(c.name)
		if len(got) != len(c.want) {
			t.Errorf("Series(%q) = %v, want %v", c.name, got, c.want)
			continue
		}
		for i, p := range got {
			if want := (protocols.Point{Metric: c.name, At: c.at[i], Value: c.want[i]}); p != want {
				t.Errorf("Series(%q)[%d] = %v, want %v", c.name, i, p, want)
			}
		}
	}
}

func TestItemsAndReached(t *testing.T) {
	r := rumorResult()
	if got := r.Items("gossip.convergence_time"); len(got) != 3 || !got[1].Censored || got[1].Metric != "gossip.convergence_time" {
		t.Errorf("Items(convergence_time) = %v", got)
	}
	for name, want := range map[string][2]float64{"net.messages_per_node": {7, 3}, "net.received_per_node": {1, 2},
		"net.bytes_per_node": {70, 0}, "net.received_bytes_per_node": {10, 0}} {
		if got := r.Items(name); len(got) != 2 || got[0].Value != want[0] || got[1].Value != want[1] {
			t.Errorf("Items(%q) = %v, want %v", name, got, want)
		}
	}
	if got := r.Items("net.latency"); got != nil {
		t.Errorf("Items(net.latency) = %v, want none", got)
	}
	if got := r.Reached("gossip.coverage", 0.5); len(got) != 1 || !got[0].OK || got[0].Metric != "gossip.coverage" {
		t.Errorf("Reached(0.5) = %v", got)
	}
	if r.Figures["gossip"].Items[0].Metric != "convergence_time" {
		t.Error("reading a result changed it")
	}
}

func TestQuantileCountsUnfinishedItemsAsLongest(t *testing.T) {
	r := rumorResult()
	for _, c := range []struct {
		num, den uint64
		want     float64
		ok       bool
	}{{0, 1, 1.5, true}, {1, 3, 1.5, true}, {1, 2, 2.5, true}, {2, 3, 2.5, true}, {67, 100, 0, false}, {1, 1, 0, false}} {
		if got, ok := r.Quantile("gossip.convergence_time", c.num, c.den); got != c.want || ok != c.ok {
			t.Errorf("quantile %d/%d = %v, %v; want %v, %v", c.num, c.den, got, ok, c.want, c.ok)
		}
	}
	if _, ok := r.Quantile("gossip.nothing", 1, 2); ok {
		t.Error("a quantile of nothing")
	}
}

// Every name is listed once, with its unit and meaning, and can be read.
func TestMetricsAreListed(t *testing.T) {
	own := []protocols.MetricSpec{{Name: "coverage", Form: protocols.Series, Unit: "ratio", Doc: "d", Goal: true}, {Name: "bytes", Unit: "B", Doc: "own"}}
	gossip := &protocols.Protocol{Name: "gossip", Metrics: own}
	list := append(Metrics([]Group{{Stack: []*protocols.Protocol{gossip}}, {Stack: []*protocols.Protocol{gossip, {Name: "raft"}}}}), CostMetrics()...)
	seen := map[string]bool{}
	for _, m := range list {
		if seen[m.Name] || m.Doc == "" || m.Unit == "" {
			t.Errorf("metric %+v is there twice or says nothing", m)
		}
		seen[m.Name] = true
	}
	for _, name := range []string{"gossip.coverage", "gossip.messages", "gossip.bytes", "raft.messages", "raft.bytes", "net.latency", "cost.wall"} {
		if !seen[name] {
			t.Errorf("%s is not listed", name)
		}
	}
	if own[0].Name != "coverage" || len(own) != 2 || list[1].Doc != "own" {
		t.Error("a protocol's own list was changed or hidden")
	}
	r := rumorResult()
	for _, m := range append(KernelMetrics(), CostMetrics()...) {
		_, scalar := r.Scalar(m.Name)
		_, quantile := r.Quantile(m.Name, 1, 2)
		found := map[protocols.MetricForm]bool{protocols.Scalar: scalar, protocols.Series: r.Series(m.Name) != nil, protocols.Sample: quantile}
		for form, ok := range found {
			if ok != (form == m.Form) {
				t.Errorf("%s, of form %d, read as form %d: %v", m.Name, m.Form, form, ok)
			}
		}
	}
}

// Every value lies in the bucket that counts it, and buckets leave no gap.
func TestHistogramBounds(t *testing.T) {
	h, next := &Histogram{}, int64(0)
	for b := range len(h.Counts) {
		lo, hi := h.Bounds(b)
		if lo != next || hi < lo || bucket(lo) != b || bucket(hi) != b {
			t.Fatalf("bucket %d counts %d to %d, want from %d on", b, lo, hi, next)
		}
		if hi == math.MaxInt64 {
			return
		}
		next = hi + 1
	}
	t.Error("the largest value has no bucket")
}
