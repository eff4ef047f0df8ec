package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A sheet is a chart that is being drawn: its scales, and where the plot lies.
type sheet struct {
	*Chart
	canvas draw.Canvas
	width  vg.Length
	height vg.Length
	x, y   scale
	z      scale // of colours
	plot   vg.Rectangle
	lanes  [][]placed
}

// A placed span has a name with a place.
type placed struct {
	span     *Span
	from, to vg.Length // the shaded part
	name     string
	at       vg.Length // left end of the name
}

const (
	tickLength = vg.Length(3)
	gap        = vg.Length(4)
	lineStep   = vg.Length(13)
	titleStep  = vg.Length(15)
	laneHeight = vg.Length(12)
	maxLanes   = 3
	yTicks     = 5
	xTicks     = 9
)

// newSheet measures everything before anything is drawn.
func newSheet(c *Chart, canvas draw.Canvas) *sheet {
	s := &sheet{Chart: c, canvas: canvas}
	s.width, s.height = c.paper()
	xs, ys := c.bounds()
	for i := range c.Spans {
		if xs.empty() {
			xs.add(c.Spans[i].From)
			xs.add(c.Spans[i].To)
		}
	}
	if xs.empty() {
		xs = interval{0, 1}
	}
	if ys.empty() {
		ys = interval{0, 1}
		if c.Y.Log {
			ys.lo = 0.1
		}
	}
	if c.Cells != nil {
		s.z = colourScale(c.Cells)
	}
	s.y = s.yScale(ys)
	left, right := margin+s.marginLeft(), s.width-margin-s.barMargin()
	s.x = s.xScale(xs, right-left)
	if n := len(s.x.ticks); n > 0 {
		last := s.x.ticks[n-1]
		over := vg.Length(s.x.norm(last.at))*(right-left) + last.width()/2 - (right - left)
		right -= max(over-margin/2-s.barMargin(), 0)
	}
	bottom := margin + tickSize + gap + tickLength
	if s.x.title != "" {
		bottom += textSize + gap
	}
	s.plot = vg.Rectangle{Min: vg.Point{X: left, Y: bottom}, Max: vg.Point{X: right, Y: 0}}
	s.lanes = s.placeSpans()
	s.plot.Max.Y = s.height - margin - s.headerHeight() - vg.Length(len(s.lanes))*laneHeight
	if len(s.lanes) == 0 {
		s.plot.Max.Y -= gap
	}
	return s
}

// marginLeft is the room for the label and the ticks of the y axis.
func (s *sheet) marginLeft() vg.Length {
	room := widest(s.y.ticks) + gap
	if s.y.title != "" {
		room += textSize + gap
	}
	return room
}

func widest(ticks []tick) (w vg.Length) {
	for _, t := range ticks {
		w = max(w, t.width())
	}
	return w
}

// yScale is that of the y axis. Names stand from the top, and have less than half
// of the paper.
func (s *sheet) yScale(data interval) scale {
	n := yTicks
	if len(s.Y.Names) > 0 {
		n = len(s.Y.Names)
	}
	y := newScale(&s.Y, data, n, false)
	y.down = len(s.Y.Names) > 0
	for i := range y.ticks {
		y.ticks[i].label = fitted(regular(tickSize), y.ticks[i].label, s.width*0.45)
	}
	return y
}

// xScale takes as many ticks as have room for their labels. Around points there
// is some room.
func (s *sheet) xScale(data interval, room vg.Length) scale {
	n := max(xTicks, len(s.X.Ticks), len(s.X.Names))
	if len(s.Points)+len(s.Boxes) > 0 && !s.lying() {
		data = apart(data, s.X.Log)
	}
	for ; ; n-- {
		x := newScale(&s.X, data, n, !s.lying())
		if n <= 2 || x.labelsFit(room) {
			return x
		}
	}
}

// apart widens a range by a twentieth on each side.
func apart(r interval, log bool) interval {
	const part = 0.05
	if log && r.lo > 0 {
		by := math.Pow(r.hi/r.lo, part)
		return interval{r.lo / by, r.hi * by}
	}
	by := (r.hi - r.lo) * part
	return interval{r.lo - by, r.hi + by}
}

// colourScale ends at the data, so that all colours are used.
func colourScale(c *Cells) scale {
	r := c.bounds()
	if r.empty() {
		r = interval{1, 2}
	}
	a := c.Axis
	a.Lo, a.Hi = r.lo, r.hi
	if r.lo == r.hi {
		a.Lo, a.Hi = 0, 0
	}
	return newScale(&a, r, yTicks, true)
}

func (s *scale) labelsFit(room vg.Length) bool {
	end := -room
	for _, t := range s.ticks {
		half := t.width() / 2
		at := vg.Length(s.norm(t.at)) * room
		if at-half < end {
			return false
		}
		end = at + half + 2*gap
	}
	return true
}

// headerHeight is what title, subtitle and legend take.
func (s *sheet) headerHeight() vg.Length {
	title, subtitle := s.headings()
	h := gap + titleSize + vg.Length(len(title)-1)*titleStep
	if s.Title == "" {
		h = 0
	}
	if s.Subtitle != "" {
		h += vg.Length(len(subtitle)) * lineStep
	}
	return h + vg.Length(len(s.legendRows()))*lineStep + gap
}

