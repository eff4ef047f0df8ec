package export

import (
	"meshsim/protocols"
	"meshsim/sim"
)

// A Window passes on the events of some time and some nodes. It is a [sim.Tracer].
type Window struct {
	Passed int // events that were passed on

	from, to protocols.Time
	only     map[protocols.NodeID]bool // looked up only; nil: all
	next     sim.Tracer
	kept     []sim.TraceEvent
}

// NewWindow returns a Window on from <= t < to of nodes, or of all if that is nil.
func NewWindow(from, to protocols.Time, nodes []protocols.NodeID, next sim.Tracer) *Window {
	return &Window{from: from, to: to, only: setOf(nodes), next: next}
}

// setOf is nil for nil.
func setOf(nodes []protocols.NodeID) map[protocols.NodeID]bool {
	if nodes == nil {
		return nil
	}
	set := make(map[protocols.NodeID]bool, len(nodes))
	for _, id := range nodes {
		set[id] = true
	}
	return set
}

// Trace takes events.
func (w *Window) Trace(events []sim.TraceEvent) {
	w.kept = w.kept[:0]
	for i := range events {
		if e := &events[i]; e.At >= w.from && e.At < w.to && (w.only == nil || w.only[e.Node]) {
			w.kept = append(w.kept, *e)
		}
	}
	w.Passed += len(w.kept)
	if len(w.kept) > 0 {
		w.next.Trace(w.kept)
	}
}
