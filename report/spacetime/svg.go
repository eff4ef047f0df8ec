package spacetime

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A length is in tenths of a point, whole, so that the bytes are the same
// everywhere.
type length int

// pt is a point.
const pt length = 10

// String writes points.
func (l length) String() string {
	sign := ""
	if l < 0 {
		sign, l = "-", -l
	}
	if l%pt == 0 {
		return sign + strconv.Itoa(int(l/pt))
	}
	return sign + strconv.Itoa(int(l/pt)) + "." + strconv.Itoa(int(l%pt))
}

// A paint is a colour by its use.
type paint uint8

const (
	paper paint = iota
	ink
	muted
	rule
	shade
	bad
	kind0 // and the five that follow
)

// colours are what a paint is in a file of its own, and the custom property of
// the page that holds it: the palette of the charts.
var colours = []struct{ hex, property string }{
	{"#FFFFFF", "paper"}, {"#1A1A1A", "ink"}, {"#5F6368", "muted"}, {"#E2E2E2", "rule"}, {"#707884", "shade"}, {"#B3261E", "bad"},
	{"#0072B2", "c0"}, {"#D55E00", "c1"}, {"#009E73", "c2"}, {"#CC79A7", "c3"}, {"#E69F00", "c4"}, {"#56B4E9", "c5"},
}

// kindColours is how many kinds have a colour of their own.
const kindColours = 6

// dashes tell kinds apart where colours do not.
var dashes = [kindColours]string{"", "6 2.5", "1.6 2", "8 2.5 1.6 2.5", "3.5 2", "8 2 1.6 2 1.6 2"}

// svg collects elements. It uses attributes alone: no style that a page's policy
// could refuse, no name that two diagrams of a page could share.
type svg struct {
	strings.Builder
	themed bool // colours are the page's
}

func (s *svg) colour(p paint) string {
	c := colours[p]
	if s.themed {
		return "var(--" + c.property + "," + c.hex + ")"
	}
	return c.hex
}

func (s *svg) put(format string, args ...any) { fmt.Fprintf(&s.Builder, format+"\n", args...) }

func (s *svg) rect(x, y, w, h length, fill paint, opacity string) {
	s.put(`<rect x="%v" y="%v" width="%v" height="%v" fill="%s" fill-opacity="%s"/>`, x, y, w, h, s.colour(fill), opacity)
}

func (s *svg) line(x1, y1, x2, y2 length, stroke paint, width, dash string) {
	if dash != "" {
		dash = ` stroke-dasharray="` + dash + `"`
	}
	s.put(`<path d="M%v %vL%v %v" stroke="%s" stroke-width="%s"%s/>`, x1, y1, x2, y2, s.colour(stroke), width, dash)
}

// A label is a piece of text.
type label struct {
	x, y   length
	text   string
	size   string // points
	fill   paint
	anchor string // start, middle, end
	more   string // attributes
}

func (s *svg) text(l label) {
	s.put(`<text x="%v" y="%v" font-size="%s" text-anchor="%s" fill="%s"%s>%s</text>`,
		l.x, l.y, l.size, l.anchor, s.colour(l.fill), l.more, escape(l.text))
}

// halo keeps text readable on top of lines.
func (s *svg) halo() string {
	return ` paint-order="stroke" stroke="` + s.colour(paper) + `" stroke-width="3" stroke-linejoin="round"`
}

// width estimates how wide text is.
func width(text string, size length) length {
	return length(len([]rune(text))) * size * 55 / 100
}

// shortened cuts text that is wider than room.
func shortened(text string, size, room length) string {
	runes := []rune(text)
	if n := int(room * 100 / (size * 55)); len(runes) > n {
		return string(runes[:max(n-1, 0)]) + "…"
	}
	return text
}

// head is the path of an arrow's head at (x2,y2), for a line that comes from
// (x1,y1). Square roots are the same everywhere.
func head(x1, y1, x2, y2 length) string {
	dx, dy := float64(x2-x1), float64(y2-y1)
	d := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if d == 0 {
		return ""
	}
	const long, half = 65, 25
	bx, by := float64(x2)-float64(dx*(long/d)), float64(y2)-float64(dy*(long/d))
	ox, oy := float64(dy*(half/d)), float64(dx*(half/d))
	at := func(v float64) length { return length(math.Round(v)) }
	return fmt.Sprintf("M%v %vL%v %vL%v %vZ", x2, y2, at(bx-ox), at(by+oy), at(bx+ox), at(by-oy))
}

func cross(x, y length) string {
	const r = 4 * pt
	return fmt.Sprintf("M%v %vL%v %vM%v %vL%v %v", x-r, y-r, x+r, y+r, x-r, y+r, x+r, y-r)
}

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic("spacetime: writing to memory failed: " + err.Error())
	}
	return b.String()
}
