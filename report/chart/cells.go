package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Cells is a heat map: a value for each pair of a name of the y axis and one of
// the x axis. A NaN is left blank.
type Cells struct {
	Values   [][]float64 // of each row, from the top
	Texts    [][]string  // in the cells where there is room, or nil
	Outlined [][]bool    // or nil
	Outline  string      // what the outline says, in the legend
	Axis     Axis        // of the colours
}

// bounds is the range of the values that can be shown.
func (c *Cells) bounds() interval {
	out := nothing
	for _, row := range c.Values {
		for _, v := range row {
			if c.Axis.shows(v) {
				out.add(v)
			}
		}
	}
	return out
}

// ramp goes from light to dark through one hue, so that it is in order for all
// eyes and on paper without colours. Its ends differ from the sheet.
var ramp = []color.NRGBA{
	{0xE8, 0xF1, 0xF7, 0xFF}, {0xB9, 0xD9, 0xEA, 0xFF}, {0x7B, 0xB8, 0xDA, 0xFF}, {0x3A, 0x8F, 0xC4, 0xFF},
	{0x0B, 0x67, 0xA6, 0xFF}, {0x0A, 0x45, 0x7A, 0xFF}, {0x08, 0x25, 0x4A, 0xFF},
}

// Text upon colours, that no page changes.
var (
	cellDark  = color.NRGBA{0x10, 0x12, 0x14, 0xFF}
	cellLight = color.NRGBA{0xFD, 0xFE, 0xFF, 0xFF}
	cellMark  = color.NRGBA{0xD9, 0x5B, 0x00, 0xFF}
)

// shadeOf is the colour at a share of the way.
func shadeOf(share float64) color.NRGBA {
	at := min(max(share, 0), 1) * float64(len(ramp)-1)
	i := min(int(at), len(ramp)-2)
	part := at - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + float64((float64(b)-float64(a))*part))) }
	a, b := ramp[i], ramp[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xFF}
}

// Sizes of the colour bar.
const (
	barWidth = vg.Length(12)
	barRoom  = vg.Length(14) // between it and the cells
)

// drawCells fills the cells, then draws outlines, then writes in them.
func (s *sheet) drawCells() {
	if s.Cells == nil || s.Cells.bounds().empty() {
		return
	}
	s.eachCell(func(row, column int, r vg.Rectangle) {
		if v := s.Cells.Values[row][column]; s.Cells.Axis.shows(v) {
			s.fill(shadeOf(s.z.norm(v)), r)
			s.outline(white, 0.8, nil, r)
		} else {
			s.blank(r)
		}
	})
	s.drawOutline(3.8, white)
	s.drawOutline(2, cellMark)
	if s.Cells.Texts == nil {
		return
	}
	if f := regular(tickSize); s.textsFit(tickSize) {
		s.eachCell(func(row, column int, r vg.Rectangle) {
			text := s.Cells.Texts[row][column]
			c := muted
			if v := s.Cells.Values[row][column]; s.Cells.Axis.shows(v) {
				c = cellDark
				if s.z.norm(v) > 0.45 {
					c = cellLight
				}
			}
			s.text(f, c, (r.Min.X+r.Max.X-f.Width(text))/2, (r.Min.Y+r.Max.Y)/2-tickSize*0.35, text)
		})
	}
}

// drawOutline draws a line around cells that are outlined: around each area of
// those that lie side by side.
func (s *sheet) drawOutline(width vg.Length, c color.Color) {
	in := func(row, column int) bool {
		o := s.Cells.Outlined
		return row >= 0 && row < len(o) && column >= 0 && column < len(o[row]) && o[row][column]
	}
	x, y := vg.Point{X: width / 2}, vg.Point{Y: width / 2} // so that corners are closed
	s.eachCell(func(row, column int, r vg.Rectangle) {
		if !in(row, column) {
			return
		}
		left, right := vg.Point{X: r.Min.X, Y: r.Max.Y}, vg.Point{X: r.Max.X, Y: r.Min.Y}
		for _, side := range []struct {
			inner    bool
			from, to vg.Point
		}{
			{in(row-1, column), left.Sub(x), r.Max.Add(x)},
			{in(row+1, column), r.Min.Sub(x), right.Add(x)},
			{in(row, column-1), r.Min.Sub(y), left.Add(y)},
			{in(row, column+1), right.Sub(y), r.Max.Add(y)},
		} {
			if !side.inner {
				s.line(c, width, nil, side.from, side.to)
			}
		}
	})
}

// textsFit reports whether all texts have room; some alone would mislead.
func (s *sheet) textsFit(size vg.Length) bool {
	f, fits := regular(size), true
	s.eachCell(func(row, column int, r vg.Rectangle) {
		if f.Width(s.Cells.Texts[row][column])+8 > r.Max.X-r.Min.X || size+6 > r.Max.Y-r.Min.Y {
			fits = false
		}
	})
	return fits
}

func (s *sheet) eachCell(f func(row, column int, r vg.Rectangle)) {
	for row := range s.Cells.Values {
		for column := range s.Cells.Values[row] {
			x, y := float64(column), float64(row)
			f(row, column, vg.Rectangle{Min: vg.Point{X: s.atX(x - 0.5), Y: s.atY(y + 0.5)}, Max: vg.Point{X: s.atX(x + 0.5), Y: s.atY(y - 0.5)}})
		}
	}
}

// blank is a cell without a value: a line through it.
func (s *sheet) blank(r vg.Rectangle) {
	s.outline(rule, 0.8, nil, r)
	if s.Cells.Texts == nil || !s.textsFit(tickSize) {
		s.line(rule, 0.8, nil, r.Min, r.Max)
	}
}

// barMargin is the room that the colour bar takes on the right.
func (s *sheet) barMargin() vg.Length {
	if s.Cells == nil {
		return 0
	}
	return barRoom + barWidth + gap + widest(s.z.ticks) + gap + textSize
}

// drawColourBar draws what the colours mean.
func (s *sheet) drawColourBar() {
	if s.Cells == nil || s.Cells.bounds().empty() {
		return
	}
	r := vg.Rectangle{Min: vg.Point{X: s.plot.Max.X + barRoom, Y: s.plot.Min.Y}, Max: vg.Point{X: s.plot.Max.X + barRoom + barWidth, Y: s.plot.Max.Y}}
	const steps = 60
	h := (r.Max.Y - r.Min.Y) / steps
	for i := range steps { // each covers all above it, so that no seam shines through
		y := r.Min.Y + vg.Length(i)*h
		s.fill(shadeOf((float64(i)+0.5)/steps), vg.Rectangle{Min: vg.Point{X: r.Min.X, Y: y}, Max: r.Max})
	}
	for _, t := range s.z.ticks {
		y := r.Min.Y + vg.Length(s.z.norm(t.at))*(r.Max.Y-r.Min.Y)
		s.line(muted, 0.8, nil, vg.Point{X: r.Max.X, Y: y}, vg.Point{X: r.Max.X + tickLength, Y: y})
		s.tickLabel(t, r.Max.X+gap+1, y-tickSize*0.35)
	}
	s.turned(s.z.title, r.Max.X+gap+widest(s.z.ticks)+gap+textSize*0.8)
}
