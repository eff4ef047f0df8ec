package plots

import (
	"fmt"
	"math"
	"slices"

	"meshsim/report/chart"
)

// fewest runs that quartiles mean something of.
const fewest = 5

// box draws a box plot a point, over its replications.
func (dr *drawing) box() error {
	m := &dr.Measures[0]
	names, label := dr.pointNames()
	var list []chart.Box
	open := 0
	for i := range dr.Points {
		p := &dr.Points[i]
		done, o := p.finished(0)
		if len(done)+o < fewest {
			return fmt.Errorf("a box needs %d runs, and %s has %d; run more with --repeat, or write --kind points", fewest, p.Name, len(done)+o)
		}
		if o > 0 {
			names[i] += fmt.Sprintf(" (%d open)", o)
		}
		open += o
		list = append(list, boxOf(float64(i), done, o))
	}
	few, many, _ := dr.counts()
	c := &dr.plot.Chart
	c.Title = upper(m.label())
	c.Subtitle = "box: quartiles · whiskers: furthest runs within 1.5 times the box · rings: runs beyond · diamond: mean"
	if open > 0 {
		c.Subtitle = "box: quartiles, whiskers: 1.5 times the box, rings: beyond, diamond: mean; open runs count as largest"
	}
	c.Boxes = []chart.Boxes{{Name: runsText(few, many) + " each", Width: 0.55, List: list}}
	if dr.Log {
		if err := dr.positiveRuns(); err != nil {
			return err
		}
	}
	dr.alongNames(names, label, dr.valueAxis(0))
	return nil
}

// positiveRuns refuses runs that a logarithmic axis has no place for.
func (dr *drawing) positiveRuns() error {
	for i := range dr.Points {
		if done, _ := dr.Points[i].finished(0); len(done) > 0 && slices.Min(done) <= 0 {
			return fmt.Errorf("%s is %v in a run of %s, for which a logarithmic axis has no place; leave out --log, or the point with --only",
				dr.Measures[0].name(), slices.Min(done), dr.Points[i].Name)
		}
	}
	return nil
}

// boxOf is the box of a sample, in which open runs are larger than all.
func boxOf(at float64, done []float64, open int) chart.Box {
	sorted := slices.Sorted(slices.Values(done))
	n := len(sorted) + open
	quantile := func(q float64) float64 {
		if r := max(int(math.Ceil(q*float64(n)-1e-9)), 1); r <= len(sorted) {
			return sorted[r-1]
		}
		return math.Inf(1)
	}
	b := chart.Box{At: at, Q1: quantile(0.25), Median: quantile(0.5), Q3: quantile(0.75), Mean: math.NaN()}
	if open == 0 {
		sum := 0.0
		for _, v := range sorted {
			sum += v
		}
		b.Mean = sum / float64(n)
	}
	if len(sorted) == 0 {
		b.Median = math.NaN()
		return b
	}
	reach := 1.5 * (b.Q3 - b.Q1)
	if math.IsNaN(reach) {
		reach = math.Inf(1)
	}
	b.Lo, b.Hi = b.Q1, b.Q3
	for _, v := range sorted {
		if v < b.Q1-reach || v > b.Q3+reach {
			b.Beyond = append(b.Beyond, v)
			continue
		}
		b.Lo, b.Hi = min(b.Lo, v), max(b.Hi, v)
	}
	return b
}

// pointNames are the names of all points: the values of the only field in which
// they differ, or the whole names.
func (dr *drawing) pointNames() (names []string, label string) {
	dims := dr.dimensions()
	for i := range dr.Points {
		if len(dims) == 1 && len(dims[0].values) == len(dr.Points) {
			names, label = append(names, dims[0].of(&dr.Points[i])), dims[0].label()
			continue
		}
		names = append(names, dr.Points[i].Name)
	}
	return names, label
}

// alongNames puts names along the x axis if they have room there, else along the
// y axis.
func (dr *drawing) alongNames(names []string, label string, values chart.Axis) {
	c := &dr.plot.Chart
	along := chart.Axis{Label: label, Names: names}
	if dr.fit(names) {
		c.X, c.Y = along, values
	} else {
		c.X, c.Y = values, along
	}
}

// fit reports whether names have room side by side.
func (dr *drawing) fit(names []string) bool {
	width := dr.Width
	if width == 0 {
		width = 480
	}
	const letter, between, axis = 4.6, 12, 70
	longest := 0
	for _, n := range names {
		longest = max(longest, len([]rune(n)))
	}
	return float64(len(names))*(float64(longest)*letter+between) < width-axis
}
