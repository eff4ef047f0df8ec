package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Points are single values with the intervals around them. On an axis with names
// the name i is at i. What is infinite of an interval reaches the edge of the
// plot, what is NaN is left out. A value of +Inf is a hollow triangle at the edge.
type Points struct {
	Name     string // in the legend
	X, Y     []float64
	XLo, XHi []float64 // intervals, or nil
	YLo, YHi []float64
	Labels   []string // beside the points, or nil; what finds no place is left out
	Lined    bool     // a line joins them
	Width    float64  // of a column that stands below each, as a part of the axis with names; 0 for none
	Hollow   bool
}

// radius of points, and half the width of the ends of intervals.
const (
	radius  = vg.Length(3)
	endSize = vg.Length(2.5)
)

func (s *sheet) drawPoints(p *Points, l look) {
	if p.Width > 0 {
		s.drawColumns(p, l)
	}
	if p.Lined {
		s.drawLined(p, l)
	}
	for i := range p.X {
		if !s.shows(p, i) {
			continue
		}
		if p.XLo != nil {
			s.errorBar(l, p.XLo[i], p.XHi[i], func(v float64) vg.Point { return vg.Point{X: s.clampX(v), Y: s.atY(p.Y[i])} })
		}
		if p.YLo != nil {
			s.errorBar(l, p.YLo[i], p.YHi[i], func(v float64) vg.Point { return vg.Point{X: s.atX(p.X[i]), Y: s.clampY(v)} })
		}
	}
	for i := range p.X {
		switch {
		case s.shows(p, i):
			s.marker(l, radius, vg.Point{X: s.atX(p.X[i]), Y: s.atY(p.Y[i])}, p.Hollow)
		case math.IsInf(p.Y[i], 1) && s.X.shows(p.X[i]):
			s.marker(look{colour: l.colour, shape: 2}, radius, vg.Point{X: s.atX(p.X[i]), Y: s.plot.Max.Y - radius - 1}, true)
		case math.IsInf(p.X[i], 1) && s.Y.shows(p.Y[i]):
			s.marker(look{colour: l.colour, shape: 2}, radius, vg.Point{X: s.plot.Max.X - radius - 1, Y: s.atY(p.Y[i])}, true)
		}
	}
}

func (s *sheet) shows(p *Points, i int) bool {
	return s.X.shows(p.X[i]) && s.Y.shows(p.Y[i]) && s.x.holds(p.X[i]) && s.y.holds(p.Y[i])
}

// drawLined joins the points that can be shown.
func (s *sheet) drawLined(p *Points, l look) {
	var path []vg.Point
	for i := range p.X {
		if s.shows(p, i) {
			path = append(path, vg.Point{X: s.atX(p.X[i]), Y: s.atY(p.Y[i])})
		}
	}
	if len(path) > 1 {
		s.line(l.colour, 1.2, l.dashes, path...)
	}
}

// drawColumns fills from the foot of the axis to each point.
func (s *sheet) drawColumns(p *Points, l look) {
	for i := range p.X {
		if !s.shows(p, i) {
			continue
		}
		var r vg.Rectangle
		if s.lying() {
			r = vg.Rectangle{Min: vg.Point{X: s.clampX(0), Y: s.atY(p.Y[i] - p.Width/2)}, Max: vg.Point{X: s.atX(p.X[i]), Y: s.atY(p.Y[i] + p.Width/2)}}
		} else {
			r = vg.Rectangle{Min: vg.Point{X: s.atX(p.X[i] - p.Width/2), Y: s.clampY(0)}, Max: vg.Point{X: s.atX(p.X[i] + p.Width/2), Y: s.atY(p.Y[i])}}
		}
		s.fill(white, r)
		s.fill(l.faint(), r)
		s.outline(l.colour, 0.9, nil, r)
	}
}

// errorBar draws an interval, with an end where there is one.
func (s *sheet) errorBar(l look, lo, hi float64, at func(float64) vg.Point) {
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return
	}
	from, to := at(lo), at(hi)
	s.line(l.colour, 1, nil, from, to)
	across := vg.Point{X: endSize}
	if from.Y == to.Y && from.X != to.X {
		across = vg.Point{Y: endSize}
	}
	for _, end := range []struct {
		v  float64
		at vg.Point
	}{{lo, from}, {hi, to}} {
		if !math.IsInf(end.v, 0) {
			s.line(l.colour, 1, nil, end.at.Sub(across), end.at.Add(across))
		}
	}
}

// marker draws the sign of a look: each has another form.
func (s *sheet) marker(l look, radius vg.Length, at vg.Point, hollow bool) {
	path := corners(l.shape, radius, at)
	fill, edge := l.colour, white
	if hollow {
		fill, edge = white, l.colour
	}
	s.canvas.SetColor(fill)
	s.canvas.Fill(path)
	s.canvas.SetLineStyle(draw.LineStyle{Color: edge, Width: 0.8})
	s.canvas.Stroke(path)
}

// corners is the outline of a form: a circle, a square, a triangle, a diamond, a
// triangle on its head, a pentagon.
func corners(shape int, radius vg.Length, at vg.Point) vg.Path {
	form := []struct {
		n     int // corners
		first float64
		size  vg.Length
	}{{0, 0, 1}, {4, math.Pi / 4, 1.25}, {3, math.Pi / 2, 1.35}, {4, 0, 1.35}, {3, -math.Pi / 2, 1.35}, {5, math.Pi / 2, 1.2}}[shape]
	var p vg.Path
	if form.n == 0 {
		p.Move(vg.Point{X: at.X + radius, Y: at.Y})
		p.Arc(at, radius, 0, 2*math.Pi)
		p.Close()
		return p
	}
	for k := range form.n {
		angle := form.first + 2*math.Pi*float64(k)/float64(form.n)
		corner := at.Add(vg.Point{X: vg.Length(math.Cos(angle)), Y: vg.Length(math.Sin(angle))}.Scale(radius * form.size))
		if k == 0 {
			p.Move(corner)
		} else {
			p.Line(corner)
		}
	}
	p.Close()
	return p
}
