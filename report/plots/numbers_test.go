package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"meshsim/report/stats"
)

func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		text string
		v    float64
		unit string
	}{
		{"3", 3, "1"}, {"0", 0, "1"}, {"250ms", 0.25, "s"}, {"1m30s", 90, "s"}, {"5%", 0.05, "ratio"}, {"1KiB", 1024, "B"}, {"64B", 64, "B"},
		{"100Mbit/s", 1e8, "bit/s"}, {"2MB/s", 2e6, "B/s"}, {"5/s", 5, "1/s"}, {"-1.5", -1.5, "1"},
	} {
		if v, u, ok := quantity(c.text); !ok || math.Abs(v-c.v) > 1e-12*math.Abs(c.v) || u != c.unit {
			t.Errorf("%s is %v %s, %v; want %v %s", c.text, v, u, ok, c.v, c.unit)
		}
	}
	for _, text := range []string{"push-pull", "", "true", "1/3 of edge", "[1, 2]", "eu"} {
		if v, u, ok := quantity(text); ok {
			t.Errorf("%q is taken for %v %s", text, v, u)
		}
	}
}

// Numbers stand in their order, words as the sweep has them.
func TestDimensionOrder(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{"10", "9", "100"}, []string{"9", "10", "100"}},
		{[]string{"1s", "250ms", "2s"}, []string{"250ms", "1s", "2s"}},
		{[]string{"push", "pull", "10"}, []string{"push", "pull", "10"}},
		{[]string{"2s", "1"}, []string{"2s", "1"}}, // units differ
	} {
		dim := dimension{values: slices.Clone(c.in)}
		dim.sort()
		if !slices.Equal(dim.values, c.want) {
			t.Errorf("%q becomes %q, want %q", c.in, dim.values, c.want)
		}
	}
}

// The share is that of counting, and between quantiles close to it.
func TestShare(t *testing.T) {
	few := Items{Count: 5, Sorted: []float64{1, 2, 2, 7, nan}}
	for _, c := range []struct{ at, want, below float64 }{{0.5, 0, 0}, {1, 0.2, 0}, {2, 0.6, 0.2}, {3, 0.6, 0.6}, {7, 0.8, 0.6}, {99, 0.8, 0.8}} {
		if got, below := few.share(c.at, false), few.share(c.at, true); got != c.want || below != c.below {
			t.Errorf("at %v: share %v, below %v; want %v, %v", c.at, got, below, c.want, c.below)
		}
	}
	many := Items{Count: 10000, Sorted: make([]float64, 201)}
	for k := range many.Sorted {
		if many.Sorted[k] = float64(k * k); k > 180 {
			many.Sorted[k] = nan
		}
	}
	for _, v := range []float64{0, 3, 100, 777, 10000, 32400} {
		if got, want := many.share(v, false), math.Sqrt(v)/200; math.Abs(got-want) > 0.005 {
			t.Errorf("at %v: share %v, want about %v", v, got, want)
		}
	}
	if got := many.share(1e9, false); got != 0.9 {
		t.Errorf("the tenth that had not finished is in a share of %v", got)
	}
}

func TestBoxOf(t *testing.T) {
	b := boxOf(3, []float64{11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 40}, 0)
	if b.At != 3 || b.Q1 != 3 || b.Median != 6 || b.Q3 != 9 || b.Lo != 1 || b.Hi != 11 || !slices.Equal(b.Beyond, []float64{40}) || math.Abs(b.Mean-106./12) > 1e-12 {
		t.Errorf("box of 1 to 11 and 40: %+v", b)
	}
	// A quarter open: the third quartile is the largest that finished; with more it
	// is beyond all.
	b = boxOf(0, []float64{1, 2, 3, 4, 5, 6}, 2)
	if b.Q3 != 6 || b.Median != 4 || !math.IsNaN(b.Mean) {
		t.Errorf("2 of 8 open: %+v", b)
	}
	b = boxOf(0, []float64{1, 2, 3, 4, 5}, 3)
	if !math.IsInf(b.Q3, 1) || !math.IsInf(b.Hi, 1) || b.Median != 4 || b.Lo != 1 || b.Beyond != nil {
		t.Errorf("3 of 8 open: %+v", b)
	}
	if b = boxOf(0, nil, 8); !math.IsNaN(b.Median) {
		t.Errorf("all open: %+v", b)
	}
}

