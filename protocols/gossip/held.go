package gossip

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// held is a rumor that a node remembers: 16 bytes, of which a node that knows
// one rumor has one.
type held struct {
	rumor *Rumor // without payload once the node has stopped spreading it
	cycle uint32 // in which it was learned
	sends uint16 // messages with it, counted only while not all rumors fit
	count uint8  // contacts on the way to k
	state state
}

// state is a set of flags.
type state uint8

const (
	hot     state = 1 << iota // being spread
	news    state = 1 << iota // was news to a node that pulled it this cycle
	stale   state = 1 << iota // was no news to a node that pulled it this cycle
	decided state = 1 << iota // the coin fell: stop at the end of the cycle
	skip    state = 1 << iota // leave out of the answer that is being made
)

// find returns the held rumor, nil if there is none. The pointer is good until
// the next change of n.held.
func (n *node) find(id ID) *held {
	if n.more != nil && n.more.index.slots != nil {
		if at, ok := n.more.index.find(n, id); ok {
			return &n.held[at]
		}
		return nil
	}
	for i := len(n.held) - 1; i >= 0; i-- {
		if n.held[i].rumor.ID == id {
			return &n.held[i]
		}
	}
	return nil
}

// remember appends a rumor that find does not find, and makes room for it.
func (n *node) remember(env *protocols.Env, r *Rumor, cycle uint32) {
	if len(n.held) >= n.MaxRumors {
		n.forget(env)
	}
	if n.held == nil {
		n.held = n.first[:0]
	}
	n.held = append(n.held, held{rumor: r, cycle: cycle, state: hot})
	if len(n.held) > scanned || n.more != nil && n.more.index.slots != nil {
		n.extra().index.add(n)
	}
}

// forget collects the rumor that was learned first. It is never accepted again.
func (n *node) forget(env *protocols.Env) {
	h := n.held[0]
	x := n.extra()
	x.index.remove(n)
	x.floors.raise(h.rumor.ID)
	if h.state&hot != 0 {
		n.batch = nil
	}
	n.held[0] = held{}
	n.held = n.held[1:]
	x.collected++
	env.Observe(Collected, uint64(h.rumor.ID), 0)
}

// collect forgets the rumors whose retention is over.
func (n *node) collect(env *protocols.Env, now uint32) {
	for len(n.held) > 0 && now-n.held[0].cycle >= n.retained && int32(now-n.held[0].cycle) > 0 {
		n.forget(env)
	}
	if len(n.held) == 0 {
		n.held = nil // begin anew in the node's own room; a flood gives its memory back
	}
}

// knows reports whether the rumor is held or was collected.
func (n *node) knows(id ID) bool {
	return n.find(id) != nil || n.more != nil && n.more.floors.covers(id)
}

// floors has for each origin the highest sequence number that was collected. An
// origin numbers its rumors upwards, so what lies at or below is old: a node
// never takes a rumor for new that it has forgotten, whatever the clocks say.
// The price is that a rumor that arrives for the first time after a later one
// of its origin was collected is missed.
type floors []ID // ascending; one an origin

func (f floors) find(origin protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(f, origin, func(id ID, o protocols.NodeID) int {
		return int(int64(id.Origin()) - int64(o))
	})
}

func (f floors) covers(id ID) bool {
	i, ok := f.find(id.Origin())
	return ok && id.Sequence() <= f[i].Sequence()
}

func (f *floors) raise(id ID) {
	i, ok := f.find(id.Origin())
	switch {
	case !ok:
		*f = slices.Insert(*f, i, id)
	case id > (*f)[i]:
		(*f)[i] = id
	}
}

// Up to this many held rumors are found by looking at each.
const scanned = 16

// index finds held rumors by identity: a hash table with linear probing of
// places in the order of learning, counted from the first rumor ever held so
// that collecting does not move them. At most half of the slots are in use.
type index struct {
	slots []uint32 // place + 1, modulo 2^32; 0 is free
	used  int
}

func (x *index) home(id ID) uint32 { return uint32(draw.Mix(uint64(id))) & uint32(len(x.slots)-1) }

// find returns the position in n.held.
func (x *index) find(n *node, id ID) (int, bool) {
	mask := uint32(len(x.slots) - 1)
	for s := x.home(id); x.slots[s] != 0; s = (s + 1) & mask {
		if at := x.slots[s] - 1 - n.more.collected; n.held[at].rumor.ID == id {
			return int(at), true
		}
	}
	return 0, false
}

// add enters the last of n.held, or all of it if the table is new or full.
func (x *index) add(n *node) {
	first := len(n.held) - 1
	if 2*(x.used+1) > len(x.slots) {
		size := 4 * scanned
		for size < 2*(len(n.held)+1) {
			size *= 2
		}
		x.slots, x.used, first = make([]uint32, size), 0, 0
	}
	mask := uint32(len(x.slots) - 1)
	for at := first; at < len(n.held); at++ {
		s := x.home(n.held[at].rumor.ID)
		for x.slots[s] != 0 {
			s = (s + 1) & mask
		}
		x.slots[s] = uint32(at) + n.more.collected + 1
		x.used++
	}
}

// remove takes the first of n.held out and closes the gap (Knuth, volume 3,
// algorithm 6.4R).
func (x *index) remove(n *node) {
	if x.slots == nil {
		return
	}
	if len(n.held) <= scanned/2 {
		*x = index{} // few are left: scan again
		return
	}
	mask := uint32(len(x.slots) - 1)
	gap := x.home(n.held[0].rumor.ID)
	for x.slots[gap] != n.more.collected+1 {
		gap = (gap + 1) & mask
	}
	x.used--
	for s := (gap + 1) & mask; x.slots[s] != 0; s = (s + 1) & mask {
		home := x.home(n.held[x.slots[s]-1-n.more.collected].rumor.ID)
		if (s-home)&mask >= (s-gap)&mask {
			x.slots[gap] = x.slots[s]
			gap = s
		}
	}
	x.slots[gap] = 0
}
