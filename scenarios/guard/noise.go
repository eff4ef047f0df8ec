package guard

import (
	"math"

	"meshsim/report/stats"
)

// passing is how many standard errors a margin must have so that a metric passes
// in 99 of 100 checks when nothing changed but the seeds: 1.645 for the level
// [Enough], and 2.326 for the noise of the estimate. Of values that are far from
// normal fewer pass.
const passing = 3.97

// Needs is the margin that the noise of the metric asks for, of the same kind as
// its own: with a smaller one most checks are inconclusive once the events are
// other ones. It is an estimate for seeds that have nothing in common; pairs with
// the same seeds often need less. It is 0 where nothing can be said: of one run, of
// runs that did not finish, or of a mean that is not positive.
func (m *Metric) Needs() Margin {
	x := make([]float64, len(m.Values))
	for i, v := range m.Values {
		x[i] = float64(v)
	}
	need := float64(passing * math.Sqrt(float64(2*stats.Variance(x))/float64(len(x))))
	if m.Margin.OfBase {
		need /= m.Figure().Value
	}
	if len(x) < 2 || !(need >= 0) || math.IsInf(need, 0) {
		need = 0
	}
	return Margin{need, m.Margin.OfBase}
}

// RunsNeeded is the number of runs with which its own margin would do; 0 where
// nothing can be said.
func (m *Metric) RunsNeeded() int {
	if m.Margin.Value <= 0 {
		return 0
	}
	part := m.Needs().Value / m.Margin.Value
	runs := float64(len(m.Values))
	return int(min(math.Ceil(float64(runs*float64(part*part))), 1e9))
}
