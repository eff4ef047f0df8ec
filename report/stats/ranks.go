package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// exactRanks is up to how many differences [SignedRank] is exact. It costs
// n³ steps; beyond, the normal distribution errs by less than one in a thousand.
const exactRanks = 100

// SignedRank is the two-sided p-value of Wilcoxon's signed-rank test (Wilcoxon
// 1945) that paired differences are symmetric about 0. It assumes no normal
// distribution and heeds how large differences are, infinite ones being the
// largest. Zeros are left out and equal sizes share their ranks; the p-value is
// exact all the same for up to 100 differences (R's wilcox.test is not, with
// ties). It is 1 if all are zero.
func SignedRank(d []float64) float64 {
	double := doubledRanks(d) // integers, although ranks may be halves
	sum, total := 0, 0
	for _, r := range double {
		sum += max(r, 0)
		total += max(r, -r)
	}
	low := min(sum, total-sum)
	if len(double) == 0 || 2*low == total {
		return 1
	}
	if len(double) > exactRanks {
		return normalRanks(double, low, total)
	}
	return roundTo(min(1, 2*chanceOfRanks(double, low)), 10)
}

// doubledRanks returns twice the rank of each difference by its size, with its
// sign.
func doubledRanks(d []float64) []int {
	kept := make([]float64, 0, len(d))
	for _, v := range d {
		if v != 0 {
			kept = append(kept, v)
		}
	}
	slices.SortFunc(kept, func(a, b float64) int {
		switch x, y := math.Abs(a), math.Abs(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0 // their ranks are equal, and so is what their order gives
	})
	ranks := make([]int, len(kept))
	for i := 0; i < len(kept); {
		j := i
		for j < len(kept) && math.Abs(kept[j]) == math.Abs(kept[i]) {
			j++
		}
		for k := i; k < j; k++ { // ranks i+1 … j, their mean twice
			ranks[k] = i + 1 + j
			if kept[k] < 0 {
				ranks[k] = -ranks[k]
			}
		}
		i = j
	}
	return ranks
}

// chanceOfRanks is the chance that a sum of the ranks, each taken or not by a
// coin, is at most low.
func chanceOfRanks(double []int, low int) float64 {
	chance := make([]float64, low+1)
	chance[0] = 1
	for _, r := range double {
		r = max(r, -r)
		for s := low; s >= 0; s-- {
			chance[s] /= 2
			if s >= r {
				chance[s] += chance[s-r] / 2
			}
		}
	}
	sum := 0.0
	for _, c := range chance {
		sum += c
	}
	return sum
}

// normalRanks is the p-value by the normal distribution, with the correction for
// continuity. The variance is the sum of squared ranks over 4, ties included.
func normalRanks(double []int, low, total int) float64 {
	squares := 0.0
	for _, r := range double {
		squares += float64(r * r)
	}
	z := (float64(low) - float64(total)/2 + 1) / math.Sqrt(squares/4)
	return roundTo(min(1, 2*distuv.UnitNormal.CDF(z)), 10)
}

// Holm adjusts the p-values of one family of tests (Holm 1979): if those at most
// α are rejected, the chance of one false rejection or more is at most α,
// however the tests depend on one another. A NaN is no test, and stays.
func Holm(p []float64) []float64 {
	out, places := slices.Clone(p), make([]int, 0, len(p))
	for i, v := range p {
		if !math.IsNaN(v) {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return a - b
	})
	last := 0.0
	for k, i := range places {
		last = max(last, min(1, float64(float64(len(places)-k)*p[i])))
		out[i] = last
	}
	return out
}
