package sim

import "math/bits"

const billion = 1_000_000_000

// mulDiv returns floor(a·b/c) and whether something is left over. The quotient
// must fit 63 bits.
func mulDiv(a, b, c int64) (q int64, rest bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
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
