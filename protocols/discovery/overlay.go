package discovery

import "meshsim/protocols"

// overlay is the graph of links as the nodes observe them. An edge is what its
// owner believes; a link that both ends believe in is two edges.
type overlay struct {
	edges   [][]edge // by owner
	state   []nodeState
	members []protocols.NodeID
	parted  bool
	quiet   protocols.Time // since when no partition has begun or ended
}

type edge struct {
	to    protocols.NodeID
	way   uint32         // microseconds there and back; 0: not measured
	alone protocols.Time // since when the other end has no edge back; -1: it has one
}

type nodeState struct {
	down, paused, lies bool
	in                 bool           // it has joined
	out                bool           // it has left in order
	since              protocols.Time // of the last change
}

func newOverlay(c protocols.ProbeConfig) *overlay {
	o := &overlay{edges: make([][]edge, c.Nodes), state: make([]nodeState, c.Nodes), members: c.Members}
	for _, id := range c.Byzantine {
		o.state[id].lies = true
	}
	return o
}

// Kinds of observations that an overlay lives on.
var overlayKinds = []protocols.ObservationKind{Begun, Joined, LinkUp, LinkDown, Left}

// observe takes the next observation. Removed is the edge that is no more.
func (g *overlay) observe(o protocols.Observed) (removed *edge) {
	if o.Protocol == protocols.NodeProtocol {
		g.observeNode(o)
		return nil
	}
	switch s := &g.state[o.Node]; o.Kind {
	case Begun:
		s.in, s.out, s.since = false, false, o.At
	case Joined:
		s.in, s.since = true, o.At
	case Left:
		s.in, s.out, s.since = false, true, o.At
	case LinkUp:
		g.add(o.Node, protocols.NodeID(o.Key), o.At)
	case LinkDown:
		return g.remove(o.Node, protocols.NodeID(o.Key), o.At)
	}
	return nil
}

func (g *overlay) observeNode(o protocols.Observed) {
	switch o.Kind {
	case protocols.MeshParted, protocols.MeshHealed:
		g.parted, g.quiet = o.Kind == protocols.MeshParted, o.At
		return
	}
	if int(o.Node) >= len(g.state) {
		return
	}
	s := &g.state[o.Node]
	s.since = o.At
	switch o.Kind {
	case protocols.NodeDown:
		s.down, s.in, s.out = true, false, false
		for len(g.edges[o.Node]) > 0 {
			g.remove(o.Node, g.edges[o.Node][0].to, o.At)
		}
	case protocols.NodeUp:
		s.down = false
	case protocols.NodePaused:
		s.paused = true
	case protocols.NodeResumed:
		s.paused = false
	case protocols.NodeCorrupted:
		s.lies = true
	}
}

func (g *overlay) edge(from, to protocols.NodeID) *edge {
	for i := range g.edges[from] {
		if e := &g.edges[from][i]; e.to == to {
			return e
		}
	}
	return nil
}

func (g *overlay) add(from, to protocols.NodeID, at protocols.Time) {
	if uint64(to) >= uint64(len(g.edges)) || g.edge(from, to) != nil {
		return
	}
	e := edge{to: to, alone: at}
	if back := g.edge(to, from); back != nil {
		e.alone, back.alone = -1, -1
	}
	g.edges[from] = append(g.edges[from], e)
}

func (g *overlay) remove(from, to protocols.NodeID, at protocols.Time) *edge {
	for i, e := range g.edges[from] {
		if e.to != to {
			continue
		}
		g.edges[from] = swapDelete(g.edges[from], i)
		if back := g.edge(to, from); back != nil {
			back.alone = at
		}
		return &e
	}
	return nil
}

// present reports whether a node is up and has not left.
func (g *overlay) present(id protocols.NodeID) bool { return !g.state[id].down && !g.state[id].out }

// works reports whether a node is present and runs.
func (g *overlay) works(id protocols.NodeID) bool { return g.present(id) && !g.state[id].paused }

// honest reports whether a node works and does not lie.
func (g *overlay) honest(id protocols.NodeID) bool { return g.works(id) && !g.state[id].lies }
