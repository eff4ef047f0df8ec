package gossip

import (
	"meshsim/protocols"
)

// The names of timers.
const (
	roundTimer       uint8 = iota // the next round
	collectTimer                  // the oldest rumor's retention is over
	antiEntropyTimer              // the next exchange of anti-entropy
	cycleTimer                    // the next exchange of aggregation
	timeoutTimer                  // the answer to one is overdue
	epochTimer                    // aggregation begins anew
	catchUpTimer                  // whoever was asked for what is missing has not answered
)

var timerNames = []string{"round", "collect", "anti-entropy", "cycle", "timeout", "epoch", "catch-up"}

// What nodes observe. Keys and values are given behind each.
const (
	Published  protocols.ObservationKind = iota // a rumor began here: ID, digest of the payload
	Delivered                                   // a rumor arrived for the first time: ID, digest of the payload
	Redundant                                   // known rumors arrived again: 0, how many
	Copies                                      // rumors were sent: 0, how many, summed over messages
	Removed                                     // interest in a rumor was lost: ID, 0
	Collected                                   // a rumor was forgotten: ID, 0
	Refused                                     // a rumor is too large or of nobody, or there is no room for a write, in memory or on disk: 0, its size
	Written                                     // a key was put or deleted here: hash of the key, packed version
	Applied                                     // a replica took a write in: hash of the key, packed version
	State                                       // the state that can be read has changed: its digest, keys stored
	Local                                       // the node has another value for aggregation: 0, the value
	Estimate                                    // what the node thinks the aggregate is: epoch, value times 2^24
	Exchanged                                   // one side of an exchange was done: who began it and number, change of its value times 2^24
	Content                                     // the value behind the Written or Applied just before: packed version, digest of the value
	ReadOnly                                    // another protocol on the node forbids to publish and to write, or allows it again: 0, 1 or 0
	TurnedAway                                  // a rumor or a write was refused for that: 0, its size
	Behind                                      // back from a partition, the replica catches up: generation, 0
	CaughtUp                                    // it has: generation, partners that it took
)

var observationNames = []string{"published", "delivered", "redundant", "copies", "removed", "collected", "refused", "written", "applied", "state",
	"local", "estimate", "exchanged", "content", "read-only", "turned-away", "behind", "caught-up"}

// peerChoice is Config.Peers, and mode Config.Mode, as a number.
type (
	peerChoice uint8
	mode       uint8
	interest   uint8
)

const (
	all peerChoice = iota
	neighbours
	membership
)

const (
	pushing mode = iota
	pulling
	pushPull
)

const (
	forever interest = iota
	counted
	coin
)

// shared is what all nodes of a group have in common.
type shared struct {
	Config
	world       protocols.World
	peers       peerChoice
	mode        mode
	interest    interest
	function    function
	pushSum     bool
	synchronous bool
	k           uint8
	unbroken    bool   // the members' identities have no gap
	retained    uint32 // Retention in cycles
}

// node is one node's state: a cache line, and 16 bytes for each rumor that it
// remembers besides the first.
type node struct {
	*shared
	// batch is what the node spreads: nothing if it spreads no rumor, nil if
	// that has changed and the batch has to be made. A pushing node's round
	// timer is set unless batch is nothing.
	batch *batch
	held  []held  // in the order of learning
	more  *extra  // what few nodes need
	first [1]held // room for held, as most nodes hold one rumor at a time
}

// extra is the part of the state that a node makes when it first needs it.
type extra struct {
	index     index
	floors    floors
	collected uint32             // rumors ever collected, modulo 2^32
	members   []protocols.NodeID // with peers: membership, those announced, ascending
	failed    []protocols.NodeID // otherwise, those that a failure detector gave up, ascending
	sequence  counter
	replica   *replica   // nil without anti-entropy
	aggregate *aggregate // nil without aggregation
	readOnly  bool       // another protocol on the node forbids to publish and to write
	catchUp   *catchUp   // nil unless the replica has to
}

func (n *node) extra() *extra {
	if n.more == nil {
		n.more = &extra{}
	}
	return n.more
}

// Start begins the rounds. A pushing node has none until it knows a rumor.
func (n *node) Start(env *protocols.Env) {
	if n.mode != pushing {
		n.startRounds(env)
	}
	if n.AntiEntropy != nil {
		n.startAntiEntropy(env)
	}
	if n.Aggregation != nil {
		n.startAggregation(env)
	}
}

// Receive handles a message; those from outside are commands.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	if from == protocols.External {
		n.command(env, m)
		return
	}
	switch m := m.(type) {
	case *Rumors:
		n.onRumors(env, from, m)
	case *Pull:
		n.answer(env, from, nothing)
	case *Feedback:
		n.onFeedback(env, m)
	case *Summary:
		n.onSummary(env, from, m)
	case *Digest:
		n.onDigest(env, from, m)
	case *Delta:
		n.onDelta(env, from, m)
	case *Swap:
		n.onSwap(env, from, m)
	case *Swapped:
		n.onSwapped(env, from, m)
	case *Refusal:
		n.onRefusal(env, from, m)
	case *Gift:
		n.onGift(env, m)
	}
}

func (n *node) command(env *protocols.Env, m protocols.Message) {
	switch m := m.(type) {
	case *Publish:
		n.publish(env, m.Payload)
	case *Put:
		n.write(env, m)
	case *Set:
		n.set(env, m.Value)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	switch t {
	case protocols.Timer(roundTimer, 0):
		n.round(env)
	case protocols.Timer(collectTimer, 0):
		n.collect(env, n.cycleAt(env.Now))
		n.sleep(env)
	case protocols.Timer(antiEntropyTimer, 0):
		n.exchange(env)
	case protocols.Timer(cycleTimer, 0):
		n.cycle(env)
	case protocols.Timer(timeoutTimer, 0):
		n.swapTimeout()
	case protocols.Timer(epochTimer, 0):
		n.epochOver(env)
	case protocols.Timer(catchUpTimer, 0):
		n.askForAll(env)
	}
}

// Hear handles what other protocols on the node announce.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	switch e.Kind {
	case protocols.RumorPublish:
		n.publish(env, e.Data)
	case protocols.PeerUp, protocols.PeerBack, protocols.PeerFailed, protocols.PeerLeft:
		n.hearPeer(env.Self, e)
	case protocols.ReadOnlyOn, protocols.ReadOnlyOff:
		n.hearMode(env, e.Kind == protocols.ReadOnlyOn)
	case protocols.Reconcile:
		n.reconcile(env, e.ID)
	}
}
