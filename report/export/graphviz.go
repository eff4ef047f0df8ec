package export

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"meshsim/protocols"
	"meshsim/report/lifeline"
	"meshsim/sim"
)

// Limits of what Graphviz lays out.
const (
	MaxDrawn = 5000   // nodes
	maxEdges = 50_000 // edges
	// SlowDrawn is from how many nodes on laying out takes minutes.
	SlowDrawn = 1500
)

// A Graph writes the overlay among some nodes at instants of a run in the DOT
// language, one graph an instant: who knows whom, in what state the nodes are,
// and which edges a partition cuts. All graphs have the same nodes and edges in
// the same order, and so the same layout. It is a [sim.Tracer] and must get the
// whole trace.
type Graph struct {
	*lifeline.Follower
	nodes    []protocols.NodeID
	name     Naming
	topology protocols.Topology // nil: everybody knows everybody
}

// NewGraph returns a Graph of nodes, ascending.
func NewGraph(nodes []protocols.NodeID, name Naming, t protocols.Topology) *Graph {
	return &Graph{lifeline.Follow(nodes), nodes, name, t}
}

var _ sim.Tracer = (*Graph)(nil)

// edges lists the edges among the nodes, each once.
func (g *Graph) edges() (list [][2]protocols.NodeID, err error) {
	for _, a := range g.nodes {
		g.neighbours(a, func(b protocols.NodeID) {
			if _, known := slices.BinarySearch(g.nodes, b); known && a < b && len(list) <= maxEdges {
				list = append(list, [2]protocols.NodeID{a, b})
			}
		})
	}
	if len(list) > maxEdges {
		return nil, fmt.Errorf("there are more than %d edges among %d nodes, more than a picture can show; choose fewer nodes", maxEdges, len(g.nodes))
	}
	return list, nil
}

func (g *Graph) neighbours(a protocols.NodeID, visit func(protocols.NodeID)) {
	if g.topology == nil {
		for _, b := range g.nodes {
			visit(b)
		}
		return
	}
	for i := range g.topology.Degree(a) {
		visit(g.topology.Neighbour(a, i))
	}
}

// Write writes a graph for each instant. title says what run it is of. The run
// must have come to an end, or past all instants.
func (g *Graph) Write(w io.Writer, title string, instants []protocols.Time) error {
	edges, err := g.edges()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for _, at := range instants {
		g.graph(out, title, at, edges)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the graphs: %w", err)
	}
	return nil
}

// states are the spans of a node that hold at an instant.
type states map[protocols.NodeID][]lifeline.Span // looked up only

func (g *Graph) graph(w *bufio.Writer, title string, at protocols.Time, edges [][2]protocols.NodeID) {
	held := states{}
	for _, s := range g.Spans(at + 1) {
		if s.At(at) {
			held[s.Node] = append(held[s.Node], s)
		}
	}
	fmt.Fprintf(w, "graph %s {\n", strconv.Quote(fmt.Sprint("at ", time.Duration(at))))
	layout, pin := "neato", len(edges) > dense*len(g.nodes)
	if len(g.nodes) > manyDrawn && !pin {
		layout = "sfdp"
	}
	fmt.Fprintf(w, "  layout=%s; start=1; overlap=false; splines=line; outputorder=edgesfirst; labelloc=t; fontname=\"sans-serif\";\n", layout)
	fmt.Fprintf(w, "  label=%s;\n", strconv.Quote(fmt.Sprintf("%s at %v: %s", title, time.Duration(at), held.count(g.nodes))))
	fmt.Fprintf(w, "  node [shape=circle, style=filled, fontname=\"sans-serif\", fontsize=10, color=\"#1A1A1A\", fixedsize=true, width=0.7];\n")
	faint := ""
	if pin {
		faint = "66" // so that many edges leave something to be seen
	}
	fmt.Fprintf(w, "  edge [color=\"#707884%s\"];\n", faint)
	for i, id := range g.nodes {
		place := ""
		if pin {
			place = ", " + onCircle(i, len(g.nodes))
		}
		fmt.Fprintf(w, "  %s [%s%s];\n", strconv.Quote(g.name(id)), held.node(id), place)
	}
	for _, e := range edges {
		fmt.Fprintf(w, "  %s -- %s%s;\n", strconv.Quote(g.name(e[0])), strconv.Quote(g.name(e[1])), held.edge(e[0], e[1], faint))
	}
	fmt.Fprint(w, "}\n")
}

const (
	dense     = 4   // edges a node, from which on a picture shows a ball of wool
	manyDrawn = 200 // nodes, from which on a faster layout is needed
)

// onCircle is the place of node i of n on a circle, for graphs that are too dense
// to show more than who is cut off from whom.
func onCircle(i, n int) string {
	const apart = 58 // points
	radius := float64(apart*n) / (2 * math.Pi)
	angle := 2 * math.Pi * float64(i) / float64(n)
	return fmt.Sprintf(`pos="%.0f,%.0f!"`, radius*math.Sin(angle), radius*math.Cos(angle))
}

// state is the one of a node's conditions that is shown, the gravest.
func (s states) state(id protocols.NodeID) string {
	shown := "up"
	for _, what := range []lifeline.Condition{lifeline.Parted, lifeline.Paused, lifeline.Byzantine, lifeline.Down} {
		for _, h := range s[id] {
			switch {
			case h.What != what:
			case what != lifeline.Parted:
				shown = what.String()
			case h.CutOff:
				shown = "cut off"
			}
		}
	}
	return shown
}

// fills are the colours of states, from the palette of the charts, paled.
var fills = map[string]string{"up": "#CCE3F0", "cut off": "#F7DFB2", "paused": "#E2E2E2", "Byzantine": "#F3B7B2", "down": "#FFFFFF"}

func (s states) node(id protocols.NodeID) string {
	state := s.state(id)
	attributes := fmt.Sprintf("fillcolor=%q, tooltip=%q", fills[state], state)
	if state == "down" {
		attributes += `, style="filled,dashed", fontcolor="#5F6368"`
	}
	return attributes
}

// edge dashes what a partition cuts and pales what leads to a node that is down.
func (s states) edge(a, b protocols.NodeID, faint string) string {
	for _, p := range s[a] {
		for _, q := range s[b] {
			if p.What == lifeline.Parted && q.What == lifeline.Parted && p.Partition == q.Partition && p.Side != q.Side {
				return ` [style=dashed, color="#B3261E` + faint + `"]`
			}
		}
	}
	if s.state(a) == "down" || s.state(b) == "down" {
		return ` [color="#E2E2E2"]`
	}
	return ""
}

// count tells how many nodes are in which state.
func (s states) count(nodes []protocols.NodeID) string {
	text := ""
	for _, state := range []string{"up", "cut off", "paused", "Byzantine", "down"} {
		n := 0
		for _, id := range nodes {
			if s.state(id) == state {
				n++
			}
		}
		if n > 0 {
			text += fmt.Sprintf(", %d %s", n, state)
		}
	}
	return text[min(len(text), 2):]
}
