package stats

import (
	"fmt"
	"math"
	"slices"
)

// Verdict is the outcome of a comparison.
type Verdict string

// The verdicts.
const (
	Better       Verdict = "better"     // by more than the margin
	Worse        Verdict = "worse"      // by more than the margin
	Equivalent   Verdict = "equivalent" // the difference is within the margin
	Inconclusive Verdict = "inconclusive"
)

// Question is what a comparison is to answer. The zero Margin asks whether there
// is a difference at all; its answer is never equivalent, unless all runs are
// equal.
type Question struct {
	Direction  Direction
	Margin     float64 // the largest difference that does not matter, >= 0
	OfBase     bool    // the margin is a part of the base: 0.05 is 5%; of a base that is 0 in all runs it is 0
	Confidence float64 // in (0, 1); 0 is [Confidence]
}

// Comparison is the paired comparison of two samples of replications.
//
// If all runs finished, the difference is that of the means: Student's t, or
// the studentized bootstrap where the differences are skewed. With open runs
// there is no mean, and it is the median of the differences, by order statistics
// and the sign test. P-values are of the same distribution as the interval.
// SignedRank is a second opinion, and decides nothing.
type Comparison struct {
	Question
	N          int      // pairs
	Difference Interval // other less base
	Relative   Interval // other/base - 1; of means, or the median of it with open runs

	Wins, Losses, Ties  int      // pairs in which other is better, worse, the same
	Undecided           int      // pairs of which no run finished
	Won                 Interval // Wins of N
	BaseOpen, OtherOpen int      // runs that did not finish
	Finish              float64  // p-value that both finish as often, by McNemar's exact test

	P           float64 // that the difference is at most the margin, two-sided
	PEquivalent float64 // that it is at least the margin: two one-sided tests
	PNotWorse   float64 // that other is worse by the margin or more
	SignedRank  float64 // Wilcoxon, of no difference; NaN with undecided pairs

	// Family is how many comparisons are judged together, see [Judge]. The
	// adjusted p-values are compared with 1 - Confidence.
	Family                       int
	Adjusted, AdjustedEquivalent float64
	Verdict                      Verdict
	// More is how many more runs decide with a chance of 80%, if the runs seen
	// are typical. It is 0 if the verdict stands, -1 if no number in reach is
	// enough.
	More int

	basis        evidence // of the difference that the margin is of
	ofNothing    bool     // the margin is a part of what is 0 in all runs: there is none
	claims       claims
	finishesLess float64 // p-value that other finishes as often, or more
}

// Compare compares replication i of other with replication i of base, and judges
// it alone. Both must have the same length.
func Compare(base, other []Run, q Question) Comparison {
	if len(base) != len(other) {
		panic(fmt.Sprintf("stats: %d runs are to be paired with %d", len(base), len(other)))
	}
	if q.Confidence == 0 {
		q.Confidence = Confidence
	}
	p := pair(base, other, q.Direction)
	absolute, ratio := p.absolute(), p.ratio()
	c := Comparison{Question: q, N: len(base), BaseOpen: p.baseOpen, OtherOpen: p.otherOpen, basis: absolute,
		Difference: absolute.interval(q.Confidence), Relative: ratio.interval(q.Confidence),
		Finish: min(1, 2*min(p.finishesLess(), p.finishesMore())), finishesLess: p.finishesLess()}
	if c.ofNothing = q.OfBase && alwaysNothing(base); q.OfBase && !c.ofNothing {
		c.basis = ratio
	}
	c.count(p.differences)
	c.test()
	c.judge(c.P, c.PEquivalent, 1)
	return c
}

// alwaysNothing reports whether all runs finished with 0.
func alwaysNothing(runs []Run) bool {
	return !slices.ContainsFunc(runs, func(r Run) bool { return r.Open || r.Value != 0 })
}

// margin is the largest absolute or relative difference, as the basis is, that
// does not matter.
func (c *Comparison) margin() float64 {
	if c.ofNothing {
		return 0
	}
	return c.Margin
}

// count says who won the pairs.
func (c *Comparison) count(differences []span) {
	signs := make([]float64, 0, len(differences))
	for _, d := range differences {
		switch {
		case d == unknown:
			c.Undecided++
		case d.hi < 0:
			c.Wins, signs = c.Wins+1, append(signs, d.lo)
		case d.lo > 0:
			c.Losses, signs = c.Losses+1, append(signs, d.hi)
		default:
			c.Ties++
		}
	}
	if c.Direction == LargerIsBetter {
		c.Wins, c.Losses = c.Losses, c.Wins
	}
	c.Won = Share(c.Wins, c.N, c.Confidence)
	c.SignedRank = math.NaN()
	if c.Undecided == 0 && c.N > 0 {
		c.SignedRank = SignedRank(signs)
	}
}

// better and worse test that other is better, or worse, by more than x; a
// negative x tests that it is not worse, or not better, by -x.
func (c *Comparison) better(x float64) test {
	if c.Direction == LargerIsBetter {
		return c.basis.above(x)
	}
	return c.basis.below(-x)
}

func (c *Comparison) worse(x float64) test {
	if c.Direction == LargerIsBetter {
		return c.basis.below(-x)
	}
	return c.basis.above(x)
}

// claims are the tests of what a verdict can say.
type claims struct {
	better, worse       test // by more than the margin
	notBetter, notWorse test // by the margin or more
}

func (c *Comparison) test() {
	m := c.margin()
	c.claims = claims{better: c.better(m), worse: c.worse(m), notBetter: c.worse(-m), notWorse: c.better(-m)}
	c.P = min(1, 2*min(c.claims.better.p, c.claims.worse.p))
	if c.same() { // whatever the margin is, even a part of a base that is 0
		c.claims.notBetter, c.claims.notWorse = signs(c.N, c.N), signs(c.N, c.N)
	}
	c.PNotWorse = c.claims.notWorse.p
	c.PEquivalent = max(c.claims.notWorse.p, c.claims.notBetter.p)
	if m == 0 && !c.same() {
		c.PEquivalent = 1
	}
}

// same reports whether no pair differs.
func (c *Comparison) same() bool { return c.N > 0 && c.Ties == c.N }

// risk is 1 - Confidence without what the subtraction leaves.
func (c *Comparison) risk() float64 { return roundTo(1-c.Confidence, 10) }

// Leaning says on which side of 0 the interval lies: better or worse, by
// whatever little, or inconclusive if it holds 0.
func (c *Comparison) Leaning() Verdict {
	switch risk := c.risk() / 2; {
	case c.better(0).p <= risk:
		return Better
	case c.worse(0).p <= risk:
		return Worse
	}
	return Inconclusive
}

// NotWorse reports whether it is shown that other is worse by less than the
// margin, if at all, and that it leaves no more runs open: what a regression
// test asks before it passes. All of several such tests must pass, so they need
// no adjustment (Berger 1982).
func (c *Comparison) NotWorse() bool {
	shown := c.PNotWorse <= c.risk() || c.Verdict == Equivalent
	return shown && c.OtherOpen <= c.BaseOpen
}
