package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// evidence is what a sample says of one number. Interval and tests are two
// readings of one distribution: a 95% interval leaves out x exactly if above(x)
// or below(x) has p <= 2.5%. So no report can contradict itself.
type evidence interface {
	interval(confidence float64) Interval
	above(x float64) test // that the number is larger than x
	below(x float64) test // that it is smaller
}

// test is the outcome of a one-sided test of a claim.
type test struct {
	p     float64 // the chance of such data, or clearer, if the claim is false
	shift float64 // how far the data are on the claim's side, in deviations of one run
	sign  bool    // it counts signs
}

// none is the test of a claim on which there are no data.
var none = test{p: 1, shift: math.Inf(-1)}

// power is about the chance that n runs like those seen show the claim where
// z is the normal quantile of the level. Signs are counted, which takes a
// correction for continuity, and their deviation falls as they agree.
func (t test) power(n int, z float64) float64 {
	root := math.Sqrt(float64(n))
	d := float64(root*t.shift) - z
	if t.sign {
		d = (d - 1/root) / max(math.Sqrt(max(0, 1-float64(t.shift*t.shift))), 1e-6)
	}
	return distuv.UnitNormal.CDF(d)
}

// location is an estimate whose error is known in units of its standard error:
// Student's t, or the pivots of a bootstrap.
type location struct {
	n         int
	value, se float64
	pivots    []float64 // sorted; nil: Student's t
}

func (l location) interval(confidence float64) Interval {
	if l.n < 2 {
		return unbounded(l.value, l.n, StudentT)
	}
	if l.pivots == nil {
		half := float64(tQuantile(l.n-1, confidence) * l.se)
		return Interval{Value: l.value, Lo: l.value - half, Hi: l.value + half, N: l.n, Method: StudentT}
	}
	tail := (1 - confidence) / 2
	lo, hi := l.pivots[rankOf(1-tail, resamples)-1], l.pivots[rankOf(tail, resamples)-1]
	return Interval{Value: l.value, Lo: l.value - float64(lo*l.se), Hi: l.value - float64(hi*l.se), N: l.n, Method: BootstrapT}
}

func (l location) above(x float64) test {
	if l.n < 2 {
		return none
	}
	t := (l.value - x) / l.se
	out := test{shift: t / math.Sqrt(float64(l.n))}
	if l.pivots == nil {
		out.p = tTail(l.n-1, t)
	} else {
		out.p = l.pivotTail(t)
	}
	return out
}

// pivotTail is the chance of a pivot of at least t. Resamples alone can give no
// less than 1 in 2000, which no difference, however clear, could bring through
// the adjustment for 64 points. So beyond the largest pivot the tail falls as
// that of Student's t does. (Knijnenburg et al. 2009 fit such tails likewise.)
func (l location) pivotTail(t float64) float64 {
	beyond := len(l.pivots) - sort.SearchFloat64s(l.pivots, t)
	p := float64(1+beyond) / (resamples + 1)
	if last := l.pivots[len(l.pivots)-1]; beyond == 0 && last > 0 {
		p = roundTo(p*(tTail(l.n-1, t)/tTail(l.n-1, last)), 10)
	}
	return p
}

func (l location) below(x float64) test {
	mirror := location{n: l.n, value: -l.value, se: l.se}
	if l.pivots != nil {
		mirror.pivots = make([]float64, len(l.pivots))
		for i, t := range l.pivots {
			mirror.pivots[len(l.pivots)-1-i] = -t
		}
	}
	return mirror.above(-x)
}

// tTail is the chance that Student's t is at least t.
func tTail(freedom int, t float64) float64 {
	tail := distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}.CDF(-math.Abs(t))
	if t < 0 {
		tail = 1 - tail
	}
	return roundTo(tail, 10)
}

// order is what a sample says of the median by order statistics and the sign
// test: nothing is assumed but independence. Of each value it knows only that
// it lies in [lo, hi].
type order struct {
	lo, hi []float64 // sorted
}

func (o order) interval(confidence float64) Interval {
	n := len(o.lo)
	in := unbounded(math.NaN(), n, OrderStatistics)
	if n == 0 {
		return in
	}
	if r := rankOf(0.5, n) - 1; o.lo[r] == o.hi[r] {
		in.Value = o.lo[r]
	}
	lo, hi := ranks(n, 0.5, confidence)
	if lo >= 1 {
		in.Lo = atLeastSome(o.lo[lo-1])
	}
	if hi <= n {
		in.Hi = atLeastSome(o.hi[hi-1])
	}
	return in
}

// some is a difference of unknown size.
const some = math.SmallestNonzeroFloat64

// atLeastSome shows [some] as the bound that it is.
func atLeastSome(x float64) float64 {
	if math.Abs(x) == some {
		return 0
	}
	return x
}

func (o order) above(x float64) test {
	n := len(o.lo)
	return signs(n-sort.Search(n, func(i int) bool { return o.lo[i] > x }), n)
}

func (o order) below(x float64) test {
	return signs(sort.SearchFloat64s(o.hi, x), len(o.hi))
}

// signs is the sign test of k values of n on the claim's side. The others count
// against it, ties too.
func signs(k, n int) test {
	if n == 0 {
		return none
	}
	return test{p: halves(k, n), shift: float64(2*k-n) / float64(n), sign: true}
}

// halves is the chance of k or more heads of n coins.
func halves(k, n int) float64 {
	if k <= 0 {
		return 1
	}
	return roundTo(distuv.Binomial{N: float64(n), P: 0.5}.CDF(float64(n-k)), 10)
}