// Of y = 3·x^1.5 with noise that multiplies, the slope is 1.5; its interval holds
// it, and has no width without noise.
func TestSlope(t *testing.T) {
	d := swept(8, func(fanout, interval float64, run int) float64 {
		return 3 * math.Pow(interval, 1.5) * (1 + float64(run)/10)
	}, 3)
	x := d.dimension("interval")
	g := d.groups(&x)
	dr := &drawing{Data: d}
	if got := dr.slope(&g[0], &x); got != "slope 1.5 [1.5, 1.5]" {
		t.Errorf("%s", got)
	}
	d.Points[0].Values[0] = d.Points[0].Values[0][:1]
	if got := dr.slope(&g[0], &x); got != "slope 1.5" {
		t.Errorf("one replication is whole: %s", got)
	}
	if got := leastSquares([]float64{0, 1, 2, 3}, []float64{1, 3, 2, 5}); math.Abs(got-1.1) > 1e-12 {
		t.Errorf("least squares: %v, want 1.1", got)
	}
}

// Cells stand where their values do, and those that tie with the best are the ones
// of package stats.
func TestHeatmapCells(t *testing.T) {
	d := swept(12, func(fanout, interval float64, run int) float64 {
		if fanout == 4 && interval == 10 {
			return nan
		}
		return interval*10 - math.Min(fanout, 3) + float64((run*int(fanout*7+interval))%5)/10
	}, 2, 3, 4)
	d.Points = slices.Delete(d.Points, 1, 2) // fanout=2 interval=2s
	p, err := Draw(d, Options{Kind: HeatmapKind})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.X.Names, []string{"2", "3", "4"}) || !slices.Equal(p.Y.Names, []string{"1s", "2s", "10s"}) {
		t.Fatalf("names %q and %q", p.X.Names, p.Y.Names)
	}
	standings := stats.Standings(d.paired(0), stats.Question{Direction: stats.SmallerIsBetter})
	for i, point := range d.Points {
		row, column := slices.Index(p.Y.Names, point.value("interval")), slices.Index(p.X.Names, point.value("fanout"))
		v, e := p.Cells.Values[row][column], point.estimate(d, 0).Value
		if v != e && !(math.IsNaN(v) && math.IsNaN(e)) {
			t.Errorf("%s: %v in its cell, want %v", point.Name, v, e)
		}
		if p.Cells.Outlined[row][column] != standings[i].Tie || p.Rows[i].Best != standings[i].Tie {
			t.Errorf("%s: outlined %v, ties %v", point.Name, p.Cells.Outlined[row][column], standings[i].Tie)
		}
	}
	if v := p.Cells.Values[1][0]; !math.IsNaN(v) || p.Cells.Texts[1][0] != "" {
		t.Errorf("the cell without a point has %v %q", v, p.Cells.Texts[1][0])
	}
	if got := p.Cells.Texts[2][2]; got != "12 of 12 open" {
		t.Errorf("the cell of runs that never finished says %q", got)
	}
	if p.Cells.Outline != "ties with the lowest (95%)" {
		t.Errorf("the outline says %q", p.Cells.Outline)
	}
}

// No outline where no value is better, or larger ones are.
func TestHeatmapDirection(t *testing.T) {
	d := swept(12, steady, 2, 4)
	d.Measures[0].Better = "larger"
	p, err := Draw(d, Options{Kind: HeatmapKind, X: "fanout"})
	if err != nil || p.Cells.Outline != "ties with the highest (95%)" || !p.Cells.Outlined[2][0] || p.Cells.Outlined[0][1] {
		t.Errorf("larger is better: %q, outlined %v, %v", p.Cells.Outline, p.Cells.Outlined, err)
	}
	d.Measures[0].Better = "neither"
	if p, err = Draw(d, Options{Kind: HeatmapKind, X: "fanout"}); err != nil || p.Cells.Outline != "" {
		t.Errorf("neither is better: %q, %v", p.Cells.Outline, err)
	}
}

