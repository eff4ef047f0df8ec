package discovery

import (
	"slices"

	"meshsim/protocols"
)

// link is a neighbour: there is a connection to it, and it has one to this node.
type link struct {
	of     *Announcement
	id     protocols.NodeID
	way    uint32 // microseconds there and back; 0: not measured
	silent uint8  // signs of life that did not come
	random bool   // it is never swapped for a nearer one
}

// request is a question for a link that waits for its answer.
type request struct {
	to     protocols.NodeID
	forced bool // the answer gets room, if another neighbour has to go for it
}

// linkTo is a neighbour's place, -1 if there is no link to that node.
func (n *node) linkTo(id protocols.NodeID) int {
	for i := range n.active {
		if n.active[i].id == id {
			return i
		}
	}
	return -1
}

// passiveAt is a peer's place in the passive view, -1 if it is not there.
func (n *node) passiveAt(id protocols.NodeID) int {
	for i, a := range n.passive {
		if a.ID == id {
			return i
		}
	}
	return -1
}

func (n *node) requestTo(id protocols.NodeID) int {
	for i := range n.requests {
		if n.requests[i].to == id {
			return i
		}
	}
	return -1
}

// hasRoom reports whether one more link is allowed.
func (n *node) hasRoom() bool { return n.full || len(n.active) < n.DegreeMax }

// link adds a neighbour, for which there must be room.
func (n *node) link(env *protocols.Env, a *Announcement) *link {
	n.unrequest(env, a.ID)
	if i := n.passiveAt(a.ID); i >= 0 {
		n.passive = swapDelete(n.passive, i)
	}
	if n.active == nil && !n.full {
		n.active = make([]link, 0, n.DegreeMax)
	}
	n.active = append(n.active, link{of: a, id: a.ID, random: n.wantsRandom()})
	env.Observe(LinkUp, uint64(a.ID), 0)
	if n.found(a.ID) && !n.Detector {
		env.Announce(protocols.Event{Kind: protocols.PeerBack, Node: a.ID})
	}
	env.Announce(protocols.Event{Kind: protocols.PeerUp, Node: a.ID})
	if n.phase == joining {
		n.takePart(env)
	}
	return &n.active[len(n.active)-1]
}

// unlink removes the i-th neighbour and tells the node's other protocols why. It
// does not tell the neighbour.
func (n *node) unlink(env *protocols.Env, i int, why uint64) {
	l := n.active[i]
	n.active = swapDelete(n.active, i)
	env.Observe(LinkDown, uint64(l.id), why)
	kind := protocols.PeerLeft
	if why == byFailure {
		kind = protocols.PeerFailed
		n.lose(l.id)
	}
	env.Announce(protocols.Event{Kind: kind, Node: l.id})
	if why == byEviction || why == byOther || why == bySwap {
		n.remember(env, l.of)
	}
}

// evict makes room for a link, if there is none: of two neighbours drawn, the one
// of lower standing has to go.
func (n *node) evict(env *protocols.Env) {
	if n.hasRoom() {
		return
	}
	i, k := env.Rand.IntN(len(n.active)), env.Rand.IntN(len(n.active))
	if n.standing(n.active[k].id) < n.standing(n.active[i].id) {
		i = k
	}
	env.Send(n.active[i].id, disconnect)
	n.unlink(env, i, byEviction)
}

// ask sends a request for a link.
func (n *node) ask(env *protocols.Env, to protocols.NodeID, urgent, forced bool) {
	if n.requestTo(to) >= 0 || n.linkTo(to) >= 0 {
		return
	}
	n.requests = append(n.requests, request{to, forced})
	env.Send(to, &Introduction{kind: KindNeighbour, Of: n.own, Urgent: urgent})
	env.SetTimer(protocols.Timer(requestTimer, uint64(to)), n.JoinTimeout)
}

// unrequest ends a request, if there is one.
func (n *node) unrequest(env *protocols.Env, to protocols.NodeID) {
	if i := n.requestTo(to); i >= 0 {
		n.requests = swapDelete(n.requests, i)
		env.StopTimer(protocols.Timer(requestTimer, uint64(to)))
	}
}

// onNeighbour gives a link where there is room, and to who has none at all.
func (n *node) onNeighbour(env *protocols.Env, from protocols.NodeID, m *Introduction) {
	if !n.introduced(env, from, m.Of) {
		env.Send(from, reject)
		return
	}
	if i := n.linkTo(from); i >= 0 {
		n.active[i].of, n.active[i].silent = m.Of, 0
		env.Send(from, &Introduction{kind: KindAccept, Of: n.own})
		return
	}
	if !n.hasRoom() && !m.Urgent {
		n.remember(env, m.Of)
		env.Send(from, reject)
		return
	}
	n.evict(env)
	n.link(env, m.Of)
	env.Send(from, &Introduction{kind: KindAccept, Of: n.own})
}

// onAccept takes the link that was asked for; one for which there is no room any
// more, or that nobody asked for, is given up.
func (n *node) onAccept(env *protocols.Env, from protocols.NodeID, a *Announcement) {
	i := n.requestTo(from)
	asked := i >= 0
	forced := asked && n.requests[i].forced
	n.unrequest(env, from)
	switch i := n.linkTo(from); {
	case i >= 0:
		n.active[i].silent = 0
	case !asked || !n.introduced(env, from, a) || !n.hasRoom() && !forced:
		env.Send(from, disconnect)
	default:
		n.evict(env)
		n.link(env, a)
	}
	if asked {
		n.credit(from, answered)
	}
}

// introduced reports whether somebody who introduces himself is to be believed.
func (n *node) introduced(env *protocols.Env, from protocols.NodeID, a *Announcement) bool {
	if a.ID != from || a.Leaving || n.shuns(from) {
		return false
	}
	switch n.examine(env, a) {
	case forged:
		n.caught(env, from)
		return false
	case useless:
		return false
	}
	return true
}

// onReject looks for somebody else.
func (n *node) onReject(env *protocols.Env, from protocols.NodeID) {
	if n.requestTo(from) < 0 {
		return
	}
	n.unrequest(env, from)
	n.credit(from, answered)
	n.repair(env)
}

// onDisconnect gives up the link that the other end has given up.
func (n *node) onDisconnect(env *protocols.Env, from protocols.NodeID) {
	if i := n.linkTo(from); i >= 0 {
		n.unlink(env, i, byOther)
		n.repair(env)
	}
}

// swapDelete removes the i-th element in constant time; the order changes.
func swapDelete[T any](s []T, i int) []T {
	last := len(s) - 1
	s[i] = s[last]
	return slices.Delete(s, last, last+1)
}
