package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Sample holds one value for each replication. Some may be censored: what was
// timed had not finished when the run ended, and of the value only a lower
// bound is known. Dropping those would make a protocol that often fails look
// fast, so they are kept and count as longer than all that finished. The zero
// Sample is empty and ready.
type Sample struct {
	done []float64
	open []float64 // lower bounds
}

// Add takes the next value, or the lower bound of one that did not finish. NaN
// counts as not finished, with no bound.
func (s *Sample) Add(v float64, censored bool) {
	switch {
	case math.IsNaN(v):
		s.open = append(s.open, math.Inf(-1))
	case censored:
		s.open = append(s.open, v)
	default:
		s.done = append(s.done, v)
	}
}

// N is the number of values, finished or not.
func (s *Sample) N() int { return len(s.done) + len(s.open) }

// Censored is the number of values that did not finish.
func (s *Sample) Censored() int { return len(s.open) }

// Done returns the values that finished, in the order in which they were added.
// The caller must not change them.
func (s *Sample) Done() []float64 { return s.done }

// Finished estimates the share that finish.
func (s *Sample) Finished(confidence float64) Interval {
	return Share(len(s.done), s.N(), confidence)
}

// Mean estimates the mean. It does not exist if a value did not finish: Value
// is NaN then. Where no value is negative the metric cannot be, and the interval
// ends at 0: so it covers what it covered.
func (s *Sample) Mean(confidence float64) Interval {
	if len(s.open) > 0 {
		return unbounded(math.NaN(), s.N(), StudentT)
	}
	in := Mean(s.done, confidence)
	if in.Bounded() && slices.Min(s.done) >= 0 {
		in.Lo = max(in.Lo, 0)
	}
	return in
}

// Quantile estimates the q-quantile, 0 <= q <= 1, by order statistics
// (Le Boudec, section 2.2): exact for any distribution, so never narrower than
// asked for. A bound is infinite if there are too few values for it (6 for a
// median, 72 for both sides of a 95th percentile, at 95%) or if too many did not
// finish. Value is NaN if the quantile falls among those.
func (s *Sample) Quantile(q, confidence float64) Interval {
	in := unbounded(math.NaN(), s.N(), OrderStatistics)
	if s.N() == 0 {
		return in
	}
	upper := slices.Sorted(slices.Values(s.done))
	lower := slices.Sorted(slices.Values(slices.Concat(s.done, s.open)))
	if r := rankOf(q, s.N()); r <= len(upper) {
		in.Value = upper[r-1]
	}
	lo, hi := ranks(s.N(), q, confidence)
	if lo >= 1 {
		in.Lo = lower[lo-1]
	}
	if hi <= len(upper) {
		in.Hi = upper[hi-1]
	}
	return in
}

// ranks returns the order statistics, from 1, between which the q-quantile of n
// values lies with the confidence, the risk being shared evenly by both sides.
// lo 0 and hi n+1 mean that there is no such bound.
//
// The number of values below the quantile is binomial, so P(quantile < x(lo)) is
// P(B < lo) and P(quantile > x(hi)) is P(B >= hi).
func ranks(n int, q, confidence float64) (lo, hi int) {
	tail := (1-confidence)/2 + 1e-12
	below := distuv.Binomial{N: float64(n), P: q}
	if q <= 0 || q >= 1 {
		return 0, n + 1
	}
	for lo < n && below.CDF(float64(lo)) <= tail {
		lo++
	}
	for hi = n + 1; hi > 1 && 1-below.CDF(float64(hi-2)) <= tail; {
		hi--
	}
	return lo, hi
}
