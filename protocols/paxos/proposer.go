package paxos

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// proposer is a node's state as a proposer.
type proposer struct {
	waits    bool   // the retry timer is set
	tries    uint   // ballots used in this life, for the back-off
	above    uint32 // a round that others have used
	ballot   Ballot // under way; 0: none
	phase2   bool   // the majority has promised
	promises []protocols.NodeID
	highest  Ballot // of the proposals in the promises
	found    []byte // the value of that
}

// propose takes a value that somebody asks for; a node takes one.
func (n *node) propose(env *protocols.Env, value []byte) {
	if n.asked || n.decided {
		return
	}
	n.asked, n.own = true, value
	env.Observe(Proposed, 0, Digest(value))
	n.prepare(env)
}

// prepare is phase 1(a): a ballot that nobody has used, to all acceptors.
func (n *node) prepare(env *protocols.Env) {
	if n.decided {
		return
	}
	next := n.record
	next.round = max(n.round, n.above, n.promised.Round()) + 1
	if !n.keep(env, next) {
		n.retryLater(env)
		return
	}
	n.ballot = NewBallot(n.round, env.Self)
	n.phase2, n.promises, n.highest, n.found = false, nil, 0, nil
	env.Observe(Started, uint64(n.ballot), 0)
	env.Multicast(n.members, &Message{kind: KindPrepare, Ballot: n.ballot})
	n.retryLater(env)
	n.tries++
}

// onPromise is phase 2(a): with a majority of promises, a proposal "with a value
// v, where v is the value of the highest-numbered proposal among the responses,
// or is any value if the responses reported no proposals."
func (n *node) onPromise(env *protocols.Env, from protocols.NodeID, m *Message) {
	_, known := n.member(from)
	if !n.isMine(m) || n.phase2 || !known || slices.Contains(n.promises, from) {
		return
	}
	n.promises = append(n.promises, from)
	if m.Other > n.highest {
		n.highest, n.found = m.Other, m.Value
	}
	if len(n.promises) < n.majority {
		return
	}
	n.phase2 = true
	switch {
	case n.highest != 0:
		env.Multicast(n.members, &Message{kind: KindAccept, Ballot: n.ballot, Value: n.found})
	case n.asked:
		env.Multicast(n.members, &Message{kind: KindAccept, Ballot: n.ballot, Value: n.own})
	default: // it wanted to learn, and nothing is chosen
		n.ballot, n.waits = 0, false
		env.StopTimer(protocols.Timer(retryTimer, 0))
	}
}

// isMine reports whether a message answers the ballot that is under way and still of use.
func (n *node) isMine(m *Message) bool { return !n.decided && n.ballot != 0 && m.Ballot == n.ballot }

// onReject abandons the ballot; the next one will be above what was promised.
func (n *node) onReject(env *protocols.Env, m *Message) {
	if !n.isMine(m) {
		return
	}
	n.ballot = 0
	n.above = max(n.above, m.Other.Round())
	n.retryLater(env)
}

// retryLater sets the timer for the next try: half to one and a half times a
// period that doubles.
func (n *node) retryLater(env *protocols.Env) {
	d, s := n.RetryMax, min(n.tries, 62)
	if n.Retry <= n.RetryMax>>s {
		d = n.Retry << s
	}
	n.waits = true
	env.SetTimer(protocols.Timer(retryTimer, 0), d/2+time.Duration(env.Rand.Int64N(int64(d))))
}
