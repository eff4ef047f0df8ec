package gossip

import "meshsim/protocols"

// Push-sum (Kempe, Dobra, Gehrke, "Gossip-based computation of aggregate
// information", FOCS 2003): each node has a sum and a weight, keeps half of both
// and sends the other half to a partner. The quotient goes to the average. There
// is nothing to wait for, but what is lost is lost, of the sum and of the weight.

// unitWeight is the weight that a node begins an epoch with.
const unitWeight = 1 << 32

// giveHalf sends half of what the node has away.
func (n *node) giveHalf(env *protocols.Env) {
	a := n.more.aggregate
	var room [1]protocols.NodeID
	to := n.partners(env, room[:0], 1)
	if len(to) == 0 {
		return
	}
	m := &Gift{epoch: a.epoch, value: a.value, weight: a.weight, shares: a.shares}
	if !n.function.extreme() {
		m.value, m.weight = lower.of(a.value), a.weight>>1
		m.shares = a.shares.halved(lower)
		a.value, a.weight = upper.of(a.value), a.weight-a.weight>>1
		a.shares = a.shares.halved(upper)
	}
	env.Send(to[0], m)
}

// onGift adds what was given. Sums that only a liar can send wrap around.
func (n *node) onGift(env *protocols.Env, m *Gift) {
	a := n.aggregate()
	if a == nil {
		return
	}
	n.adopt(env, m.epoch)
	if m.epoch != a.epoch {
		return
	}
	if n.function.extreme() {
		a.value = n.function.merged(a.value, m.value)
	} else {
		a.value += m.value
		a.weight += m.weight
		a.shares = a.shares.added(m.shares)
	}
	n.observeEstimate(env)
}
