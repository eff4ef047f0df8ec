package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// pending is a request that a replica waits to execute.
type pending struct {
	*Request
	proposed bool // by this replica as the primary of the present view
	done     bool
}

// queue holds the requests that wait, in the order of their arrival. A session
// has one at most.
type queue struct {
	pending map[kv.Session]*pending
	order   []*pending // those done are dropped from the front
	todo    []*pending // what the primary has to propose
	timed   *pending   // the one that the view timer is set for
}

// maxPending is how many requests wait at most; clients ask again for others.
const maxPending = 1 << 16

// add puts a request in and reports whether it is new. An older one of its
// session is forgotten: the client has given it up.
func (q *queue) add(m *Request) bool {
	old := q.pending[m.Command.Session]
	if old != nil && old.Command.Sequence >= m.Command.Sequence {
		return false
	}
	switch {
	case old != nil:
		old.done = true
	case len(q.pending) >= maxPending:
		return false
	}
	p := &pending{Request: m}
	q.pending[m.Command.Session] = p
	q.order = append(q.order, p)
	q.todo = append(q.todo, p)
	return true
}

// knows reports whether exactly this request waits: its signature was verified.
func (q *queue) knows(m *Request) bool {
	p := q.pending[m.Command.Session]
	return p != nil && (p.Request == m || p.digest == m.digest && p.signature == m.signature)
}

// executed drops what a session has no more to wait for.
func (q *queue) executed(of kv.Session, timestamp uint64) {
	if p := q.pending[of]; p != nil && p.Command.Sequence <= timestamp {
		p.done = true
		delete(q.pending, of)
	}
}

// turnAway drops what waits and writes: the others may order it, but not this replica.
func (q *queue) turnAway() {
	for _, p := range q.order {
		if !p.done && p.writes() {
			p.done = true
			delete(q.pending, p.Command.Session)
		}
	}
}

// oldest is the request that waits longest, nil if none does.
func (q *queue) oldest() *pending {
	q.order, q.todo = dropDone(q.order), dropDone(q.todo)
	if len(q.order) == 0 {
		return nil
	}
	return q.order[0]
}

// take removes up to limit requests that are to be proposed.
func (q *queue) take(limit int) (list []*Request) {
	for len(list) < limit {
		q.todo = dropDone(q.todo)
		if len(q.todo) == 0 {
			break
		}
		p := q.todo[0]
		q.todo = q.todo[1:]
		if !p.proposed && !p.done {
			p.proposed = true
			list = append(list, p.Request)
		}
	}
	return list
}

// again makes all that waits to be proposed, as a new view begins.
func (q *queue) again() {
	q.order = compact(q.order)
	q.todo = append(q.todo[:0], q.order...)
	for _, p := range q.order {
		p.proposed = false
	}
}

// proposed notes that a batch of this view holds a request.
func (q *queue) proposed(m *Request) {
	if p := q.pending[m.Command.Session]; p != nil && p.Command.Sequence <= m.Command.Sequence {
		p.proposed = true
	}
}

func dropDone(list []*pending) []*pending {
	for len(list) > 0 && list[0].done {
		list[0] = nil
		list = list[1:]
	}
	return list
}

func compact(list []*pending) []*pending {
	n := 0
	for _, p := range list {
		if !p.done {
			list[n] = p
			n++
		}
	}
	clear(list[n:])
	return list[:n]
}

// onRequest takes a client's request, from the client or from a backup that
// passes it on (section 4.1).
func (n *replica) onRequest(env *protocols.Env, from protocols.NodeID, m *Request) {
	last := n.store.Last(m.Command.Session)
	switch {
	case m.Command.Sequence <= last: // the client did not get the reply or, if there is a later one, its clock goes wrong
		if from == m.Client() && signed(env, from, &m.head) {
			n.answerAgain(env, m)
		}
		return
	case n.queue.knows(m):
	case !n.authentic(env, m):
		return
	case m.ReadOnly && n.ReadOnly:
		n.read(env, m)
		return
	case m.writes() && n.writes.turnsAway(env, m.Command.Sequence):
		return
	case !n.queue.add(m):
		return
	}
	n.writes.takes(env, m)
	if n.isPrimary() {
		n.propose(env)
	} else if from == m.Client() && !n.changing {
		env.Send(n.primary(n.view), m)
	}
	n.watch(env)
}

// authentic reports whether a request is its client's.
func (n *replica) authentic(env *protocols.Env, m *Request) bool {
	return n.queue.knows(m) || signed(env, m.Client(), &m.head)
}

// propose gives waiting requests numbers, as long as not too many are under way
// and the watermarks allow it.
func (n *replica) propose(env *protocols.Env) {
	for n.isPrimary() && n.next <= n.log.high() && n.next <= n.executed+uint64(n.InFlight) {
		requests := n.queue.take(n.Batch)
		if len(requests) == 0 {
			return
		}
		for _, m := range requests {
			n.writes.takes(env, m)
		}
		b := newBatch(requests)
		m := newPrePrepare(n.view, n.next, b.digest, n.id)
		m.carry(n.prove(env, m.digest), b)
		n.next++
		n.accept(env, m)
	}
}
