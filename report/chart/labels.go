package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// labelSize is the type of labels beside points.
const labelSize = spanSize

// drawLabels writes the labels of all points where they meet no point and no
// other label. Those for which there is no place are left out: the first points
// have the choice.
func (s *sheet) drawLabels() {
	taken := s.taken()
	f := regular(labelSize)
	for i := range s.Points {
		p := &s.Points[i]
		for k, label := range p.Labels {
			if label == "" || !s.shows(p, k) {
				continue
			}
			at := vg.Point{X: s.atX(p.X[k]), Y: s.atY(p.Y[k])}
			if r, ok := s.free(at, f.Width(label), taken); ok {
				taken = append(taken, r)
				s.text(f, ink, r.Min.X, r.Min.Y+labelSize*0.2, label)
			}
		}
	}
}

// free finds a place for a label of that width beside a point.
func (s *sheet) free(at vg.Point, width vg.Length, taken []vg.Rectangle) (vg.Rectangle, bool) {
	dx, dy := width/2+radius+3, labelSize/2+radius+2
	for _, by := range []vg.Point{
		{X: dx, Y: dy * 0.6}, {X: -dx, Y: dy * 0.6}, {X: dx, Y: -dy * 0.6}, {X: -dx, Y: -dy * 0.6},
		{Y: dy * 1.2}, {Y: -dy * 1.2}, {X: dx}, {X: -dx},
	} {
		r := around(at.Add(by), width, labelSize)
		inside := r.Min.X >= s.plot.Min.X && r.Max.X <= s.width-margin/2 && r.Min.Y >= s.plot.Min.Y && r.Max.Y <= s.plot.Max.Y
		if inside && !slices.ContainsFunc(taken, func(o vg.Rectangle) bool { return meet(r, o) }) {
			return r, true
		}
	}
	return vg.Rectangle{}, false
}

func around(at vg.Point, width, height vg.Length) vg.Rectangle {
	half := vg.Point{X: width / 2, Y: height / 2}
	return vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)}
}

func meet(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

// taken are the places of all points, their intervals and the lines that join
// them.
func (s *sheet) taken() (out []vg.Rectangle) {
	for i := range s.Points {
		p := &s.Points[i]
		var before vg.Point
		joins := false
		for k := range p.X {
			if !s.shows(p, k) {
				continue
			}
			at := vg.Point{X: s.atX(p.X[k]), Y: s.atY(p.Y[k])}
			out = append(out, around(at, 2*radius, 2*radius))
			if p.XLo != nil && !math.IsNaN(p.XLo[k]) {
				out = append(out, vg.Rectangle{Min: vg.Point{X: s.clampX(p.XLo[k]), Y: at.Y - 1}, Max: vg.Point{X: s.clampX(p.XHi[k]), Y: at.Y + 1}})
			}
			if p.YLo != nil && !math.IsNaN(p.YLo[k]) {
				out = append(out, vg.Rectangle{Min: vg.Point{X: at.X - 1, Y: s.clampY(p.YLo[k])}, Max: vg.Point{X: at.X + 1, Y: s.clampY(p.YHi[k])}})
			}
			if joins {
				out = append(out, along(before, at)...)
			}
			before, joins = at, p.Lined
		}
	}
	return out
}

// along covers a line with small squares.
func along(a, b vg.Point) (out []vg.Rectangle) {
	const step = 4
	d := b.Sub(a)
	n := int(math.Hypot(d.X.Points(), d.Y.Points()) / step)
	for i := 1; i < n; i++ {
		out = append(out, around(between(a, b, float64(i)/float64(n)), step/2, step/2))
	}
	return out
}
