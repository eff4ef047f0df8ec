package spacetime

import (
	"fmt"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report/unit"
)

// mostTitles is up to how many arrows each has a text that appears under the
// pointer; beyond, it would be most of the file.
const mostTitles = 700

// messages draws the arrows, kind by kind, those of the chain on top.
func (d *Diagram) messages(s *svg) {
	opacity := ""
	if d.Chain != nil {
		opacity = ` opacity="0.35"`
	}
	for i := range min(len(d.kinds), mostKinds+1) {
		d.messagesOf(s, i, false, "1.1", opacity)
	}
	for i := range min(len(d.kinds), mostKinds+1) {
		d.messagesOf(s, i, true, "2.4", "")
	}
}

func (d *Diagram) messagesOf(s *svg, kind int, chain bool, width, opacity string) {
	colour, dash := look(kind)
	var lines, heads, crosses strings.Builder
	for i := range d.arrows {
		a := &d.arrows[i]
		if d.kindNumber(a.kind) != kind || slices.Contains(d.Chain, a.key) != chain {
			continue
		}
		p := d.path(a)
		if len(d.arrows) <= mostTitles {
			fmt.Fprintf(&lines, "<path d=\"%s\"><title>%s</title></path>\n", p.line, escape(d.story(a)))
		} else {
			lines.WriteString(p.line)
		}
		heads.WriteString(p.head)
		crosses.WriteString(p.cross)
	}
	if lines.Len() == 0 {
		return
	}
	if len(d.arrows) > mostTitles {
		all := lines.String()
		lines.Reset()
		fmt.Fprintf(&lines, "<path d=\"%s\"/>\n", all)
	}
	s.put(`<g stroke="%s" stroke-width="%s" stroke-dasharray="%s"%s>`+"\n%s</g>", s.colour(colour), width, orNone(dash), opacity, lines.String())
	if heads.Len() > 0 {
		s.put(`<path d="%s" fill="%s"%s/>`, heads.String(), s.colour(colour), opacity)
	}
	if crosses.Len() > 0 {
		s.put(`<path d="%s" stroke="%s" stroke-width="1.6"%s/>`, crosses.String(), s.colour(bad), opacity)
	}
}

func orNone(dash string) string {
	if dash == "" {
		return "none"
	}
	return dash
}

// drawn is an arrow as paths.
type drawn struct{ line, head, cross string }

// path is where an arrow runs. What was sent before the window comes in at its
// upper edge, what arrives after it leaves at its lower one. Of a message that
// was lost on its way nobody knows where; it ends half way, between
// two columns.
func (d *Diagram) path(a *arrow) drawn {
	ends, arrives := a.ended, true
	switch a.fate {
	case underWay:
		ends, arrives = max(a.sent+d.latency, d.to), false
	case lostBySender:
		ends = a.sent + d.latency
	}
	if a.from == a.to {
		return d.loop(a, ends)
	}
	begin, end := place{d.x(a.from), a.sent}, place{d.x(a.to), ends}
	switch {
	case a.fate == lostBySender:
		across := protocols.Time(max(a.from, a.to) - min(a.from, a.to))
		end = between(begin, end, a.sent+(ends-a.sent)/(2*across)*(across/2*2+1))
	case arrives && end.at <= d.to:
		end.x += sign(begin.x-end.x) * 2 * pt // its point touches the life line
	}
	if end.at > d.to {
		end, arrives = between(begin, end, d.to), false
	}
	if begin.at < d.from {
		begin = between(begin, end, d.from)
	}
	x1, y1, x2, y2 := begin.x, d.y(begin.at), end.x, d.y(end.at)
	out := drawn{line: fmt.Sprintf("M%v %vL%v %v", x1, y1, x2, y2)}
	switch {
	case a.fate == lostBySender || a.fate == lostAtTarget:
		out.cross = cross(x2, y2)
	case arrives:
		out.head = head(x1, y1, x2, y2)
	}
	return out
}

// place is a point of the diagram.
type place struct {
	x  length
	at protocols.Time
}

// between is where the line from a to b is at an instant between theirs.
func between(a, b place, at protocols.Time) place {
	way := b.x - a.x
	if way < 0 {
		return place{a.x - length(part(int64(-way), at-a.at, b.at-a.at)), at}
	}
	return place{a.x + length(part(int64(way), at-a.at, b.at-a.at)), at}
}

func sign(l length) length {
	if l < 0 {
		return -1
	}
	return 1
}

// loop is the path of a message to the node itself.
func (d *Diagram) loop(a *arrow, ends protocols.Time) drawn {
	x, y1, y2 := d.x(a.from), d.y(a.sent), d.y(ends)
	y2 = max(y2, y1+6*pt)
	out := drawn{line: fmt.Sprintf("M%v %vC%v %v %v %v %v %v", x, y1, x+14*pt, y1, x+14*pt, y2, x, y2)}
	if a.fate == delivered {
		out.head = head(x+8*pt, y2, x+2*pt, y2)
	} else if a.fate != underWay {
		out.cross = cross(x+10*pt, (y1+y2)/2)
	}
	return out
}

// story says all of a message.
func (d *Diagram) story(a *arrow) string {
	out := fmt.Sprintf("%s from %s to %s, %d B, sent at %s s", a.kind, d.names[a.from], d.names[a.to], a.size, seconds(a.sent, 9))
	if a.copied {
		out += ", doubled on the way"
	}
	switch took := unit.Text("s", float64(a.ended-a.sent)/1e9); a.fate {
	case delivered:
		out += ", delivered after " + took
	case lostBySender:
		out += ", lost: " + a.reason
	case lostAtTarget:
		out += ", not taken after " + took + ": " + a.reason
	}
	return out
}
