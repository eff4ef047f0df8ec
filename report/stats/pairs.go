package stats

import (
	"math"
	"slices"
)

// Direction says which values of a metric are better. The caller knows.
type Direction int8

// The directions.
const (
	SmallerIsBetter Direction = iota
	LargerIsBetter
)

// Run is the value of a metric in one replication. Open runs did not finish:
// they count as worse than all that did. Where smaller is better, Value is then
// the lower bound that is known, for example the time at which the run ended.
// A Value that is no finite number is an open run of which nothing is known.
type Run struct {
	Value float64
	Open  bool
}

// span is the least and the most that a number can be.
type span struct{ lo, hi float64 }

func exactly(x float64) span { return span{x, x} }

func (r Run) isOpen() bool { return r.Open || math.IsNaN(r.Value) || math.IsInf(r.Value, 0) }

// span is where the true value lies.
func (r Run) span(d Direction) span {
	switch {
	case !r.isOpen():
		return exactly(r.Value)
	case math.IsNaN(r.Value) || math.IsInf(r.Value, 0) || d == LargerIsBetter:
		return unknown
	}
	return span{r.Value, math.Inf(1)}
}

// unknown is what is known of nothing.
var unknown = span{math.Inf(-1), math.Inf(1)}

// pairs are replications that were run twice with the same randomness.
type pairs struct {
	x, y                []float64 // of those of which both finished
	differences         []span
	relative            []span // differences in parts of x; those that have none are unknown
	baseOpen, otherOpen int
	onlyBase, onlyOther int // pairs of which only this run finished
}

func pair(base, other []Run, d Direction) pairs {
	var p pairs
	for i := range base {
		b, o := base[i].span(d), other[i].span(d)
		bOpen, oOpen := base[i].isOpen(), other[i].isOpen()
		switch {
		case bOpen && oOpen:
			p.baseOpen, p.otherOpen = p.baseOpen+1, p.otherOpen+1
		case bOpen:
			p.baseOpen, p.onlyOther = p.baseOpen+1, p.onlyOther+1
		case oOpen:
			p.otherOpen, p.onlyBase = p.otherOpen+1, p.onlyBase+1
		default:
			p.x, p.y = append(p.x, base[i].Value), append(p.y, other[i].Value)
		}
		p.differences = append(p.differences, difference(b, o, bOpen, oOpen, d))
		p.relative = append(p.relative, relative(b, o, bOpen, oOpen, d))
	}
	return p
}

// finishesLess is the p-value of McNemar's exact test (McNemar 1947) that other
// finishes at least as often as base: of the pairs of which one run finished, a
// coin says which.
func (p pairs) finishesLess() float64 { return halves(p.onlyBase, p.onlyBase+p.onlyOther) }

func (p pairs) finishesMore() float64 { return halves(p.onlyOther, p.onlyBase+p.onlyOther) }

// worse and better bound a difference where one run of two finished: it has the
// sign that says so, however close the bounds that are known.
func worse(s span, d Direction) span {
	if d == LargerIsBetter {
		return span{s.lo, min(s.hi, -some)}
	}
	return span{max(s.lo, some), s.hi}
}

func better(s span, d Direction) span {
	if d == LargerIsBetter {
		return span{max(s.lo, some), s.hi}
	}
	return span{s.lo, min(s.hi, -some)}
}

// difference is other less base. Both open runs are infinitely bad, so nothing
// is known of their difference.
func difference(base, other span, baseOpen, otherOpen bool, d Direction) span {
	switch {
	case baseOpen && otherOpen:
		return unknown
	case otherOpen:
		return worse(span{other.lo - base.lo, other.hi - base.hi}, d)
	case baseOpen:
		return better(span{other.lo - base.hi, other.hi - base.lo}, d)
	}
	return exactly(other.lo - base.lo)
}

// relative is other/base - 1. It needs a base that is positive.
func relative(base, other span, baseOpen, otherOpen bool, d Direction) span {
	switch {
	case baseOpen && otherOpen:
		return unknown
	case otherOpen && base.lo > 0:
		return worse(span{other.lo/base.lo - 1, other.hi/base.lo - 1}, d)
	case otherOpen:
		return worse(unknown, d)
	case baseOpen && base.lo > 0:
		return better(span{-1, other.hi/base.lo - 1}, d)
	case baseOpen:
		return better(unknown, d)
	case base.lo > 0:
		return exactly(other.lo/base.lo - 1)
	}
	return unknown
}

// orderOf sorts either end of the spans for itself: the i-th smallest value lies
// between the i-th smallest of both.
func orderOf(s []span) order {
	var o order
	for _, v := range s {
		o.lo, o.hi = append(o.lo, v.lo), append(o.hi, v.hi)
	}
	slices.Sort(o.lo)
	slices.Sort(o.hi)
	return o
}

// absolute is what the pairs say of the difference: of its mean, or of its
// median if a run did not finish, or if all differences are equal, from which
// no deviation can be estimated.
func (p pairs) absolute() evidence {
	if p.baseOpen+p.otherOpen > 0 || len(p.x) < 2 {
		return orderOf(p.differences)
	}
	d := combine(p.x, p.y, 1)
	if p.flat(combine(slices.Repeat([]float64{1}, len(d)), d, d[0])) {
		return orderOf(p.differences)
	}
	return meanOf(d)
}

// ratio is what the pairs say of the difference in parts of the base.
func (p pairs) ratio() evidence {
	if p.baseOpen+p.otherOpen > 0 || len(p.x) < 2 {
		return orderOf(p.relative)
	}
	if e, _ := residuals(p.x, p.y); p.flat(e) {
		return orderOf(p.relative)
	}
	return ratioOf(p.x, p.y)
}

// flat reports whether deviations are nothing but rounding.
func (p pairs) flat(deviations []float64) bool {
	for i, v := range deviations {
		if math.Abs(v) > 1e-12*(math.Abs(p.x[i])+math.Abs(p.y[i])) {
			return false
		}
	}
	return true
}
