package sim

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// event is an entry of the future event set, 48 bytes. Its origin is the node
// that made it; a message's sender is its origin.
//
// With msg nil it is a hint that a timer of node to may be due: key is then the
// timer's slot. With protocol [internal] msg is one of the kernel's own types.
type event struct {
	at       int64
	key      uint64 // causal key
	seq      uint64 // the origin's counter << 8 | protocol
	from, to uint32
	msg      protocols.Message
}

const (
	// internal is the protocol number of the kernel's own events.
	internal = 0xff
	// scripted is the origin of faults: first at their instant.
	scripted = uint32(1<<32 - 2)
)

func (e *event) protocol() uint8 { return uint8(e.seq) }

// order is the total order of events: time, then a tie that is drawn anew for
// each origin and instant, then the origin's own counter. No two events are
// equal in it, and where an event was inserted plays no part.
type order struct{ tieKey uint64 }

// less reports whether a runs before b, where both concern the same node or the
// whole mesh runs in one order.
func (o order) less(a, b *event) bool {
	if a.at != b.at {
		return a.at < b.at
	}
	return o.tied(a.at, a.from, a.seq, b.from, b.seq)
}

// tied decides between two events of one instant.
func (o order) tied(at int64, aFrom uint32, aSeq uint64, bFrom uint32, bSeq uint64) bool {
	if aFrom != bFrom {
		a, b := o.tie(aFrom, at), o.tie(bFrom, at)
		if a != b {
			return a < b
		}
		if aSeq>>8 != bSeq>>8 {
			return aSeq>>8 < bSeq>>8
		}
		return aFrom < bFrom
	}
	return aSeq < bSeq
}

// tie is the place of an origin among those of an instant. The instant is mixed
// before the origin comes in, so that no bit of one can stand in for a bit of
// the other and two instants never share their order.
func (o order) tie(origin uint32, at int64) uint64 {
	if origin == scripted {
		return 0
	}
	return draw.Mix(draw.Mix(o.tieKey^uint64(at))^uint64(origin)) | 1
}

// eventHeap is a binary heap in the total order, for the few events that are
// made for the slot that is running.
type eventHeap []event

func (h *eventHeap) push(o order, e *event) {
	*h = append(*h, *e)
	s := *h
	i := len(s) - 1
	for i > 0 {
		p := (i - 1) / 2
		if !o.less(&s[i], &s[p]) {
			break
		}
		s[i], s[p] = s[p], s[i]
		i = p
	}
}

func (h *eventHeap) pop(o order) event {
	s := *h
	top := s[0]
	n := len(s) - 1
	s[0] = s[n]
	s[n].msg = nil
	s = s[:n]
	*h = s
	for i := 0; ; {
		c := 2*i + 1
		if c >= n {
			return top
		}
		if c+1 < n && o.less(&s[c+1], &s[c]) {
			c++
		}
		if !o.less(&s[c], &s[i]) {
			return top
		}
		s[i], s[c] = s[c], s[i]
		i = c
	}
}
