package paxos

import "meshsim/protocols"

// onPrepare is phase 1(b): "If an acceptor receives a prepare request with
// number n greater than that of any prepare request to which it has already
// responded, then it responds to the request with a promise not to accept any
// more proposals numbered less than n and with the highest-numbered proposal (if
// any) that it has accepted." It answers an equal one again: that is a duplicate.
func (n *node) onPrepare(env *protocols.Env, from protocols.NodeID, m *Message) {
	if n.refuses(env, from, m) {
		return
	}
	if m.Ballot > n.promised {
		next := n.record
		next.promised = m.Ballot
		if !n.keep(env, next) {
			return
		}
	}
	env.Send(from, &Message{kind: KindPromise, Ballot: m.Ballot, Other: n.accepted, Value: n.value})
}

// onAccept is phase 2(b): "If an acceptor receives an accept request for a
// proposal numbered n, it accepts the proposal unless it has already responded
// to a prepare request having a number greater than n." All learners are told.
func (n *node) onAccept(env *protocols.Env, from protocols.NodeID, m *Message) {
	if n.refuses(env, from, m) {
		return
	}
	if m.Ballot > n.accepted {
		next := n.record
		next.promised, next.accepted, next.value = m.Ballot, m.Ballot, m.Value
		if !n.keep(env, next) {
			return
		}
		n.retryLater(env)
	}
	env.Multicast(n.members, &Message{kind: KindAccepted, Ballot: m.Ballot, Value: m.Value})
}

// refuses tells the proposer why it should not go on, if there is a reason.
func (n *node) refuses(env *protocols.Env, from protocols.NodeID, m *Message) bool {
	switch {
	case n.decided:
		env.Send(from, &Message{kind: KindDecided, Value: n.decision})
	case m.Ballot < n.promised:
		env.Send(from, &Message{kind: KindReject, Ballot: m.Ballot, Other: n.promised})
	default:
		return false
	}
	return true
}
