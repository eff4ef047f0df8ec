package heartbeat

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// Who watches whom. On the ring a node watches the k members behind it that have
// not failed; at random distances, which all nodes share, the first such member from each
// of k places on. Both can be read in the other direction without asking anybody, so
// a node knows who watches a peer, and needs no list of it.

// watched lists whom a node watches, ascending. It is nil with monitoring all.
func (b *beater) watched(self protocols.NodeID) []protocols.NodeID {
	var list []protocols.NodeID
	place, _ := b.place(self)
	switch b.graph() {
	case onRing:
		list = b.walk(self, place, 1)
	case atRandom:
		for _, d := range b.distances {
			list = append(list, b.firstAlive(self, place+d))
		}
	case amongNeighbours:
		list = b.neighbours(self)
	case amongAnnounced:
		return b.announced
	}
	return distinct(list, self)
}

// observersOf lists who watches a peer, ascending; it is nil with monitoring all.
func (b *beater) observersOf(self, id protocols.NodeID) []protocols.NodeID {
	var list []protocols.NodeID
	place, ok := b.place(id)
	if !ok {
		return nil
	}
	switch b.graph() {
	case onRing:
		list = b.walk(id, place, -1)
	case atRandom:
		for _, d := range b.distances {
			list = b.pointing(list, id, place-d, place)
		}
	case amongNeighbours:
		list = b.neighbours(id)
	case amongAnnounced:
		list = append(slices.Clone(b.announced), self)
	}
	return distinct(list, id)
}

// The graphs of who watches whom.
type graph uint8

const (
	onRing graph = iota
	atRandom
	everybody
	amongNeighbours
	amongAnnounced
)

func (s *shared) graph() graph {
	switch {
	case s.Watch == "neighbours" && s.world.Topology != nil:
		return amongNeighbours
	case s.Watch == "announced":
		return amongAnnounced
	case s.Monitoring == "random":
		return atRandom
	case s.Monitoring == "all" || s.Watch == "neighbours":
		return everybody
	}
	return onRing
}

// walk lists the next k members in a direction that have not failed, from a place on.
func (b *beater) walk(id protocols.NodeID, place, step int) (list []protocols.NodeID) {
	for i := 1; i < b.size() && len(list) < b.K; i++ {
		if next := b.at(place + i*step); next != id && !b.gone(next) {
			list = append(list, next)
		}
	}
	return list
}

// gone reports whether a peer is passed over, since a quorum has declared it failed.
func (b *beater) gone(id protocols.NodeID) bool { return b.Confirm != "none" && b.is(id, failed) }

// firstAlive is the first member from a place on that has not failed.
func (b *beater) firstAlive(self protocols.NodeID, place int) protocols.NodeID {
	for i := range b.size() {
		if next := b.at(place + i); next != self && !b.gone(next) {
			return next
		}
	}
	return self
}

// pointing adds to a list who watches id by one distance: the member at that distance
// before it and, where those right before id have failed, whoever pointed at them. A
// member that would point at itself is passed over by its own search.
func (b *beater) pointing(list []protocols.NodeID, id protocols.NodeID, place, of int) []protocols.NodeID {
	between := id // the only member right before id that has not failed
	for i := range b.size() - 1 {
		if i > 0 && !b.gone(b.at(of-i)) {
			if between != id {
				break
			}
			between = b.at(of - i)
		}
		if who := b.at(place - i); who != id && !b.gone(who) && (between == id || between == who) {
			list = append(list, who)
		}
	}
	return list
}

// neighbours lists the neighbours that run this protocol.
func (s *shared) neighbours(id protocols.NodeID) (list []protocols.NodeID) {
	for i := range s.world.Topology.Degree(id) {
		if p := s.world.Topology.Neighbour(id, i); s.isMember(p) {
			list = append(list, p)
		}
	}
	return list
}

// distinct sorts a list and leaves out doubles and one identity.
func distinct(list []protocols.NodeID, but protocols.NodeID) []protocols.NodeID {
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(id protocols.NodeID) bool { return id == but })
}

// rewatch looks anew whom the node watches, and who watches it.
func (b *beater) rewatch(env *protocols.Env) {
	var ids []protocols.NodeID
	if b.graph() == everybody {
		ids = distinct(slices.Clone(b.world.Members), env.Self)
	} else {
		ids = b.watched(env.Self)
		b.observers = b.observersOf(env.Self, env.Self)
	}
	old := b.peers
	b.peers = make([]peer, 0, len(ids))
	for _, id := range ids {
		for len(old) > 0 && old[0].id < id {
			b.unwatch(env, &old[0])
			old = old[1:]
		}
		if len(old) > 0 && old[0].id == id {
			b.peers, old = append(b.peers, old[0]), old[1:]
			continue
		}
		b.peers = append(b.peers, b.newPeer(env, id))
	}
	for i := range old {
		b.unwatch(env, &old[i])
	}
	b.tellWatching(env, len(ids))
}

// unwatch leaves a peer to others. A suspicion that nobody confirmed ends with that:
// this node will not hear whether it was right.
func (b *beater) unwatch(env *protocols.Env, p *peer) {
	env.StopTimer(protocols.Timer(watchTimer, uint64(p.id)))
	if p.suspected && !b.is(p.id, failed) {
		b.withdraw(env, p.id)
		b.tellTrusted(env, p.id, b.get(p.id).incarnation())
	}
}

// newPeer is a peer of which nothing was heard; it has an interval more than others.
func (b *beater) newPeer(env *protocols.Env, id protocols.NodeID) peer {
	wait := b.Timeout + b.Interval
	p := peer{id: id, incarnation: b.get(id).incarnation(), due: env.Now + protocols.Time(wait)}
	env.SetTimer(protocols.Timer(watchTimer, uint64(id)), wait)
	return p
}

// peer is the state of somebody whom the node watches, nil if it does not.
func (b *beater) peer(id protocols.NodeID) *peer {
	i, ok := slices.BinarySearchFunc(b.peers, id, func(p peer, id protocols.NodeID) int { return cmp.Compare(p.id, id) })
	if !ok {
		return nil
	}
	return &b.peers[i]
}
