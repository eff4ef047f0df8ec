package sim

import (
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
)

// Scalar returns the run's value of a metric of form Scalar, under its full
// name: "net.messages", "gossip.residue". ok is false if the run has none:
// the name is unknown, its form is another, or it was not asked for.
func (r *Result) Scalar(name string) (v float64, ok bool) {
	if m := findKernel(name); m != nil {
		if m.scalar == nil {
			return 0, false
		}
		return m.scalar(r)
	}
	protocol, metric, _ := strings.Cut(name, ".")
	for _, p := range r.Figures[protocol].Scalars {
		if p.Metric == metric {
			return p.Value, true
		}
	}
	return r.counted(protocol, metric)
}

// counted is what the kernel counts of every protocol.
func (r *Result) counted(protocol, metric string) (v float64, ok bool) {
	var messages, bytes uint64
	for i := range r.Kinds {
		if k := &r.Kinds[i]; k.Protocol == protocol {
			messages, bytes, ok = messages+k.Sent, bytes+k.Bytes, true
		}
	}
	switch metric {
	case "messages":
		return float64(messages), ok
	case "bytes":
		return float64(bytes), ok
	}
	return 0, false
}

// Series returns the values of a metric of form Series in the order of their
// instants, nil if the run has none. A rate stands at the end of the interval
// over which it was taken.
func (r *Result) Series(name string) []protocols.Point {
	if m := findKernel(name); m != nil {
		return r.kernelSeries(m)
	}
	protocol, metric, _ := strings.Cut(name, ".")
	var out []protocols.Point
	for _, p := range r.Figures[protocol].Points {
		if p.Metric == metric {
			out = append(out, protocols.Point{Metric: name, At: p.At, Value: p.Value})
		}
	}
	return out
}

func (r *Result) kernelSeries(m *kernelMetric) []protocols.Point {
	if m.series == nil {
		return nil
	}
	var out []protocols.Point
	before := &SampleRow{}
	for i := range r.Samples {
		now := &r.Samples[i]
		if v, ok := m.series(r, before, now); ok {
			out = append(out, protocols.Point{Metric: m.Name, At: protocols.Time(now.At), Value: v})
		}
		before = now
	}
	return out
}

// Items returns the values of a metric of form Sample, one an item, in the
// order in which the run recorded them (figures of nodes: by node), nil if it
// has none. The latency of messages is not kept one by one; see [Result.Quantile].
func (r *Result) Items(name string) []protocols.Item {
	if m := findKernel(name); m != nil {
		return r.kernelItems(m)
	}
	protocol, metric, _ := strings.Cut(name, ".")
	var out []protocols.Item
	for _, it := range r.Figures[protocol].Items {
		if it.Metric == metric {
			it.Metric = name
			out = append(out, it)
		}
	}
	return out
}

func (r *Result) kernelItems(m *kernelMetric) []protocols.Item {
	if m.sample == nil || len(r.PerNode) == 0 {
		return nil
	}
	out := make([]protocols.Item, len(r.PerNode))
	for i := range r.PerNode {
		out[i] = protocols.Item{Metric: m.Name, Value: m.sample(&r.PerNode[i])}
	}
	return out
}

// Levels returns when each item of a goal metric reached each level that the
// Config's Goals asked for.
func (r *Result) Levels(name string) []protocols.Reached {
	protocol, metric, _ := strings.Cut(name, ".")
	var out []protocols.Reached
	for _, it := range r.Figures[protocol].Reached {
		if it.Metric == metric {
			it.Metric = name
			out = append(out, it)
		}
	}
	return out
}

// Reached is Levels for one of the levels.
func (r *Result) Reached(name string, level float64) []protocols.Reached {
	return slices.DeleteFunc(r.Levels(name), func(it protocols.Reached) bool { return it.Level != level })
}

// Quantile returns the smallest value of a metric of form Sample that num/den
// of this run's items do not exceed, 0 <= num <= den and den > 0. An item that
// had not finished counts as larger than all that had; ok is false if the
// quantile falls among those, or if the run has no items. Latencies are rounded
// up by less than 1/32. Cost: O(n log n) in the items.
func (r *Result) Quantile(name string, num, den uint64) (v float64, ok bool) {
	if name == "net.latency" {
		return r.latencyQuantile(num, den)
	}
	var done []float64
	items := r.Items(name)
	for _, it := range items {
		if !it.Censored {
			done = append(done, it.Value)
		}
	}
	rank := max((uint64(len(items))*num+den-1)/den, 1)
	if rank > uint64(len(done)) {
		return 0, false
	}
	slices.Sort(done)
	return done[rank-1], true
}

func (r *Result) latencyQuantile(num, den uint64) (v float64, ok bool) {
	if r.Latency == nil || r.Latency.N == 0 {
		return 0, false
	}
	return inSeconds(time.Duration(r.Latency.Quantile(num, den))), true
}

// Bounds returns the smallest and the largest value that bucket b counts.
func (h *Histogram) Bounds(b int) (lo, hi int64) { return lowest(b), lowest(b+1) - 1 }

// Total is the number of messages dropped for any reason.
func (d *Drops) Total() uint64 {
	return d.Loss + d.Partition + d.Down + d.QueueFull + d.Corrupt + d.NoProtocol + d.StreamReset + d.Crash
}

// kinds is the sum over all kinds of all protocols, of what the network carried.
func (r *Result) kinds() (sum KindTotal) {
	for i := range r.Kinds {
		k := &r.Kinds[i]
		sum.Sent += k.Sent
		sum.Bytes += k.Bytes
		sum.Delivered += k.Delivered
		sum.Lost += k.Lost
		sum.Duplicated += k.Duplicated
	}
	sum.Delivered -= r.Injected
	return sum
}

func findKernel(name string) *kernelMetric {
	list := kernelMetrics
	if strings.HasPrefix(name, "cost.") {
		list = costMetrics
	}
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}
