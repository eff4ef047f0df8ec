package paxos

import "meshsim/protocols"

// onAccepted counts: a value is chosen when a majority of acceptors has accepted
// it in the same ballot.
func (n *node) onAccepted(env *protocols.Env, from protocols.NodeID, m *Message) {
	place, known := n.member(from)
	if n.decided || !known {
		return
	}
	if n.votes == nil {
		n.votes = make([]Ballot, len(n.members))
	}
	if !n.waits {
		n.retryLater(env)
	}
	n.votes[place] = max(n.votes[place], m.Ballot)
	count := 0
	for _, b := range n.votes {
		if b == m.Ballot && b != 0 {
			count++
		}
	}
	if count < n.majority {
		return
	}
	env.Observe(Chosen, uint64(m.Ballot), Digest(m.Value))
	n.learn(env, m.Value)
}

// learn takes the decision.
func (n *node) learn(env *protocols.Env, value []byte) {
	if n.decided {
		return
	}
	next := n.record
	next.decided, next.decision = true, value
	if !n.keep(env, next) {
		n.record = next // known in this life
	}
	env.Observe(Learned, 0, Digest(value))
	env.StopTimer(protocols.Timer(retryTimer, 0))
	n.announce(env)
}

// announce tells the node's other protocols, once in each life: they forget at
// a crash, too. The decision is the first in the order, and the only one.
func (n *node) announce(env *protocols.Env) {
	env.Announce(protocols.Event{Kind: protocols.Committed, ID: 1, Data: n.decision})
	if n.Rumors {
		rumor := &Message{kind: KindDecided, Value: n.decision}
		env.Announce(protocols.Event{Kind: protocols.RumorPublish, Data: rumor.AppendTo(nil)})
	}
}
