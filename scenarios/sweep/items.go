package sweep

import (
	"math"
	"slices"

	"meshsim/sim"
)

// Items are the values of the items of a run: of each rumor, request or message.
// One that had not finished when the run ended counts as longer than all that
// had, and has no value.
type Items struct {
	Count    int    `json:"count"`
	Censored int    `json:"censored"` // had not finished
	Mean     Number `json:"mean"`     // does not exist if one had not finished, or of a histogram
	// Sorted are all values, ascending, or of more than 201 items the quantiles 0,
	// 1/200, 2/200 … 1. Those that fall among what had not finished are null.
	Sorted []Number `json:"sorted"`

	// With items that had not finished, what mean and quantiles are at least: those
	// of the times until the run ended.
	LeastMean Number   `json:"least_mean"`
	Least     []Number `json:"least,omitempty"`
}

// steps are the quantiles that are kept of many items, besides the smallest.
const steps = 200

// Quantile is the value that so many percent of the items do not exceed, by
// rank; NaN if it falls among those that had not finished.
func (it *Items) Quantile(percent int) float64 { return it.quantile(it.Sorted, percent) }

// quantile of a list that is made as Sorted is.
func (it *Items) quantile(list []Number, percent int) float64 {
	n := len(list)
	if it.Count > n { // quantiles
		return float64(list[percent*steps/100])
	}
	return float64(list[rank(n, percent, 100)-1])
}

// rank of a quantile among n values, from 1.
func rank(n, num, den int) int {
	return int(max((int64(n)*int64(num)+int64(den)-1)/int64(den), 1))
}

// itemsOf is nil if the run has no items of the metric.
func itemsOf(metric string, r *sim.Result) *Items {
	if metric == "net.latency" {
		return histogramItems(metric, r)
	}
	items := r.Items(metric)
	if len(items) == 0 {
		return nil
	}
	out := &Items{Count: len(items), Mean: none, LeastMean: none}
	sum := 0.0
	var done, least []float64
	for _, it := range items {
		sum += it.Value
		least = append(least, it.Value)
		if !it.Censored {
			done = append(done, it.Value)
		}
	}
	slices.Sort(done)
	out.Sorted = condense(done, len(items))
	mean := Number(sum / float64(len(items)))
	if out.Censored = len(items) - len(done); out.Censored == 0 {
		out.Mean = mean
		return out
	}
	slices.Sort(least)
	out.LeastMean, out.Least = mean, condense(least, len(items))
	return out
}

// condense keeps of n values, the sorted ones followed by some that do not exist,
// all or the quantiles.
func condense(sorted []float64, n int) (out []Number) {
	keep := func(rank int) {
		v := none
		if rank <= len(sorted) {
			v = Number(sorted[rank-1])
		}
		out = append(out, v)
	}
	if n <= steps+1 {
		for k := range n {
			keep(k + 1)
		}
		return out
	}
	for k := range steps + 1 {
		keep(rank(n, k, steps))
	}
	return out
}

// histogramItems are the quantiles of what is kept as a histogram.
func histogramItems(metric string, r *sim.Result) *Items {
	if r.Latency == nil || r.Latency.N == 0 {
		return nil
	}
	out := &Items{Count: int(min(r.Latency.N, math.MaxInt32)), Mean: none, LeastMean: none}
	for k := range steps + 1 {
		v, _ := r.Quantile(metric, uint64(k), steps)
		out.Sorted = append(out.Sorted, Number(v))
	}
	if out.Count <= steps+1 { // as many values, by rank
		out.Sorted = out.Sorted[:0]
		for k := range out.Count {
			v, _ := r.Quantile(metric, uint64(k+1), uint64(out.Count))
			out.Sorted = append(out.Sorted, Number(v))
		}
	}
	return out
}
