package draw

import (
	"math"
	"math/bits"
)

// Limit bounds what a [Dist] yields, in both directions: 146 years in
// nanoseconds. The sum of two values never overflows.
const Limit = 1<<62 - 1

// Dist is a distribution of int64 values, usually nanoseconds. Make one with a
// constructor; a Dist is immutable and may be shared.
//
// A sample is the quantile of one uniform word, made with integers alone. So
// every draw costs exactly one word, and two distributions that are drawn from
// with the same word rise and fall together: what differs between two runs with
// another mean is the mean, not the luck.
type Dist struct {
	kind   kind
	shift  int64   // added to what the kind yields
	scale  uint64  // range, mean or standard deviation, by kind
	base   int64   // kinds made by exp2: the exponent's constant part, Q50
	slope  uint64  // and its factor, Q56
	values []int64 // empirical: ascending

	lo, hi      int64  // results outside are moved to these
	first, span uint64 // the words in use are first … first+span-1; span 0: all
}

type kind uint8

const (
	constant kind = iota
	uniform
	exponential
	normal
	lognormal
	pareto
	weibull
	empirical
)

// Sample draws a value: the quantile of the next word. Cost: a few nanoseconds,
// no allocation.
func (d *Dist) Sample(r *Rand) int64 { return d.Quantile(r.Uint64()) }

// Quantile is the value that a sample exceeds with probability 1-u/2^64. It
// never falls when u rises.
func (d *Dist) Quantile(u uint64) int64 {
	if d.span != 0 {
		u = d.first + mulHi(u, d.span)
	}
	var x int64
	switch d.kind {
	case uniform:
		x = int64(mulHi(u, d.scale))
	case exponential:
		x = mulQ58(negLog(^u)<<1, d.scale)
	case normal:
		upper := int64(u) >> 63 // -1 in the upper half, else 0
		x = mulQ58(normalTail(u^uint64(upper)), d.scale)
		x = (x ^ ^upper) - ^upper
	case lognormal:
		upper := int64(u) >> 63
		x = d.exponent(normalTail(u ^ uint64(upper)))
		x = exp2(d.base + (x ^ ^upper) - ^upper)
	case pareto:
		x = exp2(d.base + d.exponent(negLog(^u)<<1))
	case weibull:
		x = exp2(d.base - d.exponent(negLog(negLog(^u))<<1))
	case empirical:
		x = interpolate(d.values, u)
	}
	return min(max(x+d.shift, d.lo), d.hi)
}

// exponent returns slope·y in Q50 for y in Q58.
func (d *Dist) exponent(y uint64) int64 { return int64(mulHi(y, d.slope)) }

// interpolate returns the value at u/2^64 of the way along the sorted values.
func interpolate(values []int64, u uint64) int64 {
	i, f := bits.Mul64(u, uint64(len(values)-1))
	if f == 0 && i == uint64(len(values)-1) {
		return values[i]
	}
	v := values[i]
	step, rest := bits.Mul64(f, uint64(values[i+1]-v))
	return v + int64(step+rest>>63)
}

// Min is the smallest value that Sample can return.
func (d *Dist) Min() int64 { return d.Quantile(0) }

// Max is the largest value that Sample can return.
func (d *Dist) Max() int64 { return d.Quantile(1<<64 - 1) }

// Mean is the mean of what Sample returns, bounds and truncation included,
// rounded; it is good to about a millionth of the spread. Cost: some 15 000
// samples.
func (d *Dist) Mean() int64 {
	if d.kind == constant {
		return d.Quantile(0)
	}
	// Intervals that halve towards both ends, 64 cells in each, and in each cell
	// the two points of Gauss and Legendre, at (1 ± 1/√3)/2 of the way.
	const cells = 64
	const near, far = 0x361962e9bf339000, 0xc9e69d1640cc7000
	sum := 0.0
	for o := 0; o < 57; o++ {
		start := uint64(1) << (62 - o)
		width, part := start/cells, 0.0
		for p := start; p < 2*start; p += width {
			a, b := p+mulHi(width, near), p+mulHi(width, far)
			part += float64(d.Quantile(a)) + float64(d.Quantile(^a))
			part += float64(d.Quantile(b)) + float64(d.Quantile(^b))
		}
		sum += math.Ldexp(part/(2*cells), -2-o)
	}
	return fixed(sum, 0)
}
