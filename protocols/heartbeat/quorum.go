package heartbeat

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// freshness is how long a vote counts unless it is repeated.
func (b *beater) freshness() protocols.Time {
	return protocols.Time(b.Timeout + 2*b.Interval)
}

// voters lists whose accusations of a peer count, ascending.
func (b *beater) voters(self, id protocols.NodeID) []protocols.NodeID {
	if b.Confirm == "members" || b.graph() == everybody {
		return distinct(slices.Clone(b.world.Members), id)
	}
	return b.observersOf(self, id)
}

// needed is how many accusations of a peer declare it failed. Those of the observers
// are counted as if none had failed, so that all nodes know the same number.
func (b *beater) needed(self, id protocols.NodeID) int {
	switch {
	case b.Confirm == "members":
		return b.majority(b.size())
	case b.graph() == everybody:
		return b.majority(b.size() - 1)
	case b.graph() == onRing || b.graph() == atRandom:
		return b.majority(min(b.K, b.size()-1))
	}
	return b.majority(len(b.observersOf(self, id)))
}

// eligible reports whether a member's accusation of a peer counts. On the ring so do
// those of members that were its observers not long ago, whatever this node knows of
// who failed in between.
func (b *beater) eligible(self, by, id protocols.NodeID) bool {
	if by == id || !b.isMember(by) {
		return false
	}
	if b.Confirm == "members" || b.graph() == everybody || contains(b.observersOf(self, id), by) {
		return true
	}
	who, _ := b.place(by)
	place, _ := b.place(id)
	before := ((place-who)%b.size() + b.size()) % b.size()
	switch b.graph() {
	case onRing:
		return before <= 2*b.K+b.count(failed)
	case atRandom:
		return slices.Contains(b.distances, before)
	}
	return false
}

// decide declares a failure if the node has suspected the peer itself, and enough
// others have, too.
func (b *beater) decide(env *protocols.Env, t *trial) {
	known := b.get(t.peer)
	if known.status() == failed || t.by(env.Self) == nil {
		return
	}
	v := &Verdict{Peer: t.peer, Incarnation: known.incarnation()}
	for _, x := range b.counted(env, t) {
		v.Accusations = append(v.Accusations, x.Accusation)
	}
	if len(v.Accusations) < b.needed(env.Self, t.peer) {
		return
	}
	env.Observe(Declared, uint64(t.peer), uint64(len(v.Accusations)))
	b.condemn(env, v)
}

// counted are the votes that count now.
func (b *beater) counted(env *protocols.Env, t *trial) (list []vote) {
	known := b.get(t.peer)
	for _, v := range t.votes {
		if v.Incarnation >= known.incarnation() && env.Now-v.at <= b.freshness() && b.eligible(env.Self, v.By, t.peer) {
			list = append(list, v)
		}
	}
	return list
}

// signed reports whether a quorum of members, whoever they are, has signed a verdict.
func (b *beater) signed(env *protocols.Env, v *Verdict) bool {
	if len(v.Accusations) < b.needed(env.Self, v.Peer) {
		return false
	}
	for i := range v.Accusations {
		a := &v.Accusations[i]
		if a.Incarnation < v.Incarnation || a.By == v.Peer || !b.isMember(a.By) ||
			!env.Verify(a.By, digest(silent, v.Peer, a.Incarnation), &a.Signature) {
			return false
		}
	}
	return true
}

// proves reports whether a quorum of those have, who may accuse the peer.
func (b *beater) proves(env *protocols.Env, v *Verdict) bool {
	count := 0
	for i := range v.Accusations {
		if b.eligible(env.Self, v.Accusations[i].By, v.Peer) {
			count++
		}
	}
	return count >= b.needed(env.Self, v.Peer)
}

// Waits says what keeps the node from declaring a failure.
func (b *beater) Waits() string {
	if len(b.trials) == 0 {
		return ""
	}
	t := b.trials[0]
	var who []protocols.NodeID
	for _, v := range t.votes {
		who = append(who, v.By)
	}
	slices.Sort(who)
	return fmt.Sprintf("more accusations of %d than those of %v", t.peer, who)
}
