package draw

import (
	"math"
	"testing"
)

// Chances are in proportion to 1/(k+1)^exponent, and samples follow them.
func TestZipf(t *testing.T) {
	for _, c := range []struct {
		n        int
		exponent float64
	}{{1, 0.99}, {2, 1}, {10, 0}, {100, 0.99}, {1000, 1.5}, {50, 10}} {
		z := NewZipf(c.n, c.exponent)
		sum := 0.0
		for k := range c.n {
			sum += math.Pow(float64(k+1), -c.exponent)
		}
		for k := range c.n {
			want := math.Pow(float64(k+1), -c.exponent) / sum
			if got := float64(z.Chance(k)) / (1 << 64); math.Abs(got-want) > 1e-12 {
				t.Errorf("%v: the chance of %d is %v, want %v", c, k, got, want)
			}
		}
		r, counts := New(7), make([]float64, c.n)
		const samples = 100000
		for range samples {
			counts[z.Sample(&r)]++
		}
		for k := range min(c.n, 10) {
			p := float64(z.Chance(k)) / (1 << 64)
			if got := counts[k] / samples; math.Abs(got-p) > 5*math.Sqrt(p*(1-p)/samples)+1e-9 {
				t.Errorf("%v: %d is drawn with frequency %v, want %v", c, k, got, p)
			}
		}
	}
}

// The bounds of a table are exact where they are asked for.
func TestZipfEnds(t *testing.T) {
	z := NewZipf(3, 1)
	for k, end := range z.ends {
		for _, c := range []struct {
			word uint64
			want int
		}{{end, k}, {end + 1, (k + 1) % 3}} {
			if got := z.find(c.word); got != c.want {
				t.Errorf("word %x is %d, want %d", c.word, got, c.want)
			}
		}
	}
}
