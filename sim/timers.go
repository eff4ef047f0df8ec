package sim

import "meshsim/protocols"

// A node's timers are a list of slots. The first is part of its nodeState, since
// most nodes have one timer; the others lie in its worker's timerPool. A slot
// never leaves its node, it is only armed for another timer, so what the queue
// holds for a timer is a mere hint to look at a slot at some time. Setting a
// timer again moves its deadline; the queue is touched only if the new deadline
// is before the earliest hint.
type timerSlot struct {
	deadline int64
	seq      uint64 // of the last setting, with the protocol: what orders the expiry; 0 if not armed
	key      uint64 // causal key of the expiry
	hint     int64  // time of the earliest hint in the queue, noHint if none
	id       uint32 // low half of the TimerID
	next     uint32 // number of the node's next slot, or noSlot
}

const (
	firstSlot = 0 // the number of the slot in the nodeState; others are 1 + index in the pool
	noSlot    = 0 // as next
	noHint    = int64(1<<63 - 1)
)

func (t *timerSlot) armed() bool { return t.seq != 0 }

// timerPool holds the slots of a worker's nodes beyond their first.
type timerPool struct {
	slots []timerSlot
	rest  []slotRest    // of each slot
	index []*timerIndex // of nodes with many timers
}

// slotRest is what first slots do without.
type slotRest struct {
	high  uint32 // high half of the TimerID; first slots hold no timer with such
	index uint32 // of the first slot in a node's list: 1 + place of the node's index, 0 if it has none
}

// at is a slot of the node whose first slot is given.
func (p *timerPool) at(first *timerSlot, slot uint32) *timerSlot {
	if slot == firstSlot {
		return first
	}
	return &p.slots[slot-1]
}

func (p *timerPool) highOf(slot uint32) uint32 {
	if slot == firstSlot {
		return 0
	}
	return p.rest[slot-1].high
}

// timer is the identity of the timer for which a slot is armed.
func (p *timerPool) timer(first *timerSlot, slot uint32) protocols.TimerID {
	return protocols.TimerID(p.highOf(slot))<<32 | protocols.TimerID(p.at(first, slot).id)
}

// set arms a timer as s says and returns its slot; hint says that the queue
// needs an entry at the deadline.
func (p *timerPool) set(first *timerSlot, timer protocols.TimerID, s timerSlot) (slot uint32, hint bool) {
	slot, ok := p.find(first, uint8(s.seq), timer)
	if !ok {
		slot = p.open(first, uint8(s.seq), timer)
	}
	t := p.at(first, slot)
	s.id, s.next, s.hint = uint32(timer), t.next, t.hint
	hint = s.deadline < s.hint
	if hint {
		s.hint = s.deadline
	}
	*t = s
	return slot, hint
}

// stop disarms a timer if it is armed.
func (p *timerPool) stop(first *timerSlot, protocol uint8, timer protocols.TimerID) {
	if slot, ok := p.find(first, protocol, timer); ok {
		p.disarm(first, slot)
	}
}

// disarm empties a slot: its timer was stopped, or expires.
func (p *timerPool) disarm(first *timerSlot, slot uint32) {
	t := p.at(first, slot)
	if x := p.indexOf(first); x != nil {
		x.remove(timerName{p.timer(first, slot), uint8(t.seq)}, slot)
	}
	t.seq = 0
}

// stopAll disarms all timers of a node.
func (p *timerPool) stopAll(first *timerSlot) {
	p.each(first, func(slot uint32, _ *timerSlot) { p.disarm(first, slot) })
}

// each shows a node's armed slots.
func (p *timerPool) each(first *timerSlot, f func(slot uint32, t *timerSlot)) {
	for slot, ok := uint32(firstSlot), true; ok; ok = slot != noSlot {
		t := p.at(first, slot)
		next := t.next
		if t.armed() {
			f(slot, t)
		}
		slot = next
	}
}

// find returns the slot in which the timer is armed.
func (p *timerPool) find(first *timerSlot, protocol uint8, timer protocols.TimerID) (slot uint32, ok bool) {
	if x := p.indexOf(first); x != nil {
		slot, ok = x.armed[timerName{timer, protocol}]
		return slot, ok
	}
	for {
		t := p.at(first, slot)
		if t.armed() && t.id == uint32(timer) && uint8(t.seq) == protocol && p.highOf(slot) == uint32(timer>>32) {
			return slot, true
		}
		if slot = t.next; slot == noSlot {
			return 0, false
		}
	}
}

// open returns a slot of the node that is not armed, for a timer that is.
func (p *timerPool) open(first *timerSlot, protocol uint8, timer protocols.TimerID) uint32 {
	high := uint32(timer >> 32)
	if x := p.indexOf(first); x != nil {
		slot, ok := x.take()
		if !ok {
			slot = p.add(&p.slots[first.next-1])
		}
		x.armed[timerName{timer, protocol}] = slot
		p.rest[slot-1].high = high
		return slot
	}
	if !first.armed() && high == 0 {
		return firstSlot
	}
	n := 0
	for slot := first.next; slot != noSlot; slot = p.slots[slot-1].next {
		if !p.slots[slot-1].armed() {
			p.rest[slot-1].high = high
			return slot
		}
		n++
	}
	if n == manyTimers {
		p.buildIndex(first)
		return p.open(first, protocol, timer)
	}
	slot := p.add(first)
	p.rest[slot-1].high = high
	return slot
}

// add makes a slot and puts it behind another in the node's list.
func (p *timerPool) add(behind *timerSlot) uint32 {
	next := behind.next
	behind.next = uint32(len(p.slots) + 1)
	slot := behind.next
	p.slots = append(p.slots, timerSlot{hint: noHint, next: next})
	p.rest = append(p.rest, slotRest{})
	return slot
}

// hintVerdict is what a hint from the queue comes to.
type hintVerdict uint8

const (
	hintStale hintVerdict = iota // nothing to do
	hintLater                    // the deadline moved: put a hint there
	hintDue                      // the timer expires now
)

// due judges the hint that was put for time at with counter seq.
func (t *timerSlot) due(at int64, seq uint64) hintVerdict {
	if t.hint != at {
		return hintStale // an earlier hint spoke for this slot already
	}
	t.hint = noHint
	switch {
	case !t.armed():
		return hintStale
	case t.deadline == at && t.seq == seq:
		return hintDue
	}
	t.hint = t.deadline
	return hintLater
}
