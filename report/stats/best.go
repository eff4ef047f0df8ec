package stats

import (
	"math"
	"slices"
)

// Standing is how a point of a sweep stands to the best one.
type Standing struct {
	Best bool
	// Tie reports that it is not shown to be worse than the best; the best is one.
	Tie bool
	// P is the p-value of being no worse than the best, adjusted for the number of
	// points.
	P float64
	// AgainstBest compares it, as the other, with the best, as the base. Its own
	// verdict is that of one comparison alone.
	AgainstBest Comparison
}

// Standings finds the points that tie with the best: the true best is among them
// with the confidence of q. points[i][r] is replication r of point i, with the
// same randomness at every point. All have the same length.
//
// A point is out if it is worse than the best of the sample by a paired one-sided
// test at the level α/(k-1), for k points. This is the screening of Nelson, Swann,
// Goldsman and Song (2001) against one point. Reasons: runs with common random
// numbers are correlated, each pair in its own way, and Hsu's multiple
// comparisons with the best (1984) want equal variances and no or equal
// correlation, while a paired test wants nothing of the kind. Bonferroni keeps
// the level although the data themselves chose whom to compare with: the true
// best is only lost if it seems worse than one of the k-1 others. Holm's steps
// keep theirs only against a point that was chosen before.
//
// The margin of q is not used: a tie is not equivalence. With fewer runs more
// points tie.
func Standings(points [][]Run, q Question) []Standing {
	q.Margin = 0
	if q.Confidence == 0 {
		q.Confidence = Confidence
	}
	best := bestOf(points, q)
	out := make([]Standing, len(points))
	for i, p := range points {
		c := Compare(points[best], p, q)
		s := Standing{Best: i == best, P: 1, AgainstBest: c}
		if !s.Best {
			s.P = min(1, float64(c.notWorseThanBest()*float64(len(points)-1)))
		}
		s.Tie = s.P > c.risk()
		out[i] = s
	}
	return out
}

// notWorseThanBest is the p-value of a point that is neither worse than the best,
// nor finishes less often: twice the smaller one, as there are two ways to be out.
func (c *Comparison) notWorseThanBest() float64 {
	p := c.worse(0).p
	if c.BaseOpen+c.OtherOpen == 0 {
		return p
	}
	return 2 * min(p, c.finishesLess)
}

// bestOf is the point with the best mean, or with the best median if a run of any
// point did not finish: then open runs count as the worst, and a point that is
// shown to finish less often than another is not the best. The first of several.
func bestOf(points [][]Run, q Question) int {
	most, fewestOpen, open := 0, math.MaxInt, false
	for i, p := range points {
		n := 0
		for _, r := range p {
			if r.isOpen() {
				n++
			}
		}
		if open = open || n > 0; n < fewestOpen {
			most, fewestOpen = i, n
		}
	}
	best, least := most, math.Inf(1)
	for i, p := range points {
		if open && pair(points[most], p, q.Direction).finishesLess() <= 1-q.Confidence {
			continue
		}
		if s := score(p, q.Direction, open); s < least {
			best, least = i, s
		}
	}
	return best
}

// score is the mean or the median, smaller being better.
func score(runs []Run, d Direction, median bool) float64 {
	x := make([]float64, len(runs))
	for i, r := range runs {
		switch {
		case r.isOpen():
			x[i] = math.Inf(1)
		case d == LargerIsBetter:
			x[i] = -r.Value
		default:
			x[i] = r.Value
		}
	}
	if !median {
		return mean(x)
	}
	if len(x) == 0 {
		return math.Inf(1)
	}
	slices.Sort(x)
	return x[rankOf(0.5, len(x))-1]
}

// Pareto returns the places of the points that no other dominates: none is at
// least as good in every metric and better in one. points[i][m] is the estimate
// of metric m, whose direction is directions[m]; NaN is worse than any number. A
// point without any number is in no set. Equal points stand together. Cost: points² × metrics.
func Pareto(points [][]float64, directions []Direction) []int {
	var front []int
	for i, p := range points {
		known := slices.ContainsFunc(p, func(v float64) bool { return !math.IsNaN(v) })
		dominated := slices.ContainsFunc(points, func(q []float64) bool { return dominates(q, p, directions) })
		if known && !dominated {
			front = append(front, i)
		}
	}
	return front
}

func dominates(a, b []float64, directions []Direction) bool {
	somewhere := false
	for m, d := range directions {
		switch {
		case isBetter(b[m], a[m], d):
			return false
		case isBetter(a[m], b[m], d):
			somewhere = true
		}
	}
	return somewhere
}

func isBetter(a, b float64, d Direction) bool {
	if math.IsNaN(b) {
		return !math.IsNaN(a)
	}
	if d == LargerIsBetter {
		return a > b
	}
	return a < b
}
