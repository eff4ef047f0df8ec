package auction

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

var checkers = []protocols.CheckerSpec{
	{Name: "one-award", Doc: "an auctioneer awards a task to one node at a time, and nobody else takes it from there",
		New: func(protocols.ProbeConfig) protocols.Checker { return &oneAward{map[sale]*winners{}} }},
}

// sale is a task at its auctioneer.
type sale struct {
	auctioneer protocols.NodeID
	task       uint64
}

// winners are to whom a task was awarded, in turn.
type winners struct {
	list []protocols.NodeID
	open bool // it is the last one's
}

// oneAward remembers all awards. Word of one that was given up may come late, so
// all to whom a task was ever awarded may take it; but it is not awarded again
// before it came back, or entered anew.
type oneAward struct{ sales map[sale]*winners }

// Wants lists the kinds that are needed.
func (c *oneAward) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Submitted, task.Spawned, task.Recovered, task.Reclaimed, task.Returned, task.Took, Awarded}
}

// Observe follows awards.
func (c *oneAward) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	at := sale{o.Node, o.Key}
	if o.Kind == Awarded {
		return c.awarded(at, protocols.NodeID(o.Value))
	}
	if s := c.sales[at]; s != nil {
		s.open = false
	}
	if o.Kind == task.Took {
		from := c.sales[sale{protocols.NodeID(o.Value), o.Key}]
		if from == nil || !slices.Contains(from.list, o.Node) {
			return fmt.Sprintf("node %d took task %x from node %d, which had not awarded it to it", o.Node, o.Key, o.Value)
		}
	}
	return ""
}

// awarded notes an award.
func (c *oneAward) awarded(at sale, to protocols.NodeID) string {
	s := c.sales[at]
	if s == nil {
		s = &winners{}
		c.sales[at] = s
	}
	if s.open {
		return fmt.Sprintf("node %d awards task %x to node %d, and has awarded it to node %d", at.auctioneer, at.task, to, s.list[len(s.list)-1])
	}
	s.open = true
	if !slices.Contains(s.list, to) {
		s.list = append(s.list, to)
	}
	return ""
}
