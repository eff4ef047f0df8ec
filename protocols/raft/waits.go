package raft

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// Waits says what the node waits for; see [protocols.Waiter].
func (n *node) Waits() string {
	switch {
	case n.client != nil:
		return ""
	case n.halted != nil:
		return fmt.Sprintf("its disk: %v", n.halted)
	case n.role == leader:
		return n.waitsAsLeader()
	case n.role == preCandidate || n.role == candidate:
		c := n.config()
		what := "votes"
		if n.role == preCandidate {
			what = "pre-votes"
		}
		return fmt.Sprintf("%s for term %d: has %d of the %d that it needs; silent or against are %v", what,
			n.standsFor(), len(n.votes), c.quorum(), n.others(func(id protocols.NodeID) bool { return !slices.Contains(n.votes, id) }))
	case n.leader == nobody && !n.config().isVoter(n.id):
		return fmt.Sprintf("a leader to add it, since term %d", n.term)
	case n.leader == nobody:
		return fmt.Sprintf("word from a leader, in term %d", n.term)
	}
	return ""
}

func (n *node) standsFor() uint64 {
	if n.role == preCandidate {
		return n.term + 1
	}
	return n.term
}

func (n *node) waitsAsLeader() string {
	l := n.lead
	switch {
	case n.commit < n.log.last():
		next := n.commit + 1
		return fmt.Sprintf("entry %d of %d to be on %d replicas, in term %d; without it are %v", next, n.log.last(),
			n.config().quorum(), n.term, n.others(func(id protocols.NodeID) bool {
				p := l.peer(id)
				return p != nil && p.match < next
			}))
	case len(l.reads.waiting) > 0:
		round := l.reads.waiting[0].round
		return fmt.Sprintf("a majority to answer heartbeats of round %d, for %d reads; silent are %v", round, len(l.reads.waiting),
			n.others(func(id protocols.NodeID) bool {
				p := l.peer(id)
				return p != nil && p.round < round
			}))
	case l.joining.under:
		return fmt.Sprintf("node %d to catch up before it votes", l.joining.id)
	}
	return ""
}

// others lists the other voters that are so.
func (n *node) others(is func(id protocols.NodeID) bool) (list []protocols.NodeID) {
	for _, id := range n.config().voters {
		if id != n.id && is(id) {
			list = append(list, id)
		}
	}
	return list
}
