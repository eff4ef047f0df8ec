package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawOn draws the chart, from the back to the front.
func (c *Chart) drawOn(canvas draw.Canvas) {
	s := newSheet(c, canvas)
	s.fill(white, vg.Rectangle{Max: vg.Point{X: s.width, Y: s.height}})
	s.drawSpans()
	s.drawGrid()
	s.drawCells()
	for i := range c.Bars {
		s.drawBars(&c.Bars[i], lookOf(i))
	}
	for i := range c.Curves {
		s.drawBand(&c.Curves[i], c.lookOfCurve(i))
	}
	for i := range c.Curves {
		s.drawCurve(&c.Curves[i], c.lookOfCurve(i))
	}
	for i := range c.Boxes {
		s.drawBoxes(&c.Boxes[i], s.lookOfBoxes(i))
	}
	for i := len(c.Points) - 1; i >= 0; i-- { // the first on top
		s.drawPoints(&c.Points[i], s.lookOfPoints(i))
	}
	s.drawLabels()
	s.drawAxes()
	s.drawColourBar()
	s.drawHeader()
	if c.Empty() {
		f := regular(textSize)
		const nothing = "no data"
		s.text(f, muted, (s.plot.Min.X+s.plot.Max.X-f.Width(nothing))/2, (s.plot.Min.Y+s.plot.Max.Y)/2, nothing)
	}
}

// text writes with the left end of its base line at a point.
func (s *sheet) text(f *font.Face, c color.Color, x, y vg.Length, text string) {
	if text = Clean(text); text == "" {
		return
	}
	s.canvas.SetColor(c)
	s.canvas.FillString(*f, vg.Point{X: x, Y: y}, text)
}

func (s *sheet) line(c color.Color, w vg.Length, dashes []vg.Length, points ...vg.Point) {
	s.canvas.StrokeLines(draw.LineStyle{Color: c, Width: w, Dashes: dashes}, points)
}

func (s *sheet) fill(c color.Color, r vg.Rectangle) {
	s.canvas.FillPolygon(c, []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}})
}

func (s *sheet) outline(c color.Color, w vg.Length, dashes []vg.Length, r vg.Rectangle) {
	s.canvas.SetLineStyle(draw.LineStyle{Color: c, Width: w, Dashes: dashes})
	var p vg.Path
	p.Move(r.Min)
	p.Line(vg.Point{X: r.Max.X, Y: r.Min.Y})
	p.Line(r.Max)
	p.Line(vg.Point{X: r.Min.X, Y: r.Max.Y})
	p.Close()
	s.canvas.Stroke(p)
}

// drawSpans shades where each span lies, draws a bar over it, and names it.
func (s *sheet) drawSpans() {
	for i := range s.Spans {
		sp := &s.Spans[i]
		if sp.To < s.x.lo || sp.From > s.x.hi {
			continue
		}
		from, to := s.atX(max(sp.From, s.x.lo)), s.atX(min(sp.To, s.x.hi))
		if to-from < 1 {
			s.line(muted, 0.8, []vg.Length{2, 2}, vg.Point{X: from, Y: s.plot.Min.Y}, vg.Point{X: from, Y: s.plot.Max.Y})
			continue
		}
		s.fill(shade, vg.Rectangle{Min: vg.Point{X: from, Y: s.plot.Min.Y}, Max: vg.Point{X: to, Y: s.plot.Max.Y}})
	}
	for i, lane := range s.lanes {
		base := s.plot.Max.Y + vg.Length(i)*laneHeight
		for _, p := range lane {
			s.line(muted, 1.6, nil, vg.Point{X: p.from, Y: base + 1}, vg.Point{X: max(p.to, p.from+1), Y: base + 1})
			s.text(regular(spanSize), muted, p.at, base+4, p.name)
		}
	}
}

// drawGrid draws lines at the ticks of values: of the x axis too, where the
// figure compares points along it.
func (s *sheet) drawGrid() {
	if s.Cells != nil {
		return
	}
	if !s.lying() {
		for _, t := range s.y.ticks {
			y := s.atY(t.at)
			s.line(rule, 0.6, nil, vg.Point{X: s.plot.Min.X, Y: y}, vg.Point{X: s.plot.Max.X, Y: y})
		}
	}
	if len(s.X.Names) > 0 || len(s.Points)+len(s.Boxes) == 0 {
		return
	}
	for _, t := range s.x.ticks {
		x := s.atX(t.at)
		s.line(rule, 0.6, nil, vg.Point{X: x, Y: s.plot.Min.Y}, vg.Point{X: x, Y: s.plot.Max.Y})
	}
}

