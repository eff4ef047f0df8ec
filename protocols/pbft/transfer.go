package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// transfer is what a replica lacks: it fell behind, was down, or is new.
type transfer struct {
	known  stable // the last checkpoint that is known to be stable; fetched if it is ahead of the state
	likely stable // the last one that f+1 replicas have made, a correct one among them
}

// fetchBatch asks a few replicas for a batch that was ordered without this
// replica. At least one correct replica has it: a quorum has accepted it.
func (n *replica) fetchBatch(env *protocols.Env, s *slot) {
	d, _ := s.lacks()
	n.ask(env, &Fetch{Replica: n.id, Sequence: s.sequence, Wanted: d}, 3)
	n.watch(env)
}

// fetchState asks for the state of the stable checkpoint that is known, or of a
// later one that is certain to be right.
func (n *replica) fetchState(env *protocols.Env) {
	c := &n.transfer.known
	if n.transfer.likely.sequence > max(n.executed, c.sequence) {
		c = &n.transfer.likely
	}
	m := &Fetch{Replica: n.id, State: true, Sequence: c.sequence, Wanted: c.state}
	n.ask(env, m, 1)
}

// ask sends a fetch to some peers, drawn anew each time.
func (n *replica) ask(env *protocols.Env, m *Fetch, peers int) {
	m.fix(KindFetch, m.body(nil))
	m.prove(n.prove(env, m.digest), 0)
	first := 0
	if len(n.peers) > 0 {
		first = env.Rand.IntN(len(n.peers))
	}
	for i := range min(peers, len(n.peers)) {
		env.Send(n.peers[(first+i)%len(n.peers)], m)
	}
}

// onFetch answers with what was asked for, if it is here.
func (n *replica) onFetch(env *protocols.Env, from protocols.NodeID, m *Fetch) {
	place, ok := n.place(from)
	if !ok || from != m.Replica || place == n.self || !n.proves(env, from, m.digest, &m.proof) {
		return
	}
	if m.State {
		if s := n.snapshot(m.Sequence); s != nil && s.digest == m.Wanted {
			if s.copied == nil {
				s.copied = newState(s.sequence, n.store.SnapshotAt(s.mark))
			}
			env.Send(from, s.copied)
		}
		return
	}
	if s := n.log.find(m.Sequence); s != nil {
		if b := s.batch(m.Wanted); b != nil {
			env.Send(from, newBatchMessage(m.Sequence, b))
		}
	}
}

// onBatch takes a batch that the log lacks. Its digest is proof enough.
func (n *replica) onBatch(env *protocols.Env, m *Batch) {
	if s := n.log.find(m.Sequence); s != nil {
		if d, ok := s.lacks(); ok && d == m.batch.digest {
			n.supply(env, s, m.batch)
		}
	}
}

// supply adds the batch of a proposal, unless it is here.
func (n *replica) supply(env *protocols.Env, s *slot, b *batch) {
	if s.batch(b.digest) != nil {
		return
	}
	s.keep(b)
	n.expect(b)
	if !n.saveBatch(env, s, b) {
		return
	}
	n.execute(env)
	n.executeTentatively(env)
	n.watch(env)
}

// onState takes over the state of the stable checkpoint that is known, if the
// digest is right. What was executed since is executed again from the log.
func (n *replica) onState(env *protocols.Env, m *State) {
	if likely := n.transfer.likely; m.Sequence == likely.sequence && m.Sequence > max(n.executed, n.transfer.known.sequence) {
		n.onLikelyState(env, m, likely)
		return
	}
	c := n.transfer.known
	own := n.snapshot(c.sequence)
	if m.Sequence != c.sequence || c.sequence <= n.executed && (own == nil || own.digest == c.state) || c.sequence < n.log.low {
		return
	}
	var s kv.Store
	if s.Restore(m.Snapshot) != nil || s.Digest() != c.state {
		return
	}
	n.store, n.executed, n.tentative.active = s, c.sequence, false
	n.checkpoints = []snapshot{{sequence: c.sequence, digest: c.state, mark: n.store.Mark()}}
	env.Observe(Raised, c.sequence, short(c.state))
	n.raise(c)
	n.queue.forget(&n.store)
	env.Observe(Transferred, c.sequence, short(c.state))
	n.saveStable(env)
	n.readWaiting(env)
	n.afterEvents(env)
	n.execute(env)
	n.propose(env)
	n.watch(env)
}

// onLikelyState takes over a state that f+1 replicas vouch for (TOCS 2002, section
// 5.3.2): it is right, but whether it is stable is not known yet, so the watermarks
// stay. This replica now vouches for it, too.
func (n *replica) onLikelyState(env *protocols.Env, m *State, c stable) {
	var s kv.Store
	if s.Restore(m.Snapshot) != nil || s.Digest() != c.state || !n.saveReads(env, c.sequence) {
		return
	}
	n.store, n.executed, n.tentative.active = s, c.sequence, false
	n.checkpoints = nil
	n.queue.forget(&n.store)
	env.Observe(Transferred, c.sequence, short(c.state))
	n.makeCheckpoint(env)
	n.readWaiting(env)
	n.afterEvents(env)
	n.execute(env)
	n.watch(env)
}

// forget drops the requests that a state has executed.
func (q *queue) forget(s *kv.Store) {
	q.order = compact(q.order)
	for _, p := range q.order {
		q.executed(p.Command.Session, s.Last(p.Command.Session))
	}
}