// headings are the lines of title and subtitle.
func (s *sheet) headings() (title, subtitle []string) {
	room := s.width - 2*margin
	return wrapped(bold(titleSize), s.Title, room), wrapped(regular(textSize), s.Subtitle, room)
}

// A legendEntry is a sample of a curve's look and its name.
type legendEntry struct {
	name  string
	look  look
	band  bool
	bar   bool
	dots  bool // with a line if lined
	lined bool
	open  bool // hollow
	box   bool // closed below
	mark  bool // an outlined cell
	note  bool // text alone
	width vg.Length
}

const sampleWidth = vg.Length(22)

// legendRows breaks the legend into rows that fit.
func (s *sheet) legendRows() [][]legendEntry {
	var rows [][]legendEntry
	room := vg.Length(0)
	for _, e := range s.legend() {
		e.width = regular(textSize).Width(e.name)
		if !e.note {
			e.width += sampleWidth + gap
		}
		if room < e.width {
			rows = append(rows, nil)
			room = s.width - 2*margin
		}
		room -= e.width + 4*gap
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	return rows
}

func (s *sheet) legend() []legendEntry {
	var out []legendEntry
	for i := range s.Bars {
		out = append(out, legendEntry{name: s.Bars[i].Name, look: lookOf(i), bar: true})
	}
	for i := range s.Curves {
		c := &s.Curves[i]
		out = append(out, legendEntry{name: c.Name, look: s.lookOfCurve(i), band: c.Lo != nil})
	}
	for i := range s.Boxes {
		out = append(out, legendEntry{name: s.Boxes[i].Name, look: s.lookOfBoxes(i), box: true})
	}
	for i := range s.Points {
		p := &s.Points[i]
		out = append(out, legendEntry{name: p.Name, look: s.lookOfPoints(i), box: p.Width > 0, dots: p.Width == 0, lined: p.Lined, open: p.Hollow})
	}
	if s.Cells != nil {
		out = append(out, legendEntry{name: s.Cells.Outline, mark: true})
	}
	out = append(out, legendEntry{name: s.Note, note: true})
	return slices.DeleteFunc(out, func(e legendEntry) bool { return e.name == "" })
}

// Legend is the text of the legend, entry by entry.
func (c *Chart) Legend() []string {
	names := []string{}
	for _, e := range (&sheet{Chart: c}).legend() {
		names = append(names, e.name)
	}
	return names
}

// placeSpans gives each name a place in a lane where it meets no other; a name
// that occurs again, and what finds no lane, is shaded only.
func (s *sheet) placeSpans() [][]placed {
	spans := make([]*Span, len(s.Spans))
	for i := range s.Spans {
		spans[i] = &s.Spans[i]
	}
	slices.SortStableFunc(spans, func(a, b *Span) int {
		switch {
		case a.From < b.From:
			return -1
		case a.From > b.From:
			return 1
		}
		return 0
	})
	var lanes [][]placed
	var named []string
	for _, sp := range spans {
		if slices.Contains(named, sp.Name) || sp.Name == "" || sp.To < s.x.lo || sp.From > s.x.hi {
			continue
		}
		p := s.place(sp)
		lane := freeLane(lanes, p)
		if lane >= maxLanes {
			continue
		}
		if lane == len(lanes) {
			lanes = append(lanes, nil)
		}
		lanes[lane] = append(lanes[lane], p)
		named = append(named, sp.Name)
	}
	return lanes
}

// place centres the name over its span, moved aside where the plot ends.
func (s *sheet) place(sp *Span) placed {
	from, to := s.atX(max(sp.From, s.x.lo)), s.atX(min(sp.To, s.x.hi))
	f := regular(spanSize)
	name := fitted(f, sp.Name, s.plot.Max.X-s.plot.Min.X)
	at := (from+to)/2 - f.Width(name)/2
	at = min(max(at, s.plot.Min.X), s.plot.Max.X-f.Width(name))
	return placed{sp, from, to, name, at}
}

func (p *placed) extent() (lo, hi vg.Length) {
	return min(p.at, p.from), max(p.at+regular(spanSize).Width(p.name), p.to)
}

func freeLane(lanes [][]placed, p placed) int {
	lo, hi := p.extent()
	for i, lane := range lanes {
		meets := func(q placed) bool {
			qlo, qhi := q.extent()
			return lo < qhi+gap && qlo < hi+gap
		}
		if !slices.ContainsFunc(lane, meets) {
			return i
		}
	}
	return len(lanes)
}

// atX is the place of a value of the x axis on the sheet.
func (s *sheet) atX(v float64) vg.Length {
	return s.plot.Min.X + vg.Length(s.x.norm(v))*(s.plot.Max.X-s.plot.Min.X)
}

// clampX is the same, at the edge of the plot for what lies beyond.
func (s *sheet) clampX(v float64) vg.Length {
	if s.X.Log && v <= 0 {
		return s.plot.Min.X
	}
	return s.atX(min(max(v, s.x.lo), s.x.hi))
}

func (s *sheet) clampY(v float64) vg.Length {
	if s.Y.Log && v <= 0 {
		return s.plot.Min.Y
	}
	return s.atY(min(max(v, s.y.lo), s.y.hi))
}

func (s *sheet) atY(v float64) vg.Length {
	return s.plot.Min.Y + vg.Length(s.y.norm(v))*(s.plot.Max.Y-s.plot.Min.Y)
}
