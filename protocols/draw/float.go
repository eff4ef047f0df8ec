package draw

import "math"

// The floats of this package, for constructors and [Dist.Mean]. Each product
// is rounded explicitly, so that no compiler fuses it with a sum, and functions
// that differ between architectures (math.Log, math.Exp) are not used.

const (
	ln2   = 0.693147180559945309417232121458176568
	ln2Hi = 0x162e42fefa38 * 0x1p-45 // 45 bits: its product with a small integer is exact
	ln2Lo = ln2 - ln2Hi
)

// ln is the natural logarithm of a positive normal number, to about 1e-16 of
// the result or of 1: the series of artanh.
func ln(x float64) float64 {
	b := math.Float64bits(x)
	e := float64(int64(b>>52) - 1023)
	m := math.Float64frombits(b&(1<<52-1) | 1023<<52)
	if m > math.Sqrt2 {
		m, e = m/2, e+1
	}
	s := (m - 1) / (m + 1)
	s2 := float64(s * s)
	sum := 0.0
	for k := 23; k >= 1; k -= 2 {
		sum = float64(sum*s2) + 1/float64(k)
	}
	return float64(e*ln2Hi) + (float64(e*ln2Lo) + float64(2*float64(s*sum)))
}

// inverses are 1/i, so that exp needs no division.
var inverses = [...]float64{0, 1, 1. / 2, 1. / 3, 1. / 4, 1. / 5, 1. / 6, 1. / 7, 1. / 8, 1. / 9, 1. / 10, 1. / 11, 1. / 12, 1. / 13, 1. / 14}

// exp is the exponential function for |x| < 700, to about 1e-15 of the result:
// the series.
func exp(x float64) float64 {
	k := math.Floor(float64(x/ln2) + 0.5)
	r := (x - float64(k*ln2Hi)) - float64(k*ln2Lo)
	sum := 1.0
	for i := len(inverses) - 1; i >= 1; i-- {
		sum = 1 + float64(float64(r*sum)*inverses[i])
	}
	return math.Ldexp(sum, int(k))
}

// fixed returns x as an integer in units of 2^-bits, rounded to the nearest.
func fixed(x float64, bits int) int64 {
	return int64(math.Floor(math.Ldexp(x, bits) + 0.5))
}