// drawAxes draws the line under the plot, the ticks and all labels.
func (s *sheet) drawAxes() {
	t := regular(textSize)
	if s.Cells == nil {
		s.line(muted, 0.8, nil, s.plot.Min, vg.Point{X: s.plot.Max.X, Y: s.plot.Min.Y})
	}
	for _, k := range s.x.ticks {
		x := s.atX(k.at)
		s.line(muted, 0.8, nil, vg.Point{X: x, Y: s.plot.Min.Y}, vg.Point{X: x, Y: s.plot.Min.Y - tickLength})
		s.tickLabel(k, x-k.width()/2, s.plot.Min.Y-tickLength-gap/2-tickSize)
	}
	for _, k := range s.y.ticks {
		s.tickLabel(k, s.plot.Min.X-gap-k.width(), s.atY(k.at)-tickSize*0.35)
	}
	x := fitted(t, s.x.title, s.plot.Max.X-s.plot.Min.X)
	s.text(t, ink, (s.plot.Min.X+s.plot.Max.X-t.Width(x))/2, margin+1, x)
	s.turned(s.y.title, margin+textSize*0.8)
}

// powerSize is the type of raised exponents.
const powerSize = tickSize * 0.72

func (t *tick) width() vg.Length {
	return regular(tickSize).Width(t.label) + regular(powerSize).Width(t.power)
}

func (s *sheet) tickLabel(t tick, x, y vg.Length) {
	s.text(regular(tickSize), muted, x, y, t.label)
	s.text(regular(powerSize), muted, x+regular(tickSize).Width(t.label), y+tickSize*0.4, t.power)
}

// turned writes the label of an axis, turned by a right angle, with its base line
// at x.
func (s *sheet) turned(text string, x vg.Length) {
	f := regular(textSize)
	text = fitted(f, text, s.plot.Max.Y-s.plot.Min.Y+2*lineStep)
	if text == "" {
		return
	}
	middle := (s.plot.Min.Y + s.plot.Max.Y - f.Width(text)) / 2
	s.canvas.Push()
	s.canvas.Translate(vg.Point{X: x, Y: max(middle, margin)})
	s.canvas.Rotate(math.Pi / 2)
	s.text(f, ink, 0, 0, text)
	s.canvas.Pop()
}

// drawHeader writes title, subtitle and legend.
func (s *sheet) drawHeader() {
	title, subtitle := s.headings()
	y := s.height - margin - titleSize*0.85
	for i, line := range title {
		y -= min(vg.Length(i), 1) * titleStep
		s.text(bold(titleSize), ink, margin, y, line)
	}
	y -= gap
	if s.Title == "" {
		y = s.height - margin
	}
	if s.Subtitle != "" {
		y++
	}
	for _, line := range subtitle {
		if line != "" {
			y -= lineStep
			s.text(regular(textSize), muted, margin, y, line)
		}
	}
	for _, row := range s.legendRows() {
		y -= lineStep
		x := margin
		for _, e := range row {
			s.legendEntry(e, x, y)
			x += e.width + 4*gap
		}
	}
}

func (s *sheet) legendEntry(e legendEntry, x, y vg.Length) {
	f, room := regular(textSize), s.width-2*margin
	if e.note {
		s.text(f, muted, x, y, fitted(f, e.name, room))
		return
	}
	s.sample(e, x, y+textSize*0.33)
	s.text(f, ink, x+sampleWidth+gap, y, fitted(f, e.name, room-sampleWidth-gap))
}

// sample draws the look of a legend's entry around the height y.
func (s *sheet) sample(e legendEntry, x, y vg.Length) {
	box := vg.Rectangle{Min: vg.Point{X: x, Y: y - 4}, Max: vg.Point{X: x + sampleWidth, Y: y + 4}}
	if e.band || e.bar || e.box {
		s.fill(e.look.faint(), box)
	}
	switch {
	case e.box:
		s.outline(e.look.colour, 1.1, nil, box)
		return
	case e.mark:
		s.outline(cellMark, 2, nil, vg.Rectangle{Min: box.Min.Add(vg.Point{X: 4}), Max: box.Max.Sub(vg.Point{X: 4})})
		return
	case e.bar:
		s.line(e.look.colour, 1.2, e.look.dashes, box.Min, vg.Point{X: box.Min.X, Y: box.Max.Y}, box.Max, vg.Point{X: box.Max.X, Y: box.Min.Y})
		return
	}
	if !e.dots || e.lined {
		s.line(e.look.colour, 1.6, e.look.dashes, vg.Point{X: x, Y: y}, vg.Point{X: x + sampleWidth, Y: y})
	}
	if e.dots {
		s.marker(e.look, radius, vg.Point{X: x + sampleWidth/2, Y: y}, e.open)
	}
}
