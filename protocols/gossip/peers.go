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
	failed := n.failed()
	if len(failed) == 0 {
		return n.draw(env, to, list, min(want, size), size)
	}
	before, stream := len(to), env.Rand
	for tries := want; ; tries *= 2 {
		env.Rand = stream
		to = n.draw(env, to[:before], list, min(tries, size), size)
		to = slices.DeleteFunc(to, func(p protocols.NodeID) bool { return isIn(failed, p) })
		if len(to)-before >= want || tries >= size || tries >= mostTries*want {
			return to[:min(before+want, len(to))]
		}
	}
}

// mostTries bounds the peers drawn for each partner, some of which have failed: the
// cost grows with its square. Where almost all have failed there are fewer partners.
const mostTries = 16

// draw appends so many distinct ones of the peers, who are listed or else size in number.
func (n *node) draw(env *protocols.Env, to, list []protocols.NodeID, want, size int) []protocols.NodeID {
	var room [8]int
	places := room[:]
	if want > len(room) {
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

// failed lists the peers that are passed over, ascending.
func (n *node) failed() []protocols.NodeID {
	if n.more == nil {
		return nil
	}
	return n.more.failed
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

// hearPeer keeps the list of those that a membership protocol on this node says are
// there, or else of those that a failure detector says have failed. Who is only
// suspected stays: gossip may clear it. That a peer is back does not make it a member:
// detectors say so of nodes with which a membership protocol has no link.
func (n *node) hearPeer(self protocols.NodeID, e protocols.Event) {
	if e.Node == self || !isIn(n.world.Members, e.Node) {
		return
	}
	x := n.extra()
	switch up := e.Kind == protocols.PeerUp; {
	case n.peers == membership && up:
		x.members = with(x.members, e.Node)
	case n.peers == membership && e.Kind != protocols.PeerBack:
		x.members = without(x.members, e.Node)
	case n.peers == membership:
	case e.Kind == protocols.PeerFailed:
		x.failed = with(x.failed, e.Node)
	default: // one that has left a membership protocol's overlay may gossip all the same
		x.failed = without(x.failed, e.Node)
	}
}

// with adds an identity to an ascending list.
func with(list []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	i, ok := slices.BinarySearch(list, id)
	if ok {
		return list
	}
	return slices.Insert(list, i, id)
}

// without removes one.
func without(list []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	i, ok := slices.BinarySearch(list, id)
	if !ok {
		return list
	}
	return slices.Delete(list, i, i+1)
}
