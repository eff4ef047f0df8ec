package dht

import (
	"math"
	"slices"
	"time"

	"meshsim/protocols"
)

// What an operation is for.
const (
	opLookup uint8 = iota // asked for from outside
	opRead                // the same, and then the value is read
	opWrite               // the same, and then a value is written
	opFinger              // a finger is looked up anew
	opJoin                // the place of a node that joins
	opOffer               // a key that this node does not have to hold
)

// operation is a lookup under way, and what follows it.
type operation struct {
	seq     uint32
	kind    uint8
	finger  uint8
	hops    uint8 // nodes on the way so far
	tries   uint8 // times that it began anew
	asked   uint8 // questions in this operation
	virtual uint16
	key     uint64
	since   protocols.Time
	value   []byte
	next    []Peer // whom to ask next, the best first
	found   bool   // the lookup is done: next are those that may serve
	waits   bool   // it begins anew when its timer comes due
}

// maxHops bounds the way of one lookup; only a broken ring has longer ones.
const maxHops = 128

// begin starts an operation. A node with too many of them refuses more.
func (n *node) begin(env *protocols.Env, o operation) {
	slot := slices.IndexFunc(n.running, func(o operation) bool { return o.seq == 0 })
	if slot < 0 {
		if len(n.running) >= n.Pending {
			if o.kind <= opWrite {
				env.Observe(Refused, uint64(o.kind), o.key)
			}
			n.offering = n.offering && o.kind != opOffer
			return
		}
		slot = len(n.running)
		n.running = append(n.running, operation{})
	}
	n.seq++
	o.seq, o.since = max(n.seq, 1), env.Now
	n.running[slot] = o
	n.locate(env, &n.running[slot])
}

// find is the operation of that number, nil if it is over.
func (n *node) find(seq uint32) *operation {
	if slot := n.slot(seq); slot >= 0 {
		return &n.running[slot]
	}
	return nil
}

func (n *node) slot(seq uint32) int {
	return slices.IndexFunc(n.running, func(o operation) bool { return o.seq == seq && seq != 0 })
}

// end frees the slot of an operation.
func (n *node) end(env *protocols.Env, o *operation) {
	slot := n.slot(o.seq)
	env.StopTimer(protocols.Timer(operationTimer, uint64(slot)))
	n.running[slot] = operation{}
}

// locate begins the lookup: at the own place that is nearest, or at a seed by one
// who is not on this ring.
func (n *node) locate(env *protocols.Env, o *operation) {
	o.hops, o.asked, o.found, o.waits = 0, 0, false, false
	if o.kind == opJoin {
		seed, ok := n.drawSeed(env)
		if !ok {
			n.end(env, o)
			return
		}
		o.next = []Peer{seed}
		n.nextStep(env, o.seq)
		return
	}
	p := n.nearest(o.key)
	if p == nil {
		n.later(env, o)
		return
	}
	final, peers := n.step(p, o.key)
	switch {
	case final:
		n.located(env, o, peers)
	case n.Lookup == "recursive":
		n.route(env, p, o)
	default:
		o.next = peers
		n.nextStep(env, o.seq)
	}
}

// nextStep asks the best peer that is left; without any the operation begins anew,
// later.
func (n *node) nextStep(env *protocols.Env, seq uint32) {
	o := n.find(seq)
	switch {
	case o == nil || o.found:
		return
	case len(o.next) == 0 || o.asked == maxHops:
		n.later(env, o)
		return
	}
	to := o.next[0]
	o.next = slices.Clone(o.next[1:])
	o.asked++
	if !n.ask(env, call{purpose: toStep, virtual: o.virtual, to: to, of: seq, message: &Message{kind: KindFind, Key: o.key}}) {
		n.later(env, o)
	}
}

// onStep goes on where the answer points.
func (n *node) onStep(env *protocols.Env, c *call, m *Message) {
	o := n.find(c.of)
	if o == nil || o.found {
		return
	}
	o.hops++
	if m.Flag {
		n.located(env, o, m.Peers)
		return
	}
	at := Place(c.to)
	var next []Peer
	for _, q := range m.Peers {
		if n.exists(q) && inside(Place(q), at, o.key) && len(next) < alternatives {
			next = append(next, q)
		}
	}
	rest := o.next
	o.next = append(next, rest[:min(len(rest), alternatives)]...)
	slices.SortStableFunc(o.next, func(a, b Peer) int { return n.trust(a) - n.trust(b) })
	n.nextStep(env, o.seq)
}

