package chart

import (
	"math"
	"strings"

	"meshsim/report/unit"
)

// A scale places the values of an axis.
type scale struct {
	interval
	log   bool
	ticks []tick
	title string
}

// norm is the place of v: 0 at the low end, 1 at the high end.
func (s *scale) norm(v float64) float64 {
	if s.log {
		return math.Log(v/s.lo) / math.Log(s.hi/s.lo)
	}
	return (v - s.lo) / (s.hi - s.lo)
}

// newScale makes the scale of an axis for data in that range, with about n
// ticks; snug keeps the ends on the data instead of on ticks.
func newScale(a *Axis, data interval, n int, snug bool) scale {
	r := data
	if fixed := a.Lo < a.Hi; fixed {
		r, snug = interval{a.Lo, a.Hi}, true
	} else {
		r = widened(r, a.Log)
	}
	s := scale{interval: r, log: a.Log, title: axisTitle(a, r)}
	switch {
	case a.Log:
		s.interval = logEnds(r, snug)
		s.ticks = logTicks(s.interval, a.Unit)
	default:
		if !snug {
			s.interval = tickEnds(r, n, a.Unit)
		}
		s.ticks = linearTicks(s.interval, n, a.Unit)
	}
	return s
}

// widened gives a range without extent some, and starts it at 0 where that
// wastes less than half of the plot.
func widened(r interval, log bool) interval {
	switch {
	case log && r.lo == r.hi:
		return interval{r.lo / 2, r.hi * 2}
	case log:
		return r
	case r.lo >= 0 && r.lo <= r.hi/2:
		r.lo = 0
	}
	if r.lo == r.hi {
		pad := max(math.Abs(r.lo)*0.05, 1e-12)
		if r.lo == 0 {
			return interval{0, 1}
		}
		return interval{r.lo - pad, r.hi + pad}
	}
	return r
}

// tickEnds widens a range to whole ticks.
func tickEnds(r interval, n int, u string) interval {
	s := unit.For(u, max(math.Abs(r.lo), math.Abs(r.hi)))
	step := step125((r.hi-r.lo)/s.Per/float64(n)) * s.Per
	return interval{math.Floor(r.lo/step+1e-9) * step, math.Ceil(r.hi/step-1e-9) * step}
}

// logEnds widens a range to whole decades, or to 1-2-5 if it spans less than
// two of them.
func logEnds(r interval, snug bool) interval {
	if snug {
		return r
	}
	if r.hi/r.lo < 100 {
		return interval{1 / step125(1/r.lo), step125(r.hi)}
	}
	return interval{math.Pow(10, math.Floor(math.Log10(r.lo)+1e-9)), math.Pow(10, math.Ceil(math.Log10(r.hi)-1e-9))}
}

// axisTitle is the label with the unit in which the ticks are written.
func axisTitle(a *Axis, r interval) string {
	suffix := unit.For(a.Unit, max(math.Abs(r.lo), math.Abs(r.hi))).Suffix
	switch {
	case counts(a.Unit):
		if base, _ := strings.CutSuffix(a.Unit, "/s"); base == "1" || base == "" {
			return a.Label
		}
		suffix = a.Unit
	case a.Log:
		return a.Label
	}
	return a.Label + " (" + strings.TrimSpace(suffix) + ")"
}
