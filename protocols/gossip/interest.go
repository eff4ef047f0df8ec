package gossip

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// spread notes that the batch was pushed to some partners or, with contacts 0,
// given as an answer. Blind nodes count that as contacts; with feedback they
// wait for it.
func (n *node) spread(env *protocols.Env, b *batch, contacts int) {
	if len(b.list) == 0 {
		return
	}
	env.Observe(Copies, 0, uint64(len(b.list)*max(contacts, 1)))
	if n.interest == forever || n.Feedback {
		return
	}
	for _, r := range b.list {
		h := n.find(r.ID)
		if contacts == 0 {
			h.state |= stale
		}
		for range contacts {
			n.useless(env, h)
		}
	}
}

// useless counts a contact that does not speak for going on.
func (n *node) useless(env *protocols.Env, h *held) {
	switch {
	case n.interest == counted:
		h.count += min(1, ^h.count) // saturates
	case env.Rand.Hit(draw.Ratio(1, uint64(n.k))):
		h.state |= decided
	}
}

// onFeedback counts the contacts that the other says were useless. The answers
// of a cycle are judged together, at its end: see settle.
func (n *node) onFeedback(env *protocols.Env, m *Feedback) {
	if !n.Feedback {
		return
	}
	for i, r := range m.list {
		h := n.find(r.ID)
		useful := m.useful.bit(i) == 1
		switch {
		case h == nil || h.state&hot == 0:
		case m.Answer && useful:
			h.state |= news
		case m.Answer:
			h.state |= stale
		case useful:
			h.count = 0
		default:
			n.useless(env, h)
		}
	}
}

// settle ends the cycle for all rumors that the node spreads: it judges the
// answers given (Demers et al. 1987, note to Table 3: "if any of the recipients
// needed the update, the counter is reset; if all did not, one is added"), and
// stops spreading what the node has lost interest in.
func (n *node) settle(env *protocols.Env) {
	if n.batch == nothing {
		return
	}
	for i := range n.held {
		h := &n.held[i]
		if h.state&hot == 0 {
			continue
		}
		switch h.state & (news | stale) {
		case stale:
			n.useless(env, h)
		case news, news | stale:
			h.count = 0
		}
		h.state &^= news | stale
		if h.state&decided != 0 || n.interest == counted && h.count >= n.k {
			n.remove(env, h)
		}
	}
}

// remove stops spreading a rumor.
func (n *node) remove(env *protocols.Env, h *held) {
	env.Observe(Removed, uint64(h.rumor.ID), 0)
	h.rumor = h.rumor.stub
	h.state = 0
	n.batch = nil
}
