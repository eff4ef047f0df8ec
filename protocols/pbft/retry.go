package pbft

import (
	"math/bits"
	"time"

	"meshsim/protocols"
)

// retry is what a replica remembers to ask again for what it waits for, and not
// to answer too often. Nothing of this happens as long as all goes well.
type retry struct {
	armed   bool
	since   progress         // when the timer was set
	heard   uint64           // a number that another has reached in this view
	waiting *pending         // the oldest request then
	helps   []protocols.Time // by place: when it was helped last; nil: nobody
}

// progress tells whether anything has moved.
type progress struct {
	executed, open, view uint64
	changing             bool
}

func (n *replica) progress() progress {
	return progress{n.executed, n.firstOpen(), n.view, n.changing}
}

// firstOpen is the first number above the low watermark that is not executed, or
// was proposed again in this view and has not committed in it: others may wait for
// this replica's votes there, and it for theirs.
func (n *replica) firstOpen() uint64 {
	sequence := n.log.low + 1
	for ; sequence <= n.log.high(); sequence++ {
		s := n.log.find(sequence)
		open := s != nil && s.proposal != nil && !s.committed
		if open || sequence > n.executed && (s == nil || !s.committed) {
			break
		}
	}
	return sequence
}

// unfinished reports whether the replica waits for anything.
func (n *replica) unfinished() bool {
	return n.changing || n.queue.oldest() != nil || max(n.transfer.known.sequence, n.transfer.likely.sequence) > n.executed ||
		n.firstOpen() <= max(n.top, n.retry.heard)
}

// watch sets the timers for what the replica waits for. Section 4.4: "A backup
// starts a timer when it receives a request and the timer is not already running.
// It stops the timer when it is no longer waiting to execute the request, but
// restarts it if at that point it is waiting to execute some other request." The
// primary does so, too: if it is the one that lacks what others have, they no
// longer wait, and it would wait for ever.
func (n *replica) watch(env *protocols.Env) {
	oldest := n.queue.oldest()
	if !n.changing && oldest != n.queue.timed {
		n.queue.timed = oldest
		if oldest == nil {
			env.StopTimer(viewTimer)
		} else {
			env.SetTimer(viewTimer, n.patience())
		}
	}
	if !n.retry.armed && n.unfinished() {
		n.retry.armed, n.retry.since, n.retry.waiting = true, n.progress(), n.queue.oldest()
		env.SetTimer(retryTimer, n.Retransmit+time.Duration(env.Rand.Int64N(int64(n.Retransmit/8)+1)))
	}
}

// patience is the view timeout: doubled with each view change without progress.
func (n *replica) patience() time.Duration {
	doublings := max(n.change.attempts, 1) - 1
	if doublings > 62 || n.ViewTimeout > n.ViewTimeoutMax>>doublings {
		return n.ViewTimeoutMax
	}
	return n.ViewTimeout << doublings
}

// onRetryTimer asks for what is missing if nothing has moved since it was set.
func (n *replica) onRetryTimer(env *protocols.Env) {
	n.retry.armed = false
	if n.unfinished() && n.retry.since == n.progress() {
		n.sendStatus(env)
		n.fetchMissing(env)
		if n.changing {
			env.Multicast(n.peers, n.change.own)
		}
		n.retry.heard = 0 // it may be a lie
	}
	n.remindOfEvents(env)
	if p := n.queue.oldest(); p != nil && p == n.retry.waiting && !p.proposed && !n.changing && !n.isPrimary() {
		env.Send(n.primary(n.view), p.Request) // it may not know
	}
	n.watch(env)
}

// fetchMissing asks for the state or the batch that the next number takes.
func (n *replica) fetchMissing(env *protocols.Env) {
	if max(n.transfer.known.sequence, n.transfer.likely.sequence) > n.executed {
		n.fetchState(env)
	} else if s := n.log.find(n.executed + 1); s != nil {
		if _, lacks := s.lacks(); lacks {
			n.fetchBatch(env, s)
		}
	}
}

// helpNumbers is how many numbers a status tells of, and how many are sent again.
const helpNumbers = 8

// sendStatus tells all others what the replica has.
func (n *replica) sendStatus(env *protocols.Env) {
	m := &Status{Replica: n.id, View: n.view, Pending: n.changing, Stable: n.log.low, Executed: n.executed, First: n.firstOpen(), Last: n.top}
	for i := range uint64(helpNumbers) {
		if s := n.log.find(m.First + i); s != nil && s.prepared {
			m.Prepared |= 1 << i
		}
	}
	m.fix(KindStatus, m.body(nil))
	m.prove(n.prove(env, m.digest), 0)
	env.Multicast(n.peers, m)
}

// onStatus sends what the sender lacks, and notices what it has.
func (n *replica) onStatus(env *protocols.Env, from protocols.NodeID, m *Status) {
	place, ok := n.place(from)
	if !ok || from != m.Replica || place == n.self || bits.Len64(m.Prepared) > helpNumbers || !n.mayHelp(env, place) ||
		!n.proves(env, from, m.digest, &m.proof) {
		return
	}
	if n.retry.helps == nil {
		n.retry.helps = make([]protocols.Time, n.n)
	}
	n.retry.helps[place] = env.Now
	n.helpView(env, from, m)
	if m.Stable < n.log.low && m.Executed < n.log.low {
		if s := n.snapshot(n.log.low); s != nil {
			env.Send(from, n.checkpointOf(env, s))
		}
	}
	if m.View > n.view || m.Pending {
		n.helpFollow(env, from, m)
	} else if m.View == n.view && !n.changing {
		n.helpNumbers(env, from, m)
		n.retry.heard = max(n.retry.heard, min(m.Last, n.log.high()))
		n.watch(env)
	}
}

// mayHelp limits how often a replica is helped: a liar may ask all the time.
func (n *replica) mayHelp(env *protocols.Env, place int) bool {
	if n.retry.helps == nil {
		return true
	}
	last := n.retry.helps[place]
	return last == 0 || env.Now-last >= protocols.Time(n.Retransmit/2) || env.Now < last
}

// helpView sends what brings the sender to the replica's view.
func (n *replica) helpView(env *protocols.Env, from protocols.NodeID, m *Status) {
	switch {
	case m.View > n.view || m.View == n.view && !m.Pending:
	case n.changing:
		env.Send(from, n.change.own)
	case n.change.newView != nil:
		env.Send(from, n.change.newView)
	}
}

// helpFollow sends the replica's commits to one that waits for a later view.
func (n *replica) helpFollow(env *protocols.Env, from protocols.NodeID, m *Status) {
	for i := range uint64(helpNumbers) {
		if s := n.log.find(m.Executed + 1 + i); s != nil && s.commit != nil {
			env.Send(from, s.commit)
		}
	}
}

// helpNumbers sends the replica's own messages for the first numbers that are open
// at the sender.
func (n *replica) helpNumbers(env *protocols.Env, from protocols.NodeID, m *Status) {
	for i := range uint64(helpNumbers) {
		s := n.log.find(m.First + i)
		if s == nil || s.proposal == nil {
			continue
		}
		prepared := m.Prepared&(1<<i) != 0
		if !prepared && n.isPrimary() && s.proposal.batch != nil {
			env.Send(from, s.proposal)
		}
		if !prepared && s.prepare != nil {
			env.Send(from, s.prepare)
		}
		if s.commit != nil {
			env.Send(from, s.commit)
		}
	}
}
