package discovery

import "meshsim/protocols"

// onForwardJoin is a step of a joining node's walk (HyParView, algorithm 1). Where
// it ends, the node is offered a link.
func (n *node) onForwardJoin(env *protocols.Env, from protocols.NodeID, m *Introduction) {
	if n.phase != joined || m.Of.ID == env.Self || n.shuns(from) {
		return
	}
	ends := m.TTL == 0 || len(n.active) <= 1
	if ends && n.linkTo(m.Of.ID) < 0 {
		if n.examine(env, m.Of) <= known && !m.Of.Leaving {
			n.ask(env, m.Of.ID, false, true)
		}
		return
	}
	if int(m.TTL) == n.PassiveWalk {
		if n.examine(env, m.Of) == fresh {
			n.remember(env, m.Of)
		}
	}
	if to, ok := n.step(env, from, m.Of.ID); ok && m.TTL > 0 {
		env.Send(to, &Introduction{kind: KindForwardJoin, TTL: m.TTL - 1, Of: m.Of})
	}
}

// step draws the neighbour to which a walk goes on: not the one that it came from,
// and not the one that it is about.
func (n *node) step(env *protocols.Env, from, of protocols.NodeID) (protocols.NodeID, bool) {
	count := 0
	for i := range n.active {
		if id := n.active[i].id; id != from && id != of {
			count++
		}
	}
	if count == 0 {
		return 0, false
	}
	pick := env.Rand.IntN(count)
	for i := range n.active {
		if id := n.active[i].id; id != from && id != of {
			if pick == 0 {
				return id, true
			}
			pick--
		}
	}
	panic("discovery: fewer neighbours than were counted")
}
