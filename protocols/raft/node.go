package raft

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/kv"
)

// The names of timers.
const (
	electionTimer  uint8 = iota // no word from a leader; a leader counts who answered
	heartbeatTimer              // a leader's sign of life
	leaseTimer                  // the lease of the round in the argument is over
	transferTimer               // the transfer of leadership took too long
	orderTimer                  // a change or transfer may have to be asked for again
	rebootTimer                 // look whether the disk works again
	syncTimer                   // make durable what a leader has sent already
	timers                      // those of clients follow
)

var timerNames = append([]string{"election", "heartbeat", "lease", "transfer", "order", "reboot", "sync"}, client.Timers...)

// role is what a replica is at the moment.
type role uint8

const (
	follower role = iota
	preCandidate
	candidate
	leader
)

// shared is what all nodes of a cluster have in common.
type shared struct {
	Config
	nodes    int                // in the mesh
	replicas []protocols.NodeID // of the cluster, ascending
	lease    time.Duration
	plan     *client.Plan // nil for replicas
	mutant   mutant
}

// node is one replica's state. What it must not forget is on disk before it
// answers; see storage.go.
type node struct {
	*shared
	id      protocols.NodeID
	role    role
	term    uint64
	vote    protocols.NodeID // whom it voted for in this term
	leader  protocols.NodeID // of this term, as far as known
	loyal   bool             // it heard from the leader within an election timeout
	word    protocols.Time   // when it heard from a leader
	log     raftLog
	commit  uint64    // the highest index known to be committed
	applied uint64    // the highest index applied to the state machine
	configs []members // those at the log's base and later ones; the last is in force
	store   kv.Store

	votes    []protocols.NodeID // who granted the election under way
	lead     *leadership        // nil unless it leads
	incoming *incoming          // a snapshot on its way here
	gone     []protocols.NodeID // replicas that a failure detector takes for gone, ascending
	orders   []order            // changes and transfers that were asked for here
	storage
	halted error // why it takes no part, or none until it has started anew

	readOnly bool // another protocol on the node forbids to write

	client *client.Client   // nil on replicas, which use nothing of what follows
	ask    protocols.NodeID // whom the client believes to lead
	told   bool             // a replica said so
	heard  protocols.Time   // when it answered last
}

// config is the configuration in force: the last in the log, "a server always
// uses the latest configuration in its log, regardless of whether the entry is
// committed" (dissertation, 4.1).
func (n *node) config() *members { return &n.configs[len(n.configs)-1] }

// Start takes up what the disk has kept.
func (n *node) Start(env *protocols.Env) {
	n.id, n.vote, n.leader = env.Self, nobody, nobody
	if n.plan != nil {
		n.startClient(env)
		return
	}
	env.Observe(Joined, uint64(n.replicas[0]), uint64(len(n.replicas)))
	n.boot(env)
}

// boot reads the disk. A replica may have promised loyalty to a leader just
// before it crashed, so it keeps that for an election timeout.
func (n *node) boot(env *protocols.Env) {
	if err := n.load(env.Disk); err != nil {
		n.halt(env, err)
		return
	}
	n.observeLog(env)
	n.stayLoyal(env)
	n.flush(env)
}

// Receive handles a message.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	switch {
	case n.client != nil:
		n.receiveReply(env, from, message)
		return
	case n.halted != nil:
		return
	}
	if from == protocols.External {
		n.receiveOrder(env, message)
	} else {
		n.receive(env, from, message)
	}
	n.flush(env)
}

func (n *node) receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	switch m := message.(type) {
	case *AppendEntries:
		n.onAppendEntries(env, from, m)
	case *AppendReply:
		n.onAppendReply(env, from, m)
	case *RequestVote:
		n.onRequestVote(env, from, m)
	case *Vote:
		n.onVote(env, from, m)
	case *InstallSnapshot:
		n.onInstallSnapshot(env, from, m)
	case *InstallReply:
		n.onInstallReply(env, from, m)
	case *TimeoutNow:
		n.onTimeoutNow(env, from, m)
	case *Synced:
		n.onSynced(env, from, m)
	case *Change:
		n.onChange(env, m)
	case *Transfer:
		n.onTransfer(env, m)
	case *Request:
		n.onRequest(env, from, m)
	case *Forward:
		n.onForward(env, m)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	switch {
	case n.client != nil:
		n.client.Expire(env, t)
		return
	case n.halted != nil:
		if t.Name() == rebootTimer {
			n.reboot(env)
		}
		return
	}
	switch t.Name() {
	case electionTimer:
		n.onElectionTimeout(env)
	case heartbeatTimer:
		n.heartbeat(env)
	case leaseTimer:
		n.endLease(t.Argument())
	case transferTimer:
		n.endTransfer(env)
	case syncTimer:
		n.mustSync, n.willSync = n.mustSync || n.maySync, false
	case orderTimer:
		n.followUp(env)
	}
	n.flush(env)
}

// meet compares a message's term with the node's (5.1): "if one server's current
// term is smaller than the other's, then it updates its current term to the
// larger value. If a candidate or leader discovers that its term is out of date,
// it immediately reverts to follower state." It reports whether the message is
// of the node's term then.
func (n *node) meet(env *protocols.Env, term uint64) bool {
	if term > n.term {
		n.becomeFollower(env, term, nobody)
	}
	return term == n.term
}

// becomeFollower follows a leader, or nobody in particular, in a term.
func (n *node) becomeFollower(env *protocols.Env, term uint64, leads protocols.NodeID) {
	before := n.term
	n.leader = leads
	if term > n.term {
		n.term, n.vote = term, nobody
		n.saveVote(env)
	}
	if n.role == leader {
		n.role = follower
		n.abdicate(env, before)
	}
	n.role, n.votes = follower, nil
	if leads != nobody {
		env.Observe(Followed, uint64(leads), term)
	}
}

// observeLog tells checkers what the log is, after a start or with a snapshot.
func (n *node) observeLog(env *protocols.Env) {
	base := n.log.base
	env.Observe(Restored, Pack(base.term, base.index), base.chain)
	for i := base.index + 1; i <= n.log.last(); i++ {
		p, _ := n.log.at(i)
		env.Observe(Appended, Pack(p.term, i), p.chain)
	}
	if s := n.snap; s != nil {
		env.Observe(Loaded, Pack(s.term, s.position.index), s.chain)
	}
}
