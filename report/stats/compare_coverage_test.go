package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// drawPairs draws paired values that share most of their randomness.
type drawPairs func(r *rand.Rand) (x, y float64)

func normalPair(r *rand.Rand) (x, y float64) {
	shared := r.NormFloat64()
	return 10 + shared + r.NormFloat64()/2, 11 + shared + r.NormFloat64()
}

func skewedPair(r *rand.Rand) (x, y float64) {
	shared := 1 + r.ExpFloat64()
	return 2 * shared, 2*shared + r.ExpFloat64()
}

func sample(r *rand.Rand, n int, draw drawPairs) (x, y []float64) {
	x, y = make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = draw(r)
	}
	return x, y
}

func TestComparisonsCoverTheTruth(t *testing.T) {
	absolute := func(p pairs) Interval { return p.absolute().interval(0.95) }
	relative := func(p pairs) Interval { return p.ratio().interval(0.95) }
	medians := func(p pairs) Interval { return orderOf(p.differences).interval(0.95) }
	for _, c := range []struct {
		name   string
		n      int
		draw   drawPairs
		of     func(pairs) Interval
		truth  float64
		trials int
	}{
		{"difference of 10 normal", 10, normalPair, absolute, 1, 2000},
		{"difference of 30 skewed", 30, skewedPair, absolute, 1, 2000},
		{"relative difference of 10 normal", 10, normalPair, relative, 0.1, 2000},
		{"relative difference of 40 skewed", 40, skewedPair, relative, 0.25, 1200},
		{"median difference of 25 skewed", 25, skewedPair, medians, math.Ln2, 2000},
	} {
		r, hits := rand.New(rand.NewPCG(21, uint64(c.n))), 0
		for range c.trials {
			x, y := sample(r, c.n, c.draw)
			if in := c.of(pair(runs(x...), runs(y...), SmallerIsBetter)); in.Lo <= c.truth && c.truth <= in.Hi {
				hits++
			}
		}
		share := float64(hits) / float64(c.trials)
		t.Logf("%s: %.1f%%", c.name, 100*share)
		if share < 0.93 || share > 0.97 {
			t.Errorf("%s: covers the truth in %.1f%% of %d samples, want 93%% to 97%%", c.name, 100*share, c.trials)
		}
	}
}

// family draws the comparisons of metrics with the differences given, in
// deviations of a run; metrics share a part of their noise.
func family(r *rand.Rand, n int, q Question, differences ...float64) []Comparison {
	out := make([]Comparison, len(differences))
	shared := ramp(n, func(int) float64 { return r.NormFloat64() })
	base := runs(ramp(n, func(i int) float64 { return float64(100 + i) })...)
	for m, d := range differences {
		other := make([]Run, n)
		for i := range other {
			other[i].Value = base[i].Value + d + 0.6*shared[i] + 0.8*r.NormFloat64()
		}
		out[m] = Compare(base, other, q)
	}
	Judge(out)
	return out
}

// A family has one wrong better or worse in at most 5% of comparisons, also where
// some metrics do differ; judged alone they would have it in far more.
func TestHolmKeepsTheFamilyWiseError(t *testing.T) {
	for _, c := range []struct {
		name        string
		q           Question
		differences []float64
	}{
		{"no metric differs", Question{}, []float64{0, 0, 0, 0, 0, 0}},
		{"two of six differ", Question{}, []float64{3, 0, 0, -3, 0, 0}},
		{"all at the margin", Question{Margin: 1}, []float64{1, 1, 1, -1, -1, 1}},
	} {
		const trials = 1000
		r, wrong, alone, found := rand.New(rand.NewPCG(31, 32)), 0, 0, 0
		for range trials {
			err, errAlone := false, false
			for m, got := range family(r, 15, c.q, c.differences...) {
				if differs := math.Abs(c.differences[m]) > c.q.Margin; differs && got.Verdict != Inconclusive {
					found++
				} else if !differs {
					err = err || got.Verdict == Better || got.Verdict == Worse
					errAlone = errAlone || got.P <= 0.05
				}
			}
			if err {
				wrong++
			}
			if errAlone {
				alone++
			}
		}
		t.Logf("%s: %.2f%% wrong, %.2f%% without adjustment, %d found", c.name, 100*float64(wrong)/trials, 100*float64(alone)/trials, found)
		if wrong > trials*6/100 || alone < trials*7/100 || c.name == "two of six differ" && found < 2*trials*99/100 {
			t.Errorf("%s: of %d families, %d are wrong, %d without adjustment, %d found", c.name, trials, wrong, alone, found)
		}
	}
}

// At the margin itself, and beyond, equivalence is claimed in at most 5%; within
// it, nearly always with enough runs.
func TestEquivalenceKeepsItsLevel(t *testing.T) {
	const trials = 2000
	for _, c := range []struct {
		difference float64
		least      float64
		most       float64
	}{{1, 0.04, 0.06}, {1.3, 0, 0.01}, {0, 0.95, 1}} {
		r, equivalent := rand.New(rand.NewPCG(41, 42)), 0
		for range trials {
			if family(r, 20, Question{Margin: 1}, c.difference)[0].Verdict == Equivalent {
				equivalent++
			}
		}
		share := float64(equivalent) / trials
		t.Logf("difference %v of a margin of 1: %.1f%% equivalent", c.difference, 100*share)
		if share < c.least || share > c.most {
			t.Errorf("difference %v of a margin of 1: %.1f%% equivalent, want %v to %v", c.difference, 100*share, c.least, c.most)
		}
	}
}

// The runs that are said to be missing do decide, about as often as promised.
func TestMoreRunsDecide(t *testing.T) {
	for _, c := range []struct {
		name       string
		q          Question
		difference float64
	}{
		{"a difference", Question{}, 0.5},
		{"beyond a margin", Question{Margin: 0.3}, 0.8},
		{"within a margin", Question{Margin: 0.6}, 0.05},
	} {
		// The runs seen happen to show the true difference and deviation.
		dev := math.Sqrt(29.0 / 30)
		base, other := make([]Run, 30), make([]Run, 30)
		for i := range base {
			base[i].Value = float64(i)
			other[i].Value = base[i].Value + c.difference + dev*float64(1-2*(i%2))
		}
		q := c.q
		first := Compare(base[:8], other[:8], q)
		r, decided := rand.New(rand.NewPCG(51, 52)), 0
		const trials = 1000
		for range trials {
			if family(r, 8+first.More, q, c.difference)[0].Verdict != Inconclusive {
				decided++
			}
		}
		t.Logf("%s: %d more, %.1f%% decided", c.name, first.More, float64(100*decided)/trials)
		if first.Verdict != Inconclusive || decided < trials*72/100 || decided > trials*92/100 {
			t.Errorf("%s: %s, and with %d more runs %d of %d are decided", c.name, first.Verdict, first.More, decided, trials)
		}
	}
}
