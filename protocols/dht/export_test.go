package dht

import "meshsim/protocols"

// Widen lets each place of a node believe that the range of its predecessor is its
// own, too.
func Widen(x protocols.Node, members []protocols.NodeID) {
	n := x.(*node)
	ring := spots(members, n.Virtual)
	for v := range n.points {
		p := &n.points[v]
		if at := follows(ring, p.place); p.joined && p.pred == ring[(at+len(ring)-1)%len(ring)].peer {
			p.pred = ring[(at+len(ring)-2)%len(ring)].peer
		}
	}
}

// Forget lets a node lose a key that it holds, and observe that, as a node with a
// fault would be observed.
func Forget(x protocols.Node, env *protocols.Env) {
	n := x.(*node)
	if len(n.items) > 0 {
		env.Observe(Dropped, n.items[0].Key, n.items[0].Version)
		n.items = n.items[1:]
	}
}
