package report

import (
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// runs with a series of one value a second each.
func seriesOf(values ...[]float64) []*sim.Result {
	var out []*sim.Result
	for _, list := range values {
		var f protocols.Figures
		for i, v := range list {
			f.Point("m", protocols.Time(i+1)*1e9, v)
		}
		out = append(out, &sim.Result{End: time.Duration(len(list)) * time.Second, Figures: map[string]protocols.Figures{"p": f}})
	}
	return out
}

// Runs that end early are the fast ones: a mean over those that are left would
// fall where it must rise.
func TestBandOfRunsThatEndAtDifferentTimes(t *testing.T) {
	results := seriesOf([]float64{0.5, 1}, []float64{0.1, 0.2, math.NaN(), 0.4})
	goal := bandOf(protocols.MetricSpec{Name: "p.m", Goal: true}, results)
	if want := []float64{0.3, 0.6, 0.7}; !near(goal.mean, want) || !slices.Equal(goal.at, []float64{1, 2, 4}) {
		t.Errorf("goal: %v at %v, want %v at 1, 2, 4", goal.mean, goal.at, want)
	}
	other := bandOf(protocols.MetricSpec{Name: "p.m"}, results)
	if want := []float64{0.3, 0.6}; !near(other.mean, want) {
		t.Errorf("other: %v, want %v while all run", other.mean, want)
	}
	if len(other.lo) != 2 || other.lo[0] >= other.mean[0] || other.hi[0] <= other.mean[0] {
		t.Errorf("interval [%v, %v]", other.lo, other.hi)
	}
	if one := bandOf(protocols.MetricSpec{Name: "p.m"}, results[:1]); one.lo != nil || !near(one.mean, []float64{0.5, 1}) {
		t.Errorf("one run: %+v", one)
	}
	if none := bandOf(protocols.MetricSpec{Name: "p.x"}, results); none.at != nil {
		t.Errorf("no run: %+v", none)
	}
}

func near(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) < 1e-12 })
}

func TestSeriesChartChoosesItsAxis(t *testing.T) {
	for _, c := range []struct {
		name   string
		spec   protocols.MetricSpec
		values []float64
		log    bool
		hi     float64
	}{
		{"a goal has all of it", protocols.MetricSpec{Unit: "ratio", Goal: true}, []float64{0.00001, 0.4}, false, 1},
		{"a share has all of it", protocols.MetricSpec{Unit: "ratio"}, []float64{0.3, 0.4}, false, 1},
		{"a share that falls through decades", protocols.MetricSpec{Unit: "ratio"}, []float64{1, 0.0001, 0}, true, 0},
		{"a share that is 0 and comes back", protocols.MetricSpec{Unit: "ratio"}, []float64{1, 0.0001, 0, 0.1}, false, 1},
		{"decades", protocols.MetricSpec{Unit: "1"}, []float64{100, 0.01}, true, 0},
		{"numbers", protocols.MetricSpec{Unit: "1"}, []float64{100, 50}, false, 0},
	} {
		s := &Study{Results: seriesOf(c.values)}
		c.spec.Name = "p.m"
		got := s.seriesChart(c.spec)
		if got.Y.Log != c.log || got.Y.Hi != c.hi || got.Empty() {
			t.Errorf("%s: log %v, high end %v", c.name, got.Y.Log, got.Y.Hi)
		}
	}
	s := &Study{Results: seriesOf([]float64{3, 3, 3})}
	if c := s.seriesChart(protocols.MetricSpec{Name: "p.m", Unit: "1"}); !c.Empty() {
		t.Error("a picture of nothing that changes")
	}
}

