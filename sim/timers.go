package sim

import "meshsim/protocols"

// timerPool keeps the timers of a worker's nodes: a list of slots for each
// node, in one array. A slot never leaves its node, it is only armed for
// another timer, so what the queue holds for a timer is a mere hint to look at
// a slot at some time. Setting a timer again moves its deadline; the queue is
// touched only if the new deadline is before the earliest hint.
type timerPool struct{ slots []timerSlot }

type timerSlot struct {
	timer    protocols.TimerID
	deadline int64
	seq      uint64 // of the last setting; what orders the expiry
	key      uint64 // causal key of the expiry
	hint     int64  // time of the earliest hint in the queue, noHint if none
	next     int32  // the node's next slot, or noSlot
	protocol uint8
	armed    bool
}

const (
	noSlot = int32(-1)
	noHint = int64(1<<63 - 1)
)

// set arms a timer and returns its slot; hint says that the queue needs an
// entry at the deadline.
func (p *timerPool) set(head *int32, s timerSlot) (slot int32, hint bool) {
	slot = p.find(*head, s.protocol, s.timer)
	if slot == noSlot {
		slot = p.open(head)
	}
	t := &p.slots[slot]
	s.hint, s.next, s.armed = t.hint, t.next, true
	hint = s.deadline < s.hint
	if hint {
		s.hint = s.deadline
	}
	*t = s
	return slot, hint
}

// stop disarms a timer if it is armed.
func (p *timerPool) stop(head int32, protocol uint8, timer protocols.TimerID) {
	if slot := p.find(head, protocol, timer); slot != noSlot {
		p.slots[slot].armed = false
	}
}

// stopAll disarms all timers of a node.
func (p *timerPool) stopAll(head int32) {
	for s := head; s != noSlot; s = p.slots[s].next {
		p.slots[s].armed = false
	}
}

// find returns the slot in which the timer is armed, or noSlot.
func (p *timerPool) find(head int32, protocol uint8, timer protocols.TimerID) int32 {
	for s := head; s != noSlot; s = p.slots[s].next {
		if t := &p.slots[s]; t.armed && t.timer == timer && t.protocol == protocol {
			return s
		}
	}
	return noSlot
}

// open returns a slot of the node that is not armed.
func (p *timerPool) open(head *int32) int32 {
	for s := *head; s != noSlot; s = p.slots[s].next {
		if !p.slots[s].armed {
			return s
		}
	}
	p.slots = append(p.slots, timerSlot{hint: noHint, next: *head})
	*head = int32(len(p.slots) - 1)
	return *head
}

// hintVerdict is what a hint from the queue comes to.
type hintVerdict uint8

const (
	hintStale hintVerdict = iota // nothing to do
	hintLater                    // the deadline moved: put a hint there
	hintDue                      // the timer expires now
)

// due judges the hint that was put for time at with counter seq.
func (p *timerPool) due(slot int32, at int64, seq uint64) hintVerdict {
	t := &p.slots[slot]
	if t.hint != at {
		return hintStale // an earlier hint spoke for this slot already
	}
	t.hint = noHint
	switch {
	case !t.armed:
		return hintStale
	case t.deadline == at && t.seq == seq:
		return hintDue
	}
	t.hint = t.deadline
	return hintLater
}
