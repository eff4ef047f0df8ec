package report

import (
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/report/chart"
	"meshsim/report/stats"
	"meshsim/sim"
)

// band is a series over all replications: the mean at each instant and its
// confidence interval; lo and hi are nil for a single run.
type band struct{ at, mean, lo, hi []float64 }

// bandOf is the band of a metric.
func bandOf(spec protocols.MetricSpec, results []*sim.Result) band {
	var runs [][]protocols.Point
	for _, r := range results {
		points := slices.DeleteFunc(r.Series(spec.Name), func(p protocols.Point) bool { return math.IsNaN(p.Value) })
		if len(points) > 0 {
			runs = append(runs, points)
		}
	}
	return bandOver(runs, spec.Goal)
}

// MeanOverTime is the mean of the series of replications, each in the order of
// time, with its 95% interval. Runs end at different times: what climbs towards a
// goal is carried on at its last value, since runs that end early are the fast
// ones; of anything else only what all runs have is shown. Times are in seconds.
func MeanOverTime(runs [][]protocols.Point, carry bool) chart.Curve {
	b := bandOver(runs, carry)
	return b.curve("", false)
}

// bandOver puts series that are not empty on one time axis.
func bandOver(runs [][]protocols.Point, carry bool) band {
	var b band
	next, values := make([]int, len(runs)), make([]float64, len(runs))
	for _, at := range instants(runs, carry) {
		for i, points := range runs {
			for next[i] < len(points) && points[next[i]].At <= at {
				next[i]++
			}
			values[i] = points[next[i]-1].Value
		}
		b.add(seconds(at), values)
	}
	return b
}

// instants is the union of all instants at which each of the runs has a value.
func instants(runs [][]protocols.Point, carry bool) []protocols.Time {
	var all []protocols.Time
	first, last := protocols.Time(0), protocols.Time(math.MaxInt64)
	for _, points := range runs {
		first = max(first, points[0].At)
		if !carry {
			last = min(last, points[len(points)-1].At)
		}
		for _, p := range points {
			all = append(all, p.At)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(t protocols.Time) bool { return t < first || t > last })
}

func (b *band) add(at float64, values []float64) {
	in := stats.MeanT(values, stats.Confidence)
	b.at, b.mean = append(b.at, at), append(b.mean, in.Value)
	if len(values) > 1 {
		b.lo, b.hi = append(b.lo, in.Lo), append(b.hi, in.Hi)
	}
}

// within keeps the interval of a mean inside what the metric can be.
func (b *band) within(lo, hi float64) {
	for i := range b.lo {
		b.lo[i], b.hi[i] = max(b.lo[i], lo), min(b.hi[i], hi)
	}
}

// smallest is the smallest mean above 0, infinite if there is none.
func (b *band) smallest() float64 {
	v := math.Inf(1)
	for _, m := range b.mean {
		if m > 0 {
			v = min(v, m)
		}
	}
	return v
}

// returns reports whether it is 0 for a while and then is not again: a logarithmic
// axis would leave a gap there.
func (b *band) returns() bool {
	begun, gone := false, false
	for _, m := range b.mean {
		if m != 0 && gone {
			return true
		}
		begun, gone = begun || m != 0, begun && m == 0
	}
	return false
}

func (b *band) largest() float64 {
	v := math.Inf(-1)
	for _, m := range b.mean {
		v = max(v, m)
	}
	return v
}

// constant reports whether nothing happens in it.
func (b *band) constant() bool {
	for _, m := range b.mean {
		if m != b.mean[0] {
			return false
		}
	}
	return true
}

func (b *band) curve(name string, steps bool) chart.Curve {
	return chart.Curve{Name: name, X: b.at, Y: b.mean, Lo: b.lo, Hi: b.hi, Steps: steps}
}
