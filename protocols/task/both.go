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
