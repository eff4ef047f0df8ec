package sim

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// A kernelMetric is a figure that the kernel makes itself: what it means and
// how it is read off a result. The function of its form is set. ok is false
// where the run was not asked for it, or there is nothing to divide by.
type kernelMetric struct {
	protocols.MetricSpec
	scalar func(r *Result) (v float64, ok bool)
	series func(r *Result, before, now *SampleRow) (v float64, ok bool)
	sample func(n *NodeTotal) float64
}

// The names tell who counts: "net." the network, "cpu." and "disk." these, "run." the
// run as a whole, "cost." the machine. Times are in seconds.
var kernelMetrics = []kernelMetric{
	scalarMetric("net.messages", "1", "messages given to the network, retransmissions not counted",
		counted(func(r *Result) uint64 { return r.kinds().Sent })),
	scalarMetric("net.bytes", "B", "bytes given to the network",
		counted(func(r *Result) uint64 { return r.kinds().Bytes })),
	better(protocols.Neither, scalarMetric("net.delivered", "1", "messages handed to a node",
		counted(func(r *Result) uint64 { return r.kinds().Delivered }))),
	better(protocols.Neither, scalarMetric("net.duplicated", "1", "second copies that links made",
		counted(func(r *Result) uint64 { return r.kinds().Duplicated }))),
	better(protocols.Larger, scalarMetric("net.delivery_ratio", "ratio", "messages handed to a node for each one sent; copies can bring it above 1",
		func(r *Result) (float64, bool) { k := r.kinds(); return quotient(k.Delivered, k.Sent) })),
	scalarMetric("net.dropped", "1", "messages that did not reach a node's code, for any reason",
		counted(func(r *Result) uint64 { return r.Drops.Total() })),
	scalarMetric("net.lost", "1", "messages that a link lost",
		counted(func(r *Result) uint64 { return r.Drops.Loss })),
	scalarMetric("net.dropped_partition", "1", "messages that a partition cut",
		counted(func(r *Result) uint64 { return r.Drops.Partition })),
	scalarMetric("net.dropped_down", "1", "messages whose receiver was down",
		counted(func(r *Result) uint64 { return r.Drops.Down })),
	scalarMetric("net.dropped_queue", "1", "messages that found a queue full",
		counted(func(r *Result) uint64 { return r.Drops.QueueFull })),
	scalarMetric("net.dropped_corrupt", "1", "messages that could not be decoded",
		counted(func(r *Result) uint64 { return r.Drops.Corrupt })),
	scalarMetric("net.dropped_protocol", "1", "messages whose receiver does not run the protocol",
		counted(func(r *Result) uint64 { return r.Drops.NoProtocol })),
	scalarMetric("net.dropped_reset", "1", "messages of streams that were reset",
		counted(func(r *Result) uint64 { return r.Drops.StreamReset })),
	scalarMetric("net.dropped_crash", "1", "messages that waited at their sender when it crashed",
		counted(func(r *Result) uint64 { return r.Drops.Crash })),
	better(protocols.Neither, scalarMetric("net.mean_throughput", "1/s", "messages handed to nodes a second, over the whole run",
		func(r *Result) (float64, bool) { return perSecond(r.kinds().Delivered, r.End) })),
	scalarMetric("net.mean_messages_per_node", "1", "messages sent a node",
		func(r *Result) (float64, bool) { return quotient(r.kinds().Sent, uint64(r.Nodes)) }),
	scalarMetric("net.mean_bytes_per_node", "B", "bytes sent a node",
		func(r *Result) (float64, bool) { return quotient(r.kinds().Bytes, uint64(r.Nodes)) }),
	latencyMetric("net.latency_p50", "half of the messages delivered were at most so long on the way", 50),
	latencyMetric("net.latency_p90", "90% of the messages delivered were at most so long on the way", 90),
	latencyMetric("net.latency_p99", "99% of the messages delivered were at most so long on the way", 99),
	latencyMetric("net.latency_max", "the longest that a message delivered was on the way", 100),

	better(protocols.Neither, seriesMetric("net.throughput", "1/s", "messages handed to nodes a second, since the sample before",
		func(_ *Result, b, n *SampleRow) (float64, bool) { return perSecond(n.Delivered-b.Delivered, n.At-b.At) })),
	better(protocols.Neither, seriesMetric("net.offered", "1/s", "messages sent a second, since the sample before",
		func(_ *Result, b, n *SampleRow) (float64, bool) { return perSecond(n.Sent-b.Sent, n.At-b.At) })),
	seriesMetric("net.traffic", "B/s", "bytes sent a second, since the sample before",
		func(_ *Result, b, n *SampleRow) (float64, bool) { return perSecond(n.SentBytes-b.SentBytes, n.At-b.At) }),
	seriesMetric("net.mean_latency", "s", "time on the way of the messages sent since the sample before that links did not lose, on average",
		func(_ *Result, b, n *SampleRow) (float64, bool) {
			v, ok := quotient(n.OnTheWay-b.OnTheWay, n.Timed-b.Timed)
			return v / 1e9, ok
		}),
	seriesMetric("net.slow_latency", "s", "99% of these messages were at most so long on the way",
		func(_ *Result, b, n *SampleRow) (float64, bool) { return inSeconds(n.Slow), n.Timed > b.Timed }),
	better(protocols.Larger, seriesMetric("net.connectivity", "ratio", "share of the live nodes that are in the largest connected part",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return n.Connected, n.Connected == n.Connected })),

	sampleMetric("net.latency", "s", "time on the way of each message delivered; kept as a histogram, see Quantile", nil),
	sampleMetric("net.messages_per_node", "1", "messages sent by each node",
		func(n *NodeTotal) float64 { return float64(n.Sent) }),
	sampleMetric("net.received_per_node", "1", "messages received by each node",
		func(n *NodeTotal) float64 { return float64(n.Received) }),
	sampleMetric("net.bytes_per_node", "B", "bytes sent by each node",
		func(n *NodeTotal) float64 { return float64(n.SentBytes) }),
	sampleMetric("net.received_bytes_per_node", "B", "bytes received by each node",
		func(n *NodeTotal) float64 { return float64(n.ReceivedBytes) }),

	cpuMetric("cpu.time", "s", "CPU time of all calls",
		func(n *SampleRow) (float64, bool) { return n.Busy.Seconds(), true }),
	cpuMetric("cpu.mean_use", "ratio", "share of their cores that calls kept busy, over the nodes whose calls take time",
		func(n *SampleRow) (float64, bool) { return share(int64(n.Busy), int64(n.Cores)*int64(n.At)), n.At > 0 }),
	cpuMetric("cpu.max_use", "ratio", "the same of the busiest node",
		func(n *SampleRow) (float64, bool) { return n.Busiest, true }),
	seriesMetric("cpu.use", "ratio", "share of their cores that calls kept busy, over the nodes whose calls take time, since the sample before",
		func(_ *Result, b, n *SampleRow) (float64, bool) {
			return share(int64(n.Busy-b.Busy), int64(n.Cores)*int64(n.At-b.At)), n.Cores > 0 && n.At > b.At
		}),

	diskMetric("disk.written", "B", "bytes that syncs of disks covered",
		func(n *SampleRow) (float64, bool) { return float64(n.Written), true }),
	diskMetric("disk.syncs", "1", "syncs of disks",
		func(n *SampleRow) (float64, bool) { return float64(n.Syncs), true }),
	diskMetric("disk.mean_size", "B", "bytes on a disk at the end, over the nodes that have files",
		func(n *SampleRow) (float64, bool) { return quotient(n.DiskBytes, uint64(n.Disks)) }),
	diskMetric("disk.max_size", "B", "bytes on the fullest disk at the end",
		func(n *SampleRow) (float64, bool) { return float64(n.LargestDisk), true }),
	seriesMetric("disk.size", "B", "bytes on a disk, over the nodes that have files",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return quotient(n.DiskBytes, uint64(n.Disks)) }),
	seriesMetric("disk.largest", "B", "bytes on the fullest disk",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return float64(n.LargestDisk), n.Disks > 0 }),
	seriesMetric("disk.write_rate", "B/s", "bytes a second that syncs of disks covered, since the sample before",
		func(_ *Result, b, n *SampleRow) (float64, bool) {
			v, ok := perSecond(n.Written-b.Written, n.At-b.At)
			return v, ok && n.Syncs > 0
		}),

	better(protocols.Neither, scalarMetric("run.duration", "s", "simulated time at which the run ended",
		func(r *Result) (float64, bool) { return inSeconds(r.End), true })),
	better(protocols.Neither, scalarMetric("run.nodes", "1", "nodes in the mesh",
		counted(func(r *Result) uint64 { return uint64(r.Nodes) }))),
	scalarMetric("run.events", "1", "calls of nodes",
		counted(func(r *Result) uint64 { return r.Events })),
	scalarMetric("run.events_per_node", "1", "calls a node",
		func(r *Result) (float64, bool) { return quotient(r.Events, uint64(r.Nodes)) }),
	scalarMetric("run.violations", "1", "safety properties that were violated",
		counted(func(r *Result) uint64 { return uint64(len(r.Violations)) })),
	better(protocols.Larger, seriesMetric("run.live", "1", "nodes that are up",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return float64(n.Live), true })),
	better(protocols.Larger, seriesMetric("run.availability", "ratio", "share of the nodes that are up",
		func(r *Result, _, n *SampleRow) (float64, bool) { return quotient(uint64(n.Live), uint64(r.Nodes)) })),
	better(protocols.Neither, seriesMetric("run.event_rate", "1/s", "calls of nodes a simulated second, since the sample before",
		func(_ *Result, b, n *SampleRow) (float64, bool) { return perSecond(n.Events-b.Events, n.At-b.At) })),
	better(protocols.Neither, seriesMetric("run.partitioned", "1", "partitions in force",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return float64(n.Partitioned), true })),
	better(protocols.Neither, seriesMetric("run.degraded", "1", "degradations of links in force",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return float64(n.Degraded), true })),
	better(protocols.Neither, seriesMetric("run.churn", "1", "churn faults in force",
		func(_ *Result, _, n *SampleRow) (float64, bool) { return float64(n.Churn), true })),
}

