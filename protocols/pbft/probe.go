package pbft

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/client"
)

var metrics = append([]protocols.MetricSpec{
	{Name: "commit_time", Form: protocols.Sample, Unit: "s", Doc: "time from the primary's pre-prepare until all but f replicas have committed a number"},
	{Name: "view_changes", Form: protocols.Scalar, Unit: "1", Doc: "views that were entered after the first"},
	{Name: "views_wanted", Form: protocols.Scalar, Unit: "1", Doc: "view-changes that replicas began, all together"},
	{Name: "view_change_time", Form: protocols.Sample, Unit: "s", Doc: "time from the first view-change for a view until all but f replicas have entered it"},
	{Name: "messages_per_request", Form: protocols.Scalar, Unit: "1", Doc: "pre-prepares, prepares and commits for each request that was executed: 2n(n-1) without batches and faults"},
	{Name: "messages_per_batch", Form: protocols.Scalar, Unit: "1", Doc: "pre-prepares, prepares and commits for each number that was executed"},
	{Name: "batch_size", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "requests for each number that was executed"},
	{Name: "requests_executed", Form: protocols.Scalar, Unit: "1", Better: protocols.Larger, Doc: "requests that at least one replica has executed"},
	{Name: "transfers", Form: protocols.Scalar, Unit: "1", Doc: "states that replicas took over from others"},
	{Name: "log_longest", Form: protocols.Scalar, Unit: "1", Doc: "numbers in a replica's log when a checkpoint became stable, at most"},
	{Name: "disk_largest", Form: protocols.Scalar, Unit: "B", Doc: "log with checkpoint on a replica's disk when a checkpoint became stable, at most"},
	{Name: "writes_refused", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "writes and events that were refused, or not sent, because another protocol on the node forbade to write"},
	{Name: "executed", Form: protocols.Series, Unit: "1", Better: protocols.Larger, Doc: "highest number that a replica has executed"},
	{Name: "view", Form: protocols.Series, Unit: "1", Doc: "highest view that a replica has entered"},
}, client.Metrics...)

// probe makes the figures of the clusters of a mesh, and of their clients.
type probe struct {
	*client.Probe
	warmup protocols.Time
	home   []int32 // by node; nil: there is one cluster
	parts  []*figures
}

// figures are those of one cluster.
type figures struct {
	*cluster
	warmup             protocols.Time
	commits, entries   spans
	executed, view     uint64
	before             uint64 // executed in the warm-up
	requests           map[uint64]bool
	longest, disk      uint64
	transfers, entered int
	commitTimes        []protocols.Item
	viewTimes          []protocols.Item
}

// spans are steps of several replicas that make one thing, by its number.
type spans map[uint64]*span

type span struct {
	since protocols.Time
	done  int // replicas
}

func newProbe(c Config, p protocols.ProbeConfig) *probe {
	return &probe{Probe: client.NewProbe(c.Client, base, p), warmup: p.Warmup,
		parts: []*figures{newFigures(newCluster(c, p.Members), p.Warmup)}}
}

func newFigures(c *cluster, warmup protocols.Time) *figures {
	return &figures{cluster: c, warmup: warmup, commits: spans{}, entries: spans{}, requests: map[uint64]bool{}}
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return append(p.Probe.Wants(), Accepted, Committed, Executed, Applied, ViewChanged, Entered, Transferred, Logged)
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	p.Probe.Observe(o)
	if o.Protocol == protocols.NodeProtocol {
		return
	}
	i := int32(0)
	if p.home != nil {
		i = p.home[o.Node]
	}
	if i >= 0 {
		p.parts[i].observe(o)
	}
}

func (p *figures) observe(o protocols.Observed) {
	if _, ok := p.place(o.Node); !ok {
		return
	}
	switch o.Kind {
	case Accepted:
		p.commits.begin(o.Key, o.At)
	case Committed:
		p.commitTimes = p.step(p.commits, o, "commit_time", p.commitTimes)
	case Executed:
		p.executed = max(p.executed, o.Key)
		if o.At < p.warmup {
			p.before = p.executed
		}
	case Applied:
		if o.At >= p.warmup {
			p.requests[o.Key] = true
		}
	case ViewChanged:
		p.entries.begin(o.Key, o.At)
	case Entered:
		if o.Key > p.view {
			p.view = o.Key
			p.entered++
		}
		p.viewTimes = p.step(p.entries, o, "view_change_time", p.viewTimes)
	case Transferred:
		p.transfers++
	case Logged:
		p.longest, p.disk = max(p.longest, o.Key), max(p.disk, o.Value)
	}
}

func (s spans) begin(key uint64, at protocols.Time) {
	if s[key] == nil {
		s[key] = &span{since: at}
	}
}

// step counts a replica; with all but f the thing is done.
func (p *figures) step(s spans, o protocols.Observed, metric string, items []protocols.Item) []protocols.Item {
	x := s[o.Key]
	if x == nil {
		return items
	}
	x.done++
	if x.done != p.n-p.f || x.since < p.warmup {
		return items
	}
	return append(items, protocols.Item{Metric: metric, At: x.since, Value: float64(o.At-x.since) / 1e9})
}

// Sample adds the values of the series.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	p.Probe.Sample(at, out)
	executed, view := uint64(0), uint64(0)
	for _, f := range p.parts {
		executed, view = max(executed, f.executed), max(view, f.view)
	}
	out.Point("executed", at, float64(executed))
	out.Point("view", at, float64(view))
}

// Finish adds the run's figures: those of all clusters together, or the largest.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	p.Probe.Finish(t, out)
	var all figures
	requests, since := 0, uint64(0)
	for _, f := range p.parts {
		all.commitTimes = append(all.commitTimes, f.commitTimes...)
		all.viewTimes = append(all.viewTimes, f.viewTimes...)
		all.entered, all.transfers = all.entered+f.entered, all.transfers+f.transfers
		all.longest, all.disk = max(all.longest, f.longest), max(all.disk, f.disk)
		all.executed, since, requests = all.executed+f.executed, since+f.executed-f.before, requests+len(f.requests)
	}
	out.Items = slices.Concat(out.Items, all.commitTimes, all.viewTimes)
	out.Scalar("view_changes", t.At, float64(all.entered))
	out.Scalar("views_wanted", t.At, float64(t.Observations[ViewChanged].Count))
	out.Scalar("requests_executed", t.At, float64(requests))
	out.Scalar("transfers", t.At, float64(all.transfers))
	out.Scalar("log_longest", t.At, float64(all.longest))
	out.Scalar("disk_largest", t.At, float64(all.disk))
	if t.Observations[WritesForbidden].Count > 0 {
		out.Scalar("writes_refused", t.At, float64(t.Observations[TurnedAway].Count))
	}
	messages := float64(t.Messages[KindPrePrepare].Count + t.Messages[KindPrepare].Count + t.Messages[KindCommit].Count)
	if requests > 0 && p.warmup == 0 {
		out.Scalar("messages_per_request", t.At, messages/float64(requests))
		out.Scalar("messages_per_batch", t.At, messages/float64(max(all.executed, 1)))
	}
	if since > 0 {
		out.Scalar("batch_size", t.At, float64(requests)/float64(since))
	}
}
