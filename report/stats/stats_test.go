package stats

import (
	"math"
	"slices"
	"testing"
)

var inf, nan = math.Inf(1), math.NaN()

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-4*math.Abs(b)
}

// Values worked out by hand or taken from printed tables.
func TestIntervals(t *testing.T) {
	x := []float64{2, 4, 4, 4, 5, 5, 7, 9} // mean 5, sum of squares 32
	half := 2.364624 * math.Sqrt(32.0/7/8) // t table, 7 degrees of freedom
	for _, c := range []struct {
		name          string
		in            Interval
		value, lo, hi float64
	}{
		{"mean", Mean(x, 0.95), 5, 5 - half, 5 + half},
		{"mean at 99%", Mean(x, 0.99), 5, 5 - half*3.499483/2.364624, 5 + half*3.499483/2.364624},
		{"mean of equals", Mean([]float64{3, 3, 3}, 0.95), 3, 3, 3},
		{"mean of one", Mean([]float64{3}, 0.95), 3, -inf, inf},
		{"mean of none", Mean(nil, 0.95), nan, -inf, inf},
		{"geometric mean", GeoMean([]float64{1, 100}, 0.95), 10, 10 * math.Exp(-12.70620*math.Log(10)), 10 * math.Exp(12.70620*math.Log(10))},
		{"geometric mean with 0", GeoMean([]float64{1, 0}, 0.95), nan, -inf, inf},
		{"share 8 of 10", Share(8, 10, 0.95), 0.8, 0.490162, 0.943318}, // Brown, Cai and DasGupta 2001
		{"share 0 of 10", Share(0, 10, 0.95), 0, 0, 0.277533},
		{"share 10 of 10", Share(10, 10, 0.95), 1, 1 - 0.277533, 1},
		{"share of none", Share(0, 0, 0.95), nan, 0, 1},
	} {
		if !near(c.in.Value, c.value) || !near(c.in.Lo, c.lo) || !near(c.in.Hi, c.hi) {
			t.Errorf("%s: %v, want %v [%v, %v]", c.name, c.in, c.value, c.lo, c.hi)
		}
	}
}

func TestMeanChoosesItsMethod(t *testing.T) {
	even, skewed := make([]float64, 20), make([]float64, 20)
	for i := range even {
		even[i] = float64(i)
	}
	copy(skewed, even)
	skewed[7] = 1000
	if m := Mean(even, 0.95).Method; m != StudentT {
		t.Errorf("even values: %s", m)
	}
	in := Mean(skewed, 0.95)
	if in.Method != BootstrapT || !in.Bounded() || in.Hi-in.Value <= in.Value-in.Lo {
		t.Errorf("one value far above: %+v, want a bootstrap interval that reaches farther up than down", in)
	}
	if again := Mean(slices.Clone(skewed), 0.95); again != in {
		t.Errorf("the same values give %v and %v", in, again)
	}
	if m := Mean(skewed[:19], 0.95).Method; m != StudentT {
		t.Errorf("19 values: %s", m)
	}
	rare := slices.Repeat([]float64{0.1}, 20) // a third of all resamples are nothing but 0.1
	rare[0] = 1
	if in := Mean(rare, 0.95); in.Method != StudentT || !in.Bounded() {
		t.Errorf("all but one equal: %+v", in)
	}
}

// The ranks of binomial tables (Conover, Practical Nonparametric Statistics, A3).
func TestRanks(t *testing.T) {
	for _, c := range []struct {
		n      int
		q      float64
		lo, hi int
	}{
		{5, 0.5, 0, 6}, {6, 0.5, 1, 6}, {10, 0.5, 2, 9}, {20, 0.5, 6, 15}, {30, 0.5, 10, 21},
		{71, 0.95, 63, 72}, {72, 0.95, 64, 72}, {100, 0.95, 90, 100}, {10, 0, 0, 11}, {10, 1, 0, 11},
	} {
		if lo, hi := ranks(c.n, c.q, 0.95); lo != c.lo || hi != c.hi {
			t.Errorf("ranks(%d, %v) = %d, %d; want %d, %d", c.n, c.q, lo, hi, c.lo, c.hi)
		}
	}
}

