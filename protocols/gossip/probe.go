package gossip

import (
	"time"

	"meshsim/protocols"
)

// metrics lists the figures of rumors; see there for what each probe records.
var rumorMetrics = []protocols.MetricSpec{
	{Name: "coverage", Form: protocols.Series, Unit: "ratio", Goal: true, Better: protocols.Larger, Doc: "share of the live nodes that hold a rumor, as the mean over all rumors younger than the retention"},
	{Name: "convergence_time_50", Form: protocols.Sample, Unit: "s", Doc: "time from the publishing of a rumor until 50% of the live nodes hold it"},
	{Name: "convergence_time", Form: protocols.Sample, Unit: "s", Doc: "time from the publishing of a rumor until 99% of the live nodes hold it"},
	{Name: "convergence_time_100", Form: protocols.Sample, Unit: "s", Doc: "time from the publishing of a rumor until all live nodes hold it"},
	{Name: "rounds", Form: protocols.Sample, Unit: "1", Doc: "convergence_time_100 in intervals, or in cycles if the phase is synchronous"},
	{Name: "t_last", Form: protocols.Sample, Unit: "1", Doc: "intervals, or cycles, from the publishing of a rumor until the last delivery, however many nodes it missed"},
	{Name: "residue", Form: protocols.Sample, Unit: "ratio", Doc: "share of the live nodes that a rumor has missed when it is retired or the run ends"},
	{Name: "delivery_latency", Form: protocols.Sample, Unit: "s", Doc: "mean time from the publishing of a rumor to its deliveries"},
	{Name: "delivery_latency_p50", Form: protocols.Scalar, Unit: "s", Doc: "half of all deliveries took at most so long"},
	{Name: "delivery_latency_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of all deliveries took at most so long"},
	{Name: "delivery_latency_max", Form: protocols.Scalar, Unit: "s", Doc: "the longest that a delivery took"},
	{Name: "deliveries", Form: protocols.Scalar, Unit: "1", Better: protocols.Larger, Doc: "first receipts of a rumor by a node"},
	{Name: "redundant_deliveries", Form: protocols.Scalar, Unit: "1", Doc: "receipts of a rumor by a node that knew it"},
	{Name: "updates_per_node", Form: protocols.Scalar, Unit: "1", Doc: "copies of a rumor sent, over the number of nodes: the m of Demers et al."},
	{Name: "messages_per_delivery", Form: protocols.Scalar, Unit: "1", Doc: "messages of rumor mongering for each delivery"},
	{Name: "bytes_per_delivery", Form: protocols.Scalar, Unit: "B", Doc: "bytes of rumor mongering for each delivery"},
}

// The levels of coverage that are always timed.
var convergence = [...]struct {
	metric string
	level  float64
}{{"convergence_time_50", 0.5}, {"convergence_time", 0.99}, {"convergence_time_100", 1}}

// census knows which members are up.
type census struct {
	up    set
	count int
}

func newCensus(c protocols.ProbeConfig) census {
	// A member counts as up until the kernel says that it is down, so that what
	// happens at the very start is not measured against a mesh that still boots.
	v := census{up: newSet(c.Nodes), count: len(c.Members)}
	for _, id := range c.Members {
		v.up.add(id)
	}
	return v
}

// set is a set of nodes, one bit each.
type set []uint64

func newSet(nodes int) set { return make(set, (nodes+63)/64) }

func (s set) has(id protocols.NodeID) bool { return s[id/64]>>(id%64)&1 != 0 }
func (s set) add(id protocols.NodeID)      { s[id/64] |= 1 << (id % 64) }
func (s set) remove(id protocols.NodeID)   { s[id/64] &^= 1 << (id % 64) }

// probe makes gossip's figures.
type probe struct {
	members set
	live    census
	rumors  *coverage
	states  *agreement       // nil without anti-entropy
	healed  []protocols.Time // when the last partition in force was over
	crashed []protocols.Time // instants since the warmup at which members went down
	numbers *estimates       // nil without aggregation
}

func newProbe(c Config, pc protocols.ProbeConfig) *probe {
	p := &probe{live: newCensus(pc), rumors: newCoverage(c, pc)}
	p.members = append(set(nil), p.live.up...)
	if c.AntiEntropy != nil {
		p.states = newAgreement(pc, &p.live)
	}
	if c.Aggregation != nil {
		p.numbers = newEstimates(*c.Aggregation, pc, &p.live)
	}
	return p
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	kinds := []protocols.ObservationKind{Published, Delivered}
	if p.states != nil {
		kinds = append(kinds, Written, Applied, State)
	}
	if p.numbers != nil {
		kinds = append(kinds, Local, Estimate)
	}
	return kinds
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == "node" {
		p.observeNode(o)
		return
	}
	switch o.Kind {
	case Published:
		p.rumors.published(o, p.live.count)
	case Delivered:
		p.rumors.delivered(o)
	case Written:
		p.states.written(o)
	case Applied:
		p.states.applied(o)
	case State:
		p.states.changed(o.Node, o.Key)
	case Local, Estimate:
		p.numbers.observe(o)
	}
}

func (p *probe) observeNode(o protocols.Observed) {
	if o.Kind == protocols.MeshHealed {
		p.healed = append(p.healed, o.At)
		return
	}
	up := o.Kind == protocols.NodeUp
	if !up && o.Kind != protocols.NodeDown || !p.members.has(o.Node) || up == p.live.up.has(o.Node) {
		return
	}
	if up {
		p.live.up.add(o.Node)
		p.live.count++
	} else {
		p.live.up.remove(o.Node)
		p.live.count--
		p.rumors.down(o.Node)
		if n := len(p.crashed); o.At >= p.rumors.warmup && (n == 0 || p.crashed[n-1] != o.At) {
			p.crashed = append(p.crashed, o.At)
		}
	}
	p.rumors.resize(o.At, p.live.count)
	if p.states != nil {
		p.states.resized(o.Node, up, o.At)
	}
	if p.numbers != nil && !up {
		p.numbers.down(o.Node, o.At)
	}
}

// Sample adds the series' values.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	p.rumors.sample(at, out)
	if p.states != nil {
		p.states.sample(at, out)
	}
	if p.numbers != nil {
		p.numbers.sample(at, out)
	}
}

// Settled reports that every item begun so far has reached all its goals.
func (p *probe) Settled() bool {
	return p.rumors.settled() && (p.states == nil || p.states.settled())
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	p.rumors.finish(t, out)
	p.failover(t.At, out)
	p.recovery(t.At, out)
	if t.Observations[ReadOnly].Count > 0 {
		out.Scalar("writes_refused", t.At, float64(t.Observations[TurnedAway].Count))
	}
	if p.states != nil {
		p.states.finish(t.At, out)
	}
	if p.numbers != nil {
		p.numbers.finish(t.At, out)
	}
}

// seconds is one division, so it is rounded once, the same everywhere.
func seconds(d time.Duration) float64 { return float64(d) / 1e9 }
