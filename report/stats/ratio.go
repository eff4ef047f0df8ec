package stats

import "math"

// ratio is what pairs of values say of mean(y)/mean(x) - 1, the relative
// difference, by Fieller's theorem (Fieller 1954): the ratio is r exactly if
// y - (1+r)·x has the mean 0, which Student's t tests.
type ratio struct {
	x, y []float64
}

// ratioOf chooses as [Mean] does, by the skewness of the residuals. There is no
// ratio unless the mean of x is positive.
func ratioOf(x, y []float64) evidence {
	if len(x) < 2 || !(mean(x) > 0) {
		return order{}
	}
	if e, _ := residuals(x, y); allPositive(x) && tooSkewed(e) {
		return ratioBootstrap(x, y)
	}
	return ratio{x, y}
}

func allPositive(x []float64) bool {
	for _, v := range x {
		if v <= 0 {
			return false
		}
	}
	return true
}

// residuals are y - r·x where r is the ratio of the means.
func residuals(x, y []float64) (e []float64, r float64) {
	r = mean(y) / mean(x)
	return combine(x, y, r), r
}

// combine returns y - r·x.
func combine(x, y []float64, r float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		out[i] = y[i] - float64(r*x[i])
	}
	return out
}

// interval solves Fieller's quadratic for the distance from the estimate. It
// has no bounds if the mean of x can not be told from 0.
func (f ratio) interval(confidence float64) Interval {
	e, r := residuals(f.x, f.y)
	n, m, t := float64(len(e)), mean(f.x), tQuantile(len(e)-1, confidence)
	c := float64(t*t) / n
	a := float64(m*m) - float64(c*Variance(f.x))
	if a <= 0 {
		return unbounded(r-1, len(e), Fieller)
	}
	b := float64(c * covariance(e, f.x))
	root := math.Sqrt(float64(b*b) + float64(a*c*Variance(e)))
	return Interval{Value: r - 1, Lo: r - 1 - (b+root)/a, Hi: r - 1 - (b-root)/a, N: len(e), Method: Fieller}
}

func (f ratio) above(x float64) test { return f.test(x).above(0) }
func (f ratio) below(x float64) test { return f.test(x).below(0) }

func (f ratio) test(x float64) location {
	d := combine(f.x, f.y, 1+x)
	return location{n: len(d), value: mean(d), se: standardError(d)}
}

// covariance is the unbiased covariance.
func covariance(x, y []float64) float64 {
	mx, my, sum := mean(x), mean(y), 0.0
	for i := range x {
		sum += float64((x[i] - mx) * (y[i] - my))
	}
	return sum / float64(len(x)-1)
}

// ratioBootstrap is the studentized bootstrap of the ratio. Its error is that of
// the delta method.
func ratioBootstrap(x, y []float64) location {
	r, se := ratioError(x, y)
	u, v := make([]float64, len(x)), make([]float64, len(x))
	return location{n: len(x), value: r - 1, se: se, pivots: pivots(len(x), r, func(pick []int) (float64, float64) {
		for i, p := range pick {
			u[i], v[i] = x[p], y[p]
		}
		return ratioError(u, v)
	})}
}

func ratioError(x, y []float64) (r, se float64) {
	e, r := residuals(x, y)
	return r, standardError(e) / mean(x)
}