// The Pareto set is joined from left to right.
func TestParetoSet(t *testing.T) {
	d := against(swept(6, steady, 2, 3, 4)) // messages grow with fanout, time falls with it and grows with the interval
	p, err := Draw(d, Options{Kind: ParetoKind})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Points[0].Labels, []string{"fanout=2 interval=1s", "fanout=3 interval=1s", "fanout=4 interval=1s"}; !slices.Equal(got, want) {
		t.Errorf("joined are %q, want %q", got, want)
	}
	if !slices.IsSorted(p.Points[0].X) || len(p.Points[1].X) != 6 {
		t.Errorf("x of the set %v, and %d others", p.Points[0].X, len(p.Points[1].X))
	}
}

// Runs that end early are carried on at a goal; of anything else only what all
// have is shown.
func TestMeanOverTime(t *testing.T) {
	runs := []Series{overTime(0, 0.5, 1), overTime(0, 0.1, 0.2, 0.6)}
	d := &Data{Measures: []Measure{{Metric: "gossip.coverage", Form: "series", Unit: "ratio", Better: "larger"}}, Points: []Point{{Series: runs}}}
	dr := &drawing{Data: d, plot: &Plot{}}
	if cu := dr.meanOverTime(&d.Points[0]); !slices.Equal(cu.X, []float64{0, 1, 2, 3}) || cu.Y[3] != 0.8 {
		t.Errorf("towards a goal: %v %v", cu.X, cu.Y)
	}
	d.Measures[0].Better = "neither"
	if cu := dr.meanOverTime(&d.Points[0]); !slices.Equal(cu.X, []float64{0, 1, 2}) || cu.Y[1] != 0.3 {
		t.Errorf("otherwise: %v %v", cu.X, cu.Y)
	}
}

// Estimates stay where values can be, and missing runs are not open ones.
func TestEstimate(t *testing.T) {
	d := &Data{Measures: []Measure{{Unit: "ratio"}}}
	of := func(values ...float64) Estimate {
		p := Point{Values: [][]Value{{{Missing: true}}}}
		for _, v := range values {
			p.Values[0] = append(p.Values[0], Value{Run: stats.Run{Value: v, Open: math.IsNaN(v)}})
		}
		return p.estimate(d, 0)
	}
	if e := of(0, 0, 0.9, 1); e.Lo != 0 || e.Hi != 1 || e.N != 4 {
		t.Errorf("of a ratio: %+v", e)
	}
	if e := of(0.5); !math.IsNaN(e.Lo) || e.Value != 0.5 {
		t.Errorf("of one run: %+v", e)
	}
	if e := of(0.1, 0.2, 0.3, nan); e.Value != 0.2 || e.Open != 1 || e.Method != stats.OrderStatistics {
		t.Errorf("with an open run, the median: %+v", e)
	}
	if e := of(0.1, nan, nan); !math.IsNaN(e.Value) || !math.IsInf(e.place(), 1) {
		t.Errorf("mostly open: %+v", e)
	}
}

// Where an item of every run had not finished there is no mean, but a median and
// a distribution.
func TestItemsThatNeverFinish(t *testing.T) {
	d := form(swept(6, func(float64, float64, int) float64 { return nan }, 2), "sample")
	for i := range d.Points {
		for r := range d.Points[i].Items {
			d.Points[i].Items[r] = Items{Count: 4, Sorted: []float64{1, 2, 3, nan}}
		}
	}
	p, err := Draw(d, Options{Kind: CDFKind})
	if err != nil || p.Curves[0].Y[len(p.Curves[0].Y)-1] != 0.75 {
		t.Errorf("a curve to 75%%: %v, %+v", err, p)
	}
	d.OfItems, d.Measures[0].Statistic = false, "mean"
	if _, err := Draw(d, Options{Kind: PointsKind}); err == nil || !strings.Contains(err.Error(), "it has no mean; write --statistic p50, or --kind cdf") {
		t.Errorf("points of a mean: %v", err)
	}
}

// A replication that one point lacks pairs with nothing.
func TestPaired(t *testing.T) {
	d := swept(5, steady, 2)
	d.Points[1].Values[0][3] = Value{Missing: true}
	d.Points[2].Values[0] = d.Points[2].Values[0][:4]
	for i, runs := range d.paired(0) {
		if len(runs) != 3 || runs[2].Value != d.Points[i].Values[0][2].Value {
			t.Errorf("%d runs of %s are paired: %v", len(runs), d.Points[i].Name, runs)
		}
	}
}
