// Package chart draws figures that can go into a paper: curves with bands,
// histograms, points with intervals, columns and box plots over linear or
// logarithmic axes or names, and heat maps; intervals of time are shaded and named
// above them. Type is sans serif, ticks are 1-2-5, colours are those of
// Okabe and Ito (2008) that colour-blind readers tell apart, with a dash
// pattern each for print without colours.
//
// Text never lies on data: title, legend and the names of shaded intervals have
// rows of their own above the plot, and what does not fit is cut with an
// ellipsis. The same chart gives the same bytes on one architecture; on others
// the last digit of a coordinate may differ.
//
// It draws on the canvases of gonum/plot and lays out by itself.
package chart

import "math"

// A Chart is one figure.
type Chart struct {
	Title    string
	Subtitle string
	Note     string // behind the legend: what all curves have in common
	X, Y     Axis
	Curves   []Curve
	Bars     []Bars
	Points   []Points
	Boxes    []Boxes
	Cells    *Cells // with names on both axes
	Spans    []Span

	// Width and Height of the paper, in points of 1/72 inch; 0 is the usual size,
	// 480 by 300, or as high as the names of the y axis need.
	Width, Height float64
}

// An Axis says what is drawn along one side.
type Axis struct {
	Label  string
	Unit   string    // as metrics name it, see package unit
	Log    bool      // decades; values of 0 and below are left out
	Zero   bool      // begins at 0, as amounts do that are compared by their height
	Lo, Hi float64   // bounds; from the data unless Lo < Hi
	Ticks  []float64 // in place of round numbers, as far as their labels have room
	Names  []string  // at 0, 1, 2 …, from the left or from the top, in place of numbers
}

// A Curve is a line through points; a NaN breaks it. X ascends.
type Curve struct {
	Name   string // in the legend
	X, Y   []float64
	Lo, Hi []float64 // the band around it, or nil
	Steps  bool      // each value holds since the point before, as a rate does
	Style  *Style    // nil: the next one
}

// A Style is the look of a curve where curves differ in two ways: those of one
// colour belong together, and those of one dash.
type Style struct{ Colour, Dash int }

// Bars is a histogram: Heights[i] stands between Edges[i] and Edges[i+1].
type Bars struct {
	Name    string
	Edges   []float64
	Heights []float64
}

// A Span is an interval of the x axis that is shaded and named. From == To is an
// instant, drawn as a line.
type Span struct {
	Name     string
	From, To float64
}

// Empty reports whether there is nothing to draw.
func (c *Chart) Empty() bool {
	x, y := c.bounds()
	return x.empty() || y.empty()
}

// bounds is the range of the data that can be drawn.
func (c *Chart) bounds() (x, y interval) {
	x, y = nothing, nothing
	for i := range c.Curves {
		cu := &c.Curves[i]
		for j, v := range cu.Y {
			if !c.X.shows(cu.X[j]) || !c.Y.shows(v) {
				continue
			}
			x.add(cu.X[j])
			y.add(v)
			if cu.Lo != nil && c.Y.shows(cu.Lo[j]) && c.Y.shows(cu.Hi[j]) {
				y.add(cu.Lo[j])
				y.add(cu.Hi[j])
			}
		}
	}
	c.pointBounds(&x, &y)
	c.boxBounds(&x, &y)
	if c.Cells != nil && !c.Cells.bounds().empty() {
		x.add(0)
		y.add(0)
	}
	for i := range c.Bars {
		for j, h := range c.Bars[i].Heights {
			if c.Y.shows(h) {
				x.add(c.Bars[i].Edges[j])
				x.add(c.Bars[i].Edges[j+1])
				y.add(h)
			}
		}
	}
	return x, y
}

// pointBounds takes in the points, and what is finite of their intervals. A hollow
// triangle has a place on one axis.
func (c *Chart) pointBounds(x, y *interval) {
	for i := range c.Points {
		p := &c.Points[i]
		for j := range p.X {
			switch {
			case math.IsInf(p.Y[j], 1):
				c.X.add(x, p.X[j])
			case math.IsInf(p.X[j], 1):
				c.Y.add(y, p.Y[j])
			}
			if !c.X.shows(p.X[j]) || !c.Y.shows(p.Y[j]) {
				continue
			}
			x.add(p.X[j])
			y.add(p.Y[j])
			if p.XLo != nil {
				c.X.add(x, p.XLo[j], p.XHi[j])
			}
			if p.YLo != nil {
				c.Y.add(y, p.YLo[j], p.YHi[j])
			}
		}
	}
}

// boxBounds takes in the boxes.
func (c *Chart) boxBounds(x, y *interval) {
	along, values, a := x, y, &c.Y
	if len(c.Y.Names) > 0 {
		along, values, a = y, x, &c.X
	}
	open := false
	for i := range c.Boxes {
		for _, b := range c.Boxes[i].List {
			if !math.IsNaN(b.Median) {
				along.add(b.At)
				a.add(values, b.Lo, b.Hi, b.Q1, b.Median, b.Q3, b.Mean)
				a.add(values, b.Beyond...)
				open = open || math.IsInf(b.Hi, 1)
			}
		}
	}
	if open && !values.empty() && !a.Log {
		values.add(values.hi + (values.hi-values.lo)/12) // so that it is seen to go on
	}
}

// add widens a range by values that the axis shows.
func (a *Axis) add(to *interval, values ...float64) {
	for _, v := range values {
		if a.shows(v) {
			to.add(v)
		}
	}
}

// shows reports whether the axis has a place for v.
func (a *Axis) shows(v float64) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0) && (!a.Log || v > 0)
}

// interval is a closed range of values.
type interval struct{ lo, hi float64 }

var nothing = interval{math.Inf(1), math.Inf(-1)}

func (i interval) empty() bool { return i.lo > i.hi }

func (i *interval) add(v float64) {
	i.lo, i.hi = min(i.lo, v), max(i.hi, v)
}
