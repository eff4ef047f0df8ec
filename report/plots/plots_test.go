package plots

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/report/stats"
)

var nan = math.NaN()

// swept makes points of a sweep: value gives that of a replication at a point,
// NaN for one that had not finished.
func swept(runs int, value func(fanout, interval float64, run int) float64, fanouts ...int) *Data {
	d := &Data{Study: "made-up", Measures: []Measure{{Metric: "gossip.convergence_time", Form: "scalar", Statistic: "value", Unit: "s", Better: "smaller", Doc: "until all know"}}}
	for _, f := range fanouts {
		for _, interval := range []int{1, 2, 10} {
			p := Point{Name: fmt.Sprintf("fanout=%d interval=%ds", f, interval), Nodes: 100, Values: make([][]Value, 1), Settings: []Setting{
				{"protocols.gossip.fanout", "fanout", fmt.Sprint(f)}, {"protocols.gossip.interval", "interval", fmt.Sprintf("%ds", interval)}}}
			for r := range runs {
				v := value(float64(f), float64(interval), r)
				p.Values[0] = append(p.Values[0], Value{Run: stats.Run{Value: v, Open: math.IsNaN(v)}})
				p.Series = append(p.Series, overTime(0, v/100, v/50))
				p.Items = append(p.Items, Items{Count: 4, Sorted: []float64{v, v + 1, v + 2, v + 3}})
			}
			d.Points = append(d.Points, p)
		}
	}
	return d
}

// overTime is a series with a value each second.
func overTime(values ...float64) (s Series) {
	for i, v := range values {
		s = append(s, protocols.Point{At: protocols.Time(i) * 1e9, Value: v})
	}
	return s
}

// steady has noise that depends on the replication alone.
func steady(fanout, interval float64, run int) float64 {
	return 4*interval/fanout + float64(run%5)/10 + 1
}

// against adds a second metric that grows with the fanout.
func against(d *Data) *Data {
	d.Measures = append(d.Measures, Measure{Metric: "net.messages", Form: "scalar", Statistic: "value", Unit: "1", Better: "smaller"})
	fanout := d.dimension("fanout")
	for i := range d.Points {
		p := &d.Points[i]
		values := slices.Clone(p.Values[0])
		for r := range values {
			values[r] = Value{Run: stats.Run{Value: 1000*fanout.number(p) + float64(r)}}
		}
		p.Values = append(p.Values, values)
	}
	return d
}

func form(d *Data, form string) *Data {
	d.Measures[0].Form, d.OfItems = form, form == "sample"
	if form == "series" {
		d.Measures[0].Metric, d.Measures[0].Unit = "gossip.coverage", "ratio"
	}
	return d
}

// pictures are data and options of all kinds of figures.
func pictures() map[string]func() (*Data, Options) {
	some := func() *Data { return swept(12, steady, 2, 3, 4) }
	censored := func(fanout, interval float64, run int) float64 {
		if interval > 5 && (fanout < 3 || run < 4) {
			return nan
		}
		return steady(fanout, interval, run)
	}
	sixty := make([]int, 20)
	for i := range sixty {
		sixty[i] = i + 1
	}
	make := func(d *Data, o Options) func() (*Data, Options) { return func() (*Data, Options) { return d, o } }
	return map[string]func() (*Data, Options){
		"series":          make(form(some(), "series"), Options{Kind: SeriesKind}),
		"cdf":             make(some(), Options{Kind: CDFKind}),
		"cdf-items":       make(form(some(), "sample"), Options{Kind: CDFKind}),
		"box":             make(some(), Options{Kind: BoxKind}),
		"box-sixty":       make(swept(12, steady, sixty...), Options{Kind: BoxKind}),
		"box-censored":    make(swept(12, censored, 2, 3), Options{Kind: BoxKind}),
		"points":          make(some(), Options{Kind: PointsKind}),
		"points-interval": make(some(), Options{Kind: PointsKind, X: "gossip.interval"}),
		"points-censored": make(swept(12, censored, 2, 3, 4), Options{Kind: PointsKind}),
		"points-log":      make(some(), Options{Kind: PointsKind, Log: true, Title: "With a title", Width: 250}),
		"bars":            make(some(), Options{Kind: BarsKind, X: "interval"}),
		"heatmap":         make(some(), Options{Kind: HeatmapKind}),
		"heatmap-turned":  make(some(), Options{Kind: HeatmapKind, X: "interval", Group: "fanout", Log: true}),
		"heatmap-sixty":   make(swept(12, steady, sixty...), Options{Kind: HeatmapKind}),
		"heatmap-open":    make(swept(12, censored, 2, 3, 4), Options{Kind: HeatmapKind}),
		"pareto":          make(against(some()), Options{Kind: ParetoKind}),
		"pareto-sixty":    make(against(swept(12, steady, sixty...)), Options{Kind: ParetoKind}),
		"scaling":         make(some(), Options{Kind: ScalingKind}),
		"one-run":         make(swept(1, steady, 2, 3), Options{Kind: PointsKind}),
	}
}

