package gossip

import "meshsim/protocols"

// Push-pull averaging (Jelasity, Montresor, Babaoglu, "Gossip-based aggregation
// in large dynamic networks", ACM TOCS 2005): two nodes set both their values to
// the mean of the two. The sum over all nodes stays what it was if exchanges are
// atomic, so a node that waits for an answer refuses all others.

// askToSwap sends what the node has to a partner and waits for what that has.
func (n *node) askToSwap(env *protocols.Env) {
	a := n.more.aggregate
	var room [1]protocols.NodeID
	to := n.partners(env, room[:0], 1)
	if len(to) == 0 {
		return
	}
	a.sequence++
	env.Send(to[0], &Swap{a.epoch, a.sequence, a.value, a.shares})
	if !n.function.extreme() {
		a.waiting, a.partner = true, to[0]
		env.SetTimer(protocols.Timer(timeoutTimer, 0), n.Aggregation.Timeout)
	}
}

func (n *node) stopWaiting(env *protocols.Env) {
	if a := n.more.aggregate; a.waiting {
		a.waiting = false
		env.StopTimer(protocols.Timer(timeoutTimer, 0))
	}
}

// swapTimeout gives an exchange up. If it was the answer that was lost, the
// other has changed its value and this node has not: then the sum is wrong until
// the next epoch.
func (n *node) swapTimeout() { n.more.aggregate.waiting = false }

// onSwap answers with what the node has and takes the upper half of the sum, or
// refuses.
func (n *node) onSwap(env *protocols.Env, from protocols.NodeID, m *Swap) {
	a := n.aggregate()
	if a == nil {
		return
	}
	n.adopt(env, m.epoch)
	id := uint64(from)<<32 | uint64(m.sequence)
	if m.epoch != a.epoch || a.passive || a.waiting || a.answered(id) {
		env.Send(from, &Refusal{a.epoch, m.sequence})
		return
	}
	env.Send(from, &Swapped{m.sequence, a.value, a.shares})
	a.recent[a.answers%uint64(len(a.recent))] = id
	a.answers++
	n.take(env, id, m.value, m.shares, upper)
}

// answered reports whether an exchange was answered lately.
func (a *aggregate) answered(id uint64) bool {
	for i, r := range a.recent {
		if r == id && uint64(i) < a.answers {
			return true
		}
	}
	return false
}

// onSwapped ends an exchange that this node has started: it takes the lower half.
func (n *node) onSwapped(env *protocols.Env, from protocols.NodeID, m *Swapped) {
	a := n.aggregate()
	if a == nil {
		return
	}
	if n.function.extreme() {
		n.take(env, 0, m.value, nil, lower)
		return
	}
	if !a.waiting || from != a.partner || m.sequence != a.sequence {
		return // too late, or twice
	}
	n.stopWaiting(env)
	n.take(env, uint64(env.Self)<<32|uint64(m.sequence), m.value, m.shares, lower)
}

// onRefusal tries another partner, a few times a cycle.
func (n *node) onRefusal(env *protocols.Env, from protocols.NodeID, m *Refusal) {
	a := n.aggregate()
	if a == nil || !a.waiting || from != a.partner || m.sequence != a.sequence {
		return
	}
	n.stopWaiting(env)
	n.adopt(env, m.epoch)
	if a.tries++; a.tries < maxTries {
		n.askToSwap(env)
	}
}

// Partners that a node asks in a cycle if they refuse.
const maxTries = 4

// half says which half of a sum a node takes: the lower one is rounded down, the
// upper one is the rest, so that both together are the sum.
type half bool

const (
	lower half = false
	upper half = true
)

// take merges what the other has into what the node has.
func (n *node) take(env *protocols.Env, id uint64, value int64, s shares, h half) {
	a := n.more.aggregate
	before := a.value
	if n.function.extreme() {
		a.value = n.function.merged(a.value, value)
	} else {
		a.value = h.of(a.value + value)
		a.shares = a.shares.averaged(s, h)
		env.Observe(Exchanged, id, uint64(a.value-before))
	}
	n.observeEstimate(env)
}

func (h half) of(sum int64) int64 {
	if h == upper {
		return sum - sum>>1
	}
	return sum >> 1
}
