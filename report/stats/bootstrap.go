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

// meanBootstrap estimates the mean with the studentized bootstrap (Efron 1979;
// Hall 1988, who shows that its error falls as 1/n where that of the plain
// percentile falls as 1/√n). Draws come from a fixed seed: the same values give
// the same interval. Less than half of the values may be equal. Cost:
// resamples × n.
func meanBootstrap(x []float64, confidence float64) Interval {
	n, m, se := len(x), mean(x), standardError(x)
	source := rand.NewPCG(1, uint64(n))
	again, t := make([]float64, n), make([]float64, 0, resamples)
	for range resamples {
		for i := range again {
			again[i] = x[index(source, n)]
		}
		if d := mean(again) - m; d != 0 {
			t = append(t, d/standardError(again)) // infinite if all drawn are equal
		} else {
			t = append(t, 0)
		}
	}
	slices.Sort(t)
	tail := (1 - confidence) / 2
	lo, hi := t[rankOf(1-tail, resamples)-1], t[rankOf(tail, resamples)-1]
	return Interval{Value: m, Lo: m - float64(lo*se), Hi: m - float64(hi*se), N: n, Method: BootstrapT}
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