func TestCutTail(t *testing.T) {
	s := &Study{Results: seriesOf(slices.Concat([]float64{0.1, 0.5, 1}, slices.Repeat([]float64{1}, 97)))}
	spec := protocols.MetricSpec{Name: "p.m", Unit: "ratio", Goal: true}
	if hi := s.seriesChart(spec).X.Hi; hi < 3 || hi > 4 {
		t.Errorf("the axis ends at %v, want soon after 3", hi)
	}
	s.Results[0].Spans = []sim.FaultSpan{{Verb: "crash", From: 20 * time.Second, To: 40 * time.Second, Nodes: 1}}
	if hi := s.seriesChart(spec).X.Hi; hi < 40 || hi > 50 {
		t.Errorf("the axis ends at %v, want soon after the fault at 40", hi)
	}
	s.Results[0].Spans[0].To = 90 * time.Second
	if hi := s.seriesChart(spec).X.Hi; hi != 100 {
		t.Errorf("the axis ends at %v, want all", hi)
	}
}

// The curve of a histogram is the share of values that are at most so large.
func TestCumulative(t *testing.T) {
	a, b := &sim.Histogram{}, &sim.Histogram{}
	for _, v := range []int64{10, 10, 20, 30} {
		a.Add(v)
	}
	b.Add(10)
	all := &sim.Histogram{}
	all.Merge(a)
	all.Merge(b)
	got := cumulative(all, []*sim.Histogram{a, b})
	// Each value has a bucket of its own; before each, the curve is flat.
	if want := []float64{0, 0.75, 0.75, 0.875, 0.875, 1}; !near(got.mean, want) {
		t.Errorf("shares %v, want %v", got.mean, want)
	}
	if want := []float64{10e-9, 10e-9, 20e-9, 20e-9, 30e-9, 30e-9}; !near(got.at, want) {
		t.Errorf("at %v, want %v", got.at, want)
	}
}

func TestItemsChartCountsWhatDidNotFinish(t *testing.T) {
	var f protocols.Figures
	for i := range 10 {
		f.Items = append(f.Items, protocols.Item{Metric: "m", Value: float64(i/2 + 1), Censored: i >= 8})
	}
	s := &Study{Results: []*sim.Result{{Figures: map[string]protocols.Figures{"p": f}}}}
	c := s.itemsChart(protocols.MetricSpec{Name: "p.m", Unit: "s"}).Curves[0]
	// A step holds the value from the point before it.
	if !near(c.X[:4], []float64{1, 2, 3, 4}) || !near(c.Y, []float64{0, 0.2, 0.4, 0.6, 0.8}) {
		t.Errorf("%v at %v", c.Y, c.X)
	}
}

func TestHistogramOfNodes(t *testing.T) {
	edges, decades := binEdges([][]float64{{0, 1, 1, 2}, {1, 1, 1, 5}})
	if decades || edges[0] != -0.5 || edges[len(edges)-1] <= 5 {
		t.Errorf("edges %v", edges)
	}
	h := heights(edges, [][]float64{{0, 1, 1, 2}, {1, 1, 1, 5}})
	if want := []float64{0.5, 2.5, 0.5, 0, 0, 0.5}; !near(h, want) {
		t.Errorf("heights %v, want %v", h, want)
	}
	edges, decades = binEdges([][]float64{{0, 3, 3, 1000}})
	h = heights(edges, [][]float64{{0, 3, 3, 1000}})
	sum := 0.0
	for _, v := range h {
		sum += v
	}
	if !decades || sum != 4 || edges[len(edges)-1] <= 1000 {
		t.Errorf("decades %v, edges %v, heights %v", decades, edges, h)
	}
}

// Data of all sizes, or none, gives charts that can be drawn.
func TestPlotsOfLittle(t *testing.T) {
	for name, s := range map[string]*Study{
		"nothing":  {},
		"no point": {Results: []*sim.Result{{}}, Metrics: sim.KernelMetrics()},
		"point":    {Results: seriesOf([]float64{0.5}), Metrics: []protocols.MetricSpec{{Name: "p.m", Unit: "ratio", Goal: true}}},
		"NaN":      {Results: seriesOf([]float64{math.NaN()}), Metrics: []protocols.MetricSpec{{Name: "p.m", Unit: "ratio", Goal: true}}},
	} {
		plots := s.Plots()
		if (name == "point") != (len(plots) == 1) {
			t.Errorf("%s: %d plots", name, len(plots))
		}
		for _, p := range plots {
			if p.Inline() == "" {
				t.Errorf("%s: nothing drawn", name)
			}
		}
	}
}
