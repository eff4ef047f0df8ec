package raft

import (
	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// onRequest serves a client, or says who does (8): "If the client's first choice
// is not the leader, that server will reject the client's request and supply
// information about the most recent leader it has heard from."
func (n *node) onRequest(env *protocols.Env, from protocols.NodeID, m *Request) {
	switch {
	case m.ReadOnly && n.Reads == "local":
		n.answerRead(env, read{from: from, Request: m})
	case n.mustNotTake(m):
		n.turnAwayWrite(env, from, m.Sequence)
	case n.role != leader:
		n.redirect(env, from, m.Sequence)
	case m.ReadOnly && n.Reads != "log":
		n.read(env, from, m)
	default:
		n.proposeCommand(env, from, m)
	}
}

func (n *node) proposeCommand(env *protocols.Env, from protocols.NodeID, m *Request) {
	c, err := kv.Decode(m.Command)
	if err != nil || c.Session.Node() != from || c.Sequence != m.Sequence {
		return // nobody could be answered
	}
	if c.Sequence > 0 && c.Sequence <= n.store.Last(c.Session) {
		n.answer(env, c) // it was applied, and is asked again: nothing is executed
		return
	}
	if !n.propose(env, newEntry(0, EntryCommand, m.Command)) {
		n.reply(env, from, &Reply{Sequence: m.Sequence, Status: Busy})
	}
}

func (n *node) redirect(env *protocols.Env, to protocols.NodeID, sequence uint64) {
	leads := n.leader
	if leads == n.id {
		leads = nobody
	}
	n.reply(env, to, &Reply{Sequence: sequence, Status: NotLeader, Leader: leads})
}

// turnAway tells the clients whose requests did not get into the log.
func (n *node) turnAway(env *protocols.Env, l *leadership) {
	for _, e := range l.waiting {
		if c, err := kv.Decode(e.Data); err == nil && e.Kind == EntryCommand {
			n.redirect(env, c.Session.Node(), c.Sequence)
		}
	}
	for _, r := range l.reads.waiting {
		n.redirect(env, r.from, r.Sequence)
	}
}

// Hear handles what other protocols on the node announce: what is to be decided
// becomes an entry, and is announced as committed on every replica; who has failed
// may be replaced.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	if e.Kind == protocols.ReadOnlyOn || e.Kind == protocols.ReadOnlyOff {
		n.hearMode(env, e.Kind == protocols.ReadOnlyOn)
		return
	}
	if n.client != nil || n.halted != nil {
		return
	}
	switch e.Kind {
	case protocols.Propose:
		n.onForward(env, &Forward{Data: e.Data})
	case protocols.PeerFailed, protocols.PeerBack:
		n.hearOfFailure(env, e)
	default:
		return
	}
	n.flush(env)
}

// onForward takes an event that is to be decided, or hands it to the leader. It
// is lost if that is not known, or if the leader fails: who wants it decided asks
// again.
func (n *node) onForward(env *protocols.Env, m *Forward) {
	switch {
	case n.readOnly && n.mutant != writesReadOnly:
		env.Observe(TurnedAway, 0, 0)
	case n.role == leader:
		n.propose(env, newEntry(0, EntryEvent, m.Data))
	case n.leader != nobody && m.Hops == 0:
		env.Send(n.leader, &Forward{Hops: 1, Data: m.Data})
	}
}
