package gossip

import (
	"time"

	"meshsim/protocols"
)

// publish begins a rumor with this payload, which the node takes over, and
// tells the other protocols on the node.
func (n *node) publish(env *protocols.Env, payload []byte) {
	if n.turnsAway(env, len(payload)) {
		return
	}
	if r := n.begin(env, payload); r != nil {
		n.tell(env, r)
	}
}

// begin makes a rumor, nil if it is too large or the disk is full, and starts to spread it.
func (n *node) begin(env *protocols.Env, payload []byte) *Rumor {
	if !n.fits(1, maxOverhead+len(payload)) {
		env.Observe(Refused, 0, uint64(len(payload)))
		return nil
	}
	sequence := n.extra().sequence.next(env, "gossip.sequence", 0)
	if sequence == 0 {
		env.Observe(Refused, 0, uint64(len(payload)))
		return nil
	}
	r := newRumor(NewID(env.Self, uint32(sequence)), payload)
	env.Observe(Published, uint64(r.ID), uint64(r.digest))
	n.accept(env, r)
	return r
}

func (n *node) tell(env *protocols.Env, r *Rumor) {
	env.Announce(protocols.Event{Kind: protocols.RumorDelivered, Node: r.ID.Origin(), ID: uint64(r.ID), Data: r.Payload})
}

// learn takes a rumor in that is new to the node. One that is a write is the
// replica's affair, any other that of the other protocols on the node.
func (n *node) learn(env *protocols.Env, r *Rumor) {
	env.Observe(Delivered, uint64(r.ID), uint64(r.digest))
	n.accept(env, r)
	if n.AntiEntropy == nil || !n.AntiEntropy.Rumors || !n.learnWrite(env, r.Payload) {
		n.tell(env, r)
	}
}

func (n *node) accept(env *protocols.Env, r *Rumor) {
	n.remember(env, r, n.cycleAt(env.Now))
	if n.batch == nothing && n.mode == pushing {
		n.startRounds(env)
	}
	n.batch = nil
}

// startRounds sets the timer of the first round: after a random part of the
// interval, or at the next multiple of it.
func (n *node) startRounds(env *protocols.Env) {
	if n.synchronous {
		n.nextRound(env)
		return
	}
	env.SetTimer(protocols.Timer(roundTimer, 0), time.Duration(env.Rand.Int64N(int64(n.Interval))))
}

func (n *node) nextRound(env *protocols.Env) {
	after := n.Interval
	if n.synchronous {
		past := time.Duration(env.Now) % n.Interval
		if past < 0 {
			past += n.Interval
		}
		after -= past
	}
	env.SetTimer(protocols.Timer(roundTimer, 0), after)
}

// round contacts the partners of this round.
func (n *node) round(env *protocols.Env) {
	n.collect(env, n.cycleAt(env.Now))
	if n.interest != forever {
		n.settle(env)
	}
	b := nothing
	if n.mode != pulling {
		b = n.current()
	}
	if n.mode == pushing && b == nothing {
		n.sleep(env)
		return
	}
	n.contact(env, b)
	n.nextRound(env)
}

func (n *node) contact(env *protocols.Env, b *batch) {
	var room [8]protocols.NodeID
	to := n.partners(env, room[:0], n.Fanout)
	switch n.mode {
	case pushing:
		env.Multicast(to, &b.push)
	case pulling:
		env.Multicast(to, pull)
	case pushPull:
		env.Multicast(to, &b.exchange)
	}
	if len(to) > 0 {
		n.spread(env, b, len(to))
	}
}

// sleep waits for the next rumor to be collected, as long as a pushing node has
// none to spread.
func (n *node) sleep(env *protocols.Env) {
	if n.mode != pushing || n.current() != nothing || len(n.held) == 0 {
		return
	}
	left := n.retained - min(n.cycleAt(env.Now)-n.held[0].cycle, n.retained-1)
	env.SetTimer(protocols.Timer(collectTimer, 0), time.Duration(left)*n.Interval)
}

// onRumors takes in what is new, and answers.
func (n *node) onRumors(env *protocols.Env, from protocols.NodeID, m *Rumors) {
	var useful bits
	if m.of == n.batch {
		// The fast path: a node that spreads just this knows it.
		seen(env, len(m.of.list))
	} else {
		useful = n.takeIn(env, m.of)
	}
	if n.Feedback && len(m.of.list) > 0 {
		if n.synchronous {
			useful = n.freshIn(env, m.of)
		}
		env.Send(from, &Feedback{m.kind == KindAnswer, m.of.list, useful})
	}
	if m.kind == KindExchange {
		n.answer(env, from, m.of)
	}
}

// seen notes the rumors of a message that the node knew.
func seen(env *protocols.Env, count int) {
	if count > 0 {
		env.Observe(Redundant, 0, uint64(count))
	}
}

// takeIn learns the rumors that are new and returns which were.
func (n *node) takeIn(env *protocols.Env, b *batch) (useful bits) {
	known := 0
	idle := n.batch == nothing
	for i, r := range b.list {
		if n.knows(r.ID) {
			known++
			continue
		}
		if uint64(r.ID.Origin()) >= uint64(n.world.Nodes) || !n.fits(1, batchOverhead+r.size()) {
			env.Observe(Refused, 0, uint64(len(r.Payload)))
			continue
		}
		n.learn(env, r)
		useful.set(i, len(b.list))
	}
	seen(env, known)
	if idle && known == 0 && len(b.list) > 0 && n.fits(len(b.list), b.size) {
		n.batch = b // what the node would send is what it got
	}
	return useful
}

// freshIn returns which rumors of b the node did not know at the start of the
// cycle: synchronous feedback refers to that.
func (n *node) freshIn(env *protocols.Env, b *batch) (useful bits) {
	now := n.cycleAt(env.Now)
	for i, r := range b.list {
		if h := n.find(r.ID); h != nil && h.cycle == now {
			useful.set(i, len(b.list))
		}
	}
	return useful
}

// answer sends what the node spreads, but for what the other has just sent.
// Synchronous answers leave out what was learned in this cycle.
func (n *node) answer(env *protocols.Env, to protocols.NodeID, known *batch) {
	fresh := n.fresh(env)
	b := nothing
	switch {
	case n.batch == known:
	case fresh == 0 && known == nothing:
		b = n.current()
	default:
		b = n.packWithout(known, len(n.held)-fresh)
	}
	if b != nothing {
		env.Send(to, &b.answer)
		n.spread(env, b, 0)
	}
}
