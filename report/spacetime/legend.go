package spacetime

import (
	"fmt"
	"strconv"

	"meshsim/report/lifeline"
	"meshsim/sim"
)

// mostKinds are told apart in the legend; the others share the last entry.
const mostKinds = 11

// A legendRow is a row of entries.
type legendRow []legendEntry

type legendEntry struct {
	text string
	x    length
	draw func(s *svg, x, y length)
}

// look is how kind i is drawn: the first six by colour, the next ones with the
// dashes of another colour, too.
func look(i int) (paint, string) {
	if i >= mostKinds {
		return muted, ""
	}
	return kind0 + paint(i%kindColours), dashes[(i+i/kindColours)%kindColours]
}

// kindNumber is the place of a kind in the legend.
func (d *Diagram) kindNumber(name string) int {
	for i := range d.kinds {
		if d.kinds[i].name == name {
			return min(i, mostKinds)
		}
	}
	return mostKinds
}

// legendRows puts the entries into rows of that width.
func (d *Diagram) legendRows(paperWidth length) []legendRow {
	const symbol, gap = 30 * pt, 16 * pt
	var rows []legendRow
	x := paperWidth
	for _, e := range d.legendEntries() {
		w := symbol + width(e.text, smallSize) + gap
		if x+w > paperWidth-margin {
			rows, x = append(rows, nil), margin
		}
		e.x, x = x, x+w
		rows[len(rows)-1] = append(rows[len(rows)-1], e)
	}
	return rows
}

// legendEntries explain what the diagram shows, and nothing else.
func (d *Diagram) legendEntries() []legendEntry {
	var list []legendEntry
	others, lost := 0, 0
	for i, k := range d.kinds {
		lost += k.lost
		if i >= mostKinds {
			others += k.count
			continue
		}
		list = append(list, legendEntry{text: fmt.Sprintf("%s (%d)", k.name, k.count), draw: arrowSymbol(i)})
	}
	if others > 0 {
		list = append(list, legendEntry{text: fmt.Sprintf("other kinds (%d)", others), draw: arrowSymbol(mostKinds)})
	}
	add := func(there bool, text string, draw func(s *svg, x, y length)) {
		if there {
			list = append(list, legendEntry{text: text, draw: draw})
		}
	}
	add(lost > 0, "lost ("+strconv.Itoa(lost)+")", func(s *svg, x, y length) {
		s.put(`<path d="%s" stroke="%s" stroke-width="1.6"/>`, cross(x+12*pt, y), s.colour(bad))
	})
	add(d.has(sim.TraceObserve), "observed", func(s *svg, x, y length) { s.dot(x+12*pt, y, ink) })
	add(d.has(sim.TraceExpire), "timer came due", func(s *svg, x, y length) { s.ring(x+12*pt, y) })
	add(len(d.injects) > 0, "from outside", func(s *svg, x, y length) { s.inject(x+18*pt, y, 14*pt) })
	add(len(d.work) > 0, "computing", func(s *svg, x, y length) { s.rect(x+10*pt, y-5*pt, 5*pt, 10*pt, ink, "0.45") })
	add(d.holds(lifeline.Parted), "cut off", func(s *svg, x, y length) { s.rect(x+4*pt, y-5*pt, 18*pt, 10*pt, shade, "0.22") })
	return list
}

func arrowSymbol(kind int) func(s *svg, x, y length) {
	return func(s *svg, x, y length) {
		colour, dash := look(kind)
		s.line(x, y, x+20*pt, y, colour, "1.5", dash)
		s.put(`<path d="%s" fill="%s"/>`, head(x, y, x+24*pt, y), s.colour(colour))
	}
}

func (d *Diagram) has(what sim.TraceKind) bool {
	for i := range d.marks {
		if d.marks[i].what == what {
			return true
		}
	}
	return false
}

func (d *Diagram) holds(what lifeline.Condition) bool {
	for i := range d.spans {
		if s := &d.spans[i]; s.What == what && (what != lifeline.Parted || s.CutOff) {
			return true
		}
	}
	return false
}

func (s *svg) dot(x, y length, fill paint) {
	s.put(`<circle cx="%v" cy="%v" r="2.6" fill="%s"/>`, x, y, s.colour(fill))
}

func (s *svg) ring(x, y length) {
	s.put(`<circle cx="%v" cy="%v" r="2" fill="%s" stroke="%s" stroke-width="0.9"/>`, x, y, s.colour(paper), s.colour(muted))
}

// inject is a short arrow that comes from nowhere.
func (s *svg) inject(x, y, long length) {
	s.line(x-long, y, x-5*pt, y, muted, "1.2", "")
	s.put(`<path d="%s" fill="%s"/>`, head(x-long, y, x-2*pt, y), s.colour(muted))
}