// Every kind is drawn, without a note of what is not there, to the same bytes
// twice. With PICTURES set they are left there to look at.
func TestKinds(t *testing.T) {
	for name, picture := range pictures() {
		var first []byte
		for range 2 {
			d, o := picture()
			p, err := Draw(d, o)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if p.Empty() || len(p.Rows) != len(d.Points) {
				t.Errorf("%s: empty, or %d rows for %d points", name, len(p.Rows), len(d.Points))
			}
			var svg, png bytes.Buffer
			if err := p.SVG(&svg); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(svg.String(), "NaN") || strings.Contains(svg.String(), "Inf") {
				t.Errorf("%s: a coordinate is not a number", name)
			}
			if first != nil && !bytes.Equal(first, svg.Bytes()) {
				t.Errorf("%s: other bytes the second time", name)
			}
			first = svg.Bytes()
			if dir := os.Getenv("PICTURES"); dir != "" {
				if err := errors.Join(p.PNG(&png), os.WriteFile(filepath.Join(dir, "plots."+name+".png"), png.Bytes(), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestChoose(t *testing.T) {
	one := swept(5, steady, 3)
	one.Points = one.Points[:1]
	line := swept(5, steady, 3)
	zipped := swept(5, steady, 1, 2, 3)
	zipped.Points = []Point{zipped.Points[0], zipped.Points[4], zipped.Points[8]}
	cube := swept(5, steady, 1, 2)
	for i := range cube.Points {
		cube.Points[i].Settings = append(cube.Points[i].Settings, Setting{"network.default.loss", "loss", fmt.Sprint(i%2) + "%"})
	}
	for _, c := range []struct {
		what  string
		data  *Data
		given bool
		want  Kind
	}{
		{"one point", one, false, CDFKind}, {"one field", line, false, PointsKind}, {"two fields", swept(5, steady, 1, 2), false, HeatmapKind},
		{"fields that change together", zipped, false, PointsKind}, {"three fields", cube, false, BoxKind},
		{"two metrics", against(swept(5, steady, 1, 2)), false, ParetoKind},
		{"a series", form(swept(5, steady, 1, 2), "series"), false, SeriesKind}, {"its maximum", form(swept(5, steady, 1, 2), "series"), true, HeatmapKind},
	} {
		if got := Choose(c.data, Options{}, c.given); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	if got := Choose(swept(5, steady, 1, 2), Options{X: "fanout"}, false); got != PointsKind {
		t.Errorf("two fields, one along x: %s", got)
	}
}

// What does not fit is told, with what to write instead.
func TestErrors(t *testing.T) {
	some := func() *Data { return swept(6, steady, 2, 3) }
	once := swept(1, steady, 2)
	once.Points = once.Points[:1]
	alone := some()
	alone.Points = alone.Points[:1]
	words := some()
	for i := range words.Points {
		words.Points[i].Settings[0].Value = []string{"push", "pull"}[i/3]
		words.Points[i].Settings[1].Value = "fast"
	}
	for _, c := range []struct {
		data *Data
		o    Options
		want string
	}{
		{some(), Options{Kind: SeriesKind}, "--kind series needs a metric over time, and gossip.convergence_time is one value a run; write --kind points, box or cdf"},
		{some(), Options{Kind: ParetoKind}, "name another with --metric"},
		{against(some()), Options{Kind: BoxKind}, "write --kind pareto"},
		{alone, Options{Kind: HeatmapKind}, "needs two fields that are swept, and points differ in none; write --kind cdf"},
		{once, Options{Kind: CDFKind}, "one run has one value of gossip.convergence_time, which is 3.000 s; run more with --repeat"},
		{words, Options{Kind: ScalingKind}, "--kind scaling needs numbers along x, and fanout has push, pull"},
		{alone, Options{Kind: ScalingKind}, "--kind scaling needs results of several sizes"},
		{some(), Options{Kind: PointsKind, X: "fanuot"}, `--x: the points do not differ in "fanuot"; write fanout, interval or nodes`},
		{some(), Options{Kind: PointsKind, X: "nodes"}, "--x: all points have the same nodes"},
		{some(), Options{Kind: HeatmapKind, X: "fanout", Group: "fanout"}, "--x and --group name the same field"},
		{some(), Options{Kind: BoxKind, X: "fanout"}, "--x does not go with --kind box"},
		{some(), Options{Kind: BarsKind, Log: true}, "--log does not go with --kind bars"},
		{swept(4, steady, 2), Options{Kind: BoxKind}, "a box needs 5 runs, and fanout=2 interval=1s has 4; run more with --repeat, or write --kind points"},
		{swept(6, func(float64, float64, int) float64 { return nan }, 2), Options{Kind: PointsKind}, "nothing of gossip.convergence_time had finished"},
		{swept(0, steady, 2), Options{Kind: PointsKind}, "no run has a value of gossip.convergence_time"},
		{swept(6, func(float64, float64, int) float64 { return 0 }, 2), Options{Kind: PointsKind, Log: true}, "is 0 at fanout=2 interval=1s, for which a logarithmic axis has no place; leave out --log"},
		{swept(6, func(float64, float64, int) float64 { return 0 }, 2), Options{Kind: ScalingKind}, "or write --kind points"},
		{swept(6, func(float64, float64, int) float64 { return 0 }, 2), Options{Kind: BoxKind, Log: true}, "is 0 in a run of fanout=2"},
		{swept(6, steady, 1, 2, 3, 4, 5), Options{Kind: CDFKind}, "15 curves cannot be told apart, at most 12 can; choose some with --only, as in --only fanout=1"},
	} {
		if _, err := Draw(c.data, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.o.Kind, err, c.want)
		}
	}
	if err := some().Only("fanout", []string{"7"}); err == nil || !strings.Contains(err.Error(), "no point has fanout=7; write 2 or 3") {
		t.Errorf("--only of a value that is not there: %v", err)
	}
}

// A third field must be chosen, unless it follows from the others.
func TestHeatmapOfThreeFields(t *testing.T) {
	cube := swept(6, steady, 2, 3)
	for _, loss := range []string{"0%", "5%"} {
		for _, p := range swept(6, steady, 2, 3).Points {
			p.Settings = append(p.Settings, Setting{"network.default.loss", "loss", loss})
			p.Name += " loss=" + loss
			cube.Points = append(cube.Points, p)
		}
	}
	cube.Points = cube.Points[6:]
	_, err := Draw(cube, Options{Kind: HeatmapKind, X: "fanout", Group: "interval"})
	if err == nil || !strings.Contains(err.Error(), "points differ in loss, too; choose with --only, as in --only loss=0%") {
		t.Errorf("three fields: %v", err)
	}
	if err := cube.Only("loss", []string{"5%"}); err != nil || len(cube.Points) != 6 {
		t.Fatalf("--only leaves %d points, %v", len(cube.Points), err)
	}
	if _, err := Draw(cube, Options{Kind: HeatmapKind, X: "fanout", Group: "interval"}); err != nil {
		t.Error(err)
	}
}

// The legend tells what the estimates are made of.
func TestBasis(t *testing.T) {
	d := swept(6, steady, 2, 3)
	d.Points[0].Values[0] = d.Points[0].Values[0][:4]
	d.Points[1].Values[0][0] = Value{Run: stats.Run{Value: nan, Open: true}}
	p, err := Draw(d, Options{Kind: PointsKind})
	if want := "n = 4 to 6, mean and 95% interval, or median where a run had not finished"; err != nil || p.Note != want {
		t.Errorf("note %q, %v; want %q", p.Note, err, want)
	}
}
