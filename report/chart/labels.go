package chart

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// labelSize is the type of labels beside points.
const labelSize = spanSize

// A label is a text beside a point, and the places where it meets no point.
type label struct {
	text   string
	places []vg.Rectangle
}

// drawLabels writes the labels of all points where they meet no point and no
// other label. Those for which there is no place are left out. Who has the fewest
// places has the choice, of equals the first.
func (s *sheet) drawLabels() {
	taken := s.taken()
	f := regular(labelSize)
	var labels []label
	for i := range s.Points {
		p := &s.Points[i]
		for k, text := range p.Labels {
			if text == "" || !s.shows(p, k) {
				continue
			}
			at := vg.Point{X: s.atX(p.X[k]), Y: s.atY(p.Y[k])}
			labels = append(labels, label{text, s.places(at, f.Width(text), taken)})
		}
	}
	slices.SortStableFunc(labels, func(a, b label) int { return cmp.Compare(len(a.places), len(b.places)) })
	taken = nil
	for _, l := range labels {
		k := slices.IndexFunc(l.places, func(r vg.Rectangle) bool { return !meetsAny(r, taken) })
		if k >= 0 {
			r := l.places[k]
			taken = append(taken, r)
			s.text(f, ink, r.Min.X, r.Min.Y+labelSize*0.2, l.text)
		}
	}
}

// places lists where a label of that width can be beside a point, the best first.
func (s *sheet) places(at vg.Point, width vg.Length, taken []vg.Rectangle) (list []vg.Rectangle) {
	dx, dy := width/2+radius+3, labelSize/2+radius+2
	for _, by := range []vg.Point{
		{X: dx, Y: dy * 0.6}, {X: -dx, Y: dy * 0.6}, {X: dx, Y: -dy * 0.6}, {X: -dx, Y: -dy * 0.6},
		{Y: dy * 1.2}, {Y: -dy * 1.2}, {X: dx}, {X: -dx},
	} {
		r := around(at.Add(by), width, labelSize)
		inside := r.Min.X >= s.plot.Min.X && r.Max.X <= s.width-margin/2 && r.Min.Y >= s.plot.Min.Y && r.Max.Y <= s.plot.Max.Y
		if inside && !meetsAny(r, taken) {
			list = append(list, r)
		}
	}
	return list
}

func meetsAny(r vg.Rectangle, taken []vg.Rectangle) bool {
	return slices.ContainsFunc(taken, func(o vg.Rectangle) bool { return meet(r, o) })
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
