package task

import (
	"slices"

	"meshsim/protocols"
)

// both is the probe of what all strategies share, and that of one strategy.
type both struct {
	shared protocols.Probe
	own    protocols.Probe
}

// Wants lists the kinds that either needs.
func (b *both) Wants() []protocols.ObservationKind {
	all := slices.Concat(b.shared.Wants(), b.own.Wants())
	slices.Sort(all)
	return slices.Compact(all)
}

// Observe lets both take the observation.
func (b *both) Observe(o protocols.Observed) {
	b.shared.Observe(o)
	b.own.Observe(o)
}

// Sample lets both add their series.
func (b *both) Sample(at protocols.Time, out *protocols.Figures) {
	b.shared.Sample(at, out)
	b.own.Sample(at, out)
}

// Finish lets both add their figures.
func (b *both) Finish(t protocols.RunTotals, out *protocols.Figures) {
	b.shared.Finish(t, out)
	b.own.Finish(t, out)
}

// Settled reports whether both have reached their goals.
func (b *both) Settled() bool {
	for _, p := range []protocols.Probe{b.shared, b.own} {
		if s, ok := p.(protocols.Settler); ok && !s.Settled() {
			return false
		}
	}
	return true
}

type probe struct{}

func newProbe(Config, protocols.ProbeConfig) *probe                   { return &probe{} }
func (p *probe) Wants() []protocols.ObservationKind                   { return nil }
func (p *probe) Observe(protocols.Observed)                           {}
func (p *probe) Sample(protocols.Time, *protocols.Figures)            {}
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {}

var metrics []protocols.MetricSpec

func checkersOf(Config) []protocols.CheckerSpec { return nil }

var choiceMetrics = []protocols.MetricSpec{
	{Name: "asked_per_task", Form: protocols.Scalar, Unit: "1", Doc: "nodes that were asked how much they have to do, for each task that ran"},
}

// choiceProbe counts who was asked.
type choiceProbe struct{}

// Wants lists nothing: counts are enough.
func (choiceProbe) Wants() []protocols.ObservationKind { return nil }

// Observe does nothing.
func (choiceProbe) Observe(protocols.Observed) {}

// Sample adds nothing.
func (choiceProbe) Sample(protocols.Time, *protocols.Figures) {}

// Finish adds the run's figure.
func (choiceProbe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	if n := t.Observations[Ran].Count; n > 0 {
		out.Scalar("asked_per_task", t.At, float64(t.Observations[Asked].Count)/float64(n))
	}
}
