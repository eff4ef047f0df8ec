package chart

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

func labels(ticks []tick) string {
	var out []string
	for _, t := range ticks {
		l := t.label
		if t.power != "" {
			l += "^" + t.power
		}
		out = append(out, l)
	}
	return strings.Join(out, " ")
}

func TestLinearTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		unit   string
		want   string
	}{
		{0, 60, 6, "s", "0 10 20 30 40 50 60"},
		{0, 3, 6, "s", "0.0 0.5 1.0 1.5 2.0 2.5 3.0"},
		{0, 0.25, 5, "s", "0 50 100 150 200 250"},
		{0, 1, 5, "ratio", "0 20 40 60 80 100"},
		{0.97, 1, 5, "ratio", "97 98 99 100"},
		{0, 2200, 5, "1", "0 500 1k 1.5k 2k"},
		{0, 1e6, 5, "1/s", "0 200k 400k 600k 800k 1M"},
		{0, 0.3, 3, "1", "0 0.1 0.2 0.3"},
		{-1, 1, 4, "1", "-1 -0.5 0 0.5 1"},
		{0, 86400, 6, "s", "0 5 10 15 20"},
		{0, 3e6, 4, "B", "0 1 2 3"},
		{1e9, 1e9 + 3, 3, "1", "1G 1.000000001G 1.000000002G 1.000000003G"},
	} {
		if got := labels(linearTicks(interval{c.lo, c.hi}, c.n, c.unit)); got != c.want {
			t.Errorf("ticks of [%v, %v] %s: %s, want %s", c.lo, c.hi, c.unit, got, c.want)
		}
	}
}

func TestLogTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		n      int
		unit   string
		want   string
	}{
		{2e-3, 0.5, 9, "s", "2 ms 5 ms 10 ms 20 ms 50 ms 100 ms 200 ms 500 ms"},
		{2e-3, 0.5, 5, "s", "10 ms 100 ms"},
		{1e-6, 10, 9, "s", "1 µs 10 µs 100 µs 1 ms 10 ms 100 ms 1 s 10 s"},
		{1e-4, 1, 5, "ratio", "0.01% 0.1% 1% 10% 100%"},
		{1, 1e4, 5, "1", "1 10 100 1k 10k"},
		{1e-12, 1e2, 7, "1", "10^−12 10^−10 10^−8 10^−6 10^−4 10^−2 10^0 10^2"},
	} {
		if got := labels(logTicks(interval{c.lo, c.hi}, c.n, c.unit)); got != c.want {
			t.Errorf("ticks of [%v, %v] %s: %s, want %s", c.lo, c.hi, c.unit, got, c.want)
		}
	}
}

// The unit of the label is that of the ticks, also where whole ticks reach the next
// one.
func TestTitleHasTheUnitOfTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi      float64
		title, want string
	}{
		{0.3, 0.93, "time (s)", "0.0 0.2 0.4 0.6 0.8 1.0"},
		{0.3, 0.79, "time (ms)", "0 200 400 600 800"},
		{100, 590, "time (min)", "0 2 4 6 8 10"},
	} {
		s := newScale(&Axis{Label: "time", Unit: "s"}, interval{c.lo, c.hi}, 5, false)
		if got := labels(s.ticks); s.title != c.title || got != c.want {
			t.Errorf("data in [%v, %v]: %q over %s, want %q over %s", c.lo, c.hi, s.title, got, c.title, c.want)
		}
	}
}

func TestStep(t *testing.T) {
	for _, c := range [][2]float64{{1, 1}, {1.01, 2}, {2, 2}, {3, 5}, {6, 10}, {0.04, 0.05}, {0.1, 0.1}, {0, 0}, {-1, 0}} {
		if got := Step(c[0]); rounded(got) != c[1] {
			t.Errorf("Step(%v) = %v, want %v", c[0], got, c[1])
		}
	}
}

// A long series makes a small file, and its peak is still there.
func TestThinKeepsPeaks(t *testing.T) {
	var points []vg.Point
	for i := range 100000 {
		points = append(points, vg.Point{X: vg.Length(i) / 250, Y: 1})
	}
	points[54321].Y = 99
	out := thin(points)
	peak := vg.Length(0)
	for i, p := range out {
		peak = max(peak, p.Y)
		if i > 0 && p.X < out[i-1].X {
			t.Fatal("points go back")
		}
	}
	if len(out) > 3000 || peak != 99 || out[len(out)-1].X != vg.Length(99999)/250 {
		t.Errorf("%d points, peak %v", len(out), peak)
	}
}

// An axis of one value has room on both sides of it.
func TestOneValue(t *testing.T) {
	for _, log := range []bool{false, true} {
		s := newScale(&Axis{Log: log, Ticks: []float64{1, 2, 3}}, interval{3, 3}, 5, true)
		if at := s.norm(3); !(at > 0.1 && at < 0.9) {
			t.Errorf("log %v: 3 is at %v of the axis [%v, %v]", log, at, s.lo, s.hi)
		}
	}
}

// What has no value along y still has its place along x.
func TestBoundsOfTriangles(t *testing.T) {
	c := Chart{Points: []Points{{X: []float64{1, 2, 3}, Y: []float64{math.Inf(1), 7, math.NaN()}}}}
	if x, y := c.bounds(); x != (interval{1, 2}) || y != (interval{7, 7}) {
		t.Errorf("x is %v and y is %v", x, y)
	}
}
