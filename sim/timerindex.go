package sim

import "meshsim/protocols"

// manyTimers is the number of slots beyond the first from which on a node's
// timers are found by an index: below, a walk along the list is faster.
const manyTimers = 48

// timerIndex finds the slots of a node with many timers, such as one for each
// peer or request. It is looked up only, never walked.
type timerIndex struct {
	armed map[timerName]uint32
	free  []uint32 // slots that are not armed, but the first
}

type timerName struct {
	timer    protocols.TimerID
	protocol uint8
}

// indexOf returns a node's index, nil if it has none. An index hangs on the first
// slot of the node's list, before which no other is put from then on.
func (p *timerPool) indexOf(first *timerSlot) *timerIndex {
	if first.next == noSlot {
		return nil
	}
	if i := p.rest[first.next-1].index; i > 0 {
		return p.index[i-1]
	}
	return nil
}

func (p *timerPool) buildIndex(first *timerSlot) {
	x := &timerIndex{armed: make(map[timerName]uint32, 2*manyTimers)}
	for slot, ok := uint32(firstSlot), true; ok; ok = slot != noSlot {
		t := p.at(first, slot)
		if t.armed() {
			x.armed[timerName{p.timer(first, slot), uint8(t.seq)}] = slot
		} else if slot != firstSlot {
			x.free = append(x.free, slot)
		}
		slot = t.next
	}
	p.index = append(p.index, x)
	p.rest[first.next-1].index = uint32(len(p.index))
}

// remove forgets a timer and keeps its slot for another.
func (x *timerIndex) remove(name timerName, slot uint32) {
	delete(x.armed, name)
	if slot != firstSlot {
		x.free = append(x.free, slot)
	}
}

// take returns a slot that is not armed; ok is false if there is none.
func (x *timerIndex) take() (slot uint32, ok bool) {
	if len(x.free) == 0 {
		return 0, false
	}
	slot = x.free[len(x.free)-1]
	x.free = x.free[:len(x.free)-1]
	return slot, true
}
