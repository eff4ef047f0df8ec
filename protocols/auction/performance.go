package auction

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
)

// peer is how another node did.
type peer struct {
	id   protocols.NodeID
	mark int            // past performance, in thousandths
	at   protocols.Time // of the latest outcome
}

// peers are those of which a node knows how they did, ascending.
type peers []peer

// Limits of what a node remembers.
const (
	maxPeers  = 256
	maxAwards = 4096
	unknown   = 500 // the mark of a node that nothing is known of
)

func (l peers) search(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(l, id, func(p peer, id protocols.NodeID) int { return cmp.Compare(p.id, id) })
}

// mark is the past performance of a node.
func (l peers) mark(id protocols.NodeID, now protocols.Time, forgive time.Duration) int {
	at, known := l.search(id)
	if !known || forgive > 0 && now-l[at].at > protocols.Time(forgive) {
		return unknown
	}
	return l[at].mark
}

// learn takes an outcome into the mean, and returns it. The peer that was not
// heard of for longest makes room for a new one.
func (l *peers) learn(id protocols.NodeID, now protocols.Time, outcome int, c *Config) int {
	mark := l.mark(id, now, c.Forgive)
	mark += (outcome - mark) * thousandths(c.Learning) / 1000
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
	return mark
}

// outcomeMark is the share of the time that was promised of the time it took, in
// thousandths. The grace is for messages on their way.
func outcomeMark(promise, grace, took time.Duration) int {
	fair := promise + grace
	if took <= fair {
		return 1000
	}
	for fair > 1<<50 { // years; keep the product in range
		fair, took = fair>>1, took>>1
	}
	return int(int64(fair) * 1000 / int64(took))
}
