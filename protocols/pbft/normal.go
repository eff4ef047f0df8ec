package pbft

import "meshsim/protocols"

// onPrePrepare is the backup's side of the pre-prepare phase (section 4.2): "A
// backup accepts a pre-prepare message provided: the signatures in the request
// and the pre-prepare message are correct and d is the digest for m; it is in
// view v; it has not accepted a pre-prepare message for view v and sequence
// number n containing a different digest; the sequence number in the pre-prepare
// message is between a low water mark, h, and a high water mark, H."
func (n *replica) onPrePrepare(env *protocols.Env, from protocols.NodeID, m *PrePrepare) {
	if from != m.Primary || from != n.primary(m.View) || from == n.id || m.batch == nil || m.batch.digest != m.Batch || len(m.batch.requests) > n.Batch {
		return
	}
	if m.View > n.view || m.View == n.view && n.changing {
		if place, _ := n.place(from); n.ahead.room(place) && n.proves(env, from, m.digest, &m.proof) {
			n.ahead.add(place, from, m)
		}
		return
	}
	if m.View != n.view || !n.log.within(m.Sequence) {
		return
	}
	if s := n.log.find(m.Sequence); s != nil && s.proposal != nil {
		if s.proposal.Batch == m.Batch {
			n.supply(env, s, m.batch)
		}
		return
	}
	if !n.proves(env, from, m.digest, &m.proof) {
		return
	}
	for _, r := range m.batch.requests {
		if !n.authentic(env, r) {
			return
		}
	}
	n.accept(env, m)
	n.watch(env)
}

// accept takes the primary's proposal. A backup says so with a prepare, the
// primary makes it known.
func (n *replica) accept(env *protocols.Env, m *PrePrepare) {
	s := n.log.at(m.Sequence)
	s.take(m)
	n.top = max(n.top, m.Sequence)
	if m.batch != nil {
		s.keep(m.batch)
		n.expect(m.batch)
	}
	env.Observe(Accepted, m.Sequence, vote(m.View, m.Batch))
	if !n.saveProposal(env, m) {
		return
	}
	if n.primary(n.view) == n.id {
		if m.batch != nil { // else the new-view has told it
			env.Multicast(n.peers, m)
		}
	} else {
		v := newVote(KindPrepare, n.view, m.Sequence, m.Batch, n.id)
		v.prove(n.prove(env, v.digest), 0)
		s.prepare = v
		env.Multicast(n.peers, v)
		s.prepares.add(n.self, v)
	}
	n.checkPrepared(env, s)
}

// expect waits for the requests of a batch: a backup that has seen them wants
// them executed.
func (n *replica) expect(b *batch) {
	for _, r := range b.requests {
		if r.Command.Sequence > n.store.Last(r.Command.Session) {
			n.queue.add(r)
			n.queue.proposed(r)
		}
	}
}

// onVote counts a prepare or a commit. Votes that no longer matter are not
// verified.
func (n *replica) onVote(env *protocols.Env, from protocols.NodeID, m *Vote) {
	place, ok := n.place(from)
	if !ok || from != m.Replica || place == n.self {
		return
	}
	if m.View < n.view {
		n.onLateVote(env, place, m)
		return
	}
	if m.kind == KindPrepare && from == n.primary(m.View) {
		return // its pre-prepare is its vote
	}
	if m.View > n.view || n.changing {
		if n.ahead.room(place) && n.proves(env, from, m.digest, &m.proof) {
			n.ahead.add(place, from, m)
		}
		return
	}
	if !n.log.within(m.Sequence) || n.settled(place, m) || !n.proves(env, from, m.digest, &m.proof) {
		return
	}
	s := n.log.at(m.Sequence)
	if m.kind == KindPrepare {
		s.prepares.add(place, m)
		n.checkPrepared(env, s)
	} else {
		s.commits.add(place, m)
		n.checkCommitted(env, s)
	}
}

