package partition

import (
	"time"

	"meshsim/protocols"
)

// reach is what a node knows of whom it reaches.
type reach struct {
	announced places              // peers that a discovery protocol has named
	waiting   places              // asked since the last tick, without an answer yet
	missed    [strikes - 1]places // did not answer once, twice …, so they are asked again
	unreached places              // did not answer so many times in a row, or a failure detector says so
	turn      int                 // of the next peer to ask
	returned  bool                // somebody answered since the last tick who was not reached
	burst     int                 // how many of those that are not reached to ask in an interval
	lost      int                 // the last of them that was asked
	suspects  bool                // it reaches less than half of its peers
	missing   places              // peers announced that were not reached a lease ago
	ticks     time.Duration       // since then, in intervals
}

// strikes is after how many probes without an answer a peer is not reached.
const strikes = 3

// probe counts who has not answered, and asks the next peers.
func (n *node) probe(env *protocols.Env) {
	r := &n.reach
	again := places(nil)
	r.waiting.each(n.n, func(p int) {
		if !r.unreached.has(p) && !r.strike(p) {
			again.add(p)
		}
	})
	r.waiting = r.waiting[:0]
	again.each(n.n, func(p int) { n.ask(env, p) })
	n.askLost(env)
	n.askNext(env)
	n.reconsider(env)
}

// strike counts a probe without an answer, and reports whether it was the last.
func (r *reach) strike(place int) bool {
	for i := range r.missed {
		if r.missed[i].has(place) {
			r.missed[i].remove(place)
			if i+1 < len(r.missed) {
				r.missed[i+1].add(place)
				return false
			}
			r.unreached.add(place)
			return true
		}
	}
	r.missed[0].add(place)
	return false
}

// askNext asks as many peers as it should in an interval, by turns.
func (n *node) askNext(env *protocols.Env) {
	r, left := &n.reach, n.Probes
	if left == 0 {
		left = n.n
	}
	for range n.n - 1 {
		if left == 0 {
			return
		}
		p := (n.self + 1 + r.turn*n.stride%(n.n-1)) % n.n
		r.turn = (r.turn + 1) % (n.n - 1)
		if n.Peers == "announced" && !r.announced.has(p) || r.waiting.has(p) {
			continue
		}
		n.ask(env, p)
		left--
	}
}

// askLost asks one of those that are not reached, by turns. When some of them
// answer, a cut may have healed: as long as more do, it asks twice as many each
// interval.
func (n *node) askLost(env *protocols.Env) {
	r := &n.reach
	if r.returned {
		r.burst = max(2*r.burst, n.Probes)
	} else {
		r.burst = 1
	}
	r.returned = false
	if len(r.unreached) == 0 {
		return
	}
	left := r.burst
	for i := 1; i <= n.n && left > 0; i++ {
		p := (r.lost + i) % n.n
		if r.unreached.has(p) && !r.waiting.has(p) {
			n.ask(env, p)
			r.lost, i = p, 0
			left--
		}
	}
}

func (n *node) ask(env *protocols.Env, place int) {
	n.reach.waiting.add(place)
	env.Send(n.members[place], ping)
}

// onSignal answers a probe, or takes the answer to one: only a way there and back
// shows that a peer is reached, since links can be cut in one direction.
func (n *node) onSignal(env *protocols.Env, place int, m *signal) {
	if m.kind == KindPing {
		env.Send(n.members[place], pong)
	}
	switch {
	case m.kind == KindPing:
		n.hears(env, place)
	case n.Reach == "probes":
		n.reach.waiting.remove(place)
		for i := range n.reach.missed {
			n.reach.missed[i].remove(place)
		}
		n.answers(env, place)
	}
}

// hears asks a peer that was not reached, and is heard: it may be back.
func (n *node) hears(env *protocols.Env, place int) {
	if n.Reach == "probes" && n.reach.unreached.has(place) && !n.reach.waiting.has(place) {
		n.ask(env, place)
	}
}

// answers notes that a peer is reached.
func (n *node) answers(env *protocols.Env, place int) {
	if n.reach.unreached.has(place) {
		n.reach.unreached.remove(place)
		n.reach.returned = true
		n.reconsider(env)
	}
}

// hearPeer takes what discovery and a failure detector on the node say.
func (n *node) hearPeer(env *protocols.Env, e protocols.Event) {
	place, ok := n.place(e.Node)
	if !ok || place == n.self {
		return
	}
	back := e.Kind == protocols.PeerUp || e.Kind == protocols.PeerBack
	switch {
	case n.Peers == "announced" && back:
		n.reach.announced.add(place)
	case n.Peers == "announced" && e.Kind == protocols.PeerLeft && !n.reach.unreached.has(place):
		n.reach.announced.remove(place) // a link that is given up because nobody answers shows a cut
	}
	switch {
	case n.Reach != "detector" || e.Kind == protocols.PeerLeft:
	case back:
		n.reach.unreached.remove(place)
	default:
		n.reach.unreached.add(place)
	}
	n.reconsider(env)
}

// forgetGone drops peers that were announced and have not been reached for a lease while
// a quorum went on with this node: so they have failed, and the mesh is not cut. Whoever
// is cut off has no permit by then, and goes on counting them.
func (n *node) forgetGone(env *protocols.Env) {
	r := &n.reach
	if r.ticks++; n.Peers != "announced" || r.ticks*n.Interval < n.Lease {
		return
	}
	r.ticks = 0
	if n.permit > n.lapsed {
		r.missing.each(n.n, func(p int) {
			if r.unreached.has(p) {
				r.announced.remove(p)
			}
		})
		n.reconsider(env)
	}
	r.missing = r.unreached.clone()
}

// reaches is how many peers the node reaches, of how many it knows.
func (n *node) reaches() (reached, known int) {
	r := &n.reach
	if n.Peers == "announced" {
		known = r.announced.count()
		return known - r.announced.common(r.unreached), known
	}
	return n.n - 1 - r.unreached.count(), n.n - 1
}

// reconsider suspects a partition while the node reaches less than half of the
// peers that it knows. Then it accepts no writes, whatever its permit says.
func (n *node) reconsider(env *protocols.Env) {
	reached, known := n.reaches()
	suspects := 2*reached < known
	if suspects == n.reach.suspects {
		return
	}
	n.reach.suspects = suspects
	kind := Cleared
	if suspects {
		kind = Suspected
	}
	env.Observe(kind, uint64(reached), uint64(known))
	n.review(env, Isolated)
}
