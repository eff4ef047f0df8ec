package spacetime

import (
	"strings"

	"meshsim/protocols"
	"meshsim/report/lifeline"
	"meshsim/sim"
)

// MaxArrows is how many messages a diagram shows; more is a black page.
const MaxArrows = 2000

// maxMarks bounds what else is kept of a window.
const maxMarks = 50_000

// MaxNodes is how many columns a diagram can have.
const MaxNodes = 60

// A Recorder keeps a window of a run for a diagram. It is a [sim.Tracer] and must
// get the whole trace, from the start of the run. Memory: the messages that are
// under way between its nodes, and what the window holds, which is bounded.
type Recorder struct {
	kept
	column map[protocols.NodeID]int // looked up only
	lives  *lifeline.Follower
	flying map[uint64]int // key of a message under way to its place in arrows; looked up only
	dead   int            // arrows that ended before the window
	end    protocols.Time // of the window that was asked for
	full   bool           // there were more messages than a diagram shows
}

// kept is what a diagram is made of.
type kept struct {
	nodes    []protocols.NodeID // the columns
	from, to protocols.Time     // the window; to is earlier than asked for if there is no room
	arrows   []arrow            // in the order in which they were sent
	marks    []mark
	work     []busy
	injects  []inject
	omitted  int // messages beyond MaxArrows
	outside  int // messages between a column and a node that has none
}

// fate is what became of a message.
type fate uint8

const (
	underWay fate = iota
	delivered
	lostBySender // the link, a partition or a full queue took it
	lostAtTarget // it came to a node that did not take it
	gone         // it ended before the window
)

// arrow is a message between two columns.
type arrow struct {
	from, to    int
	sent, ended protocols.Time
	kind        string // with the protocol
	size        int
	key         uint64
	fate        fate
	reason      string // why it was lost
	copied      bool   // the network doubled it
}

// mark is something at an instant of a node.
type mark struct {
	column int
	at     protocols.Time
	what   sim.TraceKind
	name   string
	item   uint64
	value  uint64
}

// busy is CPU time of a node.
type busy struct {
	column   int
	from, to protocols.Time
}

// inject is a message from outside the mesh.
type inject struct {
	column int
	at     protocols.Time
	kind   string
}

// NewRecorder returns a Recorder of what happens to nodes, which become columns in
// this order, in the window from <= t < to.
func NewRecorder(nodes []protocols.NodeID, from, to protocols.Time) *Recorder {
	r := &Recorder{kept: kept{from: from, to: to, nodes: nodes}, end: to, lives: lifeline.Follow(nodes),
		column: map[protocols.NodeID]int{}, flying: map[uint64]int{}}
	for i, id := range nodes {
		r.column[id] = i
	}
	return r
}

// Trace takes events.
func (r *Recorder) Trace(events []sim.TraceEvent) {
	for i := range events {
		if e := &events[i]; e.At < r.end {
			r.take(e)
		}
	}
}

func (r *Recorder) take(e *sim.TraceEvent) {
	r.lives.Follow(e)
	column, ok := r.column[e.Node]
	switch e.What {
	case sim.TraceSend, sim.TraceDuplicate:
		r.send(e)
		return
	case sim.TraceDeliver, sim.TraceDrop:
		r.arrive(e)
	}
	if !ok || e.At < r.from && e.At+protocols.Time(e.Work) <= r.from || r.full {
		return
	}
	if e.Work > 0 && len(r.work) < maxMarks {
		r.busy(column, e)
	}
	if e.At < r.from || len(r.marks) == maxMarks {
		return
	}
	switch e.What {
	case sim.TraceObserve, sim.TraceExpire:
		name := e.Name
		if e.What == sim.TraceExpire {
			name = e.Protocol + "." + name
		}
		r.marks = append(r.marks, mark{column, e.At, e.What, name, e.Item, e.Value})
	case sim.TraceDeliver:
		if e.Peer == protocols.External {
			r.injects = append(r.injects, inject{column, e.At, e.Protocol + "." + e.Name})
		}
	}
}

// busy keeps the CPU time of a call. A call that another of the same instant set
// off begins when that one is done.
func (r *Recorder) busy(column int, e *sim.TraceEvent) {
	from := e.At
	if n := len(r.work); n > 0 && e.What == sim.TraceHear && r.work[n-1].column == column && r.work[n-1].to > from {
		from = r.work[n-1].to
	}
	r.work = append(r.work, busy{column, from, from + protocols.Time(e.Work)})
}

// send begins an arrow.
func (r *Recorder) send(e *sim.TraceEvent) {
	from, ok := r.column[e.Node]
	to, known := r.column[e.Peer]
	switch {
	case !ok || !known:
		if ok != known && e.At >= r.from {
			r.outside++
		}
		return
	case e.At < r.from:
		r.tidy()
	case len(r.arrows)-r.dead >= MaxArrows:
		if !r.full {
			r.full, r.to = true, max(e.At, r.from+1)
		}
		r.omitted++
		return
	}
	r.flying[e.Key] = len(r.arrows)
	r.arrows = append(r.arrows, arrow{from: from, to: to, sent: e.At, kind: e.Protocol + "." + e.Name, size: e.Size,
		key: e.Key, copied: e.What == sim.TraceDuplicate})
}

// arrive tells what became of an arrow.
func (r *Recorder) arrive(e *sim.TraceEvent) {
	i, ok := r.flying[e.Key]
	if !ok {
		return
	}
	delete(r.flying, e.Key)
	a := &r.arrows[i]
	a.ended = e.At
	switch {
	case e.At < r.from:
		a.fate = gone
		r.dead++
	case e.What == sim.TraceDeliver:
		a.fate = delivered
	default:
		_, a.reason, _ = strings.Cut(e.Name, ": ")
		a.fate = lostAtTarget
		if e.Node == r.nodes[a.from] && e.Peer == r.nodes[a.to] {
			a.fate = lostBySender
		}
	}
}

// tidy forgets what ended before the window, when that is most of what is kept.
func (r *Recorder) tidy() {
	if r.dead < 1024 || 2*r.dead < len(r.arrows) {
		return
	}
	kept := r.arrows[:0]
	for _, a := range r.arrows {
		if a.fate != gone {
			r.flying[a.key] = len(kept)
			kept = append(kept, a)
		}
	}
	r.arrows, r.dead = kept, 0
}
