package raft

import (
	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// apply brings the state machine up to the commit index (5.3), and takes a
// snapshot when the log has grown enough.
func (n *node) apply(env *protocols.Env) {
	for n.applied < n.commit {
		n.applied++
		p, _ := n.log.at(n.applied)
		env.Observe(Applied, Pack(p.term, p.index), p.chain)
		switch e := n.log.entry(n.applied); e.Kind {
		case EntryCommand:
			n.execute(env, e.Data)
		case EntryEvent:
			env.Announce(protocols.Event{Kind: protocols.Committed, ID: n.applied, Data: e.Data})
		}
	}
	n.membersCommitted(env)
	if n.Snapshot > 0 && n.applied >= n.snapped()+uint64(n.Snapshot) {
		n.compact(env)
	}
}

// execute applies a command. The leader answers whoever asked: a session's
// command has one result, however often it is in the log (8).
func (n *node) execute(env *protocols.Env, command []byte) {
	c, err := kv.Decode(command)
	if err != nil {
		return // requests are checked on their way in
	}
	if n.role == leader {
		n.answer(env, c)
	} else {
		n.store.ApplyCommand(c)
	}
}

// answer executes a command, unless its session has had it, and replies.
func (n *node) answer(env *protocols.Env, c kv.Command) {
	r := n.store.ApplyCommand(c)
	n.reply(env, c.Session.Node(), &Reply{Sequence: c.Sequence, Status: Answered, Result: r.AppendTo(make([]byte, 0, r.Size()))})
}

func (n *node) reply(env *protocols.Env, to protocols.NodeID, r *Reply) {
	if uint64(to) < uint64(n.nodes) {
		env.Send(to, r)
	}
}
