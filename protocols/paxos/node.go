package paxos

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// The names of timers.
const (
	retryTimer    uint8 = iota // try a higher ballot
	announceTimer              // tell the node's other protocols what was decided before the restart
	readTimer                  // try to read the record again
)

var timerNames = []string{"retry", "announce", "read"}

// What nodes observe. Keys and values are given behind each; a digest stands
// for a value.
const (
	Proposed   protocols.ObservationKind = iota // a value was asked for: 0, digest
	Started                                     // a proposer uses a ballot: ballot, 0
	Chosen                                      // a learner counted a majority: ballot, digest
	Learned                                     // a node takes the decision: 0, digest; again if it crashes before that is on disk
	DiskFailed                                  // a record could not be read (key 0) or written (1), so the node does not act: key, 0
)

var observationNames = []string{"proposed", "started", "chosen", "learned", "disk-failed"}

// Digest is what observations tell of a value.
func Digest(value []byte) uint64 { return draw.DeriveString(0, string(value)) }

// shared is what all nodes have in common.
type shared struct {
	Config
	members  []protocols.NodeID
	majority int
}

// node is one node's state.
type node struct {
	*shared
	record
	proposer
	failed error    // why the record could not be read
	votes  []Ballot // the highest ballot that each member has accepted, as far as heard; nil: nothing heard
}

// Start takes up what the disk has kept.
func (n *node) Start(env *protocols.Env) {
	knew := n.decided // it learned since it tried to start before
	n.open(env)
	switch {
	case n.failed != nil || knew:
	case n.decided:
		env.SetTimer(protocols.Timer(announceTimer, 0), 0)
	case n.asked || n.accepted != 0:
		n.retryLater(env)
	}
}

// Receive handles a message. Those from outside may only ask for a value.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*Message)
	if !ok || (from == protocols.External) != (m.kind == KindPropose) {
		return
	}
	if n.failed != nil && m.kind != KindAccepted && m.kind != KindDecided {
		return
	}
	switch m.kind {
	case KindPropose:
		n.propose(env, m.Value)
	case KindPrepare:
		n.onPrepare(env, from, m)
	case KindPromise:
		n.onPromise(env, from, m)
	case KindAccept:
		n.onAccept(env, from, m)
	case KindAccepted:
		n.onAccepted(env, from, m)
	case KindReject:
		n.onReject(env, m)
	case KindDecided:
		n.learn(env, m.Value)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	switch t {
	case protocols.Timer(retryTimer, 0):
		n.prepare(env)
	case protocols.Timer(announceTimer, 0):
		n.announce(env)
	case protocols.Timer(readTimer, 0):
		n.Start(env)
	}
}

// Hear handles what other protocols on the node announce.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	switch e.Kind {
	case protocols.Propose:
		if n.failed == nil {
			n.propose(env, e.Data)
		}
	case protocols.RumorDelivered:
		if value, ok := ReadRumor(e.Data); ok && n.Rumors {
			n.learn(env, value)
		}
	}
}

// member is a node's place among the members; ok is false if it is none.
func (n *node) member(id protocols.NodeID) (place int, ok bool) {
	return slices.BinarySearch(n.members, id)
}
