package spacetime

import (
	"fmt"
	"slices"
	"strings"

	"meshsim/report/lifeline"
	"meshsim/sim"
)

// lineHeight is how far labels of a column keep apart.
const lineHeight = 9 * pt

// labels writes beside each life line what happens there, as far as there is
// room: first faults, then what the node observed.
func (d *Diagram) labels(s *svg) {
	for i := range d.nodes {
		room := d.spacing - 14*pt
		if i == len(d.nodes)-1 {
			room = d.right - 8*pt
		}
		l := &lane{x: d.x(i) + 6*pt, room: room}
		for _, what := range []lifeline.Condition{lifeline.Down, lifeline.Paused, lifeline.Byzantine} {
			for _, span := range d.of(i, what) {
				y, text := d.y(span.From)+smallSize, conditionText(span, span.From < d.from)
				if what == lifeline.Byzantine && width(text, smallSize) > room {
					text = what.String()
				}
				l.add(y, text, bad)
				if what == lifeline.Down && span.To < d.to {
					l.add(d.y(span.To)+smallSize, "restart", ink)
				}
			}
		}
		for k := range d.marks {
			if m := &d.marks[k]; m.column == i && m.what == sim.TraceObserve {
				l.add(d.y(m.at)+3*pt, m.short(), ink)
			}
		}
		for _, t := range l.placed {
			s.text(label{l.x, t.y, t.text, "8", t.fill, "start", s.halo()})
		}
	}
}

func conditionText(s lifeline.Span, before bool) string {
	switch {
	case s.What == lifeline.Down && before:
		return "down"
	case s.What == lifeline.Down:
		return "crash"
	case s.What == lifeline.Paused:
		return "paused"
	}
	return "Byzantine: " + s.Behaviour
}

// short is what a label says of an observation: small numbers mean something to
// people, hashes and times do not.
func (m *mark) short() string {
	const small = 100_000
	name := strings.ReplaceAll(m.name, "_", " ")
	if m.value > 0 && m.value < small {
		return fmt.Sprintf("%s %d", name, m.value)
	}
	return name
}

// A lane holds the labels beside a life line.
type lane struct {
	x, room length
	placed  []placed
}

type placed struct {
	y    length
	text string
	fill paint
}

// add places a label unless it is too wide, or too near another.
func (l *lane) add(y length, text string, fill paint) {
	if width(text, smallSize) > l.room {
		return
	}
	near := func(p placed) bool { return p.y-y < lineHeight && y-p.y < lineHeight }
	if !slices.ContainsFunc(l.placed, near) {
		l.placed = append(l.placed, placed{y, text, fill})
	}
}
