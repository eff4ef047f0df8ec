package discovery

import (
	"slices"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "joined", Form: protocols.Series, Unit: "ratio", Better: protocols.Larger, Doc: "share of the members that take part, of those that are up and have not left"},
	{Name: "connectivity", Form: protocols.Series, Unit: "ratio", Better: protocols.Larger, Doc: "share of the members that are up, and have not left, in the largest part that links connect"},
	{Name: "degree_mean", Form: protocols.Series, Unit: "1", Better: protocols.Neither, Doc: "links of a member that is up and has not left, on average"},
	{Name: "degree_most", Form: protocols.Series, Unit: "1", Better: protocols.Neither, Doc: "links of the member that has most"},
	{Name: "path_length", Form: protocols.Series, Unit: "1", Doc: "links between two members, on average over the paths from a sample of them"},
	{Name: "clustering", Form: protocols.Series, Unit: "ratio", Better: protocols.Neither, Doc: "share of pairs of a member's neighbours that are neighbours themselves, on average over a sample of members"},
	{Name: "dead_links", Form: protocols.Series, Unit: "ratio", Doc: "share of links that lead to members that are down or have left"},
	{Name: "liar_links", Form: protocols.Series, Unit: "ratio", Doc: "share of the links of members that do not lie that lead to members that do"},
	{Name: "link_latency", Form: protocols.Series, Unit: "s", Doc: "one-way latency of links, half of the last measurement there and back, on average"},
	{Name: "view_age", Form: protocols.Series, Unit: "s", Doc: "age of the announcements in passive views, on average over the shuffles since the last sample"},
	{Name: "view_size", Form: protocols.Series, Unit: "1", Better: protocols.Neither, Doc: "peers in passive views, on average over the shuffles since the last sample"},
	{Name: "seed_load", Form: protocols.Series, Unit: "1/s", Doc: "requests to join that reached the node that got most since the last sample"},
	{Name: "join_time", Form: protocols.Sample, Unit: "s", Doc: "time from when a node begins to join until it takes part, one a node and life; seeds take part at once"},
	{Name: "repair_time", Form: protocols.Sample, Unit: "s", Doc: "time from a crash until all neighbours of those that are down have degree_min links to members that are up again; 0 if they still had"},
	{Name: "degree", Form: protocols.Sample, Unit: "1", Better: protocols.Neither, Doc: "links at the end of the run, one a member that is up"},
	{Name: "redirects", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "requests to join that were sent on to somebody else"},
	{Name: "let_in", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "requests to join that were granted"},
	{Name: "link_changes", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "links that were made, both ends counted, for each member"},
	{Name: "swaps", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "neighbours that were swapped for nearer ones"},
	{Name: "lies_found", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "messages in which a forged announcement was found"},
	{Name: "shunned", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "times that a node caught another one lying that it did not shun already"},
}

// probe makes the figures.
type probe struct {
	protocols.ProbeConfig
	*overlay
	repairs  repairs
	begun    []protocols.Time // by node: when it began to join, -1: it does not
	items    []protocols.Item
	joinLoad []int32 // by node: requests to join since the last sample
	busiest  int32
	sampled  protocols.Time // when the last sample was taken
	age, has uint64         // of passive views: sums of mean ages and of sizes
	views    uint64
	links    uint64
	letIn    uint64
}

func newProbe(of Config, c protocols.ProbeConfig) *probe {
	p := &probe{ProbeConfig: c, overlay: newOverlay(c), begun: make([]protocols.Time, c.Nodes), joinLoad: make([]int32, c.Nodes)}
	for i := range p.begun {
		p.begun[i] = -1
	}
	p.repairs = newRepairs(c, p.overlay, of.DegreeMin)
	return p
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return append([]protocols.ObservationKind{Contacted, Viewed, Measured}, overlayKinds...)
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	neighbours := p.repairs.neighboursOf(o)
	p.overlay.observe(o)
	p.repairs.observe(o, neighbours)
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			p.gaveUp(o.Node, o.At)
		}
		return
	}
	switch o.Kind {
	case Begun:
		p.begun[o.Node] = o.At
	case Joined:
		if since := p.begun[o.Node]; since >= p.Warmup {
			p.items = append(p.items, joinItem(since, o.At, false))
		}
		p.begun[o.Node] = -1
	case Left:
		p.begun[o.Node] = -1
	case LinkUp:
		p.links++
	case Contacted:
		p.joinLoad[o.Node]++
		p.busiest = max(p.busiest, p.joinLoad[o.Node])
		p.letIn += o.Value
	case Viewed:
		p.age += o.Value
		p.has += o.Key
		p.views++
	case Measured:
		if e := p.edge(o.Node, protocols.NodeID(o.Key)); e != nil {
			e.way = uint32(min(o.Value/1000, 1<<32-1))
		}
	}
}

