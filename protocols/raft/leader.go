package raft

import (
	"slices"

	"meshsim/protocols"
)

// leadership is what a node keeps only while it leads.
type leadership struct {
	peers   []progress // of all other members, by identity
	first   uint64     // index of the no-op of its term: it may commit from there on
	round   uint64     // of heartbeats, the last that began
	synced  uint64     // index up to which its own log is durable; see agreed
	waiting []Entry    // requests that are not in the log yet
	batches []uint64   // last index of each batch that is not committed, oldest first
	reads   reads
	handing transfer       // to another leader
	last    *AppendEntries // made last
	joining joining        // a replica that is to vote
	reached []uint64       // scratch of majority
}

// becomeLeader begins a term as leader (5.2): it sends heartbeats to all, and
// appends an entry of its term so that it may commit (8).
func (n *node) becomeLeader(env *protocols.Env) {
	n.role, n.leader, n.votes, n.loyal = leader, n.id, nil, false
	n.lead = &leadership{first: n.log.last() + 1, synced: n.log.last()}
	n.followConfig(n.lead.first)
	env.Observe(Leader, n.log.last(), n.term)
	env.Observe(Followed, uint64(n.id), n.term)
	env.SetTimer(protocols.Timer(electionTimer, 0), n.Election)
	n.extend(env, []Entry{newEntry(n.term, EntryNoOp, nil)})
	n.heartbeat(env)
}

// abdicate forgets what only the leader of a term keeps. Clients whose requests
// did not get into the log are told.
func (n *node) abdicate(env *protocols.Env, term uint64) {
	n.turnAway(env, n.lead)
	n.lead = nil
	env.Observe(SteppedDown, 0, term)
	env.StopTimer(protocols.Timer(heartbeatTimer, 0))
	env.StopTimer(protocols.Timer(transferTimer, 0))
	n.restless(env, n.Election)
}

// checkQuorum steps down a leader that has not heard from a majority for an
// election timeout (dissertation, 6.2).
func (n *node) checkQuorum(env *protocols.Env) {
	c, heard := n.config(), 0
	if c.isVoter(n.id) {
		heard++
	}
	for i := range n.lead.peers {
		p := &n.lead.peers[i]
		if p.active && c.isVoter(p.id) {
			heard++
		}
		p.active = false
	}
	if n.CheckQuorum && heard < c.quorum() {
		n.becomeFollower(env, n.term, nobody)
		return
	}
	env.SetTimer(protocols.Timer(electionTimer, 0), n.Election)
}

// heartbeat begins a round: every peer gets entries, or an empty message.
func (n *node) heartbeat(env *protocols.Env) {
	l := n.lead
	if l == nil {
		return
	}
	l.round++
	n.beginLease(env)
	for i := range l.peers {
		p := &l.peers[i]
		if !n.replicate(env, p) {
			n.sendHeartbeat(env, p)
		}
	}
	if n.isAlone() || n.Parallel {
		n.mustSync = n.mustSync || n.maySync
		env.Send(n.id, &Synced{Term: n.term, Index: n.log.last()}) // the last one may have been lost
	}
	n.replaceFailed(env)
	env.SetTimer(protocols.Timer(heartbeatTimer, 0), n.Heartbeat)
}

// propose takes entries to replicate, in this call or in the next batch. It
// reports false when too many wait.
func (n *node) propose(env *protocols.Env, e Entry) bool {
	l := n.lead
	if len(l.waiting) >= n.MaxPending {
		return false
	}
	l.waiting = append(l.waiting, e)
	n.proposeWaiting(env)
	return true
}

// proposeWaiting puts waiting entries into the log while fewer batches than
// the pipeline is long are under way. A leader that hands over takes none.
func (n *node) proposeWaiting(env *protocols.Env) {
	l := n.lead
	for l != nil && len(l.waiting) > 0 && len(l.batches) < n.Pipeline && !l.handing.under {
		k := min(len(l.waiting), n.MaxBatch)
		batch := l.waiting[:k]
		l.waiting = l.waiting[k:]
		if len(l.waiting) == 0 {
			l.waiting = nil
		}
		n.extend(env, batch)
		for i := range l.peers {
			n.replicate(env, &l.peers[i])
		}
	}
}

// extend appends entries of its term to the leader's log.
func (n *node) extend(env *protocols.Env, entries []Entry) {
	for _, e := range entries {
		e.Term = n.term
		n.add(env, e)
	}
	n.lead.batches = append(n.lead.batches, n.log.last())
	if n.isAlone() {
		env.Send(n.id, &Synced{Term: n.term, Index: n.log.last()})
	}
}

// add appends an entry to the log, in memory and on disk.
func (n *node) add(env *protocols.Env, e Entry) {
	p := n.log.append(e)
	if p.index > maxIndex {
		n.failed = errIndexes
	}
	n.saveEntry(env, p.index, &e)
	env.Observe(Appended, Pack(p.term, p.index), p.chain)
	if e.Kind == EntryMembers {
		n.takeMembers(env, p.index, e.Data)
	}
}

// advance commits (5.3, 5.4): "If there exists an N such that N > commitIndex, a
// majority of matchIndex[i] >= N, and log[N].term == currentTerm: set commitIndex
// = N."
func (n *node) advance(env *protocols.Env) {
	l := n.lead
	index := n.agreed()
	if index <= n.commit || index < l.first && n.mutant != countsOldTerms {
		return
	}
	for i := n.commit + 1; i <= index; i++ {
		p, _ := n.log.at(i)
		env.Observe(Committed, Pack(p.term, i), p.chain)
	}
	n.commit = index
	done := 0
	for done < len(l.batches) && l.batches[done] <= index {
		done++
	}
	l.batches = slices.Delete(l.batches, 0, done)
	n.apply(env)
}

// agreed is the highest index that a majority of the voters has. What the leader
// itself has written before it sent that counts at once if it needs another: that
// one's answer can only have come after the leader's own disk was done.
func (n *node) agreed() uint64 {
	own := n.log.last()
	if n.isAlone() || n.Parallel {
		own = n.lead.synced
	}
	return n.majority(own, func(p *progress) uint64 { return p.match })
}

// majority is the highest number that a majority of the voters has reached.
func (n *node) majority(own uint64, of func(p *progress) uint64) uint64 {
	c, reached := n.config(), n.lead.reached[:0]
	if c.isVoter(n.id) {
		reached = append(reached, own)
	}
	for i := range n.lead.peers {
		if p := &n.lead.peers[i]; c.isVoter(p.id) {
			reached = append(reached, of(p))
		}
	}
	if len(reached) < c.quorum() {
		return 0
	}
	slices.Sort(reached)
	n.lead.reached = reached
	return reached[len(reached)-c.quorum()]
}
