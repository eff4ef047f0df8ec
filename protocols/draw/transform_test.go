package draw

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// Scaling and shifting commute with drawing, but for rounding.
func TestScaledAndShifted(t *testing.T) {
	r := New(4)
	list := append(specimens(), specimen{name: "constant", d: Constant(77e6)},
		specimen{name: "empirical", d: must(Empirical([]int64{-4e6, 1e6, 7e6}))})
	for _, s := range list {
		x3 := s.d.Scaled(3, 7).Shifted(1000)
		for range 10_000 {
			u := r.Uint64()
			want := float64(s.d.Quantile(u))*3/7 + 1000
			if got := float64(x3.Quantile(u)); math.Abs(got-want) > 12+1e-9*math.Abs(want) {
				t.Fatalf("%s: scaled quantile of %#x is %.0f, want %.1f", s.name, u, got, want)
			}
		}
		if z := s.d.Scaled(0, 1); z.Min() != 0 || z.Max() != 0 {
			t.Errorf("%s: scaled by 0 it is %d … %d", s.name, z.Min(), z.Max())
		}
		if big := s.d.Scaled(math.MaxInt64, 1).Shifted(math.MaxInt64); big.Max() > Limit || big.Min() < -Limit {
			t.Errorf("%s: scaled beyond all bounds it is %d … %d", s.name, big.Min(), big.Max())
		}
	}
}

// A shifted Pareto distribution is Lomax's.
func TestShiftedParetoIsLomax(t *testing.T) {
	d := must(Pareto(1e9, 2)).Shifted(-1e9)
	for _, c := range []struct {
		u    uint64
		want float64
	}{{0, 0}, {1 << 63, 1e9 * (math.Sqrt2 - 1)}, {3 << 62, 1e9}} {
		if got := d.Quantile(c.u); math.Abs(float64(got)-c.want) > 1 {
			t.Errorf("quantile of %#x is %d, want %.0f", c.u, got, c.want)
		}
	}
}

func TestClamped(t *testing.T) {
	d := must(Normal(0, 1000)).Clamped(-500, 700)
	low, high, r := 0, 0, New(2)
	const n = 100_000
	for range n {
		switch x := d.Sample(&r); {
		case x < -500 || x > 700:
			t.Fatalf("sample %d outside", x)
		case x == -500:
			low++
		case x == 700:
			high++
		}
	}
	for _, c := range []struct {
		got  int
		want float64
	}{{low, distuv.UnitNormal.CDF(-0.5)}, {high, distuv.UnitNormal.CDF(-0.7)}} {
		if math.Abs(float64(c.got)/n-c.want) > 0.006 {
			t.Errorf("%d of %d at the bound, want %.0f", c.got, n, c.want*n)
		}
	}
	if e := d.Clamped(900, 1000); e.Min() != 900 || e.Max() != 900 {
		t.Errorf("clamped twice it is %d … %d, want 900", e.Min(), e.Max())
	}
	if e := d.Clamped(-5000, 5000); e.Min() != -500 || e.Max() != 700 {
		t.Errorf("clamped twice it is %d … %d, want -500 … 700", e.Min(), e.Max())
	}
}

func TestTruncated(t *testing.T) {
	const n = 50_000
	unit := distuv.Normal{Mu: 0, Sigma: 1e6}
	d := must(must(Normal(0, 1e6)).Truncated(-5e5, 2e6))
	twice := must(must(must(Normal(0, 1e6)).Truncated(-5e5, Limit)).Truncated(-Limit, 2e6))
	if d.Min() != -5e5 || d.Max() != 2e6 || twice.Min() != -5e5 || twice.Max() != 2e6 {
		t.Errorf("bounds are %d … %d and %d … %d, want -500000 … 2000000", d.Min(), d.Max(), twice.Min(), twice.Max())
	}
	r, v := New(2), make([]float64, n)
	for i := range v {
		u := r.Uint64()
		v[i] = float64(d.Quantile(u))
		if x := float64(twice.Quantile(u)); math.Abs(x-v[i]) > 1 {
			t.Fatalf("truncated in two steps the quantile of %#x is %.0f, in one %.0f", u, x, v[i])
		}
	}
	slices.Sort(v)
	lo, hi := unit.CDF(-5e5), unit.CDF(2e6)
	if ks := kolmogorov(v, func(x float64) float64 { return (unit.CDF(x) - lo) / (hi - lo) }); ks*math.Sqrt(n) > 2.2 {
		t.Errorf("KS statistic is %.5f", ks)
	}
	if all := must(Uniform(5, 9).Truncated(-Limit, Limit)); all.span != 0 {
		t.Errorf("truncating nothing leaves %d words", all.span)
	}
	if one := must(Uniform(5, 9).Truncated(7, 7)); one.Min() != 7 || one.Max() != 7 || one.Mean() != 7 {
		t.Errorf("one value left: %d … %d, mean %d", one.Min(), one.Max(), one.Mean())
	}
}
