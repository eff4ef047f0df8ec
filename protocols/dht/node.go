package dht

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// The names of timers. Those of a place have its number as argument, those of a
// question its slot, those of an operation its own.
const (
	stabiliseTimer uint8 = iota // of a place
	fingersTimer                // of a place
	mergeTimer                  // of a place
	joinTimer                   // of a place
	repairTimer                 // of the node
	callTimer                   // a question had no answer
	operationTimer              // an operation begins anew
)

var timerNames = []string{"stabilise", "fingers", "merge", "join", "repair", "call", "operation"}

// shared is what all nodes have in common.
type shared struct {
	Config
	nodes int
	seeds []protocols.NodeID
	again bool
	ring  []spot // all places of the members; for full tables only
	hosts []spot // their first places; for full tables only
}

// node is one node's state.
type node struct {
	*shared
	self     protocols.NodeID
	readOnly bool
	left     bool // it leaves, or has left
	seq      uint32
	points   []point
	calls    []call      // a free slot has no message
	running  []operation // a free slot has Seq 0
	suspects []suspect
	offering bool               // what it does not have to hold is on its way
	gone     []protocols.NodeID // of a full table: who is not on the ring, ascending
	store
}

// point is one place of the node on the ring: what the paper calls a node.
type point struct {
	self       Peer
	place      uint64
	pred       Peer
	successors []Peer // never changed, always replaced; the point itself if it is alone
	fingers    []Peer // the i-th is the first peer at or behind place + 2^(63-i), or nobody
	next       uint8  // the finger to look up next
	joined     bool
	unfilled   bool // the keys of its range have not been handed over yet
	small      bool // the ring has fewer other places than the list of successors has room for
	entered    protocols.Time
	moves      []move
}

// Start boots the node: it has its place at once if the ring is ready, and joins
// through the seeds otherwise.
func (n *node) Start(env *protocols.Env) {
	n.seq = uint32(env.Rand.Uint64()) | 1
	n.observeReady(env)
	for v := range n.points {
		p := &n.points[v]
		if p.joined {
			n.startTimers(env, p)
			continue
		}
		n.joinLater(env, p)
	}
	n.every(env, protocols.Timer(repairTimer, 0), n.Repair)
}

// observeReady tells of the places that the node has from the start.
func (n *node) observeReady(env *protocols.Env) {
	for v := range n.points {
		if p := &n.points[v]; p.joined {
			env.Observe(Joined, p.place, p.self.pack())
			env.Observe(Successor, p.place, p.successor().pack())
		}
	}
}

// startTimers begins what a place on the ring does again and again.
func (n *node) startTimers(env *protocols.Env, p *point) {
	v := uint64(p.self.Virtual)
	n.every(env, protocols.Timer(stabiliseTimer, v), n.Stabilise)
	n.every(env, protocols.Timer(mergeTimer, v), n.Merge)
	if n.Table == "fingers" {
		n.every(env, protocols.Timer(fingersTimer, v), n.FixFingers)
	}
}

// every sets a timer for the first time, at a random phase of its period.
func (n *node) every(env *protocols.Env, t protocols.TimerID, period time.Duration) {
	if period > 0 {
		env.SetTimer(t, time.Duration(env.Rand.Int64N(int64(period))))
	}
}

// Receive handles a message. Those from outside may only ask for an operation.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*Message)
	if !ok || (from == protocols.External) != m.outside() {
		return
	}
	if m.outside() {
		n.command(env, m)
		return
	}
	if m.has(hasTo) {
		if int(m.To) < len(n.points) && n.points[m.To].joined {
			n.asked(env, &n.points[m.To], from, m)
		}
		return
	}
	if m.kind == KindChange {
		n.onChange(env, m)
		return
	}
	n.answered(env, from, m)
}

// asked handles what is for one place of the node.
func (n *node) asked(env *protocols.Env, p *point, from protocols.NodeID, m *Message) {
	n.hearFrom(from)
	switch m.kind {
	case KindFind:
		final, peers := n.step(p, m.Key)
		env.Send(from, &Message{kind: KindStep, Seq: m.Seq, Flag: final, Peers: peers})
	case KindRoute:
		n.onRoute(env, p, from, m)
	case KindGet, KindPut:
		n.serve(env, p, from, m)
	case KindAsk:
		env.Send(from, &Message{kind: KindTell, Seq: m.Seq, Pred: p.pred, Peers: p.successors})
	case KindNotify:
		n.onNotify(env, p, Peer{from, m.From}, m)
	case KindTransfer:
		n.onTransfer(env, p, from, m)
	case KindSummary:
		n.onSummary(env, from, m)
	case KindIntroduce:
		n.onIntroduce(env, p, m)
	case KindLeaving:
		n.onLeaving(env, p, Peer{from, m.From}, m)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	argument := t.Argument()
	if t.Name() < repairTimer && argument >= uint64(len(n.points)) {
		return
	}
	switch t.Name() {
	case stabiliseTimer:
		n.stabilise(env, &n.points[argument])
		env.SetTimer(t, n.Stabilise)
	case fingersTimer:
		n.fixFinger(env, &n.points[argument])
		env.SetTimer(t, n.FixFingers)
	case mergeTimer:
		n.merge(env, &n.points[argument])
		env.SetTimer(t, n.Merge)
	case joinTimer:
		n.join(env, &n.points[argument])
	case repairTimer:
		if argument == 0 {
			n.repair(env)
			env.SetTimer(t, n.Repair)
		}
	case callTimer:
		n.unanswered(env, argument)
	case operationTimer:
		n.restart(env, argument)
	}
}

// Hear handles what other protocols on the node announce.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	switch e.Kind {
	case protocols.PeerFailed:
		if e.Node != n.self {
			n.forget(env, e.Node)
		}
	case protocols.PeerBack, protocols.PeerUp:
		n.hearFrom(e.Node)
	case protocols.ReadOnlyOn, protocols.ReadOnlyOff:
		n.readOnly = e.Kind == protocols.ReadOnlyOn
	}
}

// successor is the first in the list.
func (p *point) successor() Peer { return p.successors[0] }

// owns reports whether a key is in the range of a place. Who does not know its
// predecessor cannot say so, unless it is alone.
func (p *point) owns(key uint64) bool {
	switch {
	case p.pred != nobody:
		return within(key, Place(p.pred), p.place)
	}
	return p.successor() == p.self
}

// follow replaces the list of successors: at most so many, without the point
// itself and what lies behind it, and without doubles. An empty list leaves the
// point alone on the ring.
func (n *node) follow(env *protocols.Env, p *point, lists ...[]Peer) {
	list := make([]Peer, 0, n.Successors)
	for _, more := range lists {
		for _, q := range more {
			if len(list) == n.Successors || q == p.self {
				break
			}
			last := p.place
			if len(list) > 0 {
				last = Place(list[len(list)-1])
			}
			if n.exists(q) && inside(Place(q), last, p.place) && !slices.Contains(list, q) {
				list = append(list, q)
			}
		}
	}
	if len(list) == 0 {
		list = append(list, p.self)
	}
	before := p.successor()
	p.successors = list
	if list[0] != before {
		env.Observe(Successor, p.place, list[0].pack())
	}
}

// exists reports whether a peer that somebody names can be one.
func (n *node) exists(q Peer) bool {
	return uint64(q.Node) < uint64(n.nodes) && int(q.Virtual) < n.Virtual
}
