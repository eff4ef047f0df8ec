package raft

import (
	"slices"

	"meshsim/protocols"
)

// progress is what a leader knows of another replica (the paper's nextIndex and
// matchIndex). It probes with one message at a time until it knows where the logs
// match, then sends ahead without waiting for answers, and sends a snapshot if
// what is missing was compacted away:
//
//	           rejected                     needs what the log forgot
//	probing <------------ replicating   probing ----------------------> installing
//	probing ------------> replicating   probing <---------------------- installing
//	           accepted                           installed
type progress struct {
	id     protocols.NodeID
	state  progressState
	match  uint64 // it has all entries up to this one
	next   uint64 // the next to send; Invariant: match < next
	round  uint64 // the last round of heartbeats that it answered
	known  uint64 // the round of the answer that match is from
	active bool   // it answered since the leader last counted
	paused bool   // while probing: entries were sent, and no answer came since

	inFlight []uint64 // last index of each message with entries on its way, oldest first

	sending *snapshot // while installing
	offset  uint64    // of the part that it wants
	stalled bool      // no part was asked for since the last heartbeat
}

type progressState uint8

const (
	probing progressState = iota
	replicating
	installing
)

// peer finds what is known of a replica, nil if it is no member.
func (l *leadership) peer(id protocols.NodeID) *progress {
	for i := range l.peers {
		if l.peers[i].id == id {
			return &l.peers[i]
		}
	}
	return nil
}

// replicate sends a peer the entries that it lacks, as far as its window
// allows. It reports whether it sent anything.
func (n *node) replicate(env *protocols.Env, p *progress) (sent bool) {
	for p.state != installing && p.next <= n.log.last() {
		if p.state == probing && p.paused || p.state == replicating && len(p.inFlight) >= n.MaxInFlight {
			return sent
		}
		if p.next <= n.log.base.index {
			return n.install(env, p) || sent
		}
		m := n.appendFrom(p.next)
		env.Send(p.id, m)
		sent = true
		if p.state == probing {
			p.paused = true
			return sent
		}
		p.next += uint64(len(m.Entries))
		p.inFlight = append(p.inFlight, p.next-1)
	}
	return sent
}

// sendHeartbeat sends what a peer gets that needs no entries, or has not answered
// to those it got: an empty message. It tells where the logs match or, behind what
// was sent ahead, whether something got lost.
func (n *node) sendHeartbeat(env *protocols.Env, p *progress) {
	switch {
	case p.state == installing:
		if p.stalled {
			n.sendPart(env, p)
		}
		p.stalled = true
	case p.next > n.log.base.index:
		prev, _ := n.log.at(p.next - 1)
		env.Send(p.id, newAppend(AppendEntries{Term: n.term, PrevIndex: prev.index, PrevTerm: prev.term, Commit: n.commit, Round: n.lead.round}))
	default:
		n.install(env, p)
	}
}

// appendFrom is the message with the entries from an index on. Followers that
// are equally far share it.
func (n *node) appendFrom(next uint64) *AppendEntries {
	entries := n.log.slice(next, n.MaxBatch, n.MaxBytes)
	if m := n.lead.last; m != nil && m.PrevIndex+1 == next && len(m.Entries) == len(entries) && m.Commit == n.commit && m.Round == n.lead.round {
		return m
	}
	prev, _ := n.log.at(next - 1)
	n.lead.last = newAppend(AppendEntries{Term: n.term, PrevIndex: prev.index, PrevTerm: prev.term,
		Commit: n.commit, Round: n.lead.round, Entries: entries})
	return n.lead.last
}

// onAppendReply moves a peer's progress.
func (n *node) onAppendReply(env *protocols.Env, from protocols.NodeID, m *AppendReply) {
	if !n.meet(env, m.Term) || n.role != leader {
		return
	}
	p := n.lead.peer(from)
	if p == nil {
		return
	}
	if m.Round > n.lead.round || m.Index > n.log.last() && !m.Rejected {
		return // nobody who keeps to the protocol says so
	}
	p.active, p.round = true, max(p.round, m.Round)
	if m.Rejected {
		n.onRejected(p, m)
	} else if p.accept(m.Index, m.Round) {
		n.advance(env)
		if n.role != leader { // it committed its own removal
			return
		}
		n.proposeWaiting(env)
	}
	n.replicate(env, p)
	n.confirmReads(env)
	n.afterProgress(env, p)
}

// accept notes that the logs match up to an index; it reports whether that is news.
func (p *progress) accept(index, round uint64) bool {
	p.known = max(p.known, round)
	news := index > p.match
	p.match = max(p.match, index)
	if p.state == probing {
		p.state, p.next, p.inFlight = replicating, p.match+1, p.inFlight[:0]
	}
	p.next = max(p.next, p.match+1)
	done := 0
	for done < len(p.inFlight) && p.inFlight[done] <= p.match {
		done++
	}
	p.inFlight = slices.Delete(p.inFlight, 0, done)
	return news
}

// onRejected backs up (5.3). "If desired, the protocol can be optimized to
// reduce the number of rejected AppendEntries RPCs … the leader can decrement
// nextIndex to bypass all of the conflicting entries in that term."
func (n *node) onRejected(p *progress, m *AppendReply) {
	switch {
	case p.state == installing:
		return
	case m.Index <= p.match && m.Round <= p.known:
		return // older than what is known
	case p.state == probing && m.Index != p.next-1:
		return // to another probe
	}
	next := m.HintIndex
	if m.HintTerm > 0 {
		if last, ok := n.log.lastOfTerm(m.Index, m.HintTerm); ok {
			next = last + 1
		}
	}
	if m.Index <= p.match {
		p.match = 0 // it has forgotten what it had
	}
	p.state, p.paused, p.inFlight = probing, false, p.inFlight[:0]
	p.next = max(p.match+1, min(next, m.Index, n.log.last()+1))
}
