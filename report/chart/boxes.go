package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// Boxes are box plots along the axis with names, or over numbers on the x axis.
type Boxes struct {
	Name  string // in the legend
	Width float64
	List  []Box
}

// A Box is one of them. What is infinite reaches the edge of the plot; with a
// median that is NaN, nothing is drawn.
type Box struct {
	At             float64
	Lo, Hi         float64 // ends of the whiskers
	Q1, Median, Q3 float64
	Mean           float64   // a point, unless NaN
	Beyond         []float64 // values beyond the whiskers
}

func (s *sheet) drawBoxes(b *Boxes, l look) {
	for i := range b.List {
		if !math.IsNaN(b.List[i].Median) {
			s.drawBox(&b.List[i], b.Width, l)
		}
	}
}

func (s *sheet) drawBox(b *Box, width float64, l look) {
	at := func(across, v float64) vg.Point { return s.across(b.At+across*width/2, v) }
	s.line(l.colour, 1, nil, at(0, b.Lo), at(0, b.Q1))
	s.line(l.colour, 1, nil, at(0, b.Q3), at(0, b.Hi))
	for _, end := range []float64{b.Lo, b.Hi} {
		if s.ends(end) {
			s.line(l.colour, 1, nil, at(-0.5, end), at(0.5, end))
		}
	}
	corners := []vg.Point{at(-1, b.Q1), at(1, b.Q1), at(1, b.Q3), at(-1, b.Q3)}
	s.canvas.FillPolygon(white, corners)
	s.canvas.FillPolygon(l.faint(), corners)
	if s.ends(b.Q3) {
		s.line(l.colour, 1.1, nil, append(corners, corners[0])...)
	} else {
		s.line(l.colour, 1.1, nil, corners[3], corners[0], corners[1], corners[2])
	}
	if s.ends(b.Median) {
		s.line(l.colour, 2.2, nil, at(-1, b.Median), at(1, b.Median))
	}
	for _, v := range b.Beyond {
		if s.ends(v) {
			s.dot(l, at(0, v))
		}
	}
	if s.ends(b.Mean) {
		s.marker(look{colour: l.colour, shape: 3}, radius*0.7, at(0, b.Mean), true)
	}
}

// dot is a small ring.
func (s *sheet) dot(l look, at vg.Point) {
	var p vg.Path
	p.Move(vg.Point{X: at.X + 1.5, Y: at.Y})
	p.Arc(at, 1.5, 0, 2*math.Pi)
	p.Close()
	s.canvas.SetColor(l.colour)
	s.canvas.SetLineWidth(0.7)
	s.canvas.SetLineDash(nil, 0)
	s.canvas.Stroke(p)
}

// lying reports whether values run along the x axis.
func (s *sheet) lying() bool { return len(s.Y.Names) > 0 }

// across is the place of a value beside the place of a name.
func (s *sheet) across(name, v float64) vg.Point {
	if s.lying() {
		return vg.Point{X: s.clampX(v), Y: s.atY(name)}
	}
	return vg.Point{X: s.atX(name), Y: s.clampY(v)}
}

// ends reports whether the axis of the values has a place for v.
func (s *sheet) ends(v float64) bool {
	a, sc := &s.Y, &s.y
	if s.lying() {
		a, sc = &s.X, &s.x
	}
	return a.shows(v) && sc.holds(v)
}
