package draw

import (
	"math"
)

// Int64N returns a number in [0, n), n > 0. The bias is below n/2^64.
func (r *Rand) Int64N(n int64) int64 {
	if n <= 0 {
		panic("draw: Int64N needs n > 0")
	}
	return int64(mulHi(r.Uint64(), uint64(n)))
}

// Sample fills dst with distinct numbers in [0, n), each ordered choice being
// equally likely, and returns it. It takes one word for each number and no
// other memory, and a shorter dst gets the first part of what a longer one
// gets: a fanout of 3 is a fanout of 4 without the last. The cost grows with the
// square of len(dst); to order thousands, use Shuffle. It panics if
// len(dst) > n.
func (r *Rand) Sample(dst []int, n int) []int {
	if len(dst) > n {
		panic("draw: Sample needs len(dst) <= n")
	}
	// The first steps of Fisher and Yates on the numbers 0 … n-1: step i swaps
	// place i with a place at or behind it. First the places, …
	for i := range dst {
		dst[i] = i + r.IntN(n-i)
	}
	// … then, from the last to the first, the number that was in the place:
	// an earlier step i moved the number of place i to its partner.
	for k := len(dst) - 1; k > 0; k-- {
		at := dst[k]
		for i := k - 1; i >= 0; i-- {
			if dst[i] == at {
				at = i
			}
		}
		dst[k] = at
	}
	return dst
}

// Geometric is the distribution of the number of failures before the first
// success in independent trials: it jumps from hit to hit without asking
// between them. Make one with [NewGeometric].
type Geometric struct{ rate uint64 } // -ln(1-p) in Q57

// NewGeometric returns the distribution for a chance of success p. Error: the
// chance that is drawn with is off by less than 2^-56.
func NewGeometric(p Probability) Geometric {
	switch p {
	case 0:
		return Geometric{0}
	case Always:
		return Geometric{math.MaxUint64}
	}
	return Geometric{max(negLog(-uint64(p)), 1)}
}

// Sample draws a number of failures; the largest uint64 stands for "no success
// ever", which only a chance of 0 gives.
func (g Geometric) Sample(r *Rand) uint64 {
	e := negLog(^r.Uint64())
	if g.rate == 0 {
		return math.MaxUint64
	}
	return e / g.rate
}