// trust orders peers that are suspected behind others.
func (n *node) trust(q Peer) int {
	if n.suspected(q.Node) {
		return 1
	}
	return 0
}

// located takes the end of a lookup: the peers that follow the key.
func (n *node) located(env *protocols.Env, o *operation, peers []Peer) {
	if len(peers) == 0 || !n.exists(peers[0]) {
		n.later(env, o)
		return
	}
	if n.Lookup == "recursive" {
		env.StopTimer(protocols.Timer(operationTimer, uint64(n.slot(o.seq))))
	}
	switch o.kind {
	case opLookup:
		n.finish(env, o, peers[0])
	case opRead, opWrite:
		o.found, o.next, o.asked = true, peers[:min(len(peers), n.Copies+1)], 0
		n.nextServer(env, o.seq)
	default:
		n.maintained(env, o, peers)
	}
}

// maintained takes the end of a lookup for the ring itself.
func (n *node) maintained(env *protocols.Env, o *operation, peers []Peer) {
	p := &n.points[o.virtual]
	env.Observe(Maintained, uint64(o.kind), uint64(2*o.asked))
	kind, finger, key := o.kind, o.finger, o.key
	n.end(env, o)
	switch {
	case kind == opJoin && !p.joined && !n.left:
		for len(peers) > 0 && peers[0] == p.self { // it restarted before anybody noticed that it was away
			peers = peers[1:]
		}
		if len(peers) > 0 {
			n.enter(env, p, peers)
		}
	case kind == opFinger && p.joined:
		p.setFinger(finger, peers[0])
	case kind == opOffer:
		n.offer(env, key, peers[0])
	}
}

// finish tells what an operation from outside came to.
func (n *node) finish(env *protocols.Env, o *operation, owner Peer) {
	env.Observe(Path, uint64(o.kind)<<16|uint64(o.hops), uint64(env.Now-o.since))
	env.Observe(Answered, o.key, owner.pack())
	n.end(env, o)
}

// later begins an operation anew after a time that doubles, up to some times;
// fingers are looked up anew in any case.
func (n *node) later(env *protocols.Env, o *operation) {
	if o.kind > opWrite || int(o.tries) >= n.Retries {
		if o.kind <= opWrite {
			env.Observe(Path, uint64(o.kind)<<16|uint64(o.hops), uint64(env.Now-o.since))
			env.Observe(GaveUp, o.key, uint64(o.kind))
		} else {
			env.Observe(Maintained, uint64(o.kind), uint64(2*o.asked))
			n.offering = n.offering && o.kind != opOffer
		}
		n.end(env, o)
		return
	}
	wait := n.Timeout / 2
	for range min(o.tries, 4) {
		wait = min(2*wait, math.MaxInt64/4)
	}
	o.tries++
	o.found, o.next, o.waits = false, nil, true
	wait += time.Duration(env.Rand.Int64N(int64(wait)))
	env.SetTimer(protocols.Timer(operationTimer, uint64(n.slot(o.seq))), wait)
}

// restart begins an operation anew, at once or later.
func (n *node) restart(env *protocols.Env, slot uint64) {
	if slot < uint64(len(n.running)) && n.running[slot].seq != 0 {
		o := &n.running[slot]
		if o.waits {
			n.locate(env, o)
			return
		}
		n.later(env, o) // no answer came to what was routed
	}
}

// command begins what is asked for from outside.
func (n *node) command(env *protocols.Env, m *Message) {
	o := operation{key: m.Key}
	switch m.kind {
	case KindLookup:
		o.kind = opLookup
	case KindRead:
		o.kind = opRead
	case KindWrite:
		o.kind, o.value = opWrite, m.Value
		if n.readOnly {
			env.Observe(Refused, uint64(opWrite), m.Key)
			return
		}
	default:
		n.depart(env)
		return
	}
	if n.left {
		env.Observe(Refused, uint64(o.kind), m.Key)
		return
	}
	n.begin(env, o)
}
