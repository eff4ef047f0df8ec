package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Confidence is the level of intervals unless another is asked for.
const Confidence = 0.95

// Method says how an interval was made.
type Method string

// The methods.
const (
	StudentT        Method = "t"
	BootstrapT      Method = "bootstrap-t"
	Fieller         Method = "fieller"
	Batches         Method = "batch-means"
	OrderStatistics Method = "order-statistics"
	Wilson          Method = "wilson"
)

// Interval is an estimate and the interval that covers the truth with the
// confidence asked for. A bound that the data cannot give is infinite; Value is
// NaN if there is none.
type Interval struct {
	Value  float64
	Lo, Hi float64
	N      int // values that it rests on
	Method Method
}

// Bounded reports whether both bounds are finite.
func (i Interval) Bounded() bool {
	return !math.IsInf(i.Lo, 0) && !math.IsInf(i.Hi, 0) && i.Lo <= i.Hi
}

func unbounded(value float64, n int, m Method) Interval {
	return Interval{Value: value, Lo: math.Inf(-1), Hi: math.Inf(1), N: n, Method: m}
}

// cochran is the factor of the rule of thumb of Cochran, Sampling Techniques
// (1977), section 2.15: the normal approximation holds for n > 25·g², where g
// is the skewness.
const cochran = 25

// enoughToResample is the fewest values that a bootstrap may rest on; below it,
// the tails of the data are not in the sample.
const enoughToResample = 20

// Mean estimates the mean of the distribution that x was drawn from. It takes
// the t interval unless x is long enough and too skewed for it; see the
// package comment. Confidence is in (0, 1). Less than two values give no bounds.
func Mean(x []float64, confidence float64) Interval {
	return meanOf(x).interval(confidence)
}

func meanOf(x []float64) location {
	if tooSkewed(x) {
		return meanBootstrap(x)
	}
	return location{n: len(x), value: mean(x), se: standardError(x)}
}

func tooSkewed(x []float64) bool {
	g := Skewness(x)
	n := float64(len(x))
	return n >= enoughToResample && n < cochran*g*g && !mostlyOneValue(x)
}

// mostlyOneValue reports whether half of the values are equal. Resamples of such
// are often all equal and tell nothing of the spread.
func mostlyOneValue(x []float64) bool {
	sorted := slices.Sorted(slices.Values(x))
	half := (len(x) + 1) / 2
	for i := half - 1; i < len(x); i++ {
		if sorted[i] == sorted[i-half+1] {
			return true
		}
	}
	return false
}

// MeanT estimates the mean with the t interval: exact for normal values, good
// for many values that are not very skewed.
func MeanT(x []float64, confidence float64) Interval {
	return location{n: len(x), value: mean(x), se: standardError(x)}.interval(confidence)
}

// tQuantile is how many standard errors a two-sided t interval reaches.
func tQuantile(freedom int, confidence float64) float64 {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(freedom)}
	return roundTo(t.Quantile((1+confidence)/2), 10)
}

// GeoMean estimates the geometric mean, the t interval being taken over the
// logarithms: for ratios, and for times that spread over decades. It is NaN if
// a value is not positive.
func GeoMean(x []float64, confidence float64) Interval {
	logs := make([]float64, len(x))
	for i, v := range x {
		if v <= 0 {
			return unbounded(math.NaN(), len(x), StudentT)
		}
		logs[i] = math.Log(v)
	}
	in := MeanT(logs, confidence)
	in.Value, in.Lo, in.Hi = math.Exp(in.Value), math.Exp(in.Lo), math.Exp(in.Hi)
	return in
}

// Share estimates a probability from k successes in n trials by Wilson's score
// interval (Wilson 1927), which keeps its level near 0 and 1. No trials say
// nothing: the interval is [0, 1].
func Share(k, n int, confidence float64) Interval {
	if n == 0 {
		return Interval{Value: math.NaN(), Lo: 0, Hi: 1, Method: Wilson}
	}
	z := roundTo(distuv.UnitNormal.Quantile((1+confidence)/2), 10)
	p, m := float64(k)/float64(n), float64(n)
	zz := float64(z*z) / m
	centre := (p + zz/2) / (1 + zz)
	half := float64(z / (1 + zz) * math.Sqrt(float64(p*(1-p))/m+zz/(4*m)))
	in := Interval{Value: p, Lo: max(0, centre-half), Hi: min(1, centre+half), N: n, Method: Wilson}
	if k == 0 {
		in.Lo = 0
	}
	if k == n {
		in.Hi = 1
	}
	return in
}
