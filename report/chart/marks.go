package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// inside is the part of the canvas that data may be drawn on.
func (s *sheet) inside() draw.Canvas {
	return draw.Canvas{Canvas: s.canvas.Canvas, Rectangle: s.plot}
}

// runs cuts a curve where a value cannot be shown, and returns the indexes of
// each piece as [from, to).
func (s *sheet) runs(c *Curve, ok func(i int) bool) [][2]int {
	var out [][2]int
	open := false
	for i := range c.X {
		switch fine := s.X.shows(c.X[i]) && ok(i); {
		case fine && open:
			out[len(out)-1][1] = i + 1
		case fine:
			out, open = append(out, [2]int{i, i + 1}), true
		default:
			open = false
		}
	}
	return out
}

// path is the line through the points of one piece of a curve.
func (s *sheet) path(c *Curve, v []float64, from, to int) []vg.Point {
	var out []vg.Point
	for i := from; i < to; i++ {
		p := vg.Point{X: s.atX(c.X[i]), Y: s.atY(v[i])}
		if c.Steps {
			start := s.plot.Min.X
			if i > 0 {
				start = s.atX(c.X[i-1])
			}
			out = append(out, vg.Point{X: start, Y: p.Y})
		}
		out = append(out, p)
	}
	return thin(out)
}

func (s *sheet) drawCurve(c *Curve, l look) {
	in := s.inside()
	for _, run := range s.runs(c, func(i int) bool { return s.Y.shows(c.Y[i]) }) {
		points := s.path(c, c.Y, run[0], run[1])
		if len(points) == 1 {
			dot := draw.GlyphStyle{Color: l.colour, Radius: 2.5, Shape: draw.CircleGlyph{}}
			in.DrawGlyph(dot, points[0])
			continue
		}
		in.StrokeLines(draw.LineStyle{Color: l.colour, Width: 1.6, Dashes: l.dashes}, in.ClipLinesXY(points)...)
	}
}

func (s *sheet) drawBand(c *Curve, l look) {
	if c.Lo == nil {
		return
	}
	in := s.inside()
	for _, run := range s.runs(c, func(i int) bool { return s.Y.shows(c.Lo[i]) && s.Y.shows(c.Hi[i]) }) {
		outline := s.path(c, c.Hi, run[0], run[1])
		lower := s.path(c, c.Lo, run[0], run[1])
		for i := len(lower) - 1; i >= 0; i-- {
			outline = append(outline, lower[i])
		}
		in.FillPolygon(l.faint(), in.ClipPolygonXY(outline))
	}
}

// drawBars fills a histogram and draws its outline, so that two can be told
// apart where they overlap.
func (s *sheet) drawBars(b *Bars, l look) {
	if len(b.Heights) == 0 {
		return
	}
	in := s.inside()
	floor := s.plot.Min.Y
	outline := []vg.Point{{X: s.atX(b.Edges[0]), Y: floor}}
	for i, h := range b.Heights {
		y := floor
		if s.Y.shows(h) {
			y = max(s.atY(h), floor)
		}
		outline = append(outline, vg.Point{X: s.atX(b.Edges[i]), Y: y}, vg.Point{X: s.atX(b.Edges[i+1]), Y: y})
	}
	outline = append(outline, vg.Point{X: s.atX(b.Edges[len(b.Heights)]), Y: floor})
	in.FillPolygon(l.faint(), in.ClipPolygonXY(outline))
	in.StrokeLines(draw.LineStyle{Color: l.colour, Width: 1.2, Dashes: l.dashes}, in.ClipLinesXY(outline)...)
}

// fine is the distance on the sheet below which points cannot be told apart.
const fine = vg.Length(0.6)

// thin keeps, of points that lie within one fine column, the first, the lowest,
// the highest and the last, so that a long series makes a small file and no
// peak is lost.
func thin(points []vg.Point) []vg.Point {
	out := points[:0]
	for i := 0; i < len(points); {
		j, low, high := i+1, i, i
		for ; j < len(points) && points[j].X-points[i].X < fine; j++ {
			if points[j].Y < points[low].Y {
				low = j
			}
			if points[j].Y > points[high].Y {
				high = j
			}
		}
		last := -1
		for _, k := range [...]int{i, min(low, high), max(low, high), j - 1} {
			if k > last {
				out = append(out, points[k])
				last = k
			}
		}
		i = j
	}
	return out
}
