package sim

import "meshsim/protocols"

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
	Name     string // message kind, timer, observation, local event, or reason of a drop
	Size     int    // bytes on the wire
	Key      uint64 // the event's causal key
	Cause    uint64 // key of the event whose call asked for this one
	Value    uint64 // observations: value; starts: incarnation; hears: the event's value
	Item     uint64 // observations: key; expiries: the timer's argument; hears: the event's ID
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
	TraceDrop    TraceKind = "drop"
	TraceObserve TraceKind = "observe"
	TraceCrash   TraceKind = "crash"
	TracePause   TraceKind = "pause"
	TraceResume  TraceKind = "resume"
	TraceDisk    TraceKind = "disk" // a fault of the disk begins or ends
	// TraceByzantine says that a behaviour begins or ends; Name tells which.
	TraceByzantine TraceKind = "byzantine"
)
