package pbft

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/kv"
	"meshsim/protocols/quorum"
)

// snapshot is a state that the replica was in after a number and can still give
// to others.
type snapshot struct {
	sequence uint64
	digest   protocols.Digest
	mark     kv.Mark
	own      *Checkpoint // nil: not made yet
	copied   *State      // for those who ask; nil: nobody has
}

// gathering holds the checkpoint messages of others.
type gathering struct {
	numbers []gathered    // within the watermarks, by ascending number
	beyond  []*Checkpoint // by place: the last one above the high watermark
}

// gathered are the messages for one number.
type gathered struct {
	sequence uint64
	voters   quorum.Set
	votes    []*Checkpoint
}

// makeCheckpoint keeps the state as it is and tells its digest (section 4.3).
func (n *replica) makeCheckpoint(env *protocols.Env) {
	n.checkpoints = append(n.checkpoints, snapshot{sequence: n.executed, digest: n.store.Digest(), mark: n.store.Mark()})
	s := &n.checkpoints[len(n.checkpoints)-1]
	env.Observe(Checkpointed, s.sequence, short(s.digest))
	env.Multicast(n.peers, n.checkpointOf(env, s))
	if n.log.within(s.sequence) {
		n.gather(env, n.self, s.own)
	}
}

// checkpointOf is the message that tells of a snapshot.
func (n *replica) checkpointOf(env *protocols.Env, s *snapshot) *Checkpoint {
	if s.own == nil {
		s.own = newCheckpoint(s.sequence, s.digest, n.id)
		s.own.prove(n.prove(env, s.own.digest), 0)
	}
	return s.own
}

// snapshot finds the state after a number, nil if it is not kept.
func (n *replica) snapshot(sequence uint64) *snapshot {
	for i := range n.checkpoints {
		if n.checkpoints[i].sequence == sequence {
			return &n.checkpoints[i]
		}
	}
	return nil
}

// onCheckpoint counts a checkpoint message.
func (n *replica) onCheckpoint(env *protocols.Env, from protocols.NodeID, m *Checkpoint) {
	place, ok := n.place(from)
	if !ok || from != m.Replica || place == n.self || m.Sequence <= n.log.low || m.Sequence%uint64(n.Checkpoint) != 0 {
		return
	}
	if !n.log.within(m.Sequence) {
		n.gatherBeyond(env, place, m)
		return
	}
	if g := n.gathered(m.Sequence); g != nil && g.voters.Has(place) || !n.proves(env, from, m.digest, &m.proof) {
		return
	}
	n.gather(env, place, m)
}

func (n *replica) gathered(sequence uint64) *gathered {
	for i := range n.gathering.numbers {
		if n.gathering.numbers[i].sequence == sequence {
			return &n.gathering.numbers[i]
		}
	}
	return nil
}

// gather counts an authentic message within the watermarks: a quorum for one
// digest makes the checkpoint stable.
func (n *replica) gather(env *protocols.Env, place int, m *Checkpoint) {
	g := n.gathered(m.Sequence)
	if g == nil {
		n.gathering.numbers = append(n.gathering.numbers, gathered{sequence: m.Sequence, voters: quorum.NewSet(n.n)})
		g = &n.gathering.numbers[len(n.gathering.numbers)-1]
	}
	if g.voters.Add(place) {
		g.votes = append(g.votes, m)
		n.checkStable(env, g.votes, m)
	}
}

// gatherBeyond counts a message above the high watermark: of each replica only
// its last one. They tell a replica that it has fallen behind.
func (n *replica) gatherBeyond(env *protocols.Env, place int, m *Checkpoint) {
	old := n.gathering.beyond[place]
	if old != nil && old.Sequence >= m.Sequence || !n.proves(env, m.Replica, m.digest, &m.proof) {
		return
	}
	n.gathering.beyond[place] = m
	n.checkStable(env, n.gathering.beyond, m)
}

func (n *replica) checkStable(env *protocols.Env, votes []*Checkpoint, m *Checkpoint) {
	c := stable{sequence: m.Sequence, state: m.State}
	for _, v := range votes {
		if v != nil && v.Sequence == m.Sequence && v.State == m.State {
			c.proof = append(c.proof, v)
		}
	}
	if len(c.proof) < n.quorum {
		if len(c.proof) >= n.weak && c.sequence > max(n.executed, n.transfer.likely.sequence) {
			n.transfer.likely = stable{sequence: c.sequence, state: c.state}
			n.watch(env)
		}
		return
	}
	slices.SortFunc(c.proof, func(a, b *Checkpoint) int { return int(a.Replica) - int(b.Replica) })
	c.proof = c.proof[:n.quorum]
	if n.Authentication == MACs {
		c.proof = nil // nothing that others would believe
	}
	if c.sequence > max(n.log.low, n.transfer.known.sequence) {
		env.Observe(Stabilized, c.sequence, short(c.state))
	}
	n.stabilize(env, c)
}

// stabilize takes a stable checkpoint. A replica that does not have the state is
// behind, or wrong, and has to fetch it.
func (n *replica) stabilize(env *protocols.Env, c stable) {
	own := n.snapshot(c.sequence)
	if own != nil && own.digest == c.state {
		n.collect(env, c)
		return
	}
	if c.sequence > n.transfer.known.sequence {
		n.transfer.known = c
		if own != nil || !n.log.within(c.sequence) {
			n.fetchState(env)
		}
		n.watch(env)
	}
}

// collect makes a checkpoint that the replica has made itself the low watermark:
// "it discards all pre-prepare, prepare, and commit messages with sequence number
// less than or equal to n from its log; it also discards all earlier checkpoints
// and checkpoint messages" (section 4.3).
func (n *replica) collect(env *protocols.Env, c stable) {
	env.Observe(Raised, c.sequence, short(c.state))
	n.raise(c)
	n.checkpoints = slices.DeleteFunc(n.checkpoints, func(s snapshot) bool { return s.sequence < c.sequence })
	n.store.Forget(n.checkpoints[0].mark)
	n.saveStable(env)
	n.propose(env)
}

// raise moves the watermarks.
func (n *replica) raise(c stable) {
	n.log.collect(c.sequence)
	n.stable = c
	n.gathering.numbers = slices.DeleteFunc(n.gathering.numbers, func(g gathered) bool { return g.sequence <= c.sequence })
	n.next = max(n.next, c.sequence+1)
	n.top = max(n.top, c.sequence)
}
