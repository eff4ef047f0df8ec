package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"meshsim/report/chart"
	"meshsim/report/stats"
)

// heatmap draws the estimates over two fields, and outlines the points that tie
// with the best.
func (dr *drawing) heatmap() error {
	x, y, err := dr.plane()
	if err != nil {
		return err
	}
	if dr.Log {
		if err := dr.positive(0); err != nil {
			return err
		}
	}
	m, c := &dr.Measures[0], &dr.plot.Chart
	c.Title = fmt.Sprintf("%s over %s and %s", upper(m.label()), x.words(), y.words())
	c.Subtitle, c.Note = m.Doc, dr.basis(false)
	c.X = chart.Axis{Label: x.label(), Names: x.values}
	c.Y = chart.Axis{Label: y.label(), Names: y.values}
	cells := &chart.Cells{Axis: dr.valueAxis(0)}
	for range y.values {
		cells.Values = append(cells.Values, slices.Repeat([]float64{math.NaN()}, len(x.values)))
		cells.Texts = append(cells.Texts, slices.Repeat([]string{""}, len(x.values)))
		cells.Outlined = append(cells.Outlined, make([]bool, len(x.values)))
	}
	best := dr.ties()
	for i := range dr.Points {
		p := &dr.Points[i]
		row, column := y.index(p), x.index(p)
		e := dr.plot.Rows[i].Estimates[0]
		cells.Values[row][column] = e.Value
		cells.Texts[row][column] = cellText(m, &e)
		cells.Outlined[row][column] = best != nil && best[i]
	}
	if best != nil {
		cells.Outline = "ties with the " + m.bestWord() + " (95%)"
	}
	c.Cells = cells
	if c.Empty() {
		return fmt.Errorf("%s has no value at any point, as most runs had not finished; write --kind box", m.name())
	}
	return nil
}

func cellText(m *Measure, e *Estimate) string {
	if math.IsNaN(e.Value) {
		return fmt.Sprintf("%d of %d open", e.Open, e.N)
	}
	return m.text(e.Value)
}

// bestWord says which end of a measure is the good one.
func (m *Measure) bestWord() string {
	if m.direction() == stats.LargerIsBetter {
		return "highest"
	}
	return "lowest"
}

// ties are the points that are not shown to be worse than the best; nil if that
// cannot be told, or no value is better than another.
func (dr *drawing) ties() []bool {
	m := &dr.Measures[0]
	runs := dr.paired(0)
	if m.Better == "neither" || len(runs) < 2 || len(runs[0]) < 2 {
		return nil
	}
	out := make([]bool, len(runs))
	for i, s := range stats.Standings(runs, stats.Question{Direction: m.direction()}) {
		out[i] = s.Tie
		dr.plot.Rows[i].Best = s.Tie
	}
	return out
}

// plane are the two fields of the axes. All points agree in others.
func (dr *drawing) plane() (x, y *dimension, err error) {
	dims := dr.dimensions()
	if len(dims) < 2 {
		return nil, nil, fmt.Errorf("--kind heatmap needs two fields that are swept, and points differ in %s; write %s",
			namesOf(dims), dr.suits())
	}
	if x, err = dr.xDimension(); err != nil {
		return nil, nil, err
	}
	if dr.Group != "" {
		y, err = dr.find(dr.Group, "group")
	} else {
		for i := range dims {
			if dims[i].name != x.name && (y == nil || len(dims[i].numbers) > len(y.numbers)) {
				y = &dims[i]
			}
		}
	}
	if err != nil {
		return nil, nil, err
	}
	var others []dimension
	for _, dim := range dims {
		if dim.name != x.name && dim.name != y.name && len(dr.groups(x, y)) > 1 {
			others = append(others, dim)
		}
	}
	if len(others) > 0 {
		return nil, nil, fmt.Errorf("a heat map has two fields, and points differ in %s, too; choose with --only, as in --only %s=%s, or others with --x and --group",
			namesOf(others), others[0].name, others[0].values[0])
	}
	return x, y, nil
}

func namesOf(dims []dimension) string {
	if len(dims) == 0 {
		return "none"
	}
	var names []string
	for _, d := range dims {
		names = append(names, d.name)
	}
	return strings.Join(names, " and ")
}
