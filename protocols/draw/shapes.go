package draw

import (
	"fmt"
	"math"
)

// What the constructors accept. Beyond it a sample could overflow, or its
// distribution would be that of Limit.
const (
	maxSpread          = 1 << 56 // of means and standard deviations: 2.3 years in nanoseconds
	minShape, maxShape = 0.02, 1000
)

// Constant always yields v, held within ±[Limit].
func Constant(v int64) *Dist { return bounded(Dist{kind: constant, shift: v}) }

// Uniform is the uniform distribution on [lo, hi), and Constant(lo) if they are
// equal. Error: each value's chance is off by less than 2^-64.
func Uniform(lo, hi int64) *Dist {
	if lo > hi {
		panic("draw: Uniform needs lo <= hi")
	}
	if lo < -Limit || hi > Limit || hi > lo+Limit {
		panic("draw: Uniform needs bounds within Limit, and no further apart")
	}
	return bounded(Dist{kind: uniform, shift: lo, scale: uint64(hi) - uint64(lo)})
}

// Exponential is shift plus an exponential variate of the given mean: the gap
// between the events of a Poisson process. Error: quantiles are off by 1e-11 of
// the mean beside rounding to an integer; none exceeds 44.4 times the mean (probability 2^-64).
func Exponential(shift, mean int64) (*Dist, error) {
	if err := check("exponential", shift, spread{"mean", mean}); err != nil {
		return nil, err
	}
	return bounded(Dist{kind: exponential, shift: shift, scale: uint64(mean)}), nil
}

// Normal is the normal distribution. Error: quantiles are off by less than 2e-6
// of the standard deviation, 2e-4 where they have a probability below 2^-17
// beyond them; none is further than 9.1 standard deviations from the mean.
func Normal(mean, sd int64) (*Dist, error) {
	if err := check("normal", mean, spread{"standard deviation", sd}); err != nil {
		return nil, err
	}
	return bounded(Dist{kind: normal, shift: mean, scale: uint64(sd)}), nil
}

// Lognormal is shift plus a lognormal variate of that mean and standard
// deviation. Error: as a normal one in the logarithm.
func Lognormal(shift, mean, sd int64) (*Dist, error) {
	if err := check("lognormal", shift, spread{"mean", mean}, spread{"standard deviation", sd}); err != nil {
		return nil, err
	}
	if mean == 0 {
		if sd > 0 {
			return nil, fmt.Errorf("lognormal: a mean of 0 with a standard deviation of %d is impossible; write a positive mean", sd)
		}
		return Constant(shift), nil
	}
	if sd == 0 {
		return Constant(shift + mean), nil
	}
	// With c = sd/mean: σ² = ln(1+c²), and the median is mean/√(1+c²).
	c := float64(sd) / float64(mean)
	s2 := float64(c * c)
	if c > 1e-4 { // below, the sum has no room for the square
		s2 = ln(1 + s2)
	}
	return logarithmic(lognormal, shift, (ln(float64(mean))-s2/2)/ln2, math.Sqrt(s2)), nil
}

// LognormalMedian is shift plus a lognormal variate given by its median e^μ and
// the standard deviation σ of its logarithm.
func LognormalMedian(shift, median int64, sigma float64) (*Dist, error) {
	if err := checkScale("lognormal", shift, "median", median); err != nil {
		return nil, err
	}
	if !(sigma >= 0.001 && sigma <= 50) {
		return nil, fmt.Errorf("lognormal: sigma is %g; write one from 0.001 to 50", sigma)
	}
	return logarithmic(lognormal, shift, ln(float64(median))/ln2, sigma), nil
}

