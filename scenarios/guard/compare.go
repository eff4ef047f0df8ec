package guard

import (
	"math"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/scenarios/sweep"
)

// The levels of a check, see the package comment.
const (
	Confidence = 0.999 // that no alarm is false, all comparisons together
	Enough     = 0.95  // that a metric that passes is not worse by its margin
)

// Which values of a metric are good ones, see [sweep.Column].
var smaller, larger, neither = protocols.Smaller.String(), protocols.Larger.String(), protocols.Neither.String()

var nan = math.NaN()

// Verdict is what became of a metric.
type Verdict string

// The verdicts.
const (
	Same         Verdict = "same"    // all runs have the values of the baseline
	Within       Verdict = "within"  // not worse by the margin
	Better       Verdict = "better"  // by more than the margin, so Within, too
	Worse        Verdict = "worse"   // by more than the margin
	Changed      Verdict = "changed" // by more than the margin, where neither is better
	Inconclusive Verdict = "inconclusive"
	Added        Verdict = "added"    // not in the baseline
	NoValue      Verdict = "no value" // no run has one now, though the baseline's had
)

// Change is a guarded metric, then and now.
type Change struct {
	Guarded
	Then, Now Metric // their values; of pairs alone
	Pairs     [][2]int
	stats.Comparison
	Verdict Verdict
	// More is how many more runs, on both sides, are likely to decide; 0 if it is
	// decided, -1 if no number in reach is.
	More int
}

// compare compares the values of the pairs, alone for now.
func compare(g Guarded, then, now *Metric, pairs [][2]int) Change {
	c := Change{Guarded: g, Pairs: pairs}
	switch {
	case then == nil:
		c.Verdict = Added
		c.Now = *now
		return c
	case now == nil:
		c.Verdict = NoValue
		c.Then = *then
		return c
	}
	c.Then, c.Now = *then, *now
	c.Then.Values, c.Now.Values, c.Then.Margin = nil, nil, g.Margin
	base, other := make([]stats.Run, len(pairs)), make([]stats.Run, len(pairs))
	for i, p := range pairs {
		x, y := then.Values[p[0]], now.Values[p[1]]
		c.Then.Values, c.Now.Values = append(c.Then.Values, x), append(c.Now.Values, y)
		base[i], other[i] = stats.Run{Value: float64(x)}, stats.Run{Value: float64(y)}
	}
	c.Comparison = stats.Compare(base, other, c.question(base))
	c.exact()
	return c
}

// question is what the comparison is to answer. A part of nothing is nothing: of a
// baseline whose mean is 0, any growth counts.
func (g *Guarded) question(base []stats.Run) stats.Question {
	q := stats.Question{Margin: g.Margin.Value, OfBase: g.Margin.OfBase, Confidence: Confidence}
	if g.Column.Better == larger {
		q.Direction = stats.LargerIsBetter
	}
	sum := 0.0
	for _, r := range base {
		if r.Value == r.Value {
			sum += r.Value
		}
	}
	if q.OfBase && sum <= 0 {
		q.Margin, q.OfBase = 0, false
	}
	return q
}

// exact makes a difference without noise as certain as it is: each pair shows the
// same one, of a margin in parts of the base the same part, as where each message
// is a tenth longer. No deviation can be estimated then, and the comparison counts
// signs. But of two values of one distribution that have nothing to do with one
// another, one is larger than the other by just d with a chance of 1/4 at most, that
// of two fair coins; n pairs do so, or the reverse, with one of 2/4^n.
func (c *Change) exact() {
	x, y := c.Then.Values, c.Now.Values
	if c.P == 1 || len(x) == 0 {
		return
	}
	d, r := float64(y[0]-x[0]), float64(y[0]/x[0])
	for i := range x {
		x, y := float64(x[i]), float64(y[i])
		off := y - x - d
		if c.OfBase {
			off = y - float64(r*x)
		}
		if !(math.Abs(off) <= float64(1e-9*(math.Abs(x)+math.Abs(y)))) {
			return
		}
	}
	c.P = min(c.P, math.Ldexp(2, -2*len(x)))
}

// same reports whether all pairs are equal but for rounding, which may differ
// between machines.
func (c *Change) same() bool {
	for i, x := range c.Then.Values {
		x, y := float64(x), float64(c.Now.Values[i])
		if !(math.Abs(x-y) <= 1e-9*math.Abs(x)) && !(x != x && y != y) {
			return false
		}
	}
	return len(c.Then.Values) > 0
}

// decide gives the verdict, after the family was judged.
func (c *Change) decide() {
	enough := c.PNotWorse <= 1-Enough+1e-12 && c.OtherOpen <= c.BaseOpen
	switch v := c.Comparison.Verdict; {
	case c.same():
		c.Verdict = Same
	case !c.Directed() && (v == stats.Better || v == stats.Worse):
		c.Verdict = Changed
	case !c.Directed():
		c.Verdict = Within
	case v == stats.Worse || c.finishesLess():
		c.Verdict = Worse
	case v == stats.Better && c.OtherOpen <= c.BaseOpen:
		c.Verdict = Better
	case enough:
		c.Verdict = Within
	default:
		c.Verdict, c.More = Inconclusive, c.more()
	}
}

// finishesLess reports whether it is shown that fewer runs finish. As an alarm
// takes half of the risk at most of what the two-sided comparison is given, the
// other half is left for this, by Bonferroni's method.
func (c *Change) finishesLess() bool {
	return c.OtherOpen > c.BaseOpen && c.Finish*float64(c.Family) <= 1-c.Confidence
}

// more guesses the runs that are missing: on the good side of the margin to show
// that it is not worse, else to show that it is.
func (c *Change) more() int {
	if c.good() && c.OtherOpen <= c.BaseOpen {
		q := c.Question
		q.Confidence = Enough
		return stats.Compare(runs(c.Then.Values), runs(c.Now.Values), q).More
	}
	return c.Comparison.More
}

// Directed reports whether some values of the metric are better than others. If
// not, a change is told, and is never a fault.
func (g *Guarded) Directed() bool { return g.Column.Better != neither }

// good reports whether the estimate is on the good side of the margin.
func (c *Change) good() bool {
	d := c.Difference.Value
	if c.OfBase {
		d = c.Relative.Value
	}
	if c.Direction == stats.LargerIsBetter {
		d = -d
	}
	return d < c.Question.Margin
}

// Figure is the mean over the runs, or the median where something had not
// finished in some.
func (m *Metric) Figure() stats.Interval {
	var sample stats.Sample
	for _, v := range m.Values {
		sample.Add(float64(v), false)
	}
	if sample.Censored() > 0 {
		return sample.Quantile(0.5, stats.Confidence)
	}
	return sample.Mean(stats.Confidence)
}

// Worst is the pair, by its place in Pairs, that changed most for the worse.
func (c *Change) Worst() (worst int) {
	least := math.Inf(-1)
	for i, x := range c.Then.Values {
		d := float64(c.Now.Values[i] - x)
		switch {
		case c.Direction == stats.LargerIsBetter:
			d = -d
		case !c.Directed():
			d = math.Abs(d)
		}
		if d != d {
			d = math.Inf(1) // one side had not finished
		}
		if d > least {
			least, worst = d, i
		}
	}
	return worst
}

func runs(values []sweep.Number) []stats.Run {
	out := make([]stats.Run, len(values))
	for i, v := range values {
		out[i].Value = float64(v)
	}
	return out
}
