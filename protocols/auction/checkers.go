package auction

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

var checkers = []protocols.CheckerSpec{
	{Name: "one-award", Doc: "an auctioneer awards a task to one node at a time, and nobody else takes it from there",
		New: func(protocols.ProbeConfig) protocols.Checker { return &oneAward{sales: map[sale]*winners{}} }},
	{Name: "next-best", Doc: "what a winner refuses or does not answer for goes to the next of the ranking at once, is announced again, or stays: it is not forgotten",
		New: func(protocols.ProbeConfig) protocols.Checker { return &nextBest{} }},
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
type oneAward struct {
	sales map[sale]*winners
	liars []protocols.NodeID // whose awards are not shown, ascending
}

// Wants lists the kinds that are needed.
func (c *oneAward) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Submitted, task.Spawned, task.Recovered, task.Reclaimed, task.Returned, task.Took, Awarded}
}

// Observe follows awards.
func (c *oneAward) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		if at, known := slices.BinarySearch(c.liars, o.Node); !known && o.Kind == protocols.NodeCorrupted {
			c.liars = slices.Insert(c.liars, at, o.Node)
		}
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
		return c.took(o.Node, sale{protocols.NodeID(o.Value), o.Key})
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

// took holds against the awards that a node takes a task.
func (c *oneAward) took(node protocols.NodeID, from sale) string {
	if s := c.sales[from]; s != nil && slices.Contains(s.list, node) {
		return ""
	}
	if _, lies := slices.BinarySearch(c.liars, from.auctioneer); lies {
		return ""
	}
	return fmt.Sprintf("node %d took task %x from node %d, which had not awarded it to it", node, from.task, from.auctioneer)
}

// nextBest remembers what came back, until its auctioneer goes on with it.
type nextBest struct{ back []returned }

// returned is a task that came back from a node.
type returned struct {
	sale
	from protocols.NodeID
}

// Wants lists the kinds that are needed.
func (c *nextBest) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Returned, Awarded, Vain}
}

// Observe follows what comes back.
func (c *nextBest) Observe(o protocols.Observed) string {
	at := sale{o.Node, o.Key}
	switch {
	case o.Protocol == protocols.NodeProtocol:
		if o.Kind == protocols.NodeDown || o.Kind == protocols.NodeCorrupted {
			c.back = slices.DeleteFunc(c.back, func(r returned) bool { return r.auctioneer == o.Node })
		}
	case o.Kind == task.Returned:
		c.back = append(c.back, returned{at, protocols.NodeID(o.Value)})
	default:
		c.back = slices.DeleteFunc(c.back, func(r returned) bool { return r.sale == at })
	}
	return ""
}

// Finish looks for what nobody went on with.
func (c *nextBest) Finish(protocols.Time) (violation, undecided string) {
	if len(c.back) == 0 {
		return "", ""
	}
	r := c.back[0]
	return fmt.Sprintf("node %d has forgotten task %x since it came back from node %d", r.auctioneer, r.task, r.from), ""
}
