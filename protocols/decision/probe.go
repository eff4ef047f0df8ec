package decision

import (
	"math"
	"slices"
	"time"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "decision_latency", Form: protocols.Sample, Unit: "s", Doc: "time from a proposal until the first member takes the verdict"},
	{Name: "learn_latency", Form: protocols.Sample, Unit: "s", Doc: "time from a proposal until a member knows the verdict, one a member"},
	{Name: "learned", Form: protocols.Series, Unit: "ratio", Goal: true, Better: protocols.Larger, Doc: "share of the members that know the verdict, as the mean over all proposals"},
	{Name: "vote_participation", Form: protocols.Sample, Unit: "ratio", Better: protocols.Larger, Doc: "share of the voters that had voted when the first member took the verdict"},
	{Name: "quorum_margin", Form: protocols.Sample, Unit: "ratio", Better: protocols.Larger, Doc: "votes for the verdict beyond those needed when the first member took it, as a share of the voters"},
	{Name: "proposals", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "proposals made"},
	{Name: "approved", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "proposals that were approved"},
	{Name: "rejected", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "proposals that were rejected"},
	{Name: "undecided", Form: protocols.Scalar, Unit: "1", Doc: "proposals without a verdict at the end of the run"},
	{Name: "proposals_refused", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "proposals that were refused because another protocol on the node forbade to propose"},
	{Name: "double_votes", Form: protocols.Scalar, Unit: "1", Doc: "votes that contradicted an earlier one of the same voter, counted by each who heard both"},
}

// matter is a proposal as the probe sees it.
type matter struct {
	id      uint64
	since   protocols.Time
	votes   [4]int // by outcome
	voted   map[protocols.NodeID]bool
	outcome Outcome
	margin  float64
	share   float64          // of the voters that had voted
	learned []protocols.Time // in the order of learning
	knows   map[protocols.NodeID]bool
}

// probe makes the figures.
type probe struct {
	protocols.ProbeConfig
	goals   []float64 // ascending
	voters  int
	need    int
	matters []*matter // in the order of proposing, after the warm-up
	byID    map[uint64]*matter
}

func newProbe(c Config, pc protocols.ProbeConfig) *probe {
	p := &probe{ProbeConfig: pc, goals: slices.Clone(pc.Goals["learned"]), voters: len(pc.Members), byID: map[uint64]*matter{}}
	if c.Voters != nil {
		p.voters = len(c.Voters)
	}
	p.need = c.Needed(p.voters)
	slices.Sort(p.goals)
	return p
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Proposed, Voted, Decided}
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		return
	}
	m := p.byID[o.Key]
	switch {
	case o.Kind == Proposed:
		if m == nil && o.At >= p.Warmup {
			m = &matter{id: o.Key, since: o.At, voted: map[protocols.NodeID]bool{}, knows: map[protocols.NodeID]bool{}}
			p.matters = append(p.matters, m)
			p.byID[o.Key] = m
		}
	case m == nil:
	case o.Kind == Voted:
		if !m.voted[o.Node] {
			m.voted[o.Node] = true
			m.votes[o.Value&3]++
		}
	case o.Kind == Decided && !m.knows[o.Node]:
		m.knows[o.Node] = true
		if m.learned = append(m.learned, o.At); m.outcome == Open {
			m.outcome, _ = Unpack(o.Value)
			m.share = float64(m.votes[Approved]+m.votes[Rejected]) / float64(p.voters)
			m.margin = float64(m.votes[m.outcome&3]-p.need) / float64(p.voters)
		}
	}
}

// Sample adds the share of members that know the verdicts.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	if len(p.matters) == 0 {
		return
	}
	known := 0
	for _, m := range p.matters {
		known += len(m.learned)
	}
	out.Point("learned", at, float64(known)/float64(len(p.Members)*len(p.matters)))
}

// Settled reports that every proposal so far has reached all goals.
func (p *probe) Settled() bool {
	return len(p.goals) == 0 || !slices.ContainsFunc(p.matters, func(m *matter) bool {
		return len(m.learned) < p.members(p.goals[len(p.goals)-1])
	})
}

// members is how many members make up a level.
func (p *probe) members(level float64) int {
	return max(int(math.Ceil(float64(level*float64(len(p.Members)))-1e-6)), 1)
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	var outcomes [4]int
	for _, m := range p.matters {
		outcomes[m.outcome&3]++
		p.latency("decision_latency", m, 0, t.At, out)
		for i := range p.Members {
			p.latency("learn_latency", m, i, t.At, out)
		}
		if m.outcome != Open {
			out.Items = append(out.Items, protocols.Item{Metric: "vote_participation", At: m.since, Value: m.share},
				protocols.Item{Metric: "quorum_margin", At: m.since, Value: m.margin})
		}
		for _, level := range p.goals {
			at, ok := m.learnedBy(p.members(level) - 1)
			out.Reached = append(out.Reached, protocols.Reached{Metric: "learned", Level: level, Item: m.id, Since: m.since, After: time.Duration(at - m.since), OK: ok})
		}
	}
	out.Scalar("proposals", t.At, float64(len(p.matters)))
	out.Scalar("approved", t.At, float64(outcomes[Approved]))
	out.Scalar("rejected", t.At, float64(outcomes[Rejected]))
	out.Scalar("undecided", t.At, float64(outcomes[Open]))
	if t.Observations[ReadOnly].Count > 0 {
		out.Scalar("proposals_refused", t.At, float64(t.Observations[TurnedAway].Count))
	}
	out.Scalar("double_votes", t.At, float64(t.Observations[VotedBoth].Count))
}

// latency adds how long it took until the i-th member knew the verdict.
func (p *probe) latency(metric string, m *matter, i int, end protocols.Time, out *protocols.Figures) {
	at, ok := m.learnedBy(i)
	if !ok {
		at = end
	}
	out.Items = append(out.Items, protocols.Item{Metric: metric, At: m.since, Value: float64(at-m.since) / 1e9, Censored: !ok})
}

// learnedBy is when the i-th member to learn did so.
func (m *matter) learnedBy(i int) (at protocols.Time, ok bool) {
	if i >= len(m.learned) {
		return 0, false
	}
	return m.learned[i], true
}
