package dht

import "meshsim/protocols"

// Rings that a partition has parted do not find one another by stabilisation.
// Each place has itself introduced to the ring of a seed now and then: whoever
// stands right before it there adopts it, and tells it of the successor that it
// had until then. So the introductions go around both rings in turn until they are
// one (Shafaat, Ghodsi and Haridi, "Dealing with network partitions in structured
// overlay networks", Peer-to-Peer Networking and Applications 2(4), 2009).

// merge introduces a place to the ring of a seed.
func (n *node) merge(env *protocols.Env, p *point) {
	if seed, ok := n.drawSeed(env); ok && p.joined {
		n.introduce(env, seed, p.self)
	}
}

// introduce tells a peer of another.
func (n *node) introduce(env *protocols.Env, to, who Peer) {
	env.Send(to.Node, &Message{kind: KindIntroduce, To: to.Virtual, Pred: who})
}

// onIntroduce adopts a peer that stands between this place and its successor, and
// passes the news of any other on to where it stands.
func (n *node) onIntroduce(env *protocols.Env, p *point, m *Message) {
	who := m.Pred
	if !n.exists(who) || who == p.self || who == p.successor() || n.failed(who.Node) || m.Hops >= maxHops {
		return
	}
	if p.successor() == p.self || inside(Place(who), p.place, Place(p.successor())) {
		n.askNeighbours(env, p, who, toAdopt)
		return
	}
	next := *m
	next.Hops++
	for i := len(p.successors) - 1; i >= 0; i-- { // its own ring, if that is near
		if q := p.successors[i]; within(Place(who), Place(q), p.place) && (i < len(p.successors)-1 || n.Table == "full") {
			next.To = q.Virtual
			env.Send(q.Node, &next)
			return
		}
	}
	for _, q := range n.closest(p, Place(who)) {
		next.To = q.Virtual
		env.Send(q.Node, &next)
		return
	}
}
