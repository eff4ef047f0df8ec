package stats

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// resamples is how often a bootstrap draws. 1999 leaves the ends of a 95%
// interval on the 50th draw from either side.
const resamples = 1999

// meanBootstrap is what x says of its mean by the studentized bootstrap (Efron
// 1979; Hall 1988, who shows that its error falls as 1/n where that of the plain
// percentile falls as 1/√n). Less than half of the values may be equal.
func meanBootstrap(x []float64) location {
	m, again := mean(x), make([]float64, len(x))
	return location{n: len(x), value: m, se: standardError(x), pivots: pivots(len(x), m, func(pick []int) (float64, float64) {
		for i, p := range pick {
			again[i] = x[p]
		}
		return mean(again), standardError(again)
	})}
}

// pivots draws the distribution of (estimate - truth) / standard error, sorted.
// estimate makes an estimate and its error from the values at the places picked.
// Draws come from a fixed seed: the same values give the same interval. Cost:
// resamples × n.
func pivots(n int, truth float64, estimate func(pick []int) (value, se float64)) []float64 {
	source := rand.NewPCG(1, uint64(n))
	pick, t := make([]int, n), make([]float64, 0, resamples)
	for range resamples {
		for i := range pick {
			pick[i] = index(source, n)
		}
		value, se := estimate(pick)
		if d := value - truth; d != 0 {
			t = append(t, d/se) // infinite if all drawn are equal
		} else {
			t = append(t, 0)
		}
	}
	slices.Sort(t)
	return t
}

// index draws from [0, n). The methods of rand.Rand draw other numbers on
// machines of 32 bits.
func index(source *rand.PCG, n int) int {
	hi, _ := bits.Mul64(source.Uint64(), uint64(n))
	return int(hi)
}

// rankOf is the rank, from 1, of the value that a part q of n values do not
// exceed. Products like 0.07·100 must not be lifted to the next rank.
func rankOf(q float64, n int) int {
	exact := float64(q * float64(n))
	return min(max(int(math.Ceil(exact-1e-9)), 1), n)
}
