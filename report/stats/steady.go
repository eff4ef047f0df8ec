package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Steady-state metrics: with replications, cut the warm-up of each and take the
// mean of what is left as its one value (replication and deletion: Law, section
// 9.5.2). BatchMeans is for the one long run.

// mserBatch and mserLast are of MSER-5: values are averaged in batches of five,
// and the last five batches are no place to cut, as the variance of so few
// says nothing (Hoad, Robinson and Davies 2010).
const mserBatch, mserLast = 5, 5

// MSER5 finds where the warm-up of a series ends: how many values to cut so that
// the squared standard error of the mean of the others is least (White 1997;
// in batches of five, White, Cobb and Spratt 2000). To cut more than half means
// that the run is too short: ok is false, and so for fewer than 50 values. Cost:
// linear.
func MSER5(x []float64) (cut int, ok bool) {
	batches := batchMeans(x, mserBatch)
	if len(batches) < 2*mserLast {
		return 0, false
	}
	best, at := math.Inf(1), 0
	m, squares := 0.0, 0.0
	for i := len(batches) - 1; i >= 0; i-- { // Welford's recurrence, from the end
		n := float64(len(batches) - i)
		d := batches[i] - m
		m += d / n
		squares += float64(d * (batches[i] - m))
		if e := squares / float64(n*n); n > mserLast && e <= best {
			best, at = e, i
		}
	}
	return at * mserBatch, 2*at <= len(batches)
}

// batchMeans averages groups of size values. What is left at the end is dropped.
func batchMeans(x []float64, size int) []float64 {
	out := make([]float64, 0, len(x)/size)
	for i := 0; i+size <= len(x); i += size {
		out = append(out, mean(x[i:i+size]))
	}
	return out
}

// CutBefore counts the values sampled before the warm-up ends; times do not
// fall.
func CutBefore(times []int64, warmup int64) int {
	for i, t := range times {
		if t >= warmup {
			return i
		}
	}
	return len(times)
}

// batches is how many batches a run is cut into: between 10 and 30, more being
// of little use (Schmeiser 1982).
const batches = 20

// BatchMeans estimates the steady-state mean of one run, whose values depend on
// one another, from the means of 20 batches in a row (Law, section 9.5.3). ok is
// false if von Neumann's ratio says, at 5%, that neighbouring batches are still
// correlated: the run is too short, and the interval too narrow. So it is for
// fewer than 40 values, which give no bounds. The warm-up must be cut before;
// what does not fill a batch is cut at the start.
func BatchMeans(x []float64, confidence float64) (in Interval, ok bool) {
	size := len(x) / batches
	if size < 2 {
		return unbounded(mean(x), len(x), Batches), false
	}
	means := batchMeans(x[len(x)-size*batches:], size)
	in = MeanT(means, confidence)
	in.N, in.Method = len(x), Batches
	return in, vonNeumann(means) >= -distuv.UnitNormal.Quantile(0.95)
}

// vonNeumann is the standardized ratio of the mean squared step to the variance
// (von Neumann 1941): about a standard normal value for independent normal
// ones, far below 0 if neighbours are alike.
func vonNeumann(x []float64) float64 {
	n, steps, squares := float64(len(x)), 0.0, secondMoment(x)
	if squares == 0 {
		return 0
	}
	for i := 1; i < len(x); i++ {
		d := x[i] - x[i-1]
		steps += float64(d * d)
	}
	return (steps/squares - 2) / math.Sqrt(4*(n-2)/(float64(n*n)-1))
}
