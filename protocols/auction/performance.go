package auction

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
)

// peer is how a node did.
type peer struct {
	id   protocols.NodeID
	mark int64          // past performance, in millionths
	at   protocols.Time // of the latest outcome
}

// peers are those of which a node knows how they did, itself among them, ascending.
type peers []peer

// maxPeers bounds how many a node remembers.
const maxPeers = 256

// unknown is the mark of a node of which nothing is known.
const unknown = one / 2

func (l peers) search(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(l, id, func(p peer, id protocols.NodeID) int { return cmp.Compare(p.id, id) })
}

// mark is the past performance of a node.
func (l peers) mark(id protocols.NodeID, now protocols.Time, forgive time.Duration) int64 {
	at, known := l.search(id)
	if !known || forgive > 0 && now-l[at].at > protocols.Time(forgive) {
		return unknown
	}
	return l[at].mark
}

// set notes a node's past performance. Who was not heard of for longest makes room.
func (l *peers) set(id protocols.NodeID, now protocols.Time, mark int64) {
	at, known := l.search(id)
	if !known {
		if len(*l) == maxPeers {
			oldest := slices.MinFunc(*l, func(a, b peer) int { return cmp.Compare(a.at, b.at) }).id
			gone, _ := l.search(oldest)
			*l = slices.Delete(*l, gone, gone+1)
			at, _ = l.search(id)
		}
		*l = slices.Insert(*l, at, peer{id: id})
	}
	(*l)[at].mark, (*l)[at].at = mark, now
}

// learn takes the mark of an outcome into the mean of a node.
func (s *state) learn(env *protocols.Env, id protocols.NodeID, outcome int64) {
	env.Observe(Learned, uint64(id), uint64(outcome))
	mark := s.peers.mark(id, env.Now, s.config.Forgive)
	s.peers.set(id, env.Now, mark+(outcome-mark)*s.rule.learning/one)
}

// kept is the mark of a promise to be done in a fair time that took so long.
func kept(fair, took time.Duration) int64 {
	if took <= fair {
		return one
	}
	return share(uint64(fair), uint64(took))
}