// What a run took from the machine; never the same twice.
var costMetrics = []kernelMetric{
	scalarMetric("cost.wall", "s", "real time that the run took",
		func(r *Result) (float64, bool) { return inSeconds(r.Cost.Wall), r.Cost.Wall > 0 }),
	better(protocols.Larger, scalarMetric("cost.events_per_second", "1/s", "calls of nodes a real second",
		func(r *Result) (float64, bool) { return r.Cost.EventsPerSec, r.Cost.EventsPerSec > 0 })),
	scalarMetric("cost.bytes_per_node", "B", "memory in use at the end of the run, a node",
		func(r *Result) (float64, bool) { return quotient(r.Cost.HeapBytes, uint64(r.Nodes)) }),
}

// Every protocol has these besides its own.
var countedMetrics = []protocols.MetricSpec{
	{Name: "messages", Form: protocols.Scalar, Unit: "1", Doc: "messages that the protocol sent"},
	{Name: "bytes", Form: protocols.Scalar, Unit: "B", Doc: "bytes that the protocol sent"},
}

// KernelMetrics lists the figures that the kernel makes of every run, under
// their full names, in the order in which reports show them. Some need a
// [Detail] of the Config.
func KernelMetrics() []protocols.MetricSpec { return specsOf(kernelMetrics) }

