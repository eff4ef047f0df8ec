package capability

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// entry is an announcement as this node holds it.
type entry struct {
	announcement
	heard protocols.Time // when it arrived, being as old as it says
	sent  int            // rounds in which it was passed on
}

// old is the age of an entry now.
func (e *entry) old(now protocols.Time) time.Duration {
	return e.age + time.Duration(max(now-e.heard, 0))
}

// table is what a node knows of others.
type table struct {
	list   []entry // ascending by node
	offers []offer // what they offer, ascending by key
}

// offer is how many entries of a table offer a capability, in whatever level.
type offer struct {
	key     uint32
	entries int
}

func (t *table) search(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(t.list, id, func(e entry, id protocols.NodeID) int { return cmp.Compare(e.id, id) })
}

// find returns what is known of a node, nil if nothing.
func (t *table) find(id protocols.NodeID) *entry {
	if at, known := t.search(id); known {
		return &t.list[at]
	}
	return nil
}

// learn takes an announcement that is newer than what is known of its node. It
// returns the entry if the node is new, or has room where it had none; else nil.
// Cost: that of looking at all entries if the table is full.
func (t *table) learn(a announcement, now protocols.Time, most int) *entry {
	at, known := t.search(a.id)
	switch {
	case !known:
		t.list = slices.Insert(t.list, at, entry{announcement: a, heard: now})
		t.count(a.offers, 1)
		if len(t.list) > most {
			t.remove(t.redundant(now))
		}
		return t.find(a.id)
	case a.sequence <= t.list[at].sequence:
		return nil
	}
	e := &t.list[at]
	news := e.room == 0 && a.room > 0
	t.count(e.offers, -1)
	t.count(a.offers, 1)
	*e = entry{announcement: a, heard: now}
	if news {
		return e
	}
	return nil
}

// redundant is the place of the entry whose rarest capability most entries offer,
// of equal ones that of the oldest.
func (t *table) redundant(now protocols.Time) (worst int) {
	most := 0
	for i := range t.list {
		e := &t.list[i]
		n := t.rarest(e.offers)
		if n > most || n == most && e.old(now) > t.list[worst].old(now) {
			worst, most = i, n
		}
	}
	return worst
}

// rarest is how many entries offer the capability of a vector that fewest do. A
// node that offers nothing is like all others.
func (t *table) rarest(v task.Vector) int {
	n := len(t.list)
	for _, c := range v {
		if at, known := t.offer(c.Key); known {
			n = min(n, t.offers[at].entries)
		}
	}
	return n
}

func (t *table) offer(key uint32) (int, bool) {
	return slices.BinarySearchFunc(t.offers, key, func(o offer, key uint32) int { return cmp.Compare(o.key, key) })
}

// count adds an entry's offers, or takes them off.
func (t *table) count(v task.Vector, by int) {
	for _, c := range v {
		at, known := t.offer(c.Key)
		if !known {
			t.offers = slices.Insert(t.offers, at, offer{key: c.Key})
		}
		if t.offers[at].entries += by; t.offers[at].entries == 0 {
			t.offers = slices.Delete(t.offers, at, at+1)
		}
	}
}

func (t *table) remove(at int) {
	t.count(t.list[at].offers, -1)
	t.list = slices.Delete(t.list, at, at+1)
}

// forget drops what is known of a node.
func (t *table) forget(id protocols.NodeID) {
	if at, known := t.search(id); known {
		t.remove(at)
	}
}

// expire drops what is older than a limit.
func (t *table) expire(now protocols.Time, limit time.Duration) {
	for i := len(t.list) - 1; i >= 0; i-- {
		if t.list[i].old(now) >= limit {
			t.remove(i)
		}
	}
}

// say takes what a node says of its own room beside announcements.
func (t *table) say(id protocols.NodeID, sequence uint64, room uint32, now protocols.Time) *entry {
	e := t.find(id)
	if e == nil || sequence <= e.sequence {
		return nil
	}
	news := e.room == 0 && room > 0
	e.sequence, e.room, e.age, e.heard = sequence, room, 0, now
	if news {
		return e
	}
	return nil
}
