package raft

import (
	"errors"
	"slices"
	"time"

	"meshsim/protocols"
)

var (
	errTerms   = errors.New("the terms are used up")
	errIndexes = errors.New("the log has as many entries as an index can tell")
)

// The election timer has two parts. The first lasts the least election timeout,
// during which a follower believes in its leader; the second is the random rest.
// So a heartbeat costs no draw, and whether a leader was heard of is known
// without a clock that might be set.

// stayLoyal begins the first part, as at each word from the leader.
func (n *node) stayLoyal(env *protocols.Env) {
	n.loyal, n.word = true, env.Now
	env.SetTimer(protocols.Timer(electionTimer, 0), n.Election)
}

// restless begins the second part after some time.
func (n *node) restless(env *protocols.Env, after time.Duration) {
	n.loyal = false
	if spread := n.ElectionMax - n.Election; spread > 0 {
		after += time.Duration(env.Rand.Int64N(int64(spread)))
	}
	env.SetTimer(protocols.Timer(electionTimer, 0), after)
}

// refuses reports that the node must not help to elect another leader: it is the
// leader, or has heard from one within the least election timeout (dissertation,
// 4.2.3 and 9.6). A transfer of leadership is the leader's own wish.
func (n *node) refuses(m *RequestVote) bool {
	return (n.CheckQuorum || m.Pre) && (n.loyal || n.role == leader) && !m.Transfer
}

func (n *node) onElectionTimeout(env *protocols.Env) {
	switch {
	case n.role == leader:
		n.checkQuorum(env)
	case n.loyal && n.ElectionMax > n.Election:
		n.restless(env, 0)
	default:
		n.loyal = false
		n.campaign(env)
	}
}

// campaign stands for election, or asks first whether it could win.
func (n *node) campaign(env *protocols.Env) {
	n.restless(env, n.Election)
	n.leader = nobody
	switch {
	case !n.mayStand():
	case n.PreVote:
		n.role, n.votes = preCandidate, []protocols.NodeID{n.id}
		env.Observe(Canvassed, n.sinceWord(env), n.term+1)
		n.requestVotes(env, n.term+1, true, false)
		n.countVotes(env)
	default:
		n.elect(env, false)
	}
}

// elect starts an election (5.2): "a follower increments its current term and
// transitions to candidate state. It then votes for itself and issues RequestVote
// RPCs in parallel to each of the other servers in the cluster."
func (n *node) elect(env *protocols.Env, transfer bool) {
	if n.term == maxTerm {
		n.halt(env, errTerms)
		return
	}
	n.term++
	n.role, n.vote, n.leader, n.votes = candidate, n.id, nobody, []protocols.NodeID{n.id}
	n.saveVote(env)
	env.Observe(Stood, n.sinceWord(env), n.term)
	if n.isAlone() {
		env.Send(n.id, &Synced{Term: n.term}) // its own vote is enough once it is durable
		return
	}
	n.requestVotes(env, n.term, false, transfer)
}

// sinceWord is how long ago it heard from a leader, for figures only: the clock
// may have been set meanwhile.
func (n *node) sinceWord(env *protocols.Env) uint64 { return uint64(max(env.Now-n.word, 0)) }

func (n *node) requestVotes(env *protocols.Env, term uint64, pre, transfer bool) {
	end := n.log.end()
	m := &RequestVote{Term: term, LastIndex: end.index, LastTerm: end.term, Pre: pre, Transfer: transfer}
	for _, id := range n.config().voters {
		if id != n.id && n.isReplica(id) {
			env.Send(id, m)
		}
	}
}

// onRequestVote votes. "Each server will vote for at most one candidate in a
// given term, on a first-come-first-served basis" (5.2), and only for one whose
// log is at least as up-to-date as its own (5.4.1).
func (n *node) onRequestVote(env *protocols.Env, from protocols.NodeID, m *RequestVote) {
	if m.Term < n.term {
		env.Send(from, &Vote{Term: n.term, Pre: m.Pre})
		return
	}
	if n.refuses(m) {
		return // not even the term is taken: a removed server must not disturb (dissertation, 4.2.3)
	}
	fresh := n.log.isUpToDate(m.LastTerm, m.LastIndex)
	if m.Pre {
		granted := fresh && m.Term > n.term
		answer := &Vote{Term: n.term, Pre: true}
		if granted {
			answer = &Vote{Term: m.Term, Pre: true, Granted: true}
		}
		env.Send(from, answer)
		return
	}
	n.meet(env, m.Term)
	granted := fresh && (n.vote == nobody || n.vote == from) && n.role == follower
	if granted {
		if n.vote == nobody {
			n.vote = from
			n.saveVote(env)
		}
		n.restless(env, n.Election)
	}
	env.Send(from, &Vote{Term: n.term, Granted: granted})
}

// onVote counts.
func (n *node) onVote(env *protocols.Env, from protocols.NodeID, m *Vote) {
	if m.Pre && m.Granted {
		if n.role != preCandidate || m.Term != n.term+1 {
			return
		}
	} else if !n.meet(env, m.Term) || m.Pre || !m.Granted || n.role != candidate {
		return
	}
	if !slices.Contains(n.votes, from) {
		n.votes = append(n.votes, from)
	}
	n.countVotes(env)
}

// countVotes goes on when a majority of the voters is for the node.
func (n *node) countVotes(env *protocols.Env) {
	c, count := n.config(), 0
	for _, id := range n.votes {
		if c.isVoter(id) {
			count++
		}
	}
	switch {
	case count < c.quorum():
	case n.role == preCandidate:
		n.elect(env, false)
	case n.role == candidate:
		n.becomeLeader(env)
	}
}

// onTimeoutNow stands for election without asking: the leader wants it
// (dissertation, 3.10).
func (n *node) onTimeoutNow(env *protocols.Env, from protocols.NodeID, m *TimeoutNow) {
	if m.Term != n.term || n.role == leader || from != n.leader || !n.config().isVoter(n.id) {
		return
	}
	n.restless(env, n.Election)
	n.elect(env, true)
}

// onSynced tells a replica that needs nobody else that its disk is done.
func (n *node) onSynced(env *protocols.Env, from protocols.NodeID, m *Synced) {
	switch {
	case from != n.id || m.Term != n.term:
	case n.role == candidate:
		n.countVotes(env)
	case n.role == leader:
		n.lead.synced = max(n.lead.synced, m.Index)
		n.advance(env)
		n.proposeWaiting(env)
		n.confirmReads(env)
	}
}