// CostMetrics lists what a run took from the machine. It differs from run to
// run, so it belongs in no file that is compared.
func CostMetrics() []protocols.MetricSpec { return specsOf(costMetrics) }

// ProtocolMetrics lists a protocol's figures under their full names,
// "gossip.coverage": its own, and the messages and bytes that the kernel counts.
func ProtocolMetrics(p *protocols.Protocol) []protocols.MetricSpec {
	list := slices.Clone(p.Metrics)
	for _, c := range countedMetrics {
		if !slices.ContainsFunc(p.Metrics, func(m protocols.MetricSpec) bool { return m.Name == c.Name }) {
			list = append(list, c)
		}
	}
	for i := range list {
		list[i].Name = p.Name + "." + list[i].Name
	}
	return list
}

// Metrics lists all figures, but for the cost, that a run of these groups can
// yield: those of the protocols in the order in which the groups name them,
// then the kernel's.
func Metrics(groups []Group) []protocols.MetricSpec {
	var list []protocols.MetricSpec
	var seen []string
	for _, g := range groups {
		for _, p := range g.Stack {
			if !slices.Contains(seen, p.Name) {
				seen = append(seen, p.Name)
				list = append(list, ProtocolMetrics(p)...)
			}
		}
	}
	return append(list, KernelMetrics()...)
}

