package spacetime

import (
	"fmt"
	"math/bits"
	"slices"

	"meshsim/protocols"
	"meshsim/report/lifeline"
)

// A Diagram is what a [Recorder] kept, ready to be drawn.
type Diagram struct {
	Title    string
	Subtitle string
	Name     func(protocols.NodeID) string
	// Chain are the keys of messages that stand out from the others, such as those
	// that led to a violation; nil: all are alike.
	Chain []uint64

	kept
	spans   []lifeline.Span
	kinds   []kindOf
	latency protocols.Time // that is usual here, for messages that have none
	geometry
}

// kindOf is a kind of message with how many arrows it has.
type kindOf struct {
	name        string
	count, lost int
}

// Diagram returns a diagram of what was kept. It must be called when the run is
// over.
func (r *Recorder) Diagram(title, subtitle string, name func(protocols.NodeID) string) *Diagram {
	d := &Diagram{Title: title, Subtitle: subtitle, Name: name, kept: r.kept}
	d.spans = slices.DeleteFunc(r.lives.Spans(r.to), func(s lifeline.Span) bool { return !s.During(r.from, r.to) })
	d.arrows = slices.DeleteFunc(slices.Clone(r.arrows), func(a arrow) bool { return a.fate == gone })
	d.countKinds()
	d.latency = typical(d.arrows, (r.to-r.from)/20)
	d.geometry = d.layout()
	return d
}

// Empty reports whether nothing happens in it.
func (d *Diagram) Empty() bool { return len(d.arrows)+len(d.marks)+len(d.injects)+len(d.work) == 0 }

// Messages is how many messages it shows, and how many it left out at its end.
func (d *Diagram) Messages() (shown, omitted int) { return len(d.arrows), d.omitted }

// Window is the time that it shows; it ends earlier than asked for where there was
// no more room.
func (d *Diagram) Window() (from, to protocols.Time) { return d.from, d.to }

// countKinds lists the kinds of arrows, the most frequent first.
func (d *Diagram) countKinds() {
	place := map[string]int{}
	for i := range d.arrows {
		a := &d.arrows[i]
		k, ok := place[a.kind]
		if !ok {
			k = len(d.kinds)
			place[a.kind] = k
			d.kinds = append(d.kinds, kindOf{name: a.kind})
		}
		d.kinds[k].count++
		if a.fate == lostBySender || a.fate == lostAtTarget {
			d.kinds[k].lost++
		}
	}
	slices.SortStableFunc(d.kinds, func(a, b kindOf) int { return b.count - a.count })
}

// typical is the median latency of the arrows, or other if none arrived.
func typical(arrows []arrow, other protocols.Time) protocols.Time {
	var took []protocols.Time
	for i := range arrows {
		if a := &arrows[i]; a.fate == delivered && a.from != a.to {
			took = append(took, a.ended-a.sent)
		}
	}
	if len(took) == 0 {
		return max(other, 1)
	}
	slices.Sort(took)
	return max(took[len(took)/2], 1)
}

// geometry is where things are.
type geometry struct {
	left, top, spacing, height length // of the columns
	right                      length // beside the last column
	turned                     bool   // names of nodes stand upright
	legend                     []legendRow
	names                      []string
}

// Sizes on the paper.
const (
	margin    = 14 * pt
	axis      = 62 * pt // room for times
	mostWidth = 900 * pt
	nameSize  = 10 * pt
	smallSize = 8 * pt
	rowHeight = 15 * pt

	headingHeight = 32 * pt // title and subtitle
	headHeight    = 22 * pt
	labelRoom     = 96 * pt // beside the last column
)

// layout decides where things are: columns share the width, and the height grows
// with what happens on the busiest of them.
func (d *Diagram) layout() geometry {
	g := geometry{left: margin + axis, right: labelRoom}
	n := max(len(d.nodes), 1)
	g.spacing = min(max(mostWidth/length(n), 16*pt), 150*pt)
	longest := length(0)
	for _, id := range d.nodes {
		g.names = append(g.names, d.Name(id))
		longest = max(longest, width(d.Name(id), nameSize))
	}
	g.turned = longest > g.spacing-4*pt
	g.left += g.spacing / 2
	g.legend = d.legendRows(d.paperWidth(&g))
	g.top = margin + 40*pt + length(len(g.legend))*rowHeight + headHeight
	if g.turned {
		g.top += longest - nameSize
	}
	events := make([]int, len(d.nodes))
	for i := range d.arrows {
		events[d.arrows[i].from]++
		events[d.arrows[i].to]++
	}
	for i := range d.marks {
		events[d.marks[i].column]++
	}
	g.height = min(max(length(slices.Max(append(events, 0)))*8*pt, 360*pt), 2000*pt)
	return g
}

func (d *Diagram) paperWidth(g *geometry) length {
	return max(g.left+g.spacing*length(max(len(d.nodes)-1, 0))+g.right+margin, 480*pt)
}

func (g *geometry) x(column int) length { return g.left + g.spacing*length(column) }

func (g *geometry) bottom() length { return g.top + g.height }

// y is where an instant is; it is cut to the window.
func (d *Diagram) y(t protocols.Time) length {
	t = min(max(t, d.from), d.to)
	return d.top + length(part(int64(d.height), t-d.from, d.to-d.from))
}

// part is whole*a/b, rounded down, for 0 <= a <= b and b > 0.
func part(whole int64, a, b protocols.Time) int64 {
	if b <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(whole), uint64(a))
	q, _ := bits.Div64(hi, lo, uint64(b))
	return int64(q)
}

// seconds writes an instant with that many decimals.
func seconds(t protocols.Time, decimals int) string {
	whole, rest := t/1e9, t%1e9
	if decimals == 0 {
		return fmt.Sprint(int64(whole))
	}
	return fmt.Sprintf("%d.%s", int64(whole), fmt.Sprintf("%09d", int64(rest))[:decimals])
}
