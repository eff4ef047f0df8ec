package raft

import (
	"fmt"
	"math"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// snapshot is the state after an entry (7), with all that a replica needs to go
// on from there. It is never changed, as messages show parts of it.
type snapshot struct {
	position
	members
	bytes []byte // the whole in its wire form
}

// snapped is the index of the last entry that the latest snapshot covers.
func (s *storage) snapped() uint64 {
	if s.snap == nil {
		return 0
	}
	return s.snap.position.index
}

// compact takes a snapshot and forgets the log before it, but for some entries
// that followers may still need.
func (n *node) compact(env *protocols.Env) {
	p, _ := n.log.at(n.applied)
	s := &snapshot{position: p, members: *n.configAt(p.index)}
	b := wire.AppendUvarint(nil, p.index)
	b = wire.AppendUvarint(b, p.term)
	b = wire.AppendUint64(b, p.chain)
	b = wire.AppendUvarint(b, s.members.index)
	b = s.members.appendTo(b)
	s.bytes = wire.AppendBytes(b, n.store.Snapshot())
	keep := p.index - min(p.index, uint64(n.SnapshotKeep))
	base, _ := n.log.at(max(keep, n.log.base.index))
	n.log.compact(base)
	n.forgetConfigs(p.index)
	n.saveSnapshot(env, s, base)
	env.Observe(Compacted, p.index, uint64(len(s.bytes)))
}

// readSnapshot reads the wire form; state is what the state machine restores.
func readSnapshot(b []byte) (s *snapshot, state []byte, err error) {
	r := wire.NewReader(b)
	s = &snapshot{bytes: b, position: position{r.UvarintMax(maxIndex), r.UvarintMax(maxTerm), r.Uint64()}}
	index := r.UvarintMax(maxIndex)
	s.members = membersFrom(&r)
	s.members.index = index
	state = r.Bytes(math.MaxInt)
	return s, state, r.Close("snapshot")
}

// takeSnapshot replaces the state of the node by a snapshot's. The log is the
// caller's affair.
func (n *node) takeSnapshot(b []byte) error {
	s, state, err := readSnapshot(b)
	if err != nil {
		return err
	}
	if err := n.store.Restore(state); err != nil {
		return err
	}
	n.snap = s
	n.commit, n.applied = s.position.index, s.position.index
	n.configs = []members{s.members}
	return nil
}

// incoming is a snapshot that arrives in parts.
type incoming struct {
	index uint64
	bytes []byte
}

// onInstallSnapshot takes a part (Figure 13). Parts come in order: any other is
// answered with the place of the one that is wanted.
func (n *node) onInstallSnapshot(env *protocols.Env, from protocols.NodeID, m *InstallSnapshot) {
	if !n.obey(env, from, m.Term) {
		env.Send(from, &InstallReply{Term: n.term, Round: m.Round, Index: m.Index})
		return
	}
	reply := &InstallReply{Term: n.term, Round: m.Round, Index: m.Index, Offset: m.Total}
	if m.Index > n.commit {
		if n.incoming == nil || n.incoming.index != m.Index {
			n.incoming = &incoming{index: m.Index}
		}
		in := n.incoming
		if uint64(len(in.bytes)) == m.Offset {
			in.bytes = append(in.bytes, m.Data...)
		}
		if reply.Offset = uint64(len(in.bytes)); reply.Offset >= m.Total {
			n.incoming = nil
			if err := n.installed(env, in); err != nil {
				return // not what the leader said it was; the leader sends it again
			}
		}
	}
	env.Send(from, reply)
}

// installed replaces the state by that of a whole snapshot: "If existing log entry
// has same index and term as snapshot's last included entry, retain log entries
// following it" (Figure 13); else the log goes.
func (n *node) installed(env *protocols.Env, in *incoming) error {
	s, _, err := readSnapshot(in.bytes)
	if err != nil || s.position.index != in.index {
		return fmt.Errorf("a snapshot that is none: %w", err)
	}
	configs := n.configs
	if err := n.takeSnapshot(in.bytes); err != nil {
		return err
	}
	if p, ok := n.log.at(in.index); ok && p.term == s.term {
		n.log.compact(p)
		for _, c := range configs {
			if c.index > in.index {
				n.configs = append(n.configs, c)
			}
		}
	} else {
		if in.index < n.log.last() {
			n.wrote(n.wal.Cut(env.Disk, in.index+1))
		}
		n.log.reset(s.position)
	}
	n.saveSnapshot(env, n.snap, s.position)
	env.Observe(Installed, in.index, uint64(len(in.bytes)))
	n.observeLog(env)
	return nil
}

// install begins to send a peer the latest snapshot. It reports whether there is one.
func (n *node) install(env *protocols.Env, p *progress) bool {
	if n.snap == nil {
		return false
	}
	p.state, p.sending, p.offset, p.inFlight = installing, n.snap, 0, p.inFlight[:0]
	n.sendPart(env, p)
	return true
}

func (n *node) sendPart(env *protocols.Env, p *progress) {
	s := p.sending
	end := min(p.offset+uint64(n.MaxBytes), uint64(len(s.bytes)))
	p.stalled = false
	env.Send(p.id, &InstallSnapshot{Term: n.term, Round: n.lead.round, Index: s.position.index,
		Offset: p.offset, Total: uint64(len(s.bytes)), Data: s.bytes[p.offset:end:end]})
}

// onInstallReply sends the next part, or goes back to entries.
func (n *node) onInstallReply(env *protocols.Env, from protocols.NodeID, m *InstallReply) {
	if !n.meet(env, m.Term) || n.role != leader {
		return
	}
	p := n.lead.peer(from)
	if p == nil || m.Round > n.lead.round {
		return
	}
	p.active, p.round = true, max(p.round, m.Round)
	if p.state == installing && m.Index == p.sending.position.index {
		switch total := uint64(len(p.sending.bytes)); {
		case m.Offset >= total:
			p.state, p.sending = probing, nil
			p.paused = false
			if p.accept(m.Index, m.Round) {
				n.advance(env)
			}
		case m.Offset != p.offset:
			p.offset = m.Offset
			n.sendPart(env, p)
		}
	}
	if n.role != leader {
		return
	}
	n.replicate(env, p)
	n.confirmReads(env)
	n.afterProgress(env, p)
}