func joinItem(since, at protocols.Time, censored bool) protocols.Item {
	return protocols.Item{Metric: "join_time", At: since, Value: float64(at-since) / 1e9, Censored: censored}
}

// gaveUp ends the joining of a node without success.
func (p *probe) gaveUp(id protocols.NodeID, at protocols.Time) {
	if since := p.begun[id]; since >= p.Warmup {
		p.items = append(p.items, joinItem(since, at, true))
	}
	p.begun[id] = -1
}

// Sample adds the values of the series.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	add := func(metric string, count, of float64) {
		if of > 0 {
			out.Point(metric, at, count/of)
		}
	}
	c := p.count()
	add("joined", float64(c.in), float64(c.up))
	add("degree_mean", float64(c.edges), float64(c.up))
	add("degree_most", float64(c.most), 1)
	add("dead_links", float64(c.dead), float64(c.edges))
	add("link_latency", float64(c.ways)/2e6, float64(c.measured))
	if p.lying() {
		add("liar_links", float64(c.toLiars), float64(c.honest))
	}
	g := p.graph(p.present)
	add("connectivity", float64(g.largest(p.present)), float64(len(g.nodes)))
	sum, pairs := g.paths()
	add("path_length", float64(sum), float64(pairs))
	shares, nodes := g.clustering()
	add("clustering", float64(shares)/1e6, float64(nodes))
	add("view_age", float64(p.age)/1e9, float64(p.views))
	add("view_size", float64(p.has), float64(p.views))
	if at > p.sampled {
		add("seed_load", float64(float64(p.busiest)*1e9), float64(at-p.sampled))
	}
	clear(p.joinLoad)
	p.busiest, p.age, p.has, p.views, p.sampled = 0, 0, 0, 0, at
}

// counts are sums over the members that are up.
type counts struct {
	up, in, edges, most, dead int
	honest, toLiars           int
	ways, measured            uint64
}

func (p *probe) count() (c counts) {
	for _, id := range p.Members {
		if !p.present(id) {
			continue
		}
		c.up++
		if p.state[id].in {
			c.in++
		}
		c.edges += len(p.edges[id])
		c.most = max(c.most, len(p.edges[id]))
		for i := range p.edges[id] {
			p.countEdge(id, &p.edges[id][i], &c)
		}
	}
	return c
}

func (p *probe) countEdge(from protocols.NodeID, e *edge, c *counts) {
	if !p.present(e.to) {
		c.dead++
	}
	if !p.state[from].lies {
		c.honest++
		if p.state[e.to].lies {
			c.toLiars++
		}
	}
	if e.way > 0 {
		c.ways += uint64(e.way)
		c.measured++
	}
}

// lying reports whether any member lies.
func (p *probe) lying() bool {
	return slices.ContainsFunc(p.Members, func(id protocols.NodeID) bool { return p.state[id].lies })
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	for _, id := range p.Members {
		if p.begun[id] >= 0 {
			p.gaveUp(id, t.At)
		}
		if p.present(id) {
			out.Items = append(out.Items, protocols.Item{Metric: "degree", At: t.At, Value: float64(len(p.edges[id]))})
		}
	}
	out.Items = append(out.Items, p.items...)
	for _, d := range p.repairs.all {
		over := d.over
		if d.left > 0 {
			over = t.At
		}
		out.Items = append(out.Items, protocols.Item{Metric: "repair_time", At: d.at, Value: float64(over-d.at) / 1e9, Censored: d.left > 0})
	}
	count := func(k protocols.ObservationKind) float64 { return float64(t.Observations[k].Count) }
	out.Scalar("redirects", t.At, count(Contacted)-float64(p.letIn))
	out.Scalar("let_in", t.At, float64(p.letIn))
	out.Scalar("link_changes", t.At, float64(p.links)/float64(max(len(p.Members), 1)))
	out.Scalar("swaps", t.At, count(Swapped))
	out.Scalar("lies_found", t.At, count(Refused))
	out.Scalar("shunned", t.At, count(Shunned))
}
