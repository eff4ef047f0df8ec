package gossip

import (
	"slices"

	"meshsim/protocols"
)

// partners appends to 'to' up to want distinct nodes to contact, fewer if there
// are not so many. With the same stream, a larger want gives the same partners
// and some more, so runs that differ in the fanout share their draws.
func (n *node) partners(env *protocols.Env, to []protocols.NodeID, want int) []protocols.NodeID {
	var list []protocols.NodeID // nil: all members, or all neighbours
	size := len(n.world.Members) - 1
	switch {
	case n.peers == membership:
		list = n.extra().members
		size = len(list)
	case n.peers == neighbours && len(n.world.Members) < n.world.Nodes:
		list = n.gossiping(env.Self)
		size = len(list)
	case n.peers == neighbours:
		size = n.world.Topology.Degree(env.Self)
	}
	var room [8]int
	places := room[:]
	if want = min(want, size); want > len(room) {
		places = make([]int, want)
	}
	for _, i := range env.Rand.Sample(places[:max(want, 0)], size) {
		if list != nil {
			to = append(to, list[i])
		} else {
			to = append(to, n.candidate(env.Self, i))
		}
	}
	return to
}

// candidate is the i-th neighbour, or the i-th of all members but self.
func (n *node) candidate(self protocols.NodeID, i int) protocols.NodeID {
	if n.peers == neighbours {
		return n.world.Topology.Neighbour(self, i)
	}
	if p := n.member(i); p != self {
		return p
	}
	return n.member(len(n.world.Members) - 1) // which no i leads to
}

// member is the i-th member; a list without gaps need not be looked at.
func (n *node) member(i int) protocols.NodeID {
	if n.unbroken {
		return n.world.Members[0] + protocols.NodeID(i)
	}
	return n.world.Members[i]
}

// gossiping lists the neighbours that run this protocol, where not all do.
func (n *node) gossiping(self protocols.NodeID) []protocols.NodeID {
	list := make([]protocols.NodeID, 0, 8)
	for i := range n.world.Topology.Degree(self) {
		if p := n.world.Topology.Neighbour(self, i); isIn(n.world.Members, p) {
			list = append(list, p)
		}
	}
	return list
}

func isIn(sorted []protocols.NodeID, id protocols.NodeID) bool {
	_, ok := slices.BinarySearch(sorted, id)
	return ok
}

// hearMembership keeps the list of those that a membership protocol on this
// node says are there. Who is only suspected stays: gossip may clear it.
func (n *node) hearMembership(self protocols.NodeID, e protocols.Event) {
	x := n.extra()
	i, known := slices.BinarySearch(x.members, e.Node)
	switch e.Kind {
	case protocols.PeerUp, protocols.PeerBack:
		if !known && e.Node != self && isIn(n.world.Members, e.Node) {
			x.members = slices.Insert(x.members, i, e.Node)
		}
	case protocols.PeerFailed, protocols.PeerLeft:
		if known {
			x.members = slices.Delete(x.members, i, i+1)
		}
	}
}
