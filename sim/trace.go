package sim

import (
	"time"

	"meshsim/protocols"
)

// A Tracer takes what happened, in one total order, at control instants. It
// must not keep the slice.
type Tracer interface {
	Trace(events []TraceEvent)
}

// TraceEvent is a line of a trace.
type TraceEvent struct {
	At       protocols.Time
	What     TraceKind
	Node     protocols.NodeID // where it happened
	Peer     protocols.NodeID // the sender of a delivery, the target of a send or drop
	Protocol string
	Name     string        // message kind, timer, observation, local event, or reason of a drop
	Size     int           // bytes on the wire
	Work     time.Duration // CPU time of a call; those of one node that begin together run one after another
	Key      uint64        // the event's causal key
	Cause    uint64        // key of the event whose call asked for this one; of a duplicate, of the message that was doubled
	Value    uint64        // observations: value; starts: incarnation; hears: the event's value; partitions: the side
	Item     uint64        // observations: key; expiries: the timer's argument; hears: the event's ID
	Message  protocols.Message
}

// TraceKind says what a trace line tells.
type TraceKind string

// The kinds of trace lines.
const (
	TraceStart   TraceKind = "start"
	TraceDeliver TraceKind = "deliver"
	TraceExpire  TraceKind = "expire"
	TraceHear    TraceKind = "hear"
	TraceSend    TraceKind = "send"
	// TraceDuplicate says that the network doubled a message; Key is the copy's.
	TraceDuplicate TraceKind = "duplicate"
	TraceDrop      TraceKind = "drop"
	TraceObserve   TraceKind = "observe"
	TraceCrash     TraceKind = "crash"
	TracePause     TraceKind = "pause"
	TraceResume    TraceKind = "resume"
	TraceDisk      TraceKind = "disk" // a fault of the disk begins or ends
	// TraceByzantine says that a behaviour begins or ends; Name tells which.
	TraceByzantine TraceKind = "byzantine"
	// TracePartition says that a node is on a side of a partition from now on, and
	// TraceHeal that it no longer is; Name is the fault, Item tells partitions
	// apart, Value is the side, from 1 on; nodes that talk to all sides have no
	// such line.
	TracePartition TraceKind = "partition"
	TraceHeal      TraceKind = "heal"
)
