package heartbeat

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// status is what a node holds of another one.
type status uint8

const (
	alive status = iota
	suspect
	failed
)

func (s status) String() string { return [...]string{"alive", "suspect", "failed"}[s] }

// entry is what is known of a peer in 8 bytes: its incarnation, and in the low
// two bits its status.
type entry struct {
	id   protocols.NodeID
	bits uint32
}

func (e entry) status() status      { return status(e.bits & 3) }
func (e entry) incarnation() uint32 { return e.bits >> 2 }

// maxIncarnation is the highest that fits.
const maxIncarnation = 1<<30 - 1

// ledger is what a node knows of the others. All are taken to be alive in their
// first incarnation; only what differs is kept, ascending by identity. So in a mesh of
// any size a node remembers 8 bytes for each peer that ever changed.
type ledger []entry

// get is what is known of a peer.
func (l ledger) get(id protocols.NodeID) entry {
	if i, ok := l.find(id); ok {
		return l[i]
	}
	return entry{id, 1 << 2}
}

// set makes an entry. Cost: that of a copy of what is behind it, if it is new.
func (l *ledger) set(id protocols.NodeID, s status, incarnation uint32) {
	e := entry{id, incarnation<<2 | uint32(s)}
	i, ok := l.find(id)
	if ok {
		(*l)[i] = e
		return
	}
	*l = slices.Insert(*l, i, e)
}

func (l ledger) find(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(l, id, func(e entry, id protocols.NodeID) int { return cmp.Compare(e.id, id) })
}

// is reports whether a peer is held for that.
func (l ledger) is(id protocols.NodeID, s status) bool { return l.get(id).status() == s }

// count is how many peers are held for that.
func (l ledger) count(s status) (n int) {
	for _, e := range l {
		if e.status() == s {
			n++
		}
	}
	return n
}

// nth is the n-th peer that is held for that, modulo their number.
func (l ledger) nth(n int, s status) (id protocols.NodeID, ok bool) {
	count := l.count(s)
	if count == 0 {
		return 0, false
	}
	n %= count
	for _, e := range l {
		if e.status() != s {
			continue
		}
		if n == 0 {
			return e.id, true
		}
		n--
	}
	return 0, false
}
