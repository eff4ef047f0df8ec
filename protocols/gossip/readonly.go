package gossip

import (
	"time"

	"meshsim/protocols"
)

// A partition protocol on the node says when it must not publish and not write:
// what arrives is taken in and passed on all the same. When the node is back, it
// asks others for all that its replica lacks before it writes again; or its first
// writes would be older than what others have written meanwhile, and lose.

// catchUp is how far a replica has come that asks for all it lacks.
type catchUp struct {
	generation uint64
	partner    protocols.NodeID
	next       writer // the first writer that is not settled with this partner
	partners   uint64 // that have answered for all writers
}

// A replica has caught up with one partner that may write, or with so many that
// may not either: then perhaps nobody may.
const stalePartners = 3

// catchUpPatience is how long a partner has to answer.
const catchUpPatience = time.Second

// hearMode notes whether the node may publish and write.
func (n *node) hearMode(env *protocols.Env, readOnly bool) {
	x := n.extra()
	if x.readOnly == readOnly {
		return
	}
	x.readOnly = readOnly
	value := uint64(0)
	if readOnly {
		value = 1
		x.catchUp = nil
		env.StopTimer(protocols.Timer(catchUpTimer, 0))
	}
	env.Observe(ReadOnly, 0, value)
}

// turnsAway refuses a rumor or a write while the node is read-only.
func (n *node) turnsAway(env *protocols.Env, size int) bool {
	if n.more == nil || !n.more.readOnly {
		return false
	}
	env.Observe(TurnedAway, 0, uint64(size))
	return true
}

// reconcile begins to catch up. Without a replica there is nothing to do: rumors
// come again as long as somebody spreads them.
func (n *node) reconcile(env *protocols.Env, generation uint64) {
	if n.replica() == nil {
		return
	}
	n.more.catchUp = &catchUp{generation: generation}
	env.Observe(Behind, generation, 0)
	env.Announce(protocols.Event{Kind: protocols.Behind, ID: generation})
	n.askForAll(env)
}

// askForAll asks another partner for all that the replica lacks.
func (n *node) askForAll(env *protocols.Env) {
	c := n.more.catchUp
	if c == nil {
		return
	}
	var room [1]protocols.NodeID
	env.SetTimer(protocols.Timer(catchUpTimer, 0), catchUpPatience)
	for _, p := range n.partners(env, room[:0], 1) {
		c.partner, c.next = p, 0
		n.askOn(env, c)
	}
}

func (n *node) askOn(env *protocols.Env, c *catchUp) {
	env.Send(c.partner, n.more.replica.digestFrom(c.next, ^writer(0), wanting|confirming, n.MaxMessageBytes))
}

// confirmed makes an answer to a Digest that wants one: what it lacks, or nothing.
func (n *node) confirmed(m *Digest, d *Delta) *Delta {
	if d == nil {
		d = &Delta{last: m.last}
	}
	d.whole, d.fresh = true, !n.more.readOnly
	return d
}

// takesUp goes on catching up with a partner's answer, and reports whether it was
// one. news says whether the answer was of use.
func (n *node) takesUp(env *protocols.Env, from protocols.NodeID, m *Delta, news bool) bool {
	c := n.more.catchUp
	if c == nil || !m.whole || from != c.partner || m.more && !news {
		return false
	}
	switch {
	case m.more && len(m.parts) > 0:
		c.next = m.parts[0].by
	case m.last != ^writer(0):
		c.next = m.last + 1
	default:
		n.settled(env, c, m.fresh)
		return true
	}
	env.SetTimer(protocols.Timer(catchUpTimer, 0), catchUpPatience)
	n.askOn(env, c)
	return true
}

// settled ends with a partner, and catching up if that was enough.
func (n *node) settled(env *protocols.Env, c *catchUp, fresh bool) {
	if c.partners++; !fresh && c.partners < stalePartners {
		n.askForAll(env)
		return
	}
	n.more.catchUp = nil
	env.StopTimer(protocols.Timer(catchUpTimer, 0))
	env.Observe(CaughtUp, c.generation, c.partners)
	env.Announce(protocols.Event{Kind: protocols.CaughtUp, ID: c.generation})
}
