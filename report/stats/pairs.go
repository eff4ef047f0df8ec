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
	for i, b := range base {
		o := other[i]
		switch {
		case b.isOpen() && o.isOpen():
			p.baseOpen, p.otherOpen = p.baseOpen+1, p.otherOpen+1
		case b.isOpen():
			p.baseOpen, p.onlyOther = p.baseOpen+1, p.onlyOther+1
		case o.isOpen():
			p.otherOpen, p.onlyBase = p.otherOpen+1, p.onlyBase+1
		default:
			p.x, p.y = append(p.x, b.Value), append(p.y, o.Value)
		}
		difference, relative := contrast(b, o, d)
		p.differences, p.relative = append(p.differences, difference), append(p.relative, relative)
	}
	return p
}

// contrast is other less base, and in parts of the base. Where one run of two did
// not finish, the sign is that of the worse, however close the bounds known; of
// two nothing is known.
func contrast(base, other Run, d Direction) (difference, relative span) {
	x, y := base.span(d), other.span(d)
	if base.isOpen() && other.isOpen() {
		return unknown, unknown
	}
	difference, relative = y.less(x), y.parts(x)
	switch up := d == SmallerIsBetter; {
	case base.isOpen():
		return difference.onSide(!up), relative.onSide(!up)
	case other.isOpen():
		return difference.onSide(up), relative.onSide(up)
	}
	return difference, relative
}

func (s span) onSide(up bool) span {
	if up {
		return span{max(s.lo, some), s.hi}
	}
	return span{s.lo, min(s.hi, -some)}
}

// less is s - x, one of which is exact.
func (s span) less(x span) span { return span{s.lo - x.hi, s.hi - x.lo} }

// parts is s/x - 1, one of which is exact. It needs an x that is positive.
func (s span) parts(x span) span {
	if x.lo <= 0 {
		return unknown
	}
	a, b, c, d := s.lo/x.lo, s.lo/x.hi, s.hi/x.lo, s.hi/x.hi
	return span{min(a, b, c, d) - 1, max(a, b, c, d) - 1}
}

// finishesLess is the p-value of McNemar's exact test (McNemar 1947) that other
// finishes at least as often as base: of the pairs of which one run finished, a
// coin says which.
func (p pairs) finishesLess() float64 { return halves(p.onlyBase, p.onlyBase+p.onlyOther) }

func (p pairs) finishesMore() float64 { return halves(p.onlyOther, p.onlyBase+p.onlyOther) }

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
	if p.flat(d, d[0]) {
		return orderOf(p.differences)
	}
	return meanOf(d)
}

// ratio is what the pairs say of the difference in parts of the base, as absolute
// of the difference itself.
func (p pairs) ratio() evidence {
	if p.baseOpen+p.otherOpen > 0 || len(p.x) < 2 {
		return orderOf(p.relative)
	}
	if e, _ := residuals(p.x, p.y); !p.flat(e, 0) || p.toNothing() {
		return ratioOf(p.x, p.y)
	}
	return orderOf(p.relative)
}

// toNothing reports whether other is always 0 and the base varies: how far 0 is
// from a part of the base is told by the base alone.
func (p pairs) toNothing() bool {
	return !p.flat(p.x, p.x[0]) && !slices.ContainsFunc(p.y, func(v float64) bool { return v != 0 })
}

// flat reports whether values differ from the centre by nothing but rounding.
func (p pairs) flat(values []float64, centre float64) bool {
	for i, v := range values {
		if math.Abs(v-centre) > 1e-12*(math.Abs(p.x[i])+math.Abs(p.y[i])) {
			return false
		}
	}
	return true
}
