package protocoltest

import "meshsim/protocols"

// event is a message on its way, or a timer if message is nil.
type event struct {
	at       protocols.Time
	order    uint64 // of being pushed, from 1: ties are served first in, first out
	to, from protocols.NodeID
	message  protocols.Message
	timer    protocols.TimerID
}

func (e *event) before(f *event) bool { return e.at < f.at || e.at == f.at && e.order < f.order }

// queue is a binary heap: !q[i].before(&q[(i-1)/2]) for all i > 0.
type queue struct {
	heap   []event
	pushed uint64
}

func (q *queue) len() int      { return len(q.heap) }
func (q *queue) first() *event { return &q.heap[0] }

// push enters e and returns its order.
func (q *queue) push(e event) uint64 {
	q.pushed++
	e.order = q.pushed
	q.heap = append(q.heap, e)
	i := len(q.heap) - 1
	for i > 0 && e.before(&q.heap[(i-1)/2]) {
		q.heap[i] = q.heap[(i-1)/2]
		i = (i - 1) / 2
	}
	q.heap[i] = e
	return e.order
}

// pop removes the first event.
func (q *queue) pop() event {
	h := q.heap
	top, last := h[0], h[len(h)-1]
	h[len(h)-1] = event{}
	h = h[:len(h)-1]
	q.heap = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child+1 < len(h) && h[child+1].before(&h[child]) {
			child++
		}
		if child >= len(h) || !h[child].before(&last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = last
	return top
}
