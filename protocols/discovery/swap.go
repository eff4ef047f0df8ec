package discovery

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Swap is a step of a swap of neighbours among four nodes (X-BOT, section IV):
//
//	before   initiator – old    candidate – far
//	after    initiator – candidate    old – far
//
// The request goes from initiator to candidate to far to old, the answer the same
// way back, and each exchanges one neighbour for another when the answer passes.
// So all keep their number of links. A candidate that has room needs no far: it is
// far itself then, and the initiator gives old up.
type Swap struct {
	kind                           protocols.Kind
	Initiator, Candidate, Old, Far protocols.NodeID
	Saved                          int64         // microseconds, so far
	OK                             bool          // of answers
	Of                             *Announcement // of the sender
}

// Kind tells the message's kind.
func (m *Swap) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Swap) Size() int {
	n := 2 + wire.UvarintSize(wire.Zigzag(m.Saved)) + m.Of.size() + wire.ChecksumSize
	for _, id := range m.nodes() {
		n += wire.UvarintSize(uint64(id))
	}
	return n
}

func (m *Swap) nodes() [4]protocols.NodeID {
	return [4]protocols.NodeID{m.Initiator, m.Candidate, m.Old, m.Far}
}

// AppendTo appends the kind, the four nodes, what is saved, the answer and the
// sender's announcement.
func (m *Swap) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	for _, id := range m.nodes() {
		b = wire.AppendUvarint(b, uint64(id))
	}
	b = wire.AppendUvarint(b, wire.Zigzag(m.Saved))
	return wire.AppendChecksum(m.Of.appendTo(wire.AppendBool(b, m.OK)), start)
}

// String returns the kind and the four nodes.
func (m *Swap) String() string {
	s := fmt.Sprintf("%s of initiator %d, candidate %d, old %d, far %d", kindNames[m.kind], m.Initiator, m.Candidate, m.Old, m.Far)
	if m.kind >= KindSwitched && !m.OK {
		s += " refused"
	}
	return s
}

// as is the next step of the same swap, or the answer to it.
func (n *node) as(m *Swap, kind protocols.Kind, ok bool) *Swap {
	x := *m
	x.kind, x.OK, x.Of = kind, ok, n.own
	return &x
}

// wantsRandom reports whether the next link is one that is never swapped.
func (n *node) wantsRandom() bool {
	if n.Optimise == nil {
		return false
	}
	count := 0
	for i := range n.active {
		if n.active[i].random {
			count++
		}
	}
	return count < n.Optimise.Unbiased
}

// optimise measures: first the neighbours, then somebody who may be nearer.
func (n *node) optimise(env *protocols.Env) {
	env.SetTimer(protocols.Timer(optimiseTimer, 0), n.Optimise.Interval)
	if n.phase != joined || n.full || len(n.active) == 0 {
		return
	}
	p := n.needProbes()
	if p.stale {
		p.offer = nil
	}
	p.stale = p.offer != nil
	unknown := 0
	for i := range n.active {
		if l := &n.active[i]; l.way == 0 && unknown < 2 {
			unknown++
			n.probe(env, l.id, forLink)
		}
	}
	if unknown > 0 {
		return
	}
	n.probe(env, n.active[env.Rand.IntN(len(n.active))].id, forLink)
	if a := n.candidate(env); a != nil && p.begun {
		n.probe(env, a.ID, forCandidate)
	}
}

// farthest is the place of the farthest neighbour that may be swapped, -1 if none.
func (n *node) farthest() int {
	at := -1
	for i := range n.active {
		if l := &n.active[i]; !l.random && l.way > 0 && (at < 0 || l.way > n.active[at].way) {
			at = i
		}
	}
	return at
}

// consider begins a swap if a peer is nearer than the farthest neighbour.
func (n *node) consider(env *protocols.Env, candidate protocols.NodeID, way uint32) {
	at := n.farthest()
	if at < 0 || n.linkTo(candidate) >= 0 || n.Optimise == nil {
		return
	}
	if saved := int64(n.active[at].way) - int64(way); n.worth(saved) {
		env.Send(candidate, &Swap{kind: KindSwap, Initiator: env.Self, Candidate: candidate, Old: n.active[at].id, Far: candidate, Saved: saved, Of: n.own})
	}
}

// worth reports whether so many microseconds are worth a swap.
func (n *node) worth(saved int64) bool {
	return saved > 0 && saved >= n.Optimise.Threshold.Microseconds()
}

