package capability

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
)

// doubt is how often a node broke what it claimed, less what was made good since.
type doubt struct {
	id    protocols.NodeID
	level uint8
	at    protocols.Time // when the level was noted
}

// doubts are those nodes of which there is any, ascending.
type doubts []doubt

// Limits of doubt.
const (
	maxDoubts = 256
	maxLevel  = 8 // a match of one counts as 0.4% then
)

func (l doubts) search(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(l, id, func(d doubt, id protocols.NodeID) int { return cmp.Compare(d.id, id) })
}

// now is what is left of a doubt: each time forgive takes one off.
func (d *doubt) now(now protocols.Time, forgive time.Duration) uint8 {
	over := max(now-d.at, 0) / protocols.Time(forgive)
	return d.level - uint8(min(over, protocols.Time(d.level)))
}

// of is how much a node is doubted.
func (l doubts) of(id protocols.NodeID, now protocols.Time, forgive time.Duration) uint8 {
	if at, known := l.search(id); known {
		return l[at].now(now, forgive)
	}
	return 0
}

// change raises or lowers the doubt of a node, and returns it. If too many are
// doubted, the one that is least, and of these longest, is forgotten.
func (l *doubts) change(id protocols.NodeID, by int, now protocols.Time, forgive time.Duration) uint8 {
	level := uint8(min(max(int(l.of(id, now, forgive))+by, 0), maxLevel))
	at, known := l.search(id)
	switch {
	case level == 0 && known:
		*l = slices.Delete(*l, at, at+1)
		return 0
	case level == 0:
		return 0
	case !known && len(*l) == maxDoubts:
		least := slices.MinFunc(*l, func(a, b doubt) int {
			return cmp.Or(cmp.Compare(a.now(now, forgive), b.now(now, forgive)), cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id))
		})
		gone, _ := l.search(least.id)
		*l = slices.Delete(*l, gone, gone+1)
		at, _ = l.search(id)
		fallthrough
	case !known:
		*l = slices.Insert(*l, at, doubt{id: id})
	}
	(*l)[at].level, (*l)[at].at = level, now
	return level
}
