// Package lifeline follows a trace and tells what held of a node for a while:
// that it was down, paused, Byzantine, or on a side of a partition.
package lifeline

import (
	"cmp"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/sim"
)

// Condition is what can hold of a node for a while.
type Condition uint8

// The conditions.
const (
	Down      Condition = iota // it crashed and has not restarted
	Paused                     // it is frozen: calls wait
	Byzantine                  // it misbehaves as a scenario demands
	Parted                     // a partition puts it on a side
)

// String is the condition in a word.
func (c Condition) String() string {
	return [...]string{"down", "paused", "Byzantine", "partition"}[c]
}

// A Span is a time in which something held of a node.
type Span struct {
	Node     protocols.NodeID
	What     Condition
	From, To protocols.Time // To is the end of what was followed if it still holds then

	Behaviour string // of a Byzantine node
	Fault     string // that parts it
	Partition uint64 // tells partitions apart
	Side      uint64 // of it, from 1 on
	CutOff    bool   // the side is not the largest, of the nodes that are on sides
}

// A Follower is a [sim.Tracer] that makes spans of a trace. All of the trace must
// come to it, from the start of the run. Memory: the spans, and a word a node.
type Follower struct {
	only  map[protocols.NodeID]bool   // looked up only; nil: all
	open  map[protocols.NodeID][]Span // looked up only
	order []protocols.NodeID          // of open, by first span
	done  []Span
	sides map[side]int // nodes on each, the largest ever
	on    map[side]int // nodes on each now
}

type side struct{ partition, side uint64 }

// Follow returns a Follower of some nodes; nil: of all.
func Follow(nodes []protocols.NodeID) *Follower {
	f := &Follower{open: map[protocols.NodeID][]Span{}, sides: map[side]int{}, on: map[side]int{}}
	if nodes != nil {
		f.only = map[protocols.NodeID]bool{}
		for _, id := range nodes {
			f.only[id] = true
		}
	}
	return f
}

// Trace takes events.
func (f *Follower) Trace(events []sim.TraceEvent) {
	for i := range events {
		f.Follow(&events[i])
	}
}

// Follow takes one event.
func (f *Follower) Follow(e *sim.TraceEvent) {
	s := Span{Node: e.Node, From: e.At}
	switch e.What {
	case sim.TraceCrash, sim.TraceStart:
		s.What = Down
		f.set(s, e, e.What == sim.TraceCrash)
	case sim.TracePause, sim.TraceResume:
		s.What = Paused
		f.set(s, e, e.What == sim.TracePause)
	case sim.TraceByzantine:
		behaviour, begins := strings.CutSuffix(e.Name, ": begin")
		s.What, s.Behaviour = Byzantine, strings.TrimSuffix(behaviour, ": end")
		f.set(s, e, begins)
	case sim.TracePartition, sim.TraceHeal:
		s.What, s.Fault, s.Partition, s.Side = Parted, e.Name, e.Item, e.Value
		f.count(side{e.Item, e.Value}, e.What == sim.TracePartition)
		f.set(s, e, e.What == sim.TracePartition)
	}
}

// count keeps how many nodes are on a side.
func (f *Follower) count(s side, begins bool) {
	if !begins {
		f.on[s]--
		return
	}
	f.on[s]++
	f.sides[s] = max(f.sides[s], f.on[s])
}

// set begins or ends a span.
func (f *Follower) set(s Span, e *sim.TraceEvent, begins bool) {
	if f.only != nil && !f.only[s.Node] {
		return
	}
	list, known := f.open[s.Node]
	i := slices.IndexFunc(list, func(o Span) bool {
		return o.What == s.What && o.Behaviour == s.Behaviour && o.Partition == s.Partition && o.Side == s.Side
	})
	switch {
	case begins:
		if !known {
			f.order = append(f.order, s.Node)
		}
		f.open[s.Node] = append(list, s)
	case i >= 0:
		list[i].To = e.At
		f.done = append(f.done, list[i])
		f.open[s.Node] = slices.Delete(list, i, i+1)
	}
}

// Spans returns what held until end, by node and beginning. What still holds
// ends there.
func (f *Follower) Spans(end protocols.Time) []Span {
	all := slices.Clone(f.done)
	for _, id := range f.order {
		for _, s := range f.open[id] {
			s.To = max(end, s.From)
			all = append(all, s)
		}
	}
	largest := map[uint64]uint64{} // side by partition
	for i := range all {
		if s := &all[i]; s.What == Parted {
			if _, ok := largest[s.Partition]; !ok {
				largest[s.Partition] = f.largest(s.Partition)
			}
			s.CutOff = s.Side != largest[s.Partition]
		}
	}
	slices.SortStableFunc(all, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.From, b.From), cmp.Compare(a.What, b.What),
			cmp.Compare(a.Partition, b.Partition), strings.Compare(a.Behaviour, b.Behaviour))
	})
	return all
}

// maxSide is more than the kernel allows.
const maxSide = 256

// largest is the side of a partition that has most nodes, the first of several.
func (f *Follower) largest(partition uint64) uint64 {
	best := side{partition, 0}
	for s := uint64(1); s < maxSide; s++ {
		if f.sides[side{partition, s}] > f.sides[best] {
			best.side = s
		}
	}
	return best.side
}

// During reports whether the span has a part in from … to.
func (s *Span) During(from, to protocols.Time) bool { return s.From < to && s.To > from }

// At reports whether the span holds at an instant.
func (s *Span) At(t protocols.Time) bool { return s.From <= t && t < s.To }