// onSwap makes a step of a swap. A node that does not optimise ignores it.
func (n *node) onSwap(env *protocols.Env, from protocols.NodeID, m *Swap) {
	if n.phase != joined || n.full || n.Optimise == nil || !n.introduced(env, from, m.Of) {
		return
	}
	self := env.Self
	switch {
	case m.kind == KindSwap && m.Candidate == self && m.Initiator == from:
		n.asCandidate(env, m)
	case m.kind == KindReplace && m.Far == self && m.Candidate == from:
		n.asFar(env, m)
	case m.kind == KindSwitch && m.Old == self && m.Far == from:
		n.asOld(env, m)
	case m.kind == KindSwitched && m.Far == self && m.Old == from:
		n.farDone(env, m)
	case m.kind == KindReplaced && m.Candidate == self && m.Far == from:
		n.candidateDone(env, m)
	case m.kind == KindSwapped && m.Initiator == self && m.Candidate == from:
		n.initiatorDone(env, m)
	}
}

// asCandidate takes the initiator at once if there is room, else asks the farthest
// neighbour to go. It does so for one initiator at a time.
func (n *node) asCandidate(env *protocols.Env, m *Swap) {
	p, at := n.needProbes(), n.farthest()
	switch {
	case n.linkTo(m.Initiator) >= 0:
	case n.hasRoom():
		n.near(env, m.Of)
		env.Send(m.Initiator, n.as(m, KindSwapped, true))
		return
	case at >= 0 && p.offer == nil && uint64(m.Old) < uint64(n.world.Nodes) && m.Old != env.Self && m.Old != n.active[at].id:
		p.offer, p.stale = m.Of, false
		x := n.as(m, KindReplace, false)
		x.Far = n.active[at].id
		env.Send(x.Far, x)
		return
	}
	env.Send(m.Initiator, n.as(m, KindSwapped, false))
}

// asFar measures how far the old neighbour of the initiator is.
func (n *node) asFar(env *protocols.Env, m *Swap) {
	i := n.linkTo(m.Candidate)
	if i < 0 || n.active[i].random || n.active[i].way == 0 || n.linkTo(m.Old) >= 0 || uint64(m.Old) >= uint64(n.world.Nodes) || m.Old == env.Self || n.shuns(m.Old) {
		env.Send(m.Candidate, n.as(m, KindReplaced, false))
		return
	}
	n.probe(env, m.Old, forReplace).swap = m
}

// replace goes on if all four together save something.
func (n *node) replace(env *protocols.Env, m *Swap, way uint32) {
	i := n.linkTo(m.Candidate)
	if i < 0 || !n.worth(m.Saved+int64(n.active[i].way)-int64(way)) {
		env.Send(m.Candidate, n.as(m, KindReplaced, false))
		return
	}
	env.Send(m.Old, n.as(m, KindSwitch, false))
}

// asOld gives up the initiator for the candidate's farthest neighbour.
func (n *node) asOld(env *protocols.Env, m *Swap) {
	i := n.linkTo(m.Initiator)
	ok := i >= 0 && !n.active[i].random && n.linkTo(m.Far) < 0
	if ok {
		n.unlink(env, i, bySwap)
		n.near(env, m.Of)
	}
	env.Send(m.Far, n.as(m, KindSwitched, ok))
}

// farDone gives up the candidate for the initiator's old neighbour.
func (n *node) farDone(env *protocols.Env, m *Swap) {
	ok := m.OK
	if ok {
		if i := n.linkTo(m.Candidate); i >= 0 {
			n.unlink(env, i, bySwap)
		}
		n.nearIfRoom(env, m.Of)
	}
	env.Send(m.Candidate, n.as(m, KindReplaced, ok))
}

// candidateDone gives up the farthest neighbour for the initiator.
func (n *node) candidateDone(env *protocols.Env, m *Swap) {
	offer := n.needProbes().offer
	if offer == nil || offer.ID != m.Initiator {
		return
	}
	n.probes.offer = nil
	ok := m.OK
	if ok {
		if i := n.linkTo(m.Far); i >= 0 {
			n.unlink(env, i, bySwap)
		}
		ok = n.nearIfRoom(env, offer)
	}
	env.Send(m.Initiator, n.as(m, KindSwapped, ok))
}

// initiatorDone gives up the old neighbour for the candidate.
func (n *node) initiatorDone(env *protocols.Env, m *Swap) {
	if !m.OK {
		return
	}
	if i := n.linkTo(m.Old); i >= 0 {
		if m.Far == m.Candidate {
			env.Send(m.Old, disconnect)
		}
		n.unlink(env, i, bySwap)
	}
	if n.nearIfRoom(env, m.Of) {
		env.Observe(Swapped, uint64(m.Candidate), uint64(m.Old))
	}
}

// near links with a node that was chosen because it is near.
func (n *node) near(env *protocols.Env, a *Announcement) {
	n.link(env, a).random = false
}

// nearIfRoom is near, unless others took the room meanwhile; the other end is told.
func (n *node) nearIfRoom(env *protocols.Env, a *Announcement) bool {
	if n.linkTo(a.ID) >= 0 {
		return true
	}
	if !n.hasRoom() {
		env.Send(a.ID, disconnect)
		return false
	}
	n.near(env, a)
	return true
}
