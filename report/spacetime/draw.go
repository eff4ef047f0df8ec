package spacetime

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/report/lifeline"
	"meshsim/sim"
)

// SVG returns the diagram as a file of its own, on white paper.
func (d *Diagram) SVG() string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + d.draw(&svg{})
}

// Inline returns the diagram as an element for an HTML page. Its colours are the
// page's custom properties --paper, --ink, --muted, --rule, --shade, --bad and
// --c0 to --c5, where it has them.
// The page says what it shows; there is no heading in it.
func (d *Diagram) Inline() string { return d.draw(&svg{themed: true}) }

func (d *Diagram) draw(s *svg) string {
	w := d.paperWidth(&d.geometry)
	notes := d.notes()
	foot := 12 * pt
	if d.height > 700*pt {
		foot += headHeight
	}
	h := d.bottom() + foot + length(len(notes))*12*pt + margin
	above := length(0)
	if s.themed {
		above = headingHeight
	}
	s.put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 %v %v %v" width="%v" height="%v" role="img" fill="none" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">`,
		above, w, h-above, w, h-above)
	s.put("<title>%s</title>", escape(d.Title))
	s.rect(0, 0, w, h, paper, "1")
	if !s.themed {
		s.text(label{margin, margin + 8*pt, shortened(d.Title, 13*pt, w-2*margin), "13", ink, "start", ` font-weight="bold"`})
		s.text(label{margin, margin + 23*pt, shortened(d.Subtitle, 9*pt, w-2*margin), "9", muted, "start", ""})
	}
	d.heading(s)
	shades := d.partitions(s)
	d.times(s, w)
	d.lifelines(s)
	d.sides(s, shades)
	d.works(s)
	d.messages(s)
	d.points(s)
	d.labels(s)
	for i, n := range notes {
		s.text(label{margin, d.bottom() + foot + length(i+1)*12*pt, n, "8.5", muted, "start", ""})
	}
	s.WriteString("</svg>\n")
	return s.String()
}

// heading is the legend, and the names of the columns.
func (d *Diagram) heading(s *svg) {
	for i, row := range d.legend {
		y := margin + 37*pt + length(i)*rowHeight
		for _, e := range row {
			e.draw(s, e.x, y)
			s.text(label{e.x + 29*pt, y + 3*pt, e.text, "8", ink, "start", ""})
		}
	}
	for i, name := range d.names {
		x := d.x(i)
		if d.turned {
			x += 3 * pt
			s.text(label{x, d.top - 8*pt, name, "10", ink, "start", fmt.Sprintf(` transform="rotate(-90 %v %v)"`, x, d.top-8*pt)})
			continue
		}
		s.text(label{x, d.top - 8*pt, name, "10", ink, "middle", ""})
		if d.height > 700*pt {
			s.text(label{x, d.bottom() + 16*pt, name, "10", ink, "middle", ""})
		}
	}
}

// notes say what is not shown.
func (d *Diagram) notes() []string {
	var list []string
	if d.omitted > 0 {
		list = append(list, fmt.Sprintf("The first %d messages are shown, up to %s s; %d more of the window are left out: choose a shorter window or fewer nodes.",
			len(d.arrows), seconds(d.to, 9), d.omitted))
	}
	if d.outside > 0 {
		list = append(list, fmt.Sprintf("Messages between these nodes and others are not shown: %d.", d.outside))
	}
	return list
}

// partitions shades the columns that are cut off; neighbours on one side share
// a shade.
func (d *Diagram) partitions(s *svg) (shades []sided) {
	for i := 0; i < len(d.nodes); i++ {
		for _, p := range d.of(i, lifeline.Parted) {
			if !p.CutOff || i > 0 && d.sharedBy(i-1, p) {
				continue
			}
			last := i
			for last+1 < len(d.nodes) && d.sharedBy(last+1, p) {
				last++
			}
			x, y := d.x(i)-d.spacing/2, d.y(p.From)
			s.rect(x, y, d.spacing*length(last-i+1), d.y(p.To)-y, shade, "0.16")
			shades = append(shades, sided{p, x, d.spacing * length(last-i+1)})
		}
	}
	return shades
}

// sided is a shade that wants a name.
type sided struct {
	lifeline.Span
	x, width length
}

// sides names the shades that are wide enough.
func (d *Diagram) sides(s *svg, shades []sided) {
	for _, p := range shades {
		text := fmt.Sprintf("%s, side %d", p.Fault, p.Side)
		if width(text, smallSize) < p.width-8*pt {
			s.text(label{p.x + 4*pt, d.y(p.From) + 10*pt, text, "8", muted, "start", s.halo()})
		}
	}
}

// of lists the spans of a column.
func (d *Diagram) of(column int, what lifeline.Condition) (list []lifeline.Span) {
	for _, s := range d.spans {
		if s.Node == d.nodes[column] && s.What == what {
			list = append(list, s)
		}
	}
	return list
}

func (d *Diagram) sharedBy(column int, p lifeline.Span) bool {
	return slices.ContainsFunc(d.of(column, lifeline.Parted), func(q lifeline.Span) bool {
		return q.Partition == p.Partition && q.Side == p.Side && q.From == p.From && q.To == p.To
	})
}

// times draws the axis of time.
func (d *Diagram) times(s *svg, w length) {
	const apart = 46 * pt
	step, decimals := timeStep(d.to-d.from, int(d.height/apart))
	for t := (d.from + step - 1) / step * step; t <= d.to; t += step {
		y := d.y(t)
		s.line(margin+axis, y, w-margin, y, rule, "0.7", "")
		s.text(label{margin + axis - 6*pt, y + 3*pt, seconds(t, decimals) + " s", "8.5", muted, "end", ""})
	}
}

// timeStep is the smallest step of 1, 2 or 5 times a power of ten nanoseconds
// that divides a span into at most that many parts, and the decimals of its
// multiples in seconds.
func timeStep(span protocols.Time, parts int) (step protocols.Time, decimals int) {
	step, decimals = 1, 9
	for power := protocols.Time(1); ; power *= 10 {
		for _, m := range []protocols.Time{1, 2, 5} {
			if step = m * power; span/step <= protocols.Time(max(parts, 1)) {
				return step, max(decimals, 0)
			}
		}
		decimals--
	}
}

// lifelines draws the columns: a gap while a node is down, dots while it is
// paused, red where it is Byzantine.
func (d *Diagram) lifelines(s *svg) {
	for i := range d.nodes {
		x, from := d.x(i), d.from
		gaps := append(d.of(i, lifeline.Down), d.of(i, lifeline.Paused)...)
		slices.SortStableFunc(gaps, func(a, b lifeline.Span) int { return int(min(max(a.From-b.From, -1), 1)) })
		for _, g := range gaps {
			if g.From > from {
				s.line(x, d.y(from), x, d.y(g.From), ink, "1", "")
			}
			if g.What == lifeline.Paused {
				s.line(x, d.y(g.From), x, d.y(g.To), muted, "1", "1 4")
			}
			d.ends(s, x, g)
			from = max(from, g.To)
		}
		if from < d.to {
			s.line(x, d.y(from), x, d.bottom(), ink, "1", "")
		}
		for _, b := range d.of(i, lifeline.Byzantine) {
			s.line(x, d.y(b.From), x, d.y(b.To), bad, "2", "")
		}
	}
}

// ends are the bars at a gap's beginning and end, where the window has them.
func (d *Diagram) ends(s *svg, x length, g lifeline.Span) {
	if g.From >= d.from {
		s.line(x-5*pt, d.y(g.From), x+5*pt, d.y(g.From), bad, "1.6", "")
	}
	if g.To < d.to {
		s.line(x-5*pt, d.y(g.To), x+5*pt, d.y(g.To), ink, "1.6", "")
	}
}

// works draws bars where nodes computed, if they can be seen.
func (d *Diagram) works(s *svg) {
	for _, b := range d.work {
		y := d.y(b.from)
		s.rect(d.x(b.column)-5*pt/2, y, 5*pt, max(d.y(b.to)-y, pt/2), ink, "0.45")
	}
}

// points draws what nodes observed, timers, and what came from outside.
func (d *Diagram) points(s *svg) {
	for _, m := range d.injects {
		s.inject(d.x(m.column), d.y(m.at), min(d.spacing/2, 16*pt))
	}
	many := len(d.marks) > mostTold
	last := make([]length, len(d.nodes)) // where the latest dot of a column is
	for _, m := range d.marks {
		x, y := d.x(m.column), d.y(m.at)
		switch {
		case m.what == sim.TraceExpire:
			s.ring(x, y)
		case !many:
			s.put(`<circle cx="%v" cy="%v" r="2.6" fill="%s"><title>%s</title></circle>`, x, y, s.colour(ink), escape(d.tell(&m)))
		case y >= last[m.column]+pt:
			s.dot(x, y, ink)
			last[m.column] = y
		}
	}
}

// mostTold is up to how many marks each observation has a dot of its own and a
// text that appears under the pointer; beyond, dots in one place are one.
const mostTold = 2000

// tell says all of an observation.
func (d *Diagram) tell(m *mark) string {
	return fmt.Sprintf("%s s, %s: %s, key %d, value %d", seconds(m.at, 9), d.names[m.column], m.name, m.item, m.value)
}