func specsOf(list []kernelMetric) []protocols.MetricSpec {
	out := make([]protocols.MetricSpec, len(list))
	for i := range list {
		out[i] = list[i].MetricSpec
	}
	return out
}

// better says which values of a metric are good ones.
func better(which protocols.Better, m kernelMetric) kernelMetric {
	m.Better = which
	return m
}

func scalarMetric(name, unit, doc string, f func(*Result) (float64, bool)) kernelMetric {
	return kernelMetric{MetricSpec: protocols.MetricSpec{Name: name, Form: protocols.Scalar, Unit: unit, Doc: doc}, scalar: f}
}

func seriesMetric(name, unit, doc string, f func(r *Result, before, now *SampleRow) (float64, bool)) kernelMetric {
	return kernelMetric{MetricSpec: protocols.MetricSpec{Name: name, Form: protocols.Series, Unit: unit, Doc: doc}, series: f}
}

// diskMetric reads a figure off the last sample; there is none if no disk was used.
// cpuMetric is read off the last sample of a run whose calls took CPU time.
func cpuMetric(name, unit, doc string, f func(*SampleRow) (float64, bool)) kernelMetric {
	return scalarMetric(name, unit, doc, func(r *Result) (float64, bool) {
		if len(r.Samples) == 0 || r.Samples[len(r.Samples)-1].Cores == 0 {
			return 0, false
		}
		return f(&r.Samples[len(r.Samples)-1])
	})
}

// share is a part of a whole, 0 of nothing.
func share(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func diskMetric(name, unit, doc string, f func(*SampleRow) (float64, bool)) kernelMetric {
	return scalarMetric(name, unit, doc, func(r *Result) (float64, bool) {
		if len(r.Samples) == 0 {
			return 0, false
		}
		last := &r.Samples[len(r.Samples)-1]
		v, ok := f(last)
		return v, ok && (last.Syncs > 0 || last.Disks > 0)
	})
}

func sampleMetric(name, unit, doc string, f func(*NodeTotal) float64) kernelMetric {
	return kernelMetric{MetricSpec: protocols.MetricSpec{Name: name, Form: protocols.Sample, Unit: unit, Doc: doc}, sample: f}
}

func latencyMetric(name, doc string, percent uint64) kernelMetric {
	return scalarMetric(name, "s", doc, func(r *Result) (float64, bool) { return r.latencyQuantile(percent, 100) })
}

func counted(f func(*Result) uint64) func(*Result) (float64, bool) {
	return func(r *Result) (float64, bool) { return float64(f(r)), true }
}

// quotient is a/b; not ok if b is 0.
func quotient(a, b uint64) (float64, bool) {
	if b == 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}

// perSecond is n a second over d; not ok if no time passed.
func perSecond(n uint64, d time.Duration) (float64, bool) {
	if d <= 0 {
		return 0, false
	}
	return float64(n) / inSeconds(d), true
}

// inSeconds is one division, so it is rounded once, the same everywhere.
func inSeconds(d time.Duration) float64 { return float64(d) / 1e9 }
