package paxos

import (
	"math"
	"slices"
	"time"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "learned", Form: protocols.Series, Unit: "ratio", Goal: true, Better: protocols.Larger, Doc: "share of the members that know the decision"},
	{Name: "learn_time", Form: protocols.Sample, Unit: "s", Doc: "time from the first proposal until a member knows the decision, one a member"},
	{Name: "choose_time", Form: protocols.Sample, Unit: "s", Doc: "time from the first proposal until a learner has counted a majority"},
	{Name: "ballots", Form: protocols.Scalar, Unit: "1", Doc: "ballots that proposers used"},
}

// probe makes the figures of the one decision of a run.
type probe struct {
	protocols.ProbeConfig
	goals    []float64 // ascending
	begun    bool      // after the warmup
	first    protocols.Time
	chosen   protocols.Time   // 0: not yet
	learned  []protocols.Time // in the order of learning
	knows    map[protocols.NodeID]bool
	ignoring bool // the decision began during the warmup
}

func newProbe(c protocols.ProbeConfig) *probe {
	p := &probe{ProbeConfig: c, goals: slices.Clone(c.Goals["learned"]), knows: map[protocols.NodeID]bool{}}
	slices.Sort(p.goals)
	return p
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Proposed, Chosen, Learned}
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == "node" || p.ignoring {
		return
	}
	switch {
	case o.Kind == Proposed && !p.begun:
		p.begun, p.ignoring, p.first = true, o.At < p.Warmup, o.At
	case o.Kind == Chosen && p.chosen == 0:
		p.chosen = o.At
	case o.Kind == Learned && !p.knows[o.Node]:
		p.knows[o.Node] = true
		p.learned = append(p.learned, o.At)
	}
}

// Sample adds the share of members that know the decision.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	if p.begun && !p.ignoring {
		out.Point("learned", at, float64(len(p.learned))/float64(len(p.Members)))
	}
}

// Settled reports that all goals are reached.
func (p *probe) Settled() bool {
	return !p.begun || p.ignoring || len(p.goals) == 0 || len(p.learned) >= p.need(p.goals[len(p.goals)-1])
}

// need is how many members make up a level.
func (p *probe) need(level float64) int {
	return int(math.Ceil(float64(level*float64(len(p.Members))) - 1e-6))
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	out.Scalar("ballots", t.At, float64(t.Observations[Started].Count))
	if !p.begun || p.ignoring {
		return
	}
	item := func(metric string, at protocols.Time, ok bool) {
		if !ok {
			at = t.At
		}
		out.Items = append(out.Items, protocols.Item{Metric: metric, At: p.first, Value: float64(at-p.first) / 1e9, Censored: !ok})
	}
	item("choose_time", p.chosen, p.chosen != 0)
	for i := range p.Members {
		at, ok := p.learnedBy(i)
		item("learn_time", at, ok)
	}
	for _, level := range p.goals {
		at, ok := p.learnedBy(max(p.need(level)-1, 0))
		out.Reached = append(out.Reached, protocols.Reached{Metric: "learned", Level: level, Since: p.first, After: time.Duration(at - p.first), OK: ok})
	}
}

// learnedBy is when the i-th member to learn did so.
func (p *probe) learnedBy(i int) (at protocols.Time, ok bool) {
	if i >= len(p.learned) {
		return 0, false
	}
	return p.learned[i], true
}
