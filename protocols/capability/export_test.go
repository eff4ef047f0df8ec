package capability

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// BackOff is what tests look at from outside.
var BackOff = backOff

// The limits that tests hold tables against.
const (
	MaxDoubts = maxDoubts
	MaxLevel  = maxLevel
)

// Table is what a node knows of others.
type Table struct{ table }

// Learn takes an announcement with a sequence number.
func (t *Table) Learn(id protocols.NodeID, sequence uint64, offers task.Vector, now protocols.Time, most int) {
	t.learn(announcement{id: id, sequence: sequence, offers: offers}, now, most)
}

// Expire drops what is older than a limit.
func (t *Table) Expire(now protocols.Time, limit time.Duration) { t.expire(now, limit) }

// IDs are those of all entries in their order.
func (t *Table) IDs() (list []protocols.NodeID) {
	for _, e := range t.list {
		list = append(list, e.id)
	}
	return list
}

// Sequence is that of what is known of a node, 0 if nothing.
func (t *Table) Sequence(id protocols.NodeID) uint64 {
	if e := t.find(id); e != nil {
		return e.sequence
	}
	return 0
}

// Offers is how many entries offer a capability.
func (t *Table) Offers(key uint32) int {
	if at, known := t.offer(key); known {
		return t.offers[at].entries
	}
	return 0
}

// Doubts are of nodes.
type Doubts struct{ doubts }

// Change raises or lowers the doubt of a node.
func (d *Doubts) Change(id protocols.NodeID, by int, now protocols.Time, forgive time.Duration) uint8 {
	return d.change(id, by, now, forgive)
}

// Of is how much a node is doubted.
func (d *Doubts) Of(id protocols.NodeID, now protocols.Time, forgive time.Duration) uint8 {
	return d.of(id, now, forgive)
}

// Len is how many are doubted.
func (d *Doubts) Len() int { return len(d.doubts) }

// Young makes what a message tells of others as young as can be.
func Young(m protocols.Message) protocols.Message {
	a, ok := m.(*announce)
	if !ok {
		return m
	}
	young := &announce{list: append([]announcement(nil), a.list...)}
	for i := range young.list {
		young.list[i].age = 0
	}
	return young
}
