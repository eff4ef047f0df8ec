package stats

import "math"

// mean is NaN for no values.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// Variance is the unbiased variance, NaN for less than two values.
func Variance(x []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	return secondMoment(x) / float64(len(x)-1)
}

// StdDev is the square root of [Variance].
func StdDev(x []float64) float64 { return math.Sqrt(Variance(x)) }

// standardError is the standard deviation of the mean.
func standardError(x []float64) float64 {
	return math.Sqrt(Variance(x) / float64(len(x)))
}

// secondMoment is the sum of squared distances from the mean, in two passes:
// one pass loses all digits where the mean is large.
func secondMoment(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		d := v - m
		sum += float64(d * d)
	}
	return sum
}

// Skewness is the third standardized moment g of the values themselves, 0 if
// they are all equal or fewer than three.
func Skewness(x []float64) float64 {
	n := float64(len(x))
	second := secondMoment(x)
	if len(x) < 3 || second == 0 {
		return 0
	}
	m, third := mean(x), 0.0
	for _, v := range x {
		d := v - m
		third += float64(float64(d*d) * d)
	}
	sd := math.Sqrt(second / n)
	return third / n / float64(float64(sd*sd)*sd)
}
