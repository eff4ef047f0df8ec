package dht

import (
	"slices"

	"meshsim/protocols"
)

// A full table knows all nodes, so a lookup takes one hop (Gupta, Liskov and
// Rodrigues, "Efficient routing for peer-to-peer overlays", NSDI 2004). All nodes
// share the list of the members there are at all; each keeps who is not on the
// ring. Who notices a change tells all others along a tree over the ring, so that
// each is told once, in about log2 of their number of steps. There are no slices
// and units as in the paper: they save bandwidth by batches.

// preceding are the members that most closely precede a key and are on the ring,
// as far as the node knows.
func (n *node) preceding(p *point, key uint64) []Peer {
	list := make([]Peer, 0, alternatives)
	i := follows(n.ring, key)
	for range len(n.ring) {
		i = (i + len(n.ring) - 1) % len(n.ring)
		s := n.ring[i]
		if !inside(s.place, p.place, key) {
			break
		}
		if !n.isGone(s.peer.Node) && !n.suspected(s.peer.Node) {
			list = append(list, s.peer)
			if len(list) == alternatives {
				break
			}
		}
	}
	return list
}

func (n *node) isGone(id protocols.NodeID) bool {
	_, gone := slices.BinarySearch(n.gone, id)
	return gone
}

// spread begins to tell all nodes of a change.
func (n *node) spread(env *protocols.Env, of Peer, joined bool) {
	own := Place(Peer{Node: n.self})
	n.onChange(env, &Message{kind: KindChange, Flag: joined, Pred: of, Low: own, High: own})
}

// onChange notes a change, and tells those on the arc up to High: the node in the
// middle, which has to tell the second half, then the one in the middle of the
// first half, and so on.
func (n *node) onChange(env *protocols.Env, m *Message) {
	if n.Table != "full" || !n.exists(m.Pred) || n.left {
		return
	}
	i, gone := slices.BinarySearch(n.gone, m.Pred.Node)
	switch {
	case m.Flag && gone:
		n.gone = slices.Delete(n.gone, i, i+1)
	case !m.Flag && !gone && m.Pred.Node != n.self:
		n.gone = slices.Insert(n.gone, i, m.Pred.Node)
	}
	if m.Flag {
		n.hearFrom(m.Pred.Node)
	}
	n.tellOn(env, m)
}

func (n *node) tellOn(env *protocols.Env, m *Message) {
	all := len(n.hosts)
	first := follows(n.hosts, Place(Peer{Node: n.self})) + 1
	end := follows(n.hosts, m.High)
	count := (end - first + all) % all
	for count > 0 {
		half := count / 2
		for k := half; k < count; k++ {
			if to := n.hosts[(first+k)%all]; to.peer != m.Pred && !n.isGone(to.peer.Node) {
				next := *m
				next.Low, next.High = to.place, n.hosts[(first+count)%all].place
				env.Send(to.peer.Node, &next)
				break
			}
		}
		count = half
	}
}
