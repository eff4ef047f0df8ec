package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"meshsim/report/chart"
	"meshsim/report/stats"
)

// fewLabels is how many points all have a label.
const fewLabels = 16

// manyIntervals would cover one another.
const manyIntervals = 40

// pareto draws two metrics against one another. Points that no other beats in
// both are joined.
func (dr *drawing) pareto() error {
	if dr.Log {
		for m := range dr.Measures {
			if err := dr.positive(m); err != nil {
				return err
			}
		}
	}
	values := make([][]float64, len(dr.Points))
	for i, r := range dr.plot.Rows {
		values[i] = []float64{r.Estimates[0].Value, r.Estimates[1].Value}
	}
	front := stats.Pareto(values, []stats.Direction{dr.Measures[0].direction(), dr.Measures[1].direction()})
	front = slices.DeleteFunc(front, func(i int) bool { return math.IsNaN(values[i][0]) || math.IsNaN(values[i][1]) })
	slices.SortStableFunc(front, func(a, b int) int { return cmp.Compare(values[a][1], values[b][1]) })
	rest := []int{}
	for i := range dr.Points {
		if !slices.Contains(front, i) {
			rest = append(rest, i)
		}
	}
	y, x, c := &dr.Measures[0], &dr.Measures[1], &dr.plot.Chart
	c.Title = upper(y.label()) + " against " + x.label()
	c.Subtitle = "joined: no other point is as good in both and better in one; " + goodText(y, x)
	c.X, c.Y, c.Note = dr.valueAxis(1), dr.valueAxis(0), dr.basis(true)
	c.Points = []chart.Points{dr.scatter(front, true)}
	c.Points[0].Name, c.Points[0].Lined = "Pareto set", true
	if len(rest) > 0 {
		c.Points = append(c.Points, dr.scatter(rest, len(dr.Points) <= fewLabels))
		c.Points[1].Name, c.Points[1].Hollow = "others", true
	}
	if len(dr.Points) > manyIntervals && len(rest) > 0 {
		o := &c.Points[1]
		o.XLo, o.XHi, o.YLo, o.YHi = nil, nil, nil, nil
		c.Note += " (of the set alone)"
	}
	for _, i := range front {
		dr.plot.Rows[i].Best = true
	}
	dr.tellOpen(", and is not drawn")
	if c.Empty() {
		return fmt.Errorf("no point has an estimate of both %s and %s; nothing can be drawn", y.name(), x.name())
	}
	return nil
}

// goodText says where good points lie.
func goodText(y, x *Measure) string {
	words := func(m *Measure) string {
		if m.direction() == stats.LargerIsBetter {
			return "more"
		}
		return "less"
	}
	if a, b := words(y), words(x); a == b {
		return a + " of either is better"
	} else {
		return fmt.Sprintf("%s is better, and %s %s", a, b, x.words())
	}
}

// scatter are the points of some places, with intervals.
func (dr *drawing) scatter(places []int, labels bool) chart.Points {
	var p chart.Points
	for _, i := range places {
		r := &dr.plot.Rows[i]
		p.X, p.Y = append(p.X, r.Estimates[1].Value), append(p.Y, r.Estimates[0].Value)
		lo, hi := r.Estimates[1].bounds()
		p.XLo, p.XHi = append(p.XLo, lo), append(p.XHi, hi)
		lo, hi = r.Estimates[0].bounds()
		p.YLo, p.YHi = append(p.YLo, lo), append(p.YHi, hi)
		switch {
		case r.Baseline:
			p.Labels = append(p.Labels, r.Name+" (baseline)")
		case labels:
			p.Labels = append(p.Labels, r.Name)
		default:
			p.Labels = append(p.Labels, "")
		}
	}
	return p
}
