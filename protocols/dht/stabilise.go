package dht

import (
	"slices"

	"meshsim/protocols"
)

// Section 4.4 and 5 of the paper, with the operations as Zave has corrected them
// ("Reasoning about identifier spaces: how to make Chord correct", IEEE
// Transactions on Software Engineering 43(12), 2017): a peer is asked before it is
// adopted as successor, and its list of successors is taken with it; a
// predecessor is replaced when it is known to have failed (rectify).

// stabilise asks the successor who stands before it, and the predecessor whether
// it is there.
func (n *node) stabilise(env *protocols.Env, p *point) {
	if !p.joined {
		return
	}
	n.suspects = slices.DeleteFunc(n.suspects, func(s suspect) bool { return s.until < env.Now })
	if p.unfilled && (p.successor() == p.self || env.Now-p.entered > protocols.Time(n.settling())) {
		n.fill(env, p) // those who had the keys are gone
	}
	if s := p.successor(); s != p.self {
		n.askNeighbours(env, p, s, toStabilise)
	} else if p.pred != nobody && p.pred != p.self {
		n.askNeighbours(env, p, p.pred, toAdopt)
	}
	if p.pred != nobody && p.pred != p.self {
		n.askNeighbours(env, p, p.pred, toCheck)
	}
}

// askNeighbours asks a peer about its neighbours, unless that question is under
// way already.
func (n *node) askNeighbours(env *protocols.Env, p *point, q Peer, why purpose) {
	if !slices.ContainsFunc(n.calls, func(c call) bool {
		return c.message != nil && c.purpose == why && c.virtual == p.self.Virtual && c.to == q
	}) {
		n.ask(env, call{purpose: why, virtual: p.self.Virtual, to: q, message: &Message{kind: KindAsk}})
	}
}

// onNeighbours takes the list of a peer that is the successor or may become it.
// When that names one that is closer still, it is asked in turn.
func (n *node) onNeighbours(env *protocols.Env, p *point, c *call, m *Message) {
	if !p.joined {
		return
	}
	s := p.successor()
	if c.to != s && !inside(Place(c.to), p.place, Place(s)) {
		return // another has been adopted meanwhile
	}
	n.follow(env, p, []Peer{c.to}, m.Peers)
	p.small = len(p.successors) < n.Successors && len(m.Peers) < n.Successors
	if s != c.to && s != p.self {
		n.introduce(env, c.to, s)
	}
	closer := m.Pred
	if closer != nobody && n.exists(closer) && inside(Place(closer), p.place, Place(c.to)) && !n.failed(closer.Node) {
		n.askNeighbours(env, p, closer, toAdopt)
		return
	}
	n.notify(env, p)
}

// notify tells the successor that this place may be its predecessor.
func (n *node) notify(env *protocols.Env, p *point) {
	if s := p.successor(); p.joined && s != p.self {
		env.Send(s.Node, &Message{kind: KindNotify, To: s.Virtual, From: p.self.Virtual, Flag: p.unfilled})
	}
}

// onNotify is the paper's notify and Zave's rectify: a peer that is closer than
// the predecessor, or comes when there is none, becomes the predecessor, and is
// handed the keys that are its own now.
func (n *node) onNotify(env *protocols.Env, p *point, from Peer, m *Message) {
	if !n.exists(from) || from == p.self {
		return
	}
	old := p.pred
	if old != nobody && old != from && !inside(Place(from), Place(old), p.place) {
		return
	}
	if old != from {
		p.pred = from
		env.Observe(Predecessor, p.place, from.pack())
	}
	if p.successor() == p.self { // it was alone
		n.askNeighbours(env, p, from, toAdopt)
	}
	if !p.unfilled && (m.Flag || old != nobody && old != from || p.owes(from)) {
		n.handOver(env, p, from, old)
	}
	if old != from {
		n.cancelMoves(p, old)
	}
}

// dropSuccessor goes on with the next successor when the first has failed. When
// the list is used up, what else is known must do, and without that the seeds.
func (n *node) dropSuccessor(env *protocols.Env, p *point, gone Peer) {
	if !p.joined || p.successor() != gone {
		return
	}
	n.follow(env, p, p.successors[1:], n.known(p))
	n.stabilise(env, p)
}

// losePredecessor notes that the predecessor has failed. The range grows when the
// next one notifies.
func (n *node) losePredecessor(env *protocols.Env, p *point) {
	gone := p.pred
	p.pred = nobody
	env.Observe(Predecessor, p.place, nobody.pack())
	n.cancelMoves(p, gone)
	if n.Table == "full" && gone.Virtual == 0 {
		n.spread(env, gone, false)
	}
}

// fixFinger looks up the next finger, from the farthest to the one that is the
// successor; then it begins again.
func (n *node) fixFinger(env *protocols.Env, p *point) {
	if !p.joined || p.successor() == p.self {
		return
	}
	start := p.place + 1<<(63-p.next)
	if p.next == 63 || within(start, p.place, Place(p.successor())) {
		p.fingers = p.fingers[:min(len(p.fingers), int(p.next))]
		p.next = 0
		return
	}
	n.begin(env, operation{kind: opFinger, virtual: p.self.Virtual, finger: p.next, key: start})
	p.next++
}

// setFinger takes what was looked up.
func (p *point) setFinger(i uint8, q Peer) {
	for len(p.fingers) <= int(i) {
		p.fingers = append(p.fingers, nobody)
	}
	p.fingers[i] = q
}
