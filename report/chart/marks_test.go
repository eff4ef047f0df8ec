package chart

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// marks are charts of points, boxes and cells.
func marks() map[string]*Chart {
	seconds := Axis{Label: "convergence time", Unit: "s"}
	return map[string]*Chart{
		"points":     pointsOver(Axis{Label: "fanout", Unit: "1", Ticks: []float64{2, 3, 4, 6}}),
		"columns":    columns(),
		"boxes":      boxes(4),
		"boxes-60":   boxes(60),
		"boxes-lie":  lying(boxes(4)),
		"heat":       heat(3, 4),
		"heat-large": heat(12, 16),
		"heat-one":   {Title: "One value", X: Axis{Names: []string{"2"}}, Y: Axis{Names: []string{"1s"}}, Cells: &Cells{Values: [][]float64{{3}}, Texts: [][]string{{"3 s"}}, Axis: seconds}},
		"heat-none":  {Title: "No value", X: Axis{Names: []string{"2", "3"}}, Y: Axis{Names: []string{"1s"}}, Cells: &Cells{Values: [][]float64{{nan, nan}}, Axis: seconds}},
		"pareto":     pareto(),
		"scaling":    scaling(),
		"infinite": {Title: "Open intervals", X: Axis{Label: "n", Unit: "1"}, Y: seconds, Points: []Points{{Name: "p", X: []float64{1, 2, 3}, Y: []float64{1, 2, nan},
			YLo: []float64{math.Inf(-1), nan, 0}, YHi: []float64{inf, nan, 1}}}},
		"open-box": {Title: "Some never finished", X: Axis{Names: []string{"a", "b", "c"}}, Y: seconds, Boxes: []Boxes{{Name: "runs", Width: 0.5, List: []Box{
			{0, 1, inf, 2, 3, 5, nan, nil}, {1, 1, inf, 2, 4, inf, nan, []float64{0.2}}, {2, 3, inf, 3.5, inf, inf, nan, nil}}}}},
		"log-points": {Title: "Zero on a log axis", X: Axis{Label: "n", Unit: "1", Log: true}, Y: Axis{Label: "loss", Unit: "ratio", Log: true},
			Points: []Points{{Name: "p", X: []float64{0, 10, 100}, Y: []float64{0.1, 0, 0.01}, YLo: []float64{0.05, 0, -0.01}, YHi: []float64{0.2, 0.1, 0.04}}}},
		"narrow":   {Title: "One column of a paper", Subtitle: "88 mm", Width: 250, Height: 190, X: seconds, Y: seconds, Curves: []Curve{{Name: "c", X: []float64{0, 1}, Y: []float64{0, 1}}}},
		"untitled": {Subtitle: "as above a caption", X: seconds, Y: seconds, Curves: []Curve{{Name: "c", X: []float64{0, 1}, Y: []float64{0, 1}}}},
		"nameless": {Title: "No labels", X: Axis{}, Y: Axis{}, Points: []Points{{X: []float64{1}, Y: []float64{1}}}},
	}
}

