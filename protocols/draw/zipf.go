package draw

import "math"

// Zipf is the distribution on 0 … n-1 in which k has a chance in proportion to
// 1/(k+1)^exponent. It is a table of n words, which all samplers share.
type Zipf struct{ ends []uint64 } // chance of at most k in units of 2^-64, less one

// ZipfExponent reports whether a Zipf distribution may have that exponent: 0,
// which is uniform, to 10.
func ZipfExponent(e float64) bool { return e >= 0 && e <= 10 }

// NewZipf tabulates a Zipf distribution, n >= 1. Error: chances are off by less
// than 1e-12 of all. Cost: some 50 ns a number.
func NewZipf(n int, exponent float64) *Zipf {
	if n < 1 || !ZipfExponent(exponent) {
		panic("draw: NewZipf needs n >= 1 and an exponent from 0 to 10")
	}
	sums, sum := make([]float64, n), 0.0
	for k := range sums {
		sum += exp(-float64(exponent * ln(float64(k+1))))
		sums[k] = sum
	}
	z := &Zipf{make([]uint64, n)}
	for k := range sums {
		// 53 bits of the share; the last one is all of them.
		z.ends[k] = uint64(fixed(sums[k]/sum, 53))<<11 - 1
	}
	z.ends[n-1] = math.MaxUint64
	return z
}

// Sample draws a number. It takes one word and log2(n) steps.
func (z *Zipf) Sample(r *Rand) int { return z.find(r.Uint64()) }

// find is the number that a word stands for.
func (z *Zipf) find(u uint64) int {
	low, high := 0, len(z.ends)-1 // the answer is among them
	for low < high {
		if middle := (low + high) / 2; u <= z.ends[middle] {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// Chance is the probability of k.
func (z *Zipf) Chance(k int) Probability {
	if k == 0 {
		return Probability(z.ends[0])
	}
	return Probability(z.ends[k] - z.ends[k-1])
}
