package sim

import "math/bits"

const billion = 1_000_000_000

// mulDiv returns floor(a·b/c) and whether something is left over, for a, b >= 0
// and c > 0. A quotient of more than 62 bits counts as 2⁶².
func mulDiv(a, b, c int64) (q int64, rest bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c)>>2 && hi > 0 {
		return 1 << 62, false
	}
	quo, rem := bits.Div64(hi, lo, uint64(c))
	return int64(quo), rem > 0
}

// mulDivUp returns ceil(a·b/c).
func mulDivUp(a, b, c int64) int64 {
	q, rest := mulDiv(a, b, c)
	if rest {
		q++
	}
	return q
}

// mulHigh is the upper half of a·b: the product of two fractions of 2⁶⁴.
func mulHigh(a, b uint64) uint64 {
	hi, _ := bits.Mul64(a, b)
	return hi
}
