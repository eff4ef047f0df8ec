package worksteal

import (
	"cmp"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// peer is what a node knows of another.
type peer struct {
	id   protocols.NodeID
	load uint32         // tasks waiting or running, as it said
	at   protocols.Time // when it was heard to say so; 0: never
	trip protocols.Time // the shortest round trip; 0: not measured
}

// peers are those of which a node knows something, ascending by identity.
type peers []peer

// maxPeers bounds what a node knows.
const maxPeers = 64

func (l peers) search(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(l, id, func(p peer, id protocols.NodeID) int { return cmp.Compare(p.id, id) })
}

// find returns what is known of a peer, nil if nothing.
func (l peers) find(id protocols.NodeID) *peer {
	if at, known := l.search(id); known {
		return &l[at]
	}
	return nil
}

// enter returns the entry of a peer; the one that was not heard of for longest
// makes room for it.
func (l *peers) enter(id protocols.NodeID) *peer {
	return l.add(id, func(a, b peer) int { return cmp.Compare(a.at, b.at) })
}

// enterNear does so, too; the farthest makes room, if it is farther than this.
func (l *peers) enterNear(id protocols.NodeID, trip protocols.Time) *peer {
	farther := func(a, b peer) int { return cmp.Compare(b.trip, a.trip) }
	if len(*l) == maxPeers && slices.MinFunc(*l, farther).trip <= trip {
		return nil
	}
	return l.add(id, farther)
}

// add returns the entry of a peer; the first in an order makes room for it, of
// equals the one with the lowest identity.
func (l *peers) add(id protocols.NodeID, order func(a, b peer) int) *peer {
	if p := l.find(id); p != nil {
		return p
	}
	if len(*l) == maxPeers {
		l.forget(slices.MinFunc(*l, order).id)
	}
	at, _ := l.search(id)
	*l = slices.Insert(*l, at, peer{id: id})
	return &(*l)[at]
}

// forget drops what is known of a peer.
func (l *peers) forget(id protocols.NodeID) {
	if at, known := l.search(id); known {
		*l = slices.Delete(*l, at, at+1)
	}
}

// nearest are up to n peers that have not failed, nearest first.
func (l peers) nearest(n int, w *task.Worker) (list []protocols.NodeID) {
	byTrip := slices.Clone(l)
	slices.SortFunc(byTrip, func(a, b peer) int { return cmp.Or(cmp.Compare(a.trip, b.trip), cmp.Compare(a.id, b.id)) })
	for _, p := range byTrip {
		if len(list) < n && p.trip > 0 && w.Alive(p.id) {
			list = append(list, p.id)
		}
	}
	return list
}

// underused is the peer with the least load, below a limit, that it told of
// later than since; nil if there is none.
func (l peers) underused(since protocols.Time, limit int, w *task.Worker) (best *peer) {
	for i := range l {
		p := &l[i]
		if p.at > since && int(p.load) < limit && w.Alive(p.id) && (best == nil || p.load < best.load) {
			best = p
		}
	}
	return best
}
