package draw

import (
	"fmt"
	"math/bits"
)

// Shifted returns the distribution of X + by.
func (d *Dist) Shifted(by int64) *Dist {
	s := *d
	s.shift = limit(d.shift, by)
	s.lo, s.hi = limit(d.lo, by), limit(d.hi, by)
	return &s
}

// Scaled returns the distribution of X·num/den, num >= 0 and den > 0. What it
// is made of is scaled and rounded to an integer, not each sample.
func (d *Dist) Scaled(num, den int64) *Dist {
	if num < 0 || den <= 0 {
		panic("draw: Scaled needs num >= 0 and den > 0")
	}
	if num == 0 {
		return Constant(0)
	}
	s := *d
	s.shift, s.lo, s.hi = scaled(d.shift, num, den), scaled(d.lo, num, den), scaled(d.hi, num, den)
	switch d.kind {
	case lognormal, pareto, weibull:
		s.base += fixed((ln(float64(num))-ln(float64(den)))/ln2, 50)
	case uniform:
		s.scale = uint64(scaled(int64(d.scale), num, den))
	case exponential, normal:
		s.scale = uint64(min(scaled(int64(d.scale), num, den), maxSpread))
	case empirical:
		s.values = make([]int64, len(d.values))
		for i, v := range d.values {
			s.values[i] = scaled(v, num, den)
		}
	}
	return &s
}

// Clamped returns the distribution of X moved into [lo, hi]: what lies outside
// becomes the nearer bound.
func (d *Dist) Clamped(lo, hi int64) *Dist {
	if lo > hi {
		panic("draw: Clamped needs lo <= hi")
	}
	c := *d
	c.lo, c.hi = min(max(d.lo, lo), hi), min(max(d.hi, lo), hi)
	return &c
}

// Truncated returns the distribution of X on condition that it is within
// [lo, hi]. A sample still costs one word. It is an error if X never is.
func (d *Dist) Truncated(lo, hi int64) (*Dist, error) {
	t := *d
	first, last := t.firstWord(lo), t.lastWord(hi)
	if lo > hi || d.Max() < lo || d.Min() > hi || first > last {
		return nil, fmt.Errorf("truncation to %d … %d leaves nothing of a distribution on %d … %d; widen the bounds", lo, hi, d.Min(), d.Max())
	}
	if d.span != 0 {
		first, last = max(first, d.first), min(last, d.first+d.span-1)
	}
	t.first, t.span = first, last-first+1 // 0 if all words remain
	return &t, nil
}

// firstWord returns the smallest word of the whole distribution whose quantile
// is at least lo, or the largest word if there is none.
func (d *Dist) firstWord(lo int64) uint64 {
	whole := *d
	whole.span = 0
	return search(func(u uint64) bool { return whole.Quantile(u) >= lo })
}

// lastWord returns the largest word of the whole distribution whose quantile is
// at most hi, or 0 if there is none.
func (d *Dist) lastWord(hi int64) uint64 {
	whole := *d
	whole.span = 0
	u := search(func(u uint64) bool { return whole.Quantile(u) > hi })
	if u > 0 && whole.Quantile(u) > hi {
		u--
	}
	return u
}

// search returns the smallest u for which f holds, f being false below some u
// and true from there on; the largest word if f never holds.
func search(f func(u uint64) bool) uint64 {
	var u uint64
	for bit := uint64(1) << 63; bit != 0; bit >>= 1 {
		if !f(u | bit - 1) {
			u |= bit
		}
	}
	return u
}

// limit returns a+b within ±Limit.
func limit(a, b int64) int64 {
	return min(max(min(max(a, -Limit), Limit)+min(max(b, -Limit), Limit), -Limit), Limit)
}

// scaled returns v·num/den rounded to the nearest, within ±Limit.
func scaled(v, num, den int64) int64 {
	if v < 0 {
		return -scaled(-v, num, den)
	}
	hi, lo := bits.Mul64(uint64(v), uint64(num))
	lo, carry := bits.Add64(lo, uint64(den)/2, 0)
	if hi += carry; hi >= uint64(den) {
		return Limit
	}
	q, _ := bits.Div64(hi, lo, uint64(den))
	return int64(min(q, Limit))
}
