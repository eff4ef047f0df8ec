package draw

import (
	"math"
	"slices"
	"testing"
)

// sampleDumb is Rand.Sample with all the numbers in memory.
func sampleDumb(r *Rand, k, n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	for i := range k {
		j := i + r.IntN(n-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:k]
}

func TestSampleIsFisherYates(t *testing.T) {
	r := New(5)
	for range 2000 {
		n := 1 + r.IntN(40)
		k := r.IntN(n + 1)
		a, b := r, r
		got, want := a.Sample(make([]int, k), n), sampleDumb(&b, k, n)
		if !slices.Equal(got, want) || a != b {
			t.Fatalf("sample of %d in %d is %v, want %v", k, n, got, want)
		}
		if k > 0 {
			c := r
			if shorter := c.Sample(make([]int, k-1), n); !slices.Equal(shorter, got[:k-1]) {
				t.Fatalf("sample of %d in %d is %v, of one less %v", k, n, got, shorter)
			}
		}
		r.Uint64()
	}
}

// All ordered choices of 3 in 5 come up equally often (χ², 59 degrees of
// freedom: 109 has a probability of 1e-4).
func TestSampleIsFair(t *testing.T) {
	const n = 60_000
	var counts [125]int
	r, dst := New(8), make([]int, 3)
	for range n {
		r.Sample(dst, 5)
		counts[dst[0]*25+dst[1]*5+dst[2]]++
	}
	chi2, seen := 0.0, 0
	for _, c := range counts {
		if c > 0 {
			seen++
			chi2 += math.Pow(float64(c)-n/60., 2) / (n / 60.)
		}
	}
	if seen != 60 || chi2 > 109 {
		t.Errorf("%d of 60 choices, χ² is %.0f", seen, chi2)
	}
	if a := testing.AllocsPerRun(100, func() { r.Sample(dst, 1000) }); a != 0 {
		t.Errorf("%v allocations a sample", a)
	}
}

func TestGeometric(t *testing.T) {
	r := New(6)
	for _, p := range []float64{0.9, 0.5, 0.1, 1e-3, 1e-6, 1e-12} {
		const n = 100_000
		g := NewGeometric(Ratio(uint64(p*1e15), 1e15))
		sum, below := 0.0, 0
		median := math.Ceil(math.Log(0.5)/math.Log1p(-p)) - 1
		for range n {
			x := float64(g.Sample(&r))
			sum += x
			if x <= median {
				below++
			}
		}
		mean, sd := (1-p)/p, math.Sqrt(1-p)/p
		if math.Abs(sum/n-mean) > 4*sd/math.Sqrt(n) {
			t.Errorf("p = %g: mean is %g, want %g", p, sum/n, mean)
		}
		want := -math.Expm1((median + 1) * math.Log1p(-p))
		if math.Abs(float64(below)/n-want) > 4*0.5/math.Sqrt(n) {
			t.Errorf("p = %g: %d of %d are at most %g, want %.0f", p, below, n, median, want*n)
		}
	}
	if x := NewGeometric(0).Sample(&r); x != math.MaxUint64 {
		t.Errorf("p = 0: %d failures", x)
	}
	for range 1000 {
		if x := NewGeometric(Always).Sample(&r); x != 0 {
			t.Errorf("p = 1: %d failures", x)
		}
	}
}

// Words are 64 bits wide where int has 32, too.
func TestIntegersArePinned(t *testing.T) {
	r := New(1)
	if a, b, c := r.IntN(math.MaxInt32), r.Int64N(math.MaxInt64), r.IntN(1); a != 1216681717 || b != 6878622605533214258 || c != 0 {
		t.Errorf("numbers are %d, %d, %d", a, b, c)
	}
	if got := r.Sample(make([]int, 5), 1_000_000); !slices.Equal(got, []int{444359, 444265, 762894, 877349, 523069}) {
		t.Errorf("sample is %#v", got)
	}
	if k := DeriveString(Derive(1, 2), "gossip"); k != 0x87bc25c0aa86b70c {
		t.Errorf("derived key is %#x", k)
	}
}
