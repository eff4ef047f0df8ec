package raft

import (
	"slices"

	"meshsim/protocols"
)

// Replacing what has failed (dissertation, 4.4: "servers can be replaced
// automatically on failures", if it is known that they will not come back). A
// failure detector on the node tells who has failed. The leader first lets a
// replica vote that did not yet, and then removes the one that failed: so there are
// never fewer voters than at first, and one change is under way at a time.

// hearOfFailure notes whom a failure detector on the node takes for gone.
func (n *node) hearOfFailure(env *protocols.Env, e protocols.Event) {
	if !n.Replace || !n.isReplica(e.Node) {
		return
	}
	n.gone = without(n.gone, e.Node)
	if e.Kind == protocols.PeerFailed {
		n.gone = insert(n.gone, e.Node)
	}
	n.replaceFailed(env)
}

// replaceFailed begins the next change that replaces somebody, if one is due. It is
// asked again with every round of heartbeats.
func (n *node) replaceFailed(env *protocols.Env) {
	l := n.lead
	if l == nil || len(n.gone) == 0 {
		return
	}
	if l.joining.under && n.hasFailed(l.joining.id) {
		l.joining = joining{} // another is chosen
	}
	if l.joining.under || !n.mayChange() {
		return
	}
	if id, ok := n.failedMember(); ok {
		n.replace(env, id)
	}
}

// replace removes a member if enough others vote, or else lets one more vote.
func (n *node) replace(env *protocols.Env, id protocols.NodeID) {
	c := n.config()
	if !c.isVoter(id) || len(c.voters) > n.votersAtFirst() {
		n.reconfigure(env, Remove, id)
		return
	}
	for _, spare := range n.replicas {
		if !c.isVoter(spare) && !n.hasFailed(spare) {
			n.onChange(env, &Change{Op: AddVoter, Node: spare})
			return
		}
	}
}

func (n *node) votersAtFirst() int {
	if n.Voters > 0 {
		return n.Voters
	}
	return len(n.replicas)
}

func (n *node) hasFailed(id protocols.NodeID) bool {
	_, ok := slices.BinarySearch(n.gone, id)
	return ok
}

// failedMember is a member that has failed: first those that only learn.
func (n *node) failedMember() (protocols.NodeID, bool) {
	c := n.config()
	for _, list := range [2][]protocols.NodeID{c.learners, c.voters} {
		for _, id := range list {
			if id != n.id && n.hasFailed(id) {
				return id, true
			}
		}
	}
	return 0, false
}
