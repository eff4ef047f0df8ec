package stats

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestLooks(t *testing.T) {
	for _, c := range []struct {
		p    Precision
		want []int
	}{
		{Precision{}, []int{10, 14, 20, 28, 40, 56, 80, 113, 160}},
		{Precision{Min: 3, Max: 30}, []int{10, 14, 20, 28, 30, 30}},
		{Precision{Min: 15}, []int{15, 21, 30, 42, 60}},
		{Precision{Max: 4}, []int{4, 4}},
	} {
		n, got := 0, []int(nil)
		for range c.want {
			n = c.p.Next(n)
			got = append(got, n)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v looks at %v, want %v", c.p, got, c.want)
		}
	}
	if got := (Precision{}).Next(33); got != 40 {
		t.Errorf("after 33: %d", got)
	}
}

func TestStop(t *testing.T) {
	narrow, wide := Interval{Value: 100, Lo: 99, Hi: 101}, Interval{Value: 100, Lo: 97, Hi: 101}
	for _, c := range []struct {
		name string
		p    Precision
		n    int
		in   []Interval
		want Stop
	}{
		{"narrow enough", Precision{HalfWidth: 1}, 10, []Interval{narrow}, Reached},
		{"too few runs", Precision{HalfWidth: 1}, 9, []Interval{narrow}, GoOn},
		{"one side is wide", Precision{HalfWidth: 2}, 10, []Interval{wide}, GoOn},
		{"one metric is wide", Precision{HalfWidth: 2}, 10, []Interval{narrow, wide}, GoOn},
		{"at the cap", Precision{HalfWidth: 1, Max: 20}, 20, []Interval{wide}, AtMost},
		{"at the cap, and precise", Precision{HalfWidth: 1, Max: 20}, 20, []Interval{narrow}, Reached},
		{"2% of the estimate are more than 2% of the truth", Precision{HalfWidth: 0.01, Relative: true}, 10, []Interval{narrow}, GoOn},
		{"relative", Precision{HalfWidth: 0.0102, Relative: true}, 10, []Interval{narrow}, Reached},
		{"relative to a negative value", Precision{HalfWidth: 0.011, Relative: true}, 10, []Interval{{Value: -100, Lo: -101, Hi: -99}}, Reached},
		{"all equal", Precision{HalfWidth: 1}, 10, []Interval{{Value: 3, Lo: 3, Hi: 3}}, NoSpread},
		{"all open", Precision{HalfWidth: 1}, 40, []Interval{unbounded(nan, 40, StudentT)}, GoOn},
		{"no run has a value", Precision{HalfWidth: 1}, 10, []Interval{unbounded(nan, 0, StudentT)}, NoValues},
		{"of one metric of two", Precision{HalfWidth: 1}, 10, []Interval{unbounded(nan, 0, StudentT), narrow}, GoOn},
	} {
		if got := c.p.Stop(c.n, c.in...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// To stop when the interval happens to be narrow costs coverage. At least ten
// runs and few looks keep what it costs small.
func TestSequentialIntervalsCoverTheTruth(t *testing.T) {
	for _, c := range []struct {
		halfWidth float64
		trials    int
	}{{0.1, 4000}, {0.05, 1000}} {
		p := Precision{HalfWidth: c.halfWidth, Relative: true, Max: 200}
		r, hits, runs := rand.New(rand.NewPCG(10, 11)), 0, 0
		for range c.trials {
			var x []float64
			var in Interval
			for stop := GoOn; stop == GoOn; stop = p.Stop(len(x), in) {
				for next := p.Next(len(x)); len(x) < next; {
					x = append(x, 10+2*r.NormFloat64())
				}
				in = MeanT(x, 0.95)
			}
			if in.Lo <= 10 && 10 <= in.Hi {
				hits++
			}
			runs += len(x)
		}
		share := float64(hits) / float64(c.trials)
		t.Logf("±%v: %.1f%% cover, %.1f runs each", c.halfWidth, 100*share, float64(runs)/float64(c.trials))
		if share < 0.93 || share > 0.97 {
			t.Errorf("±%v: %.1f%% cover", c.halfWidth, 100*share)
		}
	}
}
