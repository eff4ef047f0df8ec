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
	down  bool // names, from the top
	ticks []tick
	title string
}

// norm is the place of v: 0 at the low end, 1 at the high end.
func (s *scale) norm(v float64) float64 {
	if s.down {
		v = s.lo + s.hi - v
	}
	if s.log {
		return math.Log(v/s.lo) / math.Log(s.hi/s.lo)
	}
	return (v - s.lo) / (s.hi - s.lo)
}

// holds reports whether v lies within the ends.
func (s *scale) holds(v float64) bool {
	slack := (s.hi - s.lo) * 1e-9
	return v >= s.lo-slack && v <= s.hi+slack
}

// newScale makes the scale of an axis for data in that range, with about n
// ticks; snug keeps the ends on the data instead of on ticks.
func newScale(a *Axis, data interval, n int, snug bool) scale {
	if len(a.Names) > 0 {
		return nameScale(a, n)
	}
	r, fixed := data, a.Lo < a.Hi
	if fixed {
		r, snug = interval{a.Lo, a.Hi}, true
	} else {
		r = widened(r, a)
	}
	s := scale{interval: r, log: a.Log}
	switch {
	case a.Log:
		if !fixed && len(a.Ticks) == 0 {
			s.interval = logEnds(r)
		}
		s.ticks = logTicks(s.interval, n, a.Unit)
	default:
		if !snug {
			s.interval = tickEnds(r, n, a.Unit)
		}
		s.ticks = linearTicks(s.interval, n, a.Unit)
	}
	s.title = axisTitle(a, s.interval)
	if len(a.Ticks) > 0 {
		s.ticks = givenTicks(a, s.interval, n)
	}
	return s
}

// nameScale has room for each name, and labels at most n of them.
func nameScale(a *Axis, n int) scale {
	s := scale{interval: interval{-0.5, float64(len(a.Names)) - 0.5}, title: a.Label}
	for i := 0; i < len(a.Names); i += (len(a.Names) + n - 1) / n {
		s.ticks = append(s.ticks, tick{at: float64(i), label: a.Names[i]})
	}
	return s
}

// widened gives a range without extent some, and starts it at 0 where the axis
// says so or that wastes less than half of the plot.
func widened(r interval, a *Axis) interval {
	switch {
	case a.Log && r.lo == r.hi:
		return interval{r.lo / 2, r.hi * 2}
	case a.Log:
		return r
	}
	if a.Zero || len(a.Ticks) == 0 && r.lo >= 0 && r.lo <= r.hi/2 {
		r.add(0)
	}
	switch {
	case r.lo < r.hi:
		return r
	case r.lo == 0:
		return interval{0, 1}
	}
	pad := math.Abs(r.lo) * 0.05
	return interval{r.lo - pad, r.hi + pad}
}

// tickEnds widens a range to whole ticks.
func tickEnds(r interval, n int, u string) interval {
	s := unit.For(u, max(math.Abs(r.lo), math.Abs(r.hi)))
	step := Step((r.hi-r.lo)/s.Per/float64(n)) * s.Per
	return interval{math.Floor(r.lo/step+1e-9) * step, math.Ceil(r.hi/step-1e-9) * step}
}

// logEnds widens a range to 1, 2 or 5 of a decade.
func logEnds(r interval) interval {
	r = interval{1 / Step(1/r.lo), Step(r.hi)}
	if r.lo == r.hi {
		r = interval{r.lo / 2, r.hi * 2}
	}
	return r
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
