package raft

import (
	"math/bits"
	"slices"
	"time"

	"meshsim/protocols"
)

// Reads that are not entries of the log (8; dissertation, 6.4). A leader answers
// from its state machine when it knows that no newer leader existed after the
// read came: because a majority has answered a round of heartbeats that began
// later, or because such a round is so recent that nobody can have been elected
// since. In both cases it must have committed an entry of its own term.

// read is a read that waits.
type read struct {
	*Request
	from  protocols.NodeID
	round uint64 // a majority must answer this round or a later one
}

type reads struct {
	waiting []read // oldest first
	leased  uint64 // the last round whose lease has ended
	broken  bool   // an election without loyalty may be under way: no more leases in this term
}

// read answers a read, or lets it wait for a round.
func (n *node) read(env *protocols.Env, from protocols.NodeID, m *Request) {
	l := n.lead
	r := read{from: from, Request: m, round: l.round + 1}
	switch {
	case n.Reads == "lease" && n.commit >= l.first && n.holdsLease():
		n.answerRead(env, r)
		return
	case len(l.reads.waiting) >= n.MaxPending:
		n.reply(env, from, &Reply{Sequence: m.Sequence, Status: Busy})
		return
	}
	l.reads.waiting = append(l.reads.waiting, r)
	if n.isAlone() {
		l.round++
		n.confirmReads(env)
	} else if len(l.reads.waiting) == 1 {
		n.heartbeat(env) // those that come meanwhile share the next round
	}
}

// confirmReads answers the reads whose round a majority has answered, and begins
// a round for the others.
func (n *node) confirmReads(env *protocols.Env) {
	l := n.lead
	if l == nil || len(l.reads.waiting) == 0 || n.commit < l.first {
		return
	}
	confirmed := n.confirmed()
	done := 0
	for done < len(l.reads.waiting) && l.reads.waiting[done].round <= confirmed {
		n.answerRead(env, l.reads.waiting[done])
		done++
	}
	l.reads.waiting = slices.Delete(l.reads.waiting, 0, done)
	if done > 0 && len(l.reads.waiting) > 0 && l.reads.waiting[0].round > l.round {
		n.heartbeat(env)
	}
}

// answerRead reads: everything that is committed is applied.
func (n *node) answerRead(env *protocols.Env, r read) {
	n.reply(env, r.from, &Reply{Sequence: r.Sequence, Status: Answered, Result: n.store.Read(r.Command)})
}

// confirmed is the last round of heartbeats that a majority has answered: the
// leader was the leader when it began.
func (n *node) confirmed() uint64 {
	return n.majority(n.lead.round, func(p *progress) uint64 { return p.round })
}

// beginLease notes when the lease ends that a round gives. It is a timer, for
// the time that the node sees may be set, but that of timers passes evenly.
func (n *node) beginLease(env *protocols.Env) {
	if n.Reads == "lease" && n.lease > 0 {
		env.SetTimer(protocols.Timer(leaseTimer, n.lead.round), n.lease)
	}
}

func (n *node) endLease(round uint64) {
	if l := n.lead; l != nil {
		l.reads.leased = max(l.reads.leased, round)
	}
}

func (n *node) holdsLease() bool {
	r := &n.lead.reads
	return !r.broken && n.confirmed() > r.leased
}

// leaseFor is how long a leader may answer reads by itself after the start of a
// round of heartbeats that a majority has answered (dissertation, 6.4.1). The
// followers do not vote for an election timeout t by their clocks, which may run
// fast by d, and the leader counts by its own, which may run slow: t·(1-d)/(1+d),
// which is more than t·(1-2d).
func (c *Config) leaseFor(m mutant) time.Duration {
	if m == trustsDrift {
		return c.Election
	}
	lost, _ := bits.Mul64(2*uint64(c.Election), uint64(c.MaxDrift))
	return c.Election - time.Duration(lost) - 1
}
