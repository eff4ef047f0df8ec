// Package protocols is the contract between protocol code and whatever drives
// it. A protocol is a state machine without I/O: it never blocks, starts no
// goroutine, reads no clock, and touches only its own fields and the [Env] of
// the current call. The Env records what the node asks for; the driver carries
// the wishes out after the call has returned. So a test reads env.Sends and
// needs no fake, a node is never entered twice, and the same code can run in a
// simulator or over sockets.
//
// The smallest protocol is a type with the three methods of [Node] and a
// [Protocol] that describes it. Folder gossip is a whole one.
package protocols

// NodeID is the identity of a node: 0 … n-1.
type NodeID uint32

// External is the sender of messages that enter from outside the mesh, such as
// a client's request. No node has this identity and nothing can be sent to it.
const External NodeID = 1<<32 - 1

// Time is an instant in nanoseconds on a clock. What a node sees is its own
// clock, which may be offset and drift; what a checker sees is simulated time.
type Time int64

// Kind tells apart the messages of one protocol. It indexes [Protocol.Kinds].
type Kind uint8

// TimerID names a timer of one protocol on one node. Its low 8 bits are the
// name, an index of [Protocol.Timers]; the rest is free, so that a protocol may
// keep one timer for each request or peer.
type TimerID uint64

// Timer returns the identity of the timer with that name and argument.
func Timer(name uint8, argument uint64) TimerID { return TimerID(argument<<8 | uint64(name)) }

// Name is the index of the timer's name in [Protocol.Timers].
func (t TimerID) Name() uint8 { return uint8(t) }

// Argument is what [Timer] was given besides the name.
func (t TimerID) Argument() uint64 { return uint64(t) >> 8 }

// A Message is what nodes send one another. It is never changed after it was
// given to Send, by nobody: one value may reach many nodes at many times. So a
// message is a pointer to a struct that is filled once.
type Message interface {
	// Kind tells the message's kind, for dispatch, traces and counts.
	Kind() Kind
	// Size is the length in bytes of what AppendTo appends.
	Size() int
	// AppendTo appends the wire form to b; the protocol's Decode reads it back.
	AppendTo(b []byte) []byte
}

// A Node is one protocol's state on one node, driven by one call at a time.
// It must ignore messages and timers that it does not know.
type Node interface {
	// Start boots the node, the first time and after each restart. Nothing but
	// env.Disk survives a crash: the driver makes a new Node first.
	Start(env *Env)
	// Receive handles one message. from is authentic unless the scenario says
	// that links can be spoofed.
	Receive(env *Env, from NodeID, m Message)
	// Expire handles a timer that came due. The timer is no longer set.
	Expire(env *Env, t TimerID)
}

// A Hearer is a Node that listens to what the other protocols on the same node
// announce. Events reach it first in, first out, after the call that announced
// them and at the same instant; what is announced at boot, when all protocols of
// the node have started. Events never travel, so they cannot be forged from
// outside. Either all nodes that a New makes are Hearers or none; a wrapper of
// nodes must hand Hear on.
type Hearer interface {
	Hear(env *Env, e Event)
}

// Topology tells who knows whom. It is shared, immutable, and safe to read from
// every node.
type Topology interface {
	// Degree is the number of neighbours of id.
	Degree(id NodeID) int
	// Neighbour is the i-th neighbour of id, 0 <= i < Degree(id). The order is
	// fixed and means nothing. Cost: constant.
	Neighbour(id NodeID, i int) NodeID
}

// World is what a node may know at boot about the mesh it lives in.
type World struct {
	Nodes    int      // identities are 0 … Nodes-1
	Topology Topology // who knows whom
	Members  []NodeID // the nodes that run this protocol, ascending; shared, do not change
	Again    bool     // the nodes ran before, crashed, and restart
}

// Protocol describes a protocol to its driver: how to make its nodes, how to
// read its messages, and which figures and properties it can be asked for.
type Protocol struct {
	Name         string   // how scenarios, traces and metrics call it
	Kinds        []string // names of message kinds, indexed by Kind
	Timers       []string // names of timers, indexed by TimerID.Name
	Observations []string // names of what its nodes observe, indexed by ObservationKind

	// New makes the states of the nodes with these identities, one each, in
	// order; see NodesOf. It is called for all nodes at once at first, then for
	// one node at each restart, by several goroutines at a time.
	New func(w World, ids []NodeID) Nodes

	// Decode reads what AppendTo wrote. It must return an error, not panic, on
	// any other bytes, and must not keep b.
	Decode func(b []byte) (Message, error)

	// Lies are the ways in which Alter can change a message, indexed by its lie.
	Lies []LieSpec

	// Alter makes a lie out of a message that a node of this protocol is about to
	// send: as plausible as the protocol allows, and signed again with env's own
	// key. Equal variants give equal lies, others differ where they can. It
	// returns nil if m cannot be changed so. m stays as it is.
	Alter func(env *Env, lie uint8, variant uint64, m Message) Message

	// Checkers are the properties that a scenario may demand by name.
	Checkers []CheckerSpec

	// Probe makes the protocol's figures from its observations; nil if it has
	// none. The kernel counts messages and bytes by itself.
	Probe func(c ProbeConfig) Probe

	// Metrics are the names and meanings of all that the Probe can record.
	Metrics []MetricSpec
}

// LieSpec is a way in which a Byzantine node changes its messages.
type LieSpec struct {
	Name string // as scenarios write it: "equivocate"
	Doc  string // what is false in which messages, in a sentence
}

// A Waiter is a Node that can say what it waits for, to explain why nothing
// went on: "2 of 3 prepares for 17 in view 4: silent are 2, 5". It returns "" if
// it waits for nothing, and changes nothing.
type Waiter interface {
	Waits() string
}
