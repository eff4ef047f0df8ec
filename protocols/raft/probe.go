package raft

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
)

var metrics = append([]protocols.MetricSpec{
	{Name: "election_time", Form: protocols.Sample, Unit: "s", Doc: "time from the start, the crash or pause or resignation of a leader, or else from its last word to the first that campaigns against it, until a leader is elected"},
	{Name: "leaderless", Form: protocols.Sample, Unit: "s", Doc: "time from the same until the new leader has committed an entry: nothing could be committed meanwhile"},
	{Name: "leaderless_total", Form: protocols.Scalar, Unit: "s", Doc: "all these times together, but for the one before the first leader"},
	{Name: "leaderless_longest", Form: protocols.Scalar, Unit: "s", Doc: "the longest of these times, but for the one before the first leader"},
	{Name: "leader_changes", Form: protocols.Scalar, Unit: "1", Doc: "leaders elected after the first one"},
	{Name: "elections", Form: protocols.Scalar, Unit: "1", Doc: "candidacies; more than leaders if votes are split"},
	{Name: "commit_latency", Form: protocols.Sample, Unit: "s", Doc: "time from when the leader has an entry in its log until it knows that the entry is committed"},
	{Name: "commit_latency_p50", Form: protocols.Scalar, Unit: "s", Doc: "half of the entries took at most so long"},
	{Name: "commit_latency_p99", Form: protocols.Scalar, Unit: "s", Doc: "99% of the entries took at most so long"},
	{Name: "entries_committed", Form: protocols.Scalar, Unit: "1", Better: protocols.Larger, Doc: "entries committed"},
	{Name: "snapshots", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "snapshots that replicas took"},
	{Name: "snapshots_installed", Form: protocols.Scalar, Unit: "1", Doc: "snapshots that replicas got from a leader"},
	{Name: "log_bytes_max", Form: protocols.Scalar, Unit: "B", Doc: "the largest log, with its snapshot, that a replica had on disk"},
	{Name: "log_bytes", Form: protocols.Series, Unit: "B", Doc: "the largest log, with its snapshot, that a replica has on disk"},
	{Name: "committed", Form: protocols.Series, Unit: "1", Better: protocols.Larger, Doc: "entries committed so far"},
	{Name: "term", Form: protocols.Series, Unit: "1", Better: protocols.Neither, Doc: "the latest term that had a leader"},
	{Name: "writes_refused", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "writes and events that were refused because another protocol on the node forbade to write"},
}, client.Metrics...)

// probe makes the figures of all clusters of a mesh.
type probe struct {
	protocols.ProbeConfig
	clients  *client.Probe
	names    *clusters
	terms    []*reign
	logs     []uint64 // bytes of each node's log
	largest  uint64
	items    []protocols.Item
	commits  []time.Duration
	out      []time.Duration // leaderless, after the first leader
	changes  int
	snapshot struct{ taken, installed int }
}

func newProbe(c *client.Config, pc protocols.ProbeConfig) *probe {
	return &probe{ProbeConfig: pc, clients: client.NewProbe(c, base, pc), names: newClusters(pc.Nodes), logs: make([]uint64, pc.Nodes)}
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return append([]protocols.ObservationKind{Leader, SteppedDown, Canvassed, Stood, Appended, Committed, Compacted, Installed, Wrote, Joined}, p.clients.Wants()...)
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	p.clients.Observe(o)
	number := p.names.of(o)
	if number < 0 {
		return
	}
	if number == len(p.terms) {
		p.terms = append(p.terms, &reign{lacks: true, since: o.At, first: true})
	}
	if o.Protocol == protocols.NodeProtocol {
		p.terms[number].node(o)
		return
	}
	switch o.Kind {
	case Wrote:
		p.logs[o.Node] = o.Key
		p.largest = max(p.largest, o.Key)
	case Compacted:
		p.snapshot.taken++
	case Installed:
		p.snapshot.installed++
	case Leader:
		p.elected(p.terms[number], o)
	case Committed:
		p.committed(p.terms[number], o)
	default:
		p.terms[number].observe(o)
	}
}

func (p *probe) elected(r *reign, o protocols.Observed) {
	if o.Value <= r.term {
		return // a late one, or a breach that a checker tells of
	}
	if since, ok := r.began(); ok {
		p.item("election_time", since, o.At)
	}
	if r.term > 0 {
		p.changes++
	}
	r.elect(o)
}

func (p *probe) committed(r *reign, o protocols.Observed) {
	if o.Node != r.leader || r.term == 0 {
		return
	}
	if since, ok := r.served(); ok {
		p.item("leaderless", since, o.At)
		if !r.first && since >= p.Warmup {
			p.out = append(p.out, time.Duration(o.At-since))
		}
		r.first = false
	}
	_, index := Unpack(o.Key)
	if at, ok := r.commit(index); ok && at >= p.Warmup {
		p.item("commit_latency", at, o.At)
		p.commits = append(p.commits, time.Duration(o.At-at))
	}
}

func (p *probe) item(metric string, since, at protocols.Time) {
	if since >= p.Warmup {
		p.items = append(p.items, protocols.Item{Metric: metric, At: since, Value: float64(at-since) / 1e9})
	}
}

// Sample adds the values of the series.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	p.clients.Sample(at, out)
	largest, committed, term := uint64(0), uint64(0), uint64(0)
	for _, b := range p.logs {
		largest = max(largest, b)
	}
	for _, r := range p.terms {
		committed, term = committed+r.index, max(term, r.term)
	}
	out.Point("log_bytes", at, float64(largest))
	out.Point("committed", at, float64(committed))
	out.Point("term", at, float64(term))
}

// Settled reports that all operations have been answered, if that is a goal.
func (p *probe) Settled() bool { return p.clients.Settled() }

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	p.clients.Finish(t, out)
	index := uint64(0)
	for _, r := range p.terms {
		index += r.index
		if r.lacks && r.since >= p.Warmup {
			p.items = append(p.items, protocols.Item{Metric: "leaderless", At: r.since, Value: float64(t.At-r.since) / 1e9, Censored: true})
			if !r.elected {
				p.items = append(p.items, protocols.Item{Metric: "election_time", At: r.since, Value: float64(t.At-r.since) / 1e9, Censored: true})
			}
			if !r.first {
				p.out = append(p.out, time.Duration(t.At-r.since))
			}
		}
	}
	out.Items = append(out.Items, p.items...)
	total, longest := time.Duration(0), time.Duration(0)
	for _, d := range p.out {
		total, longest = total+d, max(longest, d)
	}
	scalar := func(metric string, v float64) { out.Scalar(metric, t.At, v) }
	scalar("leaderless_total", float64(total)/1e9)
	scalar("leaderless_longest", float64(longest)/1e9)
	scalar("leader_changes", float64(p.changes))
	scalar("elections", float64(t.Observations[Stood].Count))
	scalar("entries_committed", float64(index))
	scalar("snapshots", float64(p.snapshot.taken))
	scalar("snapshots_installed", float64(p.snapshot.installed))
	scalar("log_bytes_max", float64(p.largest))
	if t.Observations[ReadOnly].Count > 0 {
		scalar("writes_refused", float64(t.Observations[TurnedAway].Count))
	}
	if n := len(p.commits); n > 0 {
		slices.Sort(p.commits)
		scalar("commit_latency_p50", float64(p.commits[(n-1)/2])/1e9)
		scalar("commit_latency_p99", float64(p.commits[(99*n-1)/100])/1e9)
	}
}
