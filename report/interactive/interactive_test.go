package interactive

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"meshsim/report/chart"
)

// What is embedded is what npm's package of that version holds, byte for byte.
func TestUPlotIsPinned(t *testing.T) {
	for _, c := range []struct{ name, content, sum string }{
		{"uPlot.iife.min.js", uPlotJS, "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f"},
		{"uPlot.min.css", uPlotCSS, "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04"},
		{"LICENSE", uPlotLicence, "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd"},
	} {
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(c.content))); got != c.sum {
			t.Errorf("%s has the SHA-256 %s, want %s", c.name, got, c.sum)
		}
	}
	if !strings.Contains(uPlotJS, "(v"+Version+")") {
		t.Errorf("the script is not of version %s", Version)
	}
}

// An HTML parser ends a script or style at its end tag, wherever that stands, and
// a comment of licences at its end.
func TestNothingEndsTheElementsEarly(t *testing.T) {
	for _, bad := range []string{"</script", "<script", "<!--"} {
		if strings.Contains(strings.ToLower(Script), bad) {
			t.Errorf("the script holds %q", bad)
		}
	}
	if strings.Contains(Style, "</") || strings.Contains(uPlotLicence, "*/") {
		t.Error("the style sheet or the licence ends too early")
	}
}

func wave(n int) chart.Curve {
	c := chart.Curve{Name: "wave"}
	for i := range n {
		y := math.Sin(float64(i) / 500)
		c.X, c.Y = append(c.X, float64(i)/10), append(c.Y, y)
		c.Lo, c.Hi = append(c.Lo, y-1), append(c.Hi, y+1)
	}
	return c
}

// A long curve has few points on the page, and yet its ends and every peak.
func TestThinning(t *testing.T) {
	long := wave(50_000)
	long.Y[12_345], long.Y[40_001], long.Y[7] = 99, -99, math.NaN()
	p := NewPage(1)
	p.Add(&chart.Chart{Curves: []chart.Curve{long}}, "long", true)
	c := p.Charts[0].Curves[0]
	grid := p.Grids[c.Grid]
	if p.Thinned() != curvePoints || len(grid) > curvePoints || len(grid) < curvePoints/2 || len(c.Y) != len(grid) || len(c.Lo) != len(grid) {
		t.Fatalf("%d points, %d values, %d bounds", len(grid), len(c.Y), len(c.Lo))
	}
	seen := map[float64]float64{}
	for i, x := range grid {
		if i > 0 && x <= grid[i-1] {
			t.Fatalf("%g follows on %g", x, grid[i-1])
		}
		seen[x] = c.Y[i]
	}
	if seen[1234.5] != 99 || seen[4000.1] != -99 || seen[0] != long.Y[0] || seen[4999.9] != long.Y[49_999] {
		t.Error("a peak or an end is missing")
	}
}

// Curves at the same places share them; what is short stays whole.
func TestGridsAreShared(t *testing.T) {
	p := NewPage(3)
	p.Add(&chart.Chart{Curves: []chart.Curve{wave(100), wave(100)}}, "a", true)
	p.Add(&chart.Chart{Curves: []chart.Curve{wave(101)}}, "b", true)
	if p.Thinned() != 0 || len(p.Grids) != 2 || len(p.Grids[0]) != 100 || len(p.Grids[1]) != 101 {
		t.Errorf("%d grids", len(p.Grids))
	}
}

// However many curves there are, the page stays small enough to be mailed.
func TestPageStaysSmall(t *testing.T) {
	const curves = 60
	p := NewPage(curves)
	for i := range curves {
		c := wave(20_000)
		c.X[0] -= float64(i) // a grid of its own
		p.Add(&chart.Chart{Curves: []chart.Curve{c}}, "", true)
	}
	b, err := json.Marshal(p)
	if err != nil || len(b) > 1_000_000 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

// JSON has no NaN, and a logarithmic axis no place for 0.
func TestValuesThatCannotBeDrawn(t *testing.T) {
	c := chart.Chart{X: chart.Axis{Log: true}, Y: chart.Axis{Log: true}, Curves: []chart.Curve{{
		X: []float64{0, 1, 2, 3, 4}, Y: []float64{5, 0, math.NaN(), math.Inf(1), 1.23456789e-7}}}}
	p := NewPage(1)
	p.Add(&c, "", false)
	b, err := json.Marshal(p)
	if err != nil || !strings.Contains(string(b), `"grids":[[1,2,3,4]]`) || !strings.Contains(string(b), `"y":[null,null,null,1.234568e-07]`) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestSuits(t *testing.T) {
	line := chart.Curve{X: []float64{1}, Y: []float64{1}}
	for _, c := range []struct {
		chart chart.Chart
		want  bool
	}{
		{chart.Chart{}, false}, {chart.Chart{Curves: []chart.Curve{line}}, true},
		{chart.Chart{Curves: []chart.Curve{{X: []float64{1}, Y: []float64{math.NaN()}}}}, false},
		{chart.Chart{Curves: []chart.Curve{line}, Bars: []chart.Bars{{Edges: []float64{0, 1}, Heights: []float64{1}}}}, false},
		{chart.Chart{Curves: []chart.Curve{line}, X: chart.Axis{Names: []string{"a", "b"}}}, false},
		{chart.Chart{Curves: []chart.Curve{line}, Points: []chart.Points{{}}}, false},
	} {
		if Suits(&c.chart) != c.want {
			t.Errorf("%+v: %v", c.chart, !c.want)
		}
	}
}
