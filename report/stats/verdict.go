package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Judge gives the verdicts of a family: comparisons that are read together, such
// as several metrics, or all points of a sweep against the baseline. P-values
// are adjusted by [Holm], so that the chance of one wrong better or worse in the
// whole family is at most 1 - Confidence, and that of one wrong equivalent too. A
// comparison without runs has no part in it: its adjusted p-values are NaN.
func Judge(family []Comparison) {
	p, equivalent := make([]float64, len(family)), make([]float64, len(family))
	for i, c := range family {
		p[i], equivalent[i] = c.P, c.PEquivalent
		if c.N == 0 { // no test was made
			p[i], equivalent[i] = math.NaN(), math.NaN()
		}
	}
	p, equivalent = Holm(p), Holm(equivalent)
	for i := range family {
		family[i].judge(p[i], equivalent[i], len(family))
	}
}

// judge decides by adjusted p-values. If other finishes less often than the
// base, it is not better and not equivalent, whatever the runs say that finish;
// and the reverse.
func (c *Comparison) judge(p, equivalent float64, family int) {
	c.Family, c.Adjusted, c.AdjustedEquivalent = family, p, equivalent
	c.Verdict, c.More = Inconclusive, 0
	switch risk := c.risk(); {
	case p <= risk && c.claims.better.p < c.claims.worse.p:
		c.Verdict = Better
	case p <= risk:
		c.Verdict = Worse
	case equivalent <= risk:
		c.Verdict = Equivalent
	}
	if c.Finish <= c.risk() && c.contradicted() {
		c.Verdict = Inconclusive
	}
	if c.Verdict == Inconclusive {
		c.More = c.more()
	}
}

// contradicted reports whether the shares that finish speak against the verdict.
func (c *Comparison) contradicted() bool {
	if c.OtherOpen > c.BaseOpen {
		return c.Verdict != Worse
	}
	return c.Verdict != Better
}

// The limits of planning.
const (
	wantedPower = 0.8
	mostRuns    = 100_000
)

// more is how many runs are missing until a verdict is likely. It takes the
// effect and the deviation of the runs seen for the truth, and Bonferroni's
// level for a family.
func (c *Comparison) more() int {
	if c.contradicted() && c.Finish <= c.risk() || c.N < 2 || c.Undecided == c.N {
		return -1
	}
	lo, hi := c.N, c.N+1
	for ; c.power(hi) < wantedPower; hi *= 2 {
		if hi > mostRuns {
			return -1
		}
		lo = hi
	}
	for lo+1 < hi {
		if mid := (lo + hi) / 2; c.power(mid) < wantedPower {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi - c.N
}

// power is the chance that n runs end in a verdict.
func (c *Comparison) power(n int) float64 {
	level := c.risk() / float64(max(c.Family, 1))
	two, one := distuv.UnitNormal.Quantile(1-level/2), distuv.UnitNormal.Quantile(1-level)
	beyond := max(c.claims.better.power(n, two), c.claims.worse.power(n, two))
	if c.margin() == 0 && !c.same() {
		return beyond
	}
	return max(beyond, c.claims.notWorse.power(n, one)+c.claims.notBetter.power(n, one)-1)
}