func pointsOver(x Axis) *Chart {
	c := &Chart{Title: "Convergence time over fanout", Subtitle: "mean and 95% interval", X: x, Y: Axis{Label: "convergence time", Unit: "s"}}
	for k, name := range []string{"interval = 1s", "interval = 2s", "interval = 3s"} {
		p := Points{Name: name, Lined: true}
		for i, f := range x.Ticks {
			v := 3*float64(k+1) + 8/f
			p.X, p.Y = append(p.X, f+0.05*float64(k-1)), append(p.Y, v)
			p.YLo, p.YHi = append(p.YLo, v-0.5-0.1*float64(i)), append(p.YHi, v+0.5)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func columns() *Chart {
	c := &Chart{Title: "Messages of each mode", X: Axis{Label: "mode", Names: []string{"push", "pull", "push-pull"}}, Y: Axis{Label: "messages", Unit: "1", Zero: true}}
	for k, name := range []string{"loss = 0%", "loss = 5%"} {
		at := 0.4 * (float64(k) - 0.5)
		c.Points = append(c.Points, Points{Name: name, X: []float64{at, 1 + at, 2 + at}, Y: []float64{1200, 900 + 100*float64(k), 2000},
			YLo: []float64{1100, 850, 1900}, YHi: []float64{1300, 1050, 2200}, Width: 0.36})
	}
	return c
}

func boxes(n int) *Chart {
	c := &Chart{Title: "Election time", Subtitle: "box: quartiles; whiskers: furthest runs within 1.5 times its height; rings: runs beyond",
		X: Axis{Label: "timeout"}, Y: Axis{Label: "election time", Unit: "s"}}
	b := Boxes{Name: "20 runs each", Width: 0.6}
	for i := range n {
		c.X.Names = append(c.X.Names, "150-"+strconv.Itoa(150+5*i))
		m := 0.2 + 0.3/float64(i%9+1)
		b.List = append(b.List, Box{float64(i), m * 0.5, m * 1.8, m * 0.8, m, m * 1.3, m * 1.1, []float64{m * 2.5, m * 2.2}})
	}
	c.Boxes = []Boxes{b}
	if n > 12 {
		return lying(c)
	}
	return c
}

func lying(c *Chart) *Chart {
	c.X, c.Y = c.Y, c.X
	return c
}

func heat(rows, columns int) *Chart {
	cells := &Cells{Axis: Axis{Label: "convergence time", Unit: "s"}, Outline: "ties with the lowest"}
	c := &Chart{Title: "Convergence time", Subtitle: "mean of 20 runs", X: Axis{Label: "fanout"}, Y: Axis{Label: "interval"}, Cells: cells}
	for i := range rows {
		c.Y.Names = append(c.Y.Names, strconv.Itoa(i+1)+"s")
		var values []float64
		var texts []string
		var outlined []bool
		for j := range columns {
			v := 4 + 3*float64(i) - 0.8*float64(j)
			outlined = append(outlined, i == 0 && j > 1)
			if i == 1 && j == 2 {
				v = nan
			}
			values = append(values, v)
			texts = append(texts, strings.Replace(strconv.FormatFloat(v, 'f', 2, 64)+" s", "NaN s", "–", 1))
		}
		cells.Values, cells.Texts, cells.Outlined = append(cells.Values, values), append(cells.Texts, texts), append(cells.Outlined, outlined)
	}
	for j := range columns {
		c.X.Names = append(c.X.Names, strconv.Itoa(j+2))
	}
	return c
}

func pareto() *Chart {
	front := Points{Name: "Pareto set", Lined: true}
	rest := Points{Name: "dominated", Hollow: true}
	for i := range 20 {
		x, y := 1000+float64(i%7)*700+float64(i)*40, 3+9/float64(i%7+1)+float64(i%3)*1.5
		p := &rest
		if i%3 == 0 && i < 7 || i == 5 {
			p = &front
		}
		p.X, p.Y = append(p.X, x), append(p.Y, y)
		p.XLo, p.XHi = append(p.XLo, x-90), append(p.XHi, x+90)
		p.YLo, p.YHi = append(p.YLo, y-0.4), append(p.YHi, y+0.4)
		p.Labels = append(p.Labels, "fanout="+strconv.Itoa(i%7+1)+" interval="+strconv.Itoa(i%3+1)+"s")
	}
	return &Chart{Title: "Convergence time against messages", X: Axis{Label: "messages", Unit: "1"}, Y: Axis{Label: "convergence time", Unit: "s"}, Points: []Points{front, rest}}
}

func scaling() *Chart {
	c := &Chart{Title: "Messages over nodes", X: Axis{Label: "nodes", Unit: "1", Log: true, Ticks: []float64{100, 200, 500, 1000, 2000, 5000, 10000}}, Y: Axis{Label: "messages", Unit: "1", Log: true}}
	p := Points{Name: "slope 1.1 [1.05, 1.15]", Lined: true}
	for _, n := range c.X.Ticks {
		v := 3 * math.Pow(n, 1.1)
		p.X, p.Y, p.YLo, p.YHi = append(p.X, n), append(p.Y, v), append(p.YLo, v*0.9), append(p.YHi, v*1.1)
	}
	c.Points = []Points{p}
	return c
}

// What is drawn a seventh time has another dash and shape than the first.
func TestLooksDiffer(t *testing.T) {
	seen := map[string]int{}
	for i := range 36 {
		l := lookOf(i)
		key := hex(l.colour) + strconv.Itoa(l.shape)
		if k, there := seen[key]; there {
			t.Errorf("%d looks like %d", i, k)
		}
		seen[key] = i
	}
}

// From light to dark without a turn, so that order can be seen.
func TestRampDarkens(t *testing.T) {
	light := func(share float64) float64 {
		c := shadeOf(share)
		return 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
	}
	for i := range 100 {
		if a, b := light(float64(i)/100), light(float64(i+1)/100); b >= a {
			t.Errorf("the ramp is not darker at %d%% than before: %.1f after %.1f", i+1, b, a)
		}
	}
}
