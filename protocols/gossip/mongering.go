package gossip

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// publish begins a rumor with this payload, which the node takes over, and
// tells the other protocols on the node.
func (n *node) publish(env *protocols.Env, payload []byte) {
	if r := n.begin(env, payload); r != nil {
		n.tell(env, r)
	}
}

// begin makes a rumor, nil if it is too large, and starts to spread it.
func (n *node) begin(env *protocols.Env, payload []byte) *Rumor {
	if !n.fits(1, maxOverhead+len(payload)) {
		env.Observe(Refused, 0, uint64(len(payload)))
		return nil
	}
	sequence := n.extra().sequence.next(env, "gossip.sequence", 0)
	r := newRumor(NewID(env.Self, uint32(sequence)), payload)
	env.Observe(Published, uint64(r.ID), uint64(r.digest))
	n.accept(env, r)
	return r
}

func (n *node) tell(env *protocols.Env, r *Rumor) {
	env.Announce(protocols.Event{Kind: protocols.RumorDelivered, Node: r.ID.Origin(), ID: uint64(r.ID), Data: r.Payload})
}

// What a message needs at most besides its rumors: kind, count and checksum; and
// a message with one rumor besides the payload: origin, sequence and length.
const (
	batchOverhead = 1 + 5 + 4
	maxOverhead   = batchOverhead + 5 + 5 + 5
)

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
	if n.mode == pushing && n.current() == nothing {
		n.sleep(env)
		return
	}
	n.contact(env)
	n.nextRound(env)
}

func (n *node) contact(env *protocols.Env) {
	var room [8]protocols.NodeID
	to := n.partners(env, room[:0], n.Fanout)
	if n.mode == pulling {
		env.Multicast(to, pull)
		return
	}
	b := n.current()
	if n.mode == pushing {
		env.Multicast(to, &b.push)
	} else {
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

// current returns the batch of all that the node spreads.
func (n *node) current() *batch {
	if n.batch != nil {
		return n.batch
	}
	b, whole := n.pack()
	if whole {
		n.batch = b
	}
	return b
}

// pack makes a batch of the hot rumors that are not to be skipped, in the order
// of learning; whole is false if not all of them fit into a message.
func (n *node) pack() (b *batch, whole bool) {
	var list []*Rumor
	bytes := batchOverhead
	for i := range n.held {
		if h := &n.held[i]; h.state&(hot|skip) == hot {
			list = append(list, h.rumor)
			bytes += h.rumor.size()
		}
	}
	if len(list) == 0 {
		return nothing, true
	}
	if n.fits(len(list), bytes) {
		return newBatch(list), true
	}
	return newBatch(n.choose(list[:0])), false
}

// choose appends what fits into a message to list: the rumors that were sent
// least, among them the newest, first.
func (n *node) choose(list []*Rumor) []*Rumor {
	order := make([]uint64, 0, cap(list))
	for i := range n.held {
		if h := &n.held[i]; h.state&(hot|skip) == hot {
			order = append(order, uint64(h.sends)<<32|uint64(^uint32(i)))
		}
	}
	slices.Sort(order)
	bytes := batchOverhead
	for _, o := range order {
		h := &n.held[^uint32(o)]
		size := h.rumor.size()
		if !n.fits(len(list)+1, bytes+size) {
			if len(list) == n.MaxMessageRumors {
				break
			}
			continue
		}
		bytes += size
		h.sends += min(1, ^h.sends) // saturates
		list = append(list, h.rumor)
	}
	return list
}

// fits reports whether the node may spread so many rumors in one message.
func (n *node) fits(count, bytes int) bool {
	return count <= min(n.MaxMessageRumors, n.MaxRumors) && bytes <= n.MaxMessageBytes
}

// onRumors takes in what is new, and answers.
func (n *node) onRumors(env *protocols.Env, from protocols.NodeID, m *Rumors) {
	var useful bits
	if m.of == n.batch {
		// The fast path: a node that spreads just this knows it.
		n.seen(env, m.of, len(m.of.list))
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

func (n *node) seen(env *protocols.Env, b *batch, count int) {
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
		if size := r.size(); !n.fits(1, batchOverhead+size) {
			env.Observe(Refused, 0, uint64(len(r.Payload)))
			continue
		}
		n.learn(env, r)
		useful.set(i, len(b.list))
	}
	n.seen(env, b, known)
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

// fresh is the number of rumors learned in this cycle, if cycles count.
func (n *node) fresh(env *protocols.Env) (count int) {
	if !n.synchronous {
		return 0
	}
	now := n.cycleAt(env.Now)
	for count < len(n.held) && n.held[len(n.held)-1-count].cycle == now {
		count++
	}
	return count
}

// packWithout packs all but what the other knows and what was learned last.
func (n *node) packWithout(known *batch, old int) *batch {
	for i := old; i < len(n.held); i++ {
		n.held[i].state |= skip
	}
	for _, r := range known.list {
		if h := n.find(r.ID); h != nil {
			h.state |= skip
		}
	}
	b, _ := n.pack()
	for i := range n.held {
		n.held[i].state &^= skip
	}
	return b
}
