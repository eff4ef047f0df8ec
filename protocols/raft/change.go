package raft

import (
	"time"

	"meshsim/protocols"
)

// joining is a replica that is to vote (dissertation, 4.2.1). It learns until it
// has caught up: "the replication of entries to the new server is split into
// rounds. Each round replicates all the log entries present in the leader's log
// at the start of the round."
type joining struct {
	under  bool
	id     protocols.NodeID
	goal   uint64 // last index at the start of the round
	since  protocols.Time
	rounds int
}

// "The algorithm waits a fixed number of rounds (such as 10). If the last round
// lasts less than an election timeout, then the leader adds the new server to the
// cluster."
const maxRounds = 10

// onChange begins a change of membership, one at a time (dissertation, 4.1), and
// only after an entry of the leader's own term is committed.
func (n *node) onChange(env *protocols.Env, m *Change) {
	l := n.lead
	if l == nil || n.readOnly || !n.mayChange() || n.config().holds(m.Op, m.Node) || !n.isReplica(m.Node) {
		return // whoever was asked for it asks again
	}
	switch {
	case m.Op == Remove && len(n.config().voters) == 1 && n.config().isVoter(m.Node):
	case m.Op == AddVoter && !l.joining.under:
		if !n.config().isLearner(m.Node) {
			n.reconfigure(env, AddLearner, m.Node)
		}
		l.joining = joining{under: true, id: m.Node, rounds: 1, goal: n.log.last(), since: env.Now}
	case m.Op != AddVoter:
		n.reconfigure(env, m.Op, m.Node)
	}
}

func (n *node) mayChange() bool {
	return n.config().index <= n.commit && n.commit >= n.lead.first && !n.lead.handing.under
}

// isAlone reports that the node's own vote is all that it takes.
func (n *node) isAlone() bool {
	c := n.config()
	return len(c.voters) == 1 && c.isVoter(n.id)
}

// mayStand reports whether the node may stand for election: it votes, or "might
// still be needed until the Cnew entry is committed" that takes its vote away. Its
// own vote does not count then (dissertation, 4.2.2).
func (n *node) mayStand() bool {
	c := n.config()
	return c.isVoter(n.id) || c.index > n.commit && n.configAt(c.index-1).isVoter(n.id)
}

func (n *node) isReplica(id protocols.NodeID) bool {
	m := members{voters: n.replicas}
	return m.isVoter(id)
}

// reconfigure appends a configuration; it is in force at once.
func (n *node) reconfigure(env *protocols.Env, op ChangeOp, id protocols.NodeID) {
	next := n.config().with(op, id)
	n.extend(env, []Entry{newEntry(0, EntryMembers, next.appendTo(nil))})
	for i := range n.lead.peers {
		n.replicate(env, &n.lead.peers[i])
	}
}

// takeMembers puts a configuration of the log in force.
func (n *node) takeMembers(env *protocols.Env, index uint64, data []byte) {
	m, err := readMembers(data)
	if err != nil {
		return // codecs let none through
	}
	m.index = index
	n.configs = append(n.configs, m)
	env.Observe(Configured, index, uint64(len(m.voters))<<32|uint64(len(m.learners)))
	if n.role == leader {
		n.followConfig(index) // a newcomer gets the last entry, and says what it lacks
	}
}

// followConfig makes the leader's peers the members of the configuration. What it
// knows of them it keeps; others are first sent the entry at next.
func (n *node) followConfig(next uint64) {
	old, c := n.lead, n.config()
	var peers []progress
	for _, id := range n.replicas {
		if id == n.id || !c.isVoter(id) && !c.isLearner(id) {
			continue
		}
		if p := old.peer(id); p != nil {
			peers = append(peers, *p)
		} else {
			peers = append(peers, progress{id: id, next: next, active: true})
		}
	}
	n.lead.peers = peers
}

// membersCommitted ends a change: a leader that is no voter any more steps down
// when that is committed (dissertation, 4.2.2).
func (n *node) membersCommitted(env *protocols.Env) {
	c := n.config()
	if n.role == leader && c.index <= n.commit && c.index > 0 && !c.isVoter(n.id) {
		n.becomeFollower(env, n.term, nobody)
	}
}

// configAt is the configuration that an index is under.
func (n *node) configAt(index uint64) *members {
	i := len(n.configs) - 1
	for i > 0 && n.configs[i].index > index {
		i--
	}
	return &n.configs[i]
}

// forgetConfigs drops those that no truncation can bring back.
func (n *node) forgetConfigs(index uint64) {
	for len(n.configs) > 1 && n.configs[1].index <= index {
		n.configs = n.configs[1:]
	}
}

// afterProgress goes on with what waits for a peer to have the whole log.
func (n *node) afterProgress(env *protocols.Env, p *progress) {
	l := n.lead
	if l == nil {
		return
	}
	if l.joining.under && l.joining.id == p.id {
		n.afterRound(env, p)
	}
	if l.handing.under && l.handing.to == p.id && p.match == n.log.last() {
		n.handOver(env)
	}
}

// afterRound makes a learner a voter if it catches up fast enough.
func (n *node) afterRound(env *protocols.Env, p *progress) {
	j := &n.lead.joining
	if p.match < j.goal {
		return
	}
	fast := time.Duration(env.Now-j.since) < n.Election
	switch {
	case fast && n.mayChange():
		*j = joining{}
		n.reconfigure(env, AddVoter, p.id)
	case fast: // the change before is not committed yet
	case j.rounds == maxRounds:
		*j = joining{} // whoever was asked for it asks again
	default:
		j.rounds, j.goal, j.since = j.rounds+1, n.log.last(), env.Now
	}
}
