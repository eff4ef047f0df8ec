package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The promise of an interval: at 95%, it misses the truth once in 20 times.
// Each case draws many samples from a distribution whose truth is known.
func TestIntervalsCoverTheTruth(t *testing.T) {
	normal := func(r *rand.Rand) float64 { return 10 + 2*r.NormFloat64() }
	exponential := func(r *rand.Rand) float64 { return r.ExpFloat64() }
	lognormal := func(r *rand.Rand) float64 { return math.Exp(r.NormFloat64() / 2) }
	mean := func(x []float64) Interval { return Mean(x, Confidence) }
	for _, c := range []struct {
		name  string
		n     int
		draw  func(*rand.Rand) float64
		of    func([]float64) Interval
		truth float64
	}{
		{"mean of 5 normal", 5, normal, mean, 10},
		{"mean of 30 normal", 30, normal, mean, 10},
		{"mean of 40 exponential", 40, exponential, mean, 1},
		{"mean of 40 lognormal", 40, lognormal, mean, math.Exp(0.125)},
		{"geometric mean of 10 lognormal", 10, lognormal, func(x []float64) Interval { return GeoMean(x, Confidence) }, 1},
		{"median of 30 exponential", 30, exponential, quantile(0.5), math.Ln2},
		{"90th percentile of 100 exponential", 100, exponential, quantile(0.9), math.Log(10)},
		{"share of 100 coins", 100, exponential, shareBelow(0.5), 1 - math.Exp(-0.5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			const trials = 1200
			r, x, hits := rand.New(rand.NewPCG(7, uint64(c.n))), make([]float64, c.n), 0
			for range trials {
				for i := range x {
					x[i] = c.draw(r)
				}
				if in := c.of(x); in.Lo <= c.truth && c.truth <= in.Hi {
					hits++
				}
			}
			if got := float64(hits) / trials; got < 0.93 || got > 0.97 {
				t.Errorf("covers the truth in %.1f%% of %d samples, want 93%% to 97%%", 100*got, trials)
			}
		})
	}
}

func quantile(q float64) func([]float64) Interval {
	return func(x []float64) Interval {
		var s Sample
		for _, v := range x {
			s.Add(v, false)
		}
		return s.Quantile(q, Confidence)
	}
}

func shareBelow(limit float64) func([]float64) Interval {
	return func(x []float64) Interval {
		k := 0
		for _, v := range x {
			if v < limit {
				k++
			}
		}
		return Share(k, len(x), Confidence)
	}
}

// Without the bootstrap, the t interval misses a skewed mean too often: the
// reason why Mean changes over.
func TestBootstrapMendsSkewedMeans(t *testing.T) {
	const trials, n = 1000, 25
	r, x := rand.New(rand.NewPCG(3, 4)), make([]float64, n)
	var plain, mended int
	for range trials {
		for i := range x {
			x[i] = math.Exp(r.NormFloat64())
		}
		truth := math.Exp(0.5)
		if in := MeanT(x, Confidence); in.Lo <= truth && truth <= in.Hi {
			plain++
		}
		if in := Mean(x, Confidence); in.Lo <= truth && truth <= in.Hi {
			mended++
		}
	}
	if plain >= mended || float64(mended)/trials < 0.90 {
		t.Errorf("of %d intervals cover the truth: t %d, chosen %d", trials, plain, mended)
	}
}