// Pareto is the distribution on [min, ∞) with P(X > x) = (min/x)^shape. Its
// mean is min·shape/(shape-1), and infinite for shapes up to 1. Error:
// quantiles are off by less than 2e-10 of themselves beside rounding to an integer;
// they stop at Limit and at 2^(64/shape)·min. For the shifted form,
// P(X > x) = (1+x/scale)^-shape on [0, ∞), also called Lomax or Pareto II, take
// Pareto(scale, shape) and shift it by -scale.
func Pareto(min int64, shape float64) (*Dist, error) {
	if err := checkScale("pareto", 0, "minimum", min); err != nil {
		return nil, err
	}
	if err := checkShape("pareto", shape); err != nil {
		return nil, err
	}
	return logarithmic(pareto, 0, ln(float64(min))/ln2, 1/shape), nil
}

// ParetoMean is the Pareto distribution with that minimum and mean, mean > min.
func ParetoMean(min, mean int64) (*Dist, error) {
	if mean <= min {
		return nil, fmt.Errorf("pareto: mean %d is not above the minimum %d; write a larger mean", mean, min)
	}
	return Pareto(min, float64(mean)/(float64(mean)-float64(min)))
}

// Weibull is the distribution on [0, ∞) with P(X > x) = e^-(x/scale)^shape.
// Shapes below 1 have many short and few very long values. Error: quantiles are
// off by less than 1e-9/shape of themselves beside rounding to an integer.
func Weibull(scale int64, shape float64) (*Dist, error) {
	if err := checkScale("weibull", 0, "scale", scale); err != nil {
		return nil, err
	}
	if err := checkShape("weibull", shape); err != nil {
		return nil, err
	}
	// The sampler takes ln(E/2^7) for ln E.
	return logarithmic(weibull, 0, ln(float64(scale))/ln2+7/shape, 1/shape), nil
}

// Empirical follows measured values, ascending: its quantile function runs
// straight from each value to the next, all steps being equally likely. It
// keeps a copy. Error: rounding to an integer.
func Empirical(sorted []int64) (*Dist, error) {
	if len(sorted) == 0 {
		return nil, fmt.Errorf("empirical: no values; write at least one")
	}
	for i, v := range sorted {
		if v < -Limit || v > Limit {
			return nil, fmt.Errorf("empirical: value %d is beyond ±%d", v, int64(Limit))
		}
		if i > 0 && v < sorted[i-1] {
			return nil, fmt.Errorf("empirical: value %d follows %d; write the values in ascending order", v, sorted[i-1])
		}
	}
	return bounded(Dist{kind: empirical, values: append([]int64(nil), sorted...)}), nil
}

// logarithmic makes a kind whose samples are shift + 2^(base + factor·y/ln 2).
func logarithmic(k kind, shift int64, base, factor float64) *Dist {
	return bounded(Dist{kind: k, shift: shift, base: fixed(base, 50), slope: uint64(fixed(factor/ln2, 56))})
}

func bounded(d Dist) *Dist {
	d.lo, d.hi = -Limit, Limit
	return &d
}

type spread struct {
	name  string
	value int64
}

func check(dist string, shift int64, spreads ...spread) error {
	for _, s := range spreads {
		if s.value < 0 || s.value > maxSpread {
			return fmt.Errorf("%s: %s is %d; write one from 0 to %d", dist, s.name, s.value, int64(maxSpread))
		}
	}
	return checkShift(dist, shift)
}

func checkScale(dist string, shift int64, name string, v int64) error {
	if v < 1 || v > Limit {
		return fmt.Errorf("%s: %s is %d; write one from 1 to %d", dist, name, v, int64(Limit))
	}
	return checkShift(dist, shift)
}

func checkShape(dist string, shape float64) error {
	if !(shape >= minShape && shape <= maxShape) {
		return fmt.Errorf("%s: shape is %g; write one from %g to %g", dist, shape, minShape, float64(maxShape))
	}
	return nil
}

func checkShift(dist string, shift int64) error {
	if shift < -Limit || shift > Limit {
		return fmt.Errorf("%s: %d is beyond ±%d", dist, shift, int64(Limit))
	}
	return nil
}
