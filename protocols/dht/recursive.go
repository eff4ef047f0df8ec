package dht

import "meshsim/protocols"

// A recursive lookup travels from node to node, and the last one answers the
// origin. Each tells the one before that it took over; who does not is gone around.

// route sends an own lookup on its way. If no answer comes back in time for a
// way and its detours, it begins anew.
func (n *node) route(env *protocols.Env, p *point, o *operation) {
	m := &Message{kind: KindRoute, Key: o.key, Origin: n.self, OriginS: o.seq}
	o.asked = 1
	env.SetTimer(protocols.Timer(operationTimer, uint64(n.slot(o.seq))), 8*n.Timeout)
	n.pass(env, p, m)
}

// onRoute answers the origin or passes the lookup on.
func (n *node) onRoute(env *protocols.Env, p *point, from protocols.NodeID, m *Message) {
	env.Send(from, &Message{kind: KindRouted, Seq: m.Seq})
	if m.Hops >= maxHops || uint64(m.Origin) >= uint64(n.nodes) {
		return
	}
	final, peers := n.step(p, m.Key)
	if final {
		env.Send(m.Origin, &Message{kind: KindFound, Seq: m.OriginS, Hops: m.Hops, Peers: peers})
		return
	}
	n.pass(env, p, m)
}

// pass hands a lookup to the peer that most closely precedes its key. After the
// silence of one, that is the next best.
func (n *node) pass(env *protocols.Env, p *point, m *Message) {
	if !p.joined {
		return
	}
	final, peers := n.step(p, m.Key)
	if final && m.Origin == n.self { // it has become so meanwhile
		if o := n.find(m.OriginS); o != nil && !o.found {
			n.located(env, o, peers)
		}
		return
	}
	if final {
		env.Send(m.Origin, &Message{kind: KindFound, Seq: m.OriginS, Hops: m.Hops, Peers: peers})
		return
	}
	if len(peers) == 0 {
		return
	}
	next := *m
	next.Hops = min(m.Hops, maxHops-1) + 1
	n.ask(env, call{purpose: toPass, virtual: p.self.Virtual, to: peers[0], message: &next})
}

// onFound takes the answer to a lookup that was routed.
func (n *node) onFound(env *protocols.Env, m *Message) {
	o := n.find(m.Seq)
	if o == nil || o.found || o.kind == opJoin || n.Lookup != "recursive" {
		return
	}
	o.hops = m.Hops
	o.asked = m.Hops
	n.located(env, o, m.Peers)
}
