package draw

import (
	"math"
	"math/bits"
)

// The table of the normal distribution has a knot at each of the probabilities
// 2^-(o+2)·(1+j/cells) in octaves o = 0 … 62, ascending: from 2^-64, which a
// variate exceeds at 9.1 standard deviations, to 1/2. Octaves that are hit with
// less than 2^-17 have fewer cells. Between knots it is linear.
const (
	fineOctaves, fineBits     = 16, 8
	coarseOctaves, coarseBits = 63 - fineOctaves, 4

	coarseKnots = coarseOctaves << coarseBits
	normalKnots = coarseKnots + fineOctaves<<fineBits + 1
)

// normalTable holds, in Q58, what a standard normal variate exceeds with the
// knot's probability.
var normalTable = makeNormalTable()

func makeNormalTable() *[normalKnots]uint64 {
	t := new([normalKnots]uint64) // the last one, at 1/2, is 0
	i, z := normalKnots-2, 0.0
	for o := 0; o < fineOctaves+coarseOctaves; o++ {
		cells, steps := 1<<fineBits, 1
		if o >= fineOctaves {
			cells, steps = 1<<coarseBits, 1<<(7-coarseBits)
		}
		dp := math.Ldexp(1/float64(cells*steps), -o-2)
		for range cells {
			for range steps {
				z = normalStep(z, dp)
			}
			t[i] = uint64(fixed(z, 58))
			i--
		}
		// Steps double an error with each octave. Newton's method removes it.
		z += mills(z) - math.Ldexp(1, -o-2)/normalDensity(z)
		t[i+1] = uint64(fixed(z, 58))
	}
	return t
}

// normalStep takes the z that a standard normal variate exceeds with some
// probability p to that for p-dp, by the Taylor series of the quantile function
// (each derivative follows from φ' = -zφ). The error is about (dp/p)^6/6z.
func normalStep(z, dp float64) float64 {
	h, z2 := dp/normalDensity(z), float64(z*z)
	c5 := 7 + float64(z2*(46+float64(24*z2)))
	c4 := float64(z * (7 + float64(6*z2)))
	c3 := 1 + float64(2*z2)
	sum := float64(c4/24) + float64(float64(h*c5)/120)
	sum = float64(c3/6) + float64(h*sum)
	sum = float64(z/2) + float64(h*sum)
	sum = 1 + float64(h*sum)
	return z + float64(h*sum)
}

// normalTail returns, in Q58, what a standard normal variate exceeds with
// probability w/2^64, w < 2^63; 0 counts as 1. The error is below 2e-6 where w
// is above 2^47, and 2e-4 beyond.
func normalTail(w uint64) uint64 {
	w |= 1
	lz := uint(bits.LeadingZeros64(w))
	f := w << lz << 1
	o := lz - 1
	var i uint
	if o < fineOctaves {
		i = coarseKnots + (fineOctaves-1-o)<<fineBits + uint(f>>(64-fineBits))
		f <<= fineBits
	} else {
		i = (fineOctaves+coarseOctaves-1-o)<<coarseBits + uint(f>>(64-coarseBits))
		f <<= coarseBits
	}
	d, _ := bits.Mul64(normalTable[i]-normalTable[i+1], f)
	return normalTable[i] - d
}

// normalDensity is the density of the standard normal distribution.
func normalDensity(z float64) float64 {
	const root = 2.50662827463100050241576528481104525 // √(2π)
	return exp(float64(-0.5*float64(z*z))) / root
}

// mills is the chance that a standard normal variate exceeds z >= 0, over the
// density at z: the series of Marsaglia (J. Stat. Software 11(4), 2004) near 0,
// Laplace's continued fraction beyond.
func mills(z float64) float64 {
	if z < 3 {
		sum, term := z, z
		for k := 3.0; term > 1e-17*sum; k += 2 {
			term = float64(term*float64(z*z)) / k
			sum += term
		}
		return 0.5/normalDensity(z) - sum
	}
	f := z
	for k := 50.0; k >= 1; k-- {
		f = z + k/f
	}
	return 1 / f
}
