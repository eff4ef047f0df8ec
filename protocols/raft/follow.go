package raft

import "meshsim/protocols"

// onAppendEntries takes entries from the leader (5.3).
func (n *node) onAppendEntries(env *protocols.Env, from protocols.NodeID, m *AppendEntries) {
	if !n.obey(env, from, m.Term) {
		env.Send(from, &AppendReply{Term: n.term, Rejected: true, Index: m.PrevIndex, Round: m.Round})
		return
	}
	reply := &AppendReply{Term: n.term, Round: m.Round}
	prev, entries := m.PrevIndex, m.Entries
	if known := n.commit; prev < known && n.mutant != truncatesCommitted {
		// Up to the commit index all logs are equal.
		skip := min(known-prev, uint64(len(entries)))
		prev, entries = known, entries[skip:]
	} else if p, ok := n.log.at(prev); !ok || p.term != m.PrevTerm {
		reply.Rejected, reply.Index = true, prev
		reply.HintTerm, reply.HintIndex = n.hint(prev)
		env.Send(from, reply)
		return
	}
	n.takeEntries(env, prev, entries)
	reply.Index = prev + uint64(len(entries))
	if commit := min(m.Commit, reply.Index); commit > n.commit {
		n.commit = commit
		n.apply(env)
	}
	env.Send(from, reply)
}

// obey follows whoever leads the node's term, unless the term is over.
func (n *node) obey(env *protocols.Env, from protocols.NodeID, term uint64) bool {
	if term < n.term {
		return false
	}
	if n.role == leader && term == n.term {
		return false // two leaders in one term: somebody lies
	}
	if term > n.term || n.role != follower || n.leader != from {
		n.becomeFollower(env, term, from)
	}
	n.stayLoyal(env)
	return true
}

// takeEntries makes the log behind prev that of the leader: "If an existing
// entry conflicts with a new one (same index but different terms), delete the
// existing entry and all that follow it. Append any new entries not already in
// the log" (Figure 2).
func (n *node) takeEntries(env *protocols.Env, prev uint64, entries []Entry) {
	if n.mutant == truncatesCommitted && prev < n.log.last() {
		n.truncate(env, prev+1)
	}
	for i := range entries {
		index := prev + 1 + uint64(i)
		if p, ok := n.log.at(index); ok {
			if p.term == entries[i].Term {
				continue
			}
			n.truncate(env, index)
		}
		n.add(env, entries[i])
	}
}

// truncate removes the entries from an index on, and configurations with them.
func (n *node) truncate(env *protocols.Env, from uint64) {
	if from <= n.commit && n.mutant != truncatesCommitted {
		panic("raft: committed entries would be removed")
	}
	env.Observe(Truncated, from, n.term)
	n.log.truncate(from)
	n.wrote(n.wal.Cut(env.Disk, from))
	for len(n.configs) > 1 && n.config().index >= from {
		n.configs = n.configs[:len(n.configs)-1]
	}
}

// hint tells a leader where to look for the last entry that matches: "the
// follower can include the term of the conflicting entry and the first index it
// stores for that term" (5.3).
func (n *node) hint(prev uint64) (term, index uint64) {
	p, ok := n.log.at(prev)
	if !ok {
		return 0, n.log.last() + 1
	}
	return p.term, n.log.firstOfTerm(prev, p.term)
}
