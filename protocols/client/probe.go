package client

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
)

// Probe makes figures of what clients observe. A protocol with clients has one
// in its own probe. See [Metrics].
type Probe struct {
	protocols.ProbeConfig
	base    Base
	timeout time.Duration
	stop    time.Duration // when clients stop asking; 0: never
	most    int           // operations that each asks for; 0: no limit
	clients []pending     // by node
	outages outages
	reads   []time.Duration // latencies of what was answered
	writes  []time.Duration
	items   []protocols.Item
	reached []protocols.Reached
	goals   []float64
	counts  counts
	last    counts         // at the last sample
	sampled protocols.Time // when that was
	peak    float64
}

// counts are numbers of operations since the warm-up.
type counts struct{ asked, completed, good, failed, dropped, retries uint64 }

// NewProbe makes a probe. c is the configuration of the clients, nil if there is
// no telling it: then time-out and outage are those of [Default].
func NewProbe(c *Config, base Base, pc protocols.ProbeConfig) *Probe {
	if c == nil {
		c = Default()
	}
	return &Probe{ProbeConfig: pc, base: base, timeout: c.Timeout, stop: c.Stop, most: c.Operations, clients: make([]pending, pc.Nodes),
		outages: outages{least: c.Outage}, sampled: pc.Warmup, goals: pc.Goals["completed"]}
}

// Wants lists the kinds that are needed one by one.
func (p *Probe) Wants() []protocols.ObservationKind {
	list := []protocols.ObservationKind{asked, submitted, returned, refused, failed, dropped}
	for i := range list {
		list[i] += p.base.Observation
	}
	return list
}

// Observe takes the next observation; those that are not of clients are left alone.
func (p *Probe) Observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			for _, w := range p.clients[o.Node].all() {
				p.fail(o.Node, w.sequence, o.At)
			}
		}
		return
	}
	if o.Kind < p.base.Observation {
		return
	}
	switch o.Kind - p.base.Observation {
	case asked:
		if o.At >= p.Warmup {
			op, _ := linear.Unpack(o.Value)
			p.clients[o.Node].add(wanted{sequence: o.Key, since: o.At, op: op})
			p.counts.asked++
			p.outages.ask(o.At)
		}
	case submitted:
		if o.Value > 1 && o.At >= p.Warmup {
			p.counts.retries++
		}
	case returned, refused:
		p.complete(o)
	case failed:
		p.fail(o.Node, o.Key, o.At)
	case dropped:
		if w, ok := p.clients[o.Node].take(o.Key); ok {
			p.counts.dropped++
			p.outages.fail(o.At)
			p.reach(w, o.At, false)
		}
	}
}

func (p *Probe) complete(o protocols.Observed) {
	w, ok := p.clients[o.Node].take(o.Key)
	if !ok {
		return
	}
	d := time.Duration(o.At - w.since)
	p.counts.completed++
	if d <= p.timeout {
		p.counts.good++
	}
	if w.op == kv.Get {
		p.reads = append(p.reads, d)
	} else {
		p.writes = append(p.writes, d)
	}
	p.outages.answer(o.At)
	p.item(w, o.At, false)
	p.reach(w, o.At, true)
}

func (p *Probe) fail(node protocols.NodeID, sequence uint64, at protocols.Time) {
	if w, ok := p.clients[node].take(sequence); ok {
		p.counts.failed++
		p.outages.fail(at)
		p.item(w, at, true)
		p.reach(w, at, false)
	}
}

func (p *Probe) item(w wanted, at protocols.Time, censored bool) {
	p.items = append(p.items, protocols.Item{Metric: "request_latency", At: w.since, Value: seconds(time.Duration(at - w.since)), Censored: censored})
}

func (p *Probe) reach(w wanted, at protocols.Time, ok bool) {
	for _, level := range p.goals {
		p.reached = append(p.reached, protocols.Reached{Metric: "completed", Level: level, Item: w.sequence,
			Since: w.since, After: time.Duration(at - w.since), OK: ok})
	}
}

