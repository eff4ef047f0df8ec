package dht

import (
	"time"

	"meshsim/protocols"
)

// joinLater plans the first attempt to join: within the spread at boot, at once
// after a restart. The first seed starts the ring.
func (n *node) joinLater(env *protocols.Env, p *point) {
	after := time.Duration(0)
	if !n.again && n.Ring == "join" && n.Spread > 0 {
		after = time.Duration(env.Rand.Int64N(int64(n.Spread)))
	}
	env.SetTimer(protocols.Timer(joinTimer, uint64(p.self.Virtual)), after)
}

// join looks up the own place through a seed, again and again until that is
// found. A node that is the only seed begins a ring of its own: who knows it finds
// it there.
func (n *node) join(env *protocols.Env, p *point) {
	if p.joined || n.left {
		return
	}
	if len(n.seeds) == 0 || len(n.seeds) == 1 && n.seeds[0] == n.self {
		p.unfilled = false
		n.enter(env, p, []Peer{p.self})
		return
	}
	n.begin(env, operation{kind: opJoin, virtual: p.self.Virtual, key: p.place})
	env.SetTimer(protocols.Timer(joinTimer, uint64(p.self.Virtual)), 8*n.Timeout)
}

// enter takes a place on the ring before some successors.
func (n *node) enter(env *protocols.Env, p *point, successors []Peer) {
	p.joined, p.entered, p.pred, p.fingers, p.next = true, env.Now, nobody, nil, 0
	p.successors = []Peer{p.self}
	p.unfilled = successors[0] != p.self
	n.follow(env, p, successors)
	p.small = p.successor() == p.self
	env.Observe(Joined, p.place, p.self.pack())
	env.StopTimer(protocols.Timer(joinTimer, uint64(p.self.Virtual)))
	n.startTimers(env, p)
	n.stabilise(env, p)
	if n.Table == "full" && p.self.Virtual == 0 {
		n.spread(env, p.self, true)
	}
}

// drawSeed draws a seed other than the node itself.
func (n *node) drawSeed(env *protocols.Env) (Peer, bool) {
	for range 4 {
		id := n.seeds[env.Rand.IntN(len(n.seeds))]
		if id != n.self {
			return Peer{id, uint16(env.Rand.IntN(n.Virtual))}, true
		}
	}
	return nobody, false
}

// depart begins to leave in order: each place hands its keys to its successor, and
// leaves when that is done.
func (n *node) depart(env *protocols.Env) {
	if n.left {
		return
	}
	n.left = true
	for v := range n.points {
		p := &n.points[v]
		switch {
		case !p.joined:
		case p.successor() == p.self:
			n.depose(env, p)
		default:
			p.moves = nil
			n.startMove(env, p, move{to: p.successor(), low: n.lowEnd(p), high: p.place, leaving: true})
		}
	}
	n.stopIfOut(env)
}

// lowEnd is where the range of a place begins; without a predecessor that is
// behind it all around.
func (n *node) lowEnd(p *point) uint64 {
	if p.pred == nobody {
		return p.place
	}
	return Place(p.pred)
}

// depose tells the neighbours that a place is left, each who takes its part.
func (n *node) depose(env *protocols.Env, p *point) {
	s := p.successor()
	if s != p.self {
		m := &Message{kind: KindLeaving, To: s.Virtual, From: p.self.Virtual, Pred: p.pred, Peers: p.successors}
		env.Send(s.Node, m)
		if p.pred != nobody {
			toPred := *m
			toPred.To = p.pred.Virtual
			env.Send(p.pred.Node, &toPred)
		}
	}
	p.joined, p.moves = false, nil
	env.Observe(Left, p.place, p.self.pack())
}

// stopIfOut drops what the node holds once all its places are left.
func (n *node) stopIfOut(env *protocols.Env) {
	for v := range n.points {
		if n.points[v].joined {
			return
		}
	}
	for i := range n.items {
		env.Observe(Dropped, n.items[i].Key, 0)
	}
	n.items, n.wards = nil, nil
	env.StopTimer(protocols.Timer(repairTimer, 0))
}

// onLeaving replaces a neighbour that leaves by its own neighbours.
func (n *node) onLeaving(env *protocols.Env, p *point, from Peer, m *Message) {
	if p.pred == from {
		p.pred = m.Pred
		if !n.exists(m.Pred) || m.Pred == p.self {
			p.pred = nobody
		}
		env.Observe(Predecessor, p.place, p.pred.pack())
		if n.Table == "full" && from.Virtual == 0 {
			n.spread(env, from, false)
		}
	}
	var left []Peer
	for _, q := range p.successors {
		if q != from {
			left = append(left, q)
		}
	}
	if len(left) < len(p.successors) {
		n.follow(env, p, left, m.Peers)
	}
	for i := range p.fingers {
		if p.fingers[i] == from {
			p.fingers[i] = nobody
		}
	}
	n.suspect(env, from.Node, n.Attempts)
}
