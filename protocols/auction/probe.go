package auction

import (
	"slices"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "bids_per_auction", Form: protocols.Scalar, Unit: "1", Doc: "bids that came for each announcement", Better: protocols.Neither},
	{Name: "second_best", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the awards that did not go to the first choice", Better: protocols.Smaller},
	{Name: "vain_rounds", Form: protocols.Scalar, Unit: "ratio", Doc: "rounds that brought no winner, for each announcement", Better: protocols.Smaller},
	{Name: "promises_kept", Form: protocols.Scalar, Unit: "ratio", Doc: "mean mark of outcomes: one if the task was done when the bid had promised it, less the longer it took, 0 for refusals", Better: protocols.Larger},
	{Name: "winner_match", Form: protocols.Scalar, Unit: "ratio", Doc: "mean share of what a task needs that its winner offers, of tasks that need anything, as bids say", Better: protocols.Larger},
	{Name: "liar_awards", Form: protocols.Series, Unit: "ratio", Doc: "share of the awards since the sample before that went to nodes that lie", Better: protocols.Smaller},
}

// probe makes figures of awards and of counts.
type probe struct {
	expected        bool               // some fault makes nodes lie
	liars           []protocols.NodeID // who do so already, ascending
	awards, toLiars int                // since the sample before
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind { return []protocols.ObservationKind{Awarded} }

// Observe counts awards.
func (p *probe) Observe(o protocols.Observed) {
	switch {
	case o.Protocol == protocols.NodeProtocol:
		if at, known := slices.BinarySearch(p.liars, o.Node); !known && o.Kind == protocols.NodeCorrupted {
			p.liars = slices.Insert(p.liars, at, o.Node)
		}
	case o.Kind == Awarded:
		p.awards++
		if _, lies := slices.BinarySearch(p.liars, protocols.NodeID(o.Value)); lies {
			p.toLiars++
		}
	}
}

// Sample adds the share of the liars.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	if p.awards > 0 && (p.expected || len(p.liars) > 0) {
		out.Point("liar_awards", at, float64(p.toLiars)/float64(p.awards))
	}
	p.awards, p.toLiars = 0, 0
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	share := func(name string, part uint64, of protocols.ObservationKind) {
		if n := t.Observations[of].Count; n > 0 {
			out.Scalar(name, t.At, float64(part)/float64(n))
		}
	}
	share("bids_per_auction", t.Observations[Bid].Count, Announced)
	share("second_best", t.Observations[Ranked].Count, Awarded)
	share("vain_rounds", t.Observations[Vain].Count, Announced)
	mean := func(name string, of protocols.ObservationKind) {
		if n := t.Observations[of]; n.Count > 0 {
			out.Scalar(name, t.At, float64(n.Sum)/float64(n.Count)/one)
		}
	}
	mean("promises_kept", Learned)
	mean("winner_match", Fit)
}