// Sample adds the values of the series.
func (p *Probe) Sample(at protocols.Time, out *protocols.Figures) {
	if d := time.Duration(at - p.sampled); d > 0 {
		rate := func(now, before uint64) float64 { return float64(now-before) / seconds(d) }
		out.Point("offered", at, rate(p.counts.asked, p.last.asked))
		out.Point("throughput", at, rate(p.counts.completed, p.last.completed))
		good := rate(p.counts.good, p.last.good)
		out.Point("goodput", at, good)
		p.peak = max(p.peak, good)
		p.last, p.sampled = p.counts, at
	}
	out.Point("outstanding", at, float64(p.outages.asked))
	if p.counts.asked > 0 {
		out.Point("completed", at, float64(p.counts.completed)/float64(p.counts.asked))
	}
}

// Settled reports that all operations have been answered, and no more will be
// asked for: clients have stopped, or each has asked for all of its own.
func (p *Probe) Settled() bool {
	if p.counts.asked == 0 || p.outages.asked > 0 {
		return false
	}
	if p.stop > 0 && time.Duration(p.sampled) > p.stop {
		return true
	}
	each := 0 // client nodes that have asked
	for i := range p.clients {
		if p.clients[i].began {
			each++
		}
	}
	return p.most > 0 && p.counts.asked == uint64(each)*uint64(p.most)
}

// Finish adds the run's figures.
func (p *Probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	for node := range p.clients {
		for _, w := range p.clients[node].all() {
			p.item(w, t.At, true)
			p.reach(w, t.At, false)
		}
	}
	if p.outages.asked > 0 {
		p.outages.cut(t.At)
	}
	out.Items = append(out.Items, p.items...)
	out.Reached = append(out.Reached, p.reached...)
	p.latencies(t.At, out)
	for _, s := range []struct {
		metric string
		value  float64
	}{
		{"goodput_peak", p.peak},
		{"operations", float64(p.counts.asked)},
		{"operations_completed", float64(p.counts.completed)},
		{"operations_failed", float64(p.counts.failed)},
		{"operations_dropped", float64(p.counts.dropped)},
		{"retries", float64(p.counts.retries)},
		{"outages", float64(p.outages.count)},
		{"outage_total", seconds(p.outages.total)},
		{"outage_longest", seconds(p.outages.most)},
	} {
		out.Scalar(s.metric, t.At, s.value)
	}
	if d := time.Duration(t.At - p.Warmup); d > 0 {
		out.Scalar("throughput_mean", t.At, float64(p.counts.completed)/seconds(d))
	}
	if n := p.counts.completed; n > 0 {
		var all protocols.Total
		for _, m := range t.Messages {
			all.Count += m.Count
			all.Sum += m.Sum
		}
		out.Scalar("messages_per_operation", t.At, float64(all.Count)/float64(n))
		out.Scalar("bytes_per_operation", t.At, float64(all.Sum)/float64(n))
	}
}

// latencies adds the quantiles of what was answered.
func (p *Probe) latencies(at protocols.Time, out *protocols.Figures) {
	quantile := func(metric string, sorted []time.Duration, percent int) {
		if len(sorted) > 0 {
			out.Scalar(metric, at, seconds(sorted[(len(sorted)*percent+99)/100-1]))
		}
	}
	all := slices.Concat(p.reads, p.writes)
	slices.Sort(all)
	slices.Sort(p.reads)
	slices.Sort(p.writes)
	quantile("request_latency_p50", all, 50)
	quantile("request_latency_p99", all, 99)
	quantile("request_latency_max", all, 100)
	quantile("read_latency_p50", p.reads, 50)
	quantile("read_latency_p99", p.reads, 99)
	quantile("write_latency_p50", p.writes, 50)
	quantile("write_latency_p99", p.writes, 99)
}

// seconds is one division, so it is rounded once, the same everywhere.
func seconds(d time.Duration) float64 { return float64(d) / 1e9 }