// onLateVote counts the commits of a view that the replica has left: what a quorum
// has committed will be the outcome in all later views, so a replica that waits for
// a view need not fall behind.
func (n *replica) onLateVote(env *protocols.Env, place int, m *Vote) {
	if m.kind != KindCommit || m.Sequence <= n.executed || !n.log.within(m.Sequence) {
		return
	}
	if s := n.log.find(m.Sequence); s != nil && s.decided || !n.proves(env, m.Replica, m.digest, &m.proof) {
		return
	}
	s := n.log.at(m.Sequence)
	if s.addLate(commit{place, m.View, m.Batch}) >= n.quorum {
		s.decided, s.outcome = true, m.Batch
		env.Observe(Committed, m.Sequence, vote(m.View, m.Batch))
		if n.saveDecided(env, s) {
			n.execute(env)
		}
	}
}

// settled reports whether a vote changes nothing: enough are there, or one of
// this replica.
func (n *replica) settled(place int, m *Vote) bool {
	s := n.log.find(m.Sequence)
	switch {
	case s == nil:
		return false
	case m.kind == KindPrepare:
		return s.prepared || s.prepares.voters.Has(place)
	}
	return s.committed || s.commits.voters.Has(place)
}

// checkPrepared is the predicate prepared(m, v, n, i) (section 4.2): the
// pre-prepare and the prepares of other replicas that match it are a quorum. A
// replica where it becomes true says so with a commit.
func (n *replica) checkPrepared(env *protocols.Env, s *slot) {
	if s.prepared || s.proposal == nil || s.prepares.of(s.proposal.Batch) < n.quorum-1 {
		return
	}
	s.prepared = true
	m := s.proposal
	s.certificate = n.certify(s)
	env.Observe(Prepared, m.Sequence, vote(m.View, m.Batch))
	if !n.saveCertificate(env, s.certificate) {
		return
	}
	v := newVote(KindCommit, n.view, m.Sequence, m.Batch, n.id)
	v.prove(n.prove(env, v.digest), 0)
	s.commit = v
	env.Multicast(n.peers, v)
	s.commits.add(n.self, v)
	n.checkCommitted(env, s)
	if !s.committed {
		n.executeTentatively(env)
	}
}

// certify makes the certificate of a number that has prepared.
func (n *replica) certify(s *slot) *certificate {
	if n.Authentication == MACs {
		m := s.proposal
		return &certificate{proposal: newPrePrepare(m.View, m.Sequence, m.Batch, m.Primary).carry(proof{form: byNothing}, nil)}
	}
	return &certificate{proposal: s.proposal, prepares: s.prepares.matching(s.proposal.Batch, n.quorum-1)}
}

// checkCommitted is committed-local(m, v, n, i): prepared, and a quorum of
// commits, the replica's own among them.
func (n *replica) checkCommitted(env *protocols.Env, s *slot) {
	if s.committed || !s.prepared || s.commits.of(s.proposal.Batch) < n.quorum {
		return
	}
	s.committed, s.decided, s.outcome = true, true, s.proposal.Batch
	env.Observe(Committed, s.sequence, vote(s.proposal.View, s.proposal.Batch))
	n.saveCommitted(env, s)
	n.execute(env)
}

// ahead holds authentic messages of views that the replica has not entered yet.
// Each peer has room for those of one window.
type ahead struct {
	messages []early
	counts   []int32 // by place
	limit    int32
}

type early struct {
	place   int
	from    protocols.NodeID
	message protocols.Message
}

func (a *ahead) room(place int) bool { return a.counts[place] < a.limit }

func (a *ahead) add(place int, from protocols.NodeID, m protocols.Message) {
	a.counts[place]++
	a.messages = append(a.messages, early{place, from, m})
}

// replay handles again what came too early; what still does is kept again.
func (n *replica) replay(env *protocols.Env) {
	list := n.ahead.messages
	n.ahead.messages = nil
	clear(n.ahead.counts)
	for _, e := range list {
		n.Receive(env, e.from, e.message)
	}
}
