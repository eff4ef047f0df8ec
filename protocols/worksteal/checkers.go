package worksteal

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

var checkers = []protocols.CheckerSpec{
	{Name: "one-thief", Doc: "a victim hands a task to one node at a time, and no other takes it from there",
		New: func(protocols.ProbeConfig) protocols.Checker { return &oneThief{map[holding]*handed{}} }},
}

// holding is a task on a node that was its victim.
type holding struct {
	victim protocols.NodeID
	task   uint64
}

// handed is to whom it was handed over, in turn.
type handed struct {
	to   []protocols.NodeID
	over bool // the task is not on its way to the last of them any more
}

// oneThief remembers who was handed what. Word from a hand-over that the victim
// gave up may come late, so all who were ever handed the task may take it; but it
// is not handed to another before it came back, or entered anew.
type oneThief struct{ tasks map[holding]*handed }

// Wants lists the kinds that are needed.
func (c *oneThief) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Took, task.Gave, task.Reclaimed, task.Returned, task.Recovered, task.Spawned, task.Submitted, Yielded, Pushed}
}

// Observe follows hand-overs.
func (c *oneThief) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return "" // what a node had in hand when it crashed comes back by other means
	}
	switch at := (holding{o.Node, o.Key}); o.Kind {
	case Yielded, Pushed:
		return c.hand(at, protocols.NodeID(o.Value))
	case task.Took:
		c.end(at)
		from := c.tasks[holding{protocols.NodeID(o.Value), o.Key}]
		if from == nil || !from.has(o.Node) {
			return fmt.Sprintf("node %d took task %x from node %d, which had not handed it over to it", o.Node, o.Key, o.Value)
		}
	case task.Gave:
	default:
		c.end(at)
	}
	return ""
}

// hand notes a hand-over.
func (c *oneThief) hand(at holding, to protocols.NodeID) string {
	h := c.tasks[at]
	if h == nil {
		h = &handed{over: true}
		c.tasks[at] = h
	}
	if !h.over {
		return fmt.Sprintf("node %d hands task %x over to node %d, and has handed it to node %d", at.victim, at.task, to, h.to[len(h.to)-1])
	}
	h.over = false
	if !h.has(to) {
		h.to = append(h.to, to)
	}
	return ""
}

// end notes that the task is in a node's own hand.
func (c *oneThief) end(at holding) {
	if h := c.tasks[at]; h != nil {
		h.over = true
	}
}

func (h *handed) has(id protocols.NodeID) bool {
	for _, to := range h.to {
		if to == id {
			return true
		}
	}
	return false
}
