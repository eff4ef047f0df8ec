package discovery

import (
	"math"

	"meshsim/protocols"
)

// probes are the questions under way by which a node measures, and what it does
// about swaps.
type probes struct {
	number uint32
	out    [4]question
	offer  *Announcement // of the initiator of a swap that this node is the candidate of; nil: none
	stale  bool          // it has been there for a round
	begun  bool          // neighbours are not only measured, but swapped
}

// question is a probe that was sent; its number is 0 if there is none.
type question struct {
	to     protocols.NodeID
	number uint32
	sent   protocols.Time
	why    uint8
	swap   *Swap // that waits for the answer
}

// Why somebody is probed.
const (
	forLost      uint8 = iota // is it back?
	forLink                   // how far is a neighbour?
	forCandidate              // is it nearer than a neighbour?
	forReplace                // is it near enough to take it for another one?
)

func (n *node) needProbes() *probes {
	if n.probes == nil {
		n.probes = &probes{}
	}
	return n.probes
}

// probe sends a question. The oldest of those without answer is given up.
func (n *node) probe(env *protocols.Env, to protocols.NodeID, why uint8) *question {
	p := n.needProbes()
	p.number = max(p.number+1, 1)
	q := &p.out[p.number%uint32(len(p.out))]
	*q = question{to: to, number: p.number, sent: env.Now, why: why}
	env.Send(to, &Probe{KindProbe, p.number})
	return q
}

// onProbe answers a question, or takes an answer.
func (n *node) onProbe(env *protocols.Env, from protocols.NodeID, m *Probe) {
	if m.kind == KindProbe {
		env.Send(from, &Probe{KindProbed, m.Number})
		return
	}
	if n.probes == nil || n.phase != joined {
		return
	}
	at := &n.probes.out[m.Number%uint32(len(n.probes.out))]
	q := *at
	if q.number == 0 || q.number != m.Number || q.to != from {
		return
	}
	*at = question{}
	n.credit(from, alive)
	way := uint32(min(max(env.Now-q.sent, 1000)/1000, math.MaxUint32))
	if q.why != forLost {
		env.Observe(Measured, uint64(from), uint64(way)*1000)
	}
	switch q.why {
	case forLost:
		if n.isLost(from) >= 0 {
			n.reunite(env, from)
		}
	case forLink:
		n.measured(from, way)
	case forCandidate:
		n.consider(env, from, way)
	case forReplace:
		n.replace(env, q.swap, way)
	}
}

// measured notes how far a neighbour is: a quarter of the way towards each measurement.
func (n *node) measured(id protocols.NodeID, way uint32) {
	if i := n.linkTo(id); i >= 0 {
		l := &n.active[i]
		if l.way > 0 {
			way = uint32((3*uint64(l.way) + uint64(way)) / 4)
		}
		l.way = way
	}
}