func TestSampleCountsWhatDidNotFinish(t *testing.T) {
	var s Sample
	for i := range 18 {
		s.Add(float64(i+1), false)
	}
	s.Add(3.5, true)
	s.Add(60, true)
	if s.N() != 20 || s.Censored() != 2 {
		t.Fatalf("N %d, censored %d", s.N(), s.Censored())
	}
	// Ranks 6 and 15 of 20. The lower bound takes 3.5 for what it is, the upper
	// one takes it for longer than all.
	for _, c := range []struct{ q, value, lo, hi float64 }{
		{0.5, 10, 5, 15}, {0.9, 18, 14, inf}, {0.95, nan, 16, inf}, {1, nan, -inf, inf},
	} {
		in := s.Quantile(c.q, 0.95)
		if !near(in.Value, c.value) || in.Lo != c.lo || in.Hi != c.hi || in.N != 20 {
			t.Errorf("quantile %v = %+v, want %v [%v, %v]", c.q, in, c.value, c.lo, c.hi)
		}
	}
	if in := s.Mean(0.95); !math.IsNaN(in.Value) || in.Bounded() {
		t.Errorf("mean %+v, want none", in)
	}
	if in := s.Finished(0.95); in.Value != 0.9 || in.Hi >= 1 || in.Lo > 0.72 {
		t.Errorf("finished %+v", in)
	}
}

func TestSampleWithoutValues(t *testing.T) {
	var s Sample
	for range 3 {
		if in := s.Quantile(0.5, 0.95); !math.IsNaN(in.Value) || in.Bounded() {
			t.Errorf("median of %d unknowns: %+v", s.N(), in)
		}
		s.Add(nan, false)
	}
}

func TestSkewness(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want float64
	}{{[]float64{1, 2, 3}, 0}, {[]float64{0, 0, 0, 4}, 2 / math.Sqrt(3)}, {[]float64{1, 9}, 0}, {[]float64{5, 5, 5}, 0}, {nil, 0}} {
		if got := Skewness(c.x); !near(got, c.want) {
			t.Errorf("Skewness(%v) = %v, want %v", c.x, got, c.want)
		}
	}
}

func TestVarianceKeepsItsDigits(t *testing.T) {
	if got := Variance([]float64{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}); got != 30 {
		t.Errorf("variance %v, want 30", got)
	}
	if got := StdDev([]float64{1}); !math.IsNaN(got) {
		t.Errorf("deviation of one value %v", got)
	}
}

func TestMostlyOneValue(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want bool
	}{{[]float64{1, 2, 3, 4}, false}, {[]float64{1, 2, 3, 2}, true}, {[]float64{5, 1, 5, 2, 5}, true}, {[]float64{5, 1, 5, 2, 3}, false}, {[]float64{1, 1, 2, 3, 9, 9}, false}} {
		if got := mostlyOneValue(c.x); got != c.want {
			t.Errorf("mostlyOneValue(%v) = %v", c.x, got)
		}
	}
}

func TestRankOf(t *testing.T) {
	for n := 1; n < 300; n++ {
		for percent := 0; percent <= 100; percent++ {
			want := max((n*percent+99)/100, 1)
			if got := rankOf(float64(percent)/100, n); got != want {
				t.Fatalf("rankOf(%d%%, %d) = %d, want %d", percent, n, got, want)
			}
		}
	}
}

func TestRound6(t *testing.T) {
	for _, c := range [][2]float64{{1.23456789, 1.23457}, {123456.789, 123457}, {123456789, 123456789}, {-0.000123456789, -0.000123457},
		{1e300, 1e300}, {1 << 53, 9.0072e15}, {math.MaxFloat64, 1.79769e308}, {0.1 + 0.2, 0.3}} {
		if got := Round6(c[0]); got != c[1] {
			t.Errorf("Round6(%v) = %v, want %v", c[0], got, c[1])
		}
	}
	if z := Round6(math.Copysign(0, -1)); math.Signbit(z) {
		t.Error("negative zero stays negative")
	}
	if !math.IsNaN(Round6(nan)) || !math.IsInf(Round6(inf), 1) {
		t.Error("NaN and infinity must stay")
	}
}
