package task

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// checkersOf are the properties of all strategies.
func checkersOf() []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "conservation", Doc: "each task is done, rejected, or in the hands of the node that says so, or was lost in a crash; at the end of the run nodes are held to their word",
			New: func(protocols.ProbeConfig) protocols.Checker { return &conservation{places: newPlaces()} }},
		{Name: "at-least-once", Doc: "no task is lost, not even in a crash",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &conservation{places: newPlaces(), crashes: true}
			}},
		{Name: "exactly-once", Doc: "no task is lost, and none runs to its end twice",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &conservation{places: newPlaces(), crashes: true, once: true}
			}},
		{Name: "validity", Doc: "no task runs that was never submitted, none is called done that has not run, and no node reports what is not over",
			New: func(protocols.ProbeConfig) protocols.Checker { return &validity{lied: map[uint64]bool{}} }},
		{Name: "capability", Doc: "no node runs a task for which it offers too little of what the task needs",
			New: func(protocols.ProbeConfig) protocols.Checker { return &capability{} }},
		{Name: "order", Doc: "no task begins before all is done that it depends on, and none is done before its parts",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &order{after: map[uint64][]uint64{}, parts: map[uint64]int{}, parent: map[uint64]uint64{}}
			}},
	}
}

// conservation follows each task.
type conservation struct {
	*places
	crashes bool // what a crash takes is held against the property, too
	once    bool
	said    map[protocols.NodeID][]uint64 // at the end of the run: what nodes have, by what they observed
	forgot  string                        // the first that is wrong with it
	lied    []protocols.NodeID            // nodes that lie, whose own word is not shown
}

// Wants lists the kinds that are needed.
func (c *conservation) Wants() []protocols.ObservationKind {
	return append(slices.Clone(placed), Reported)
}

// Observe follows the task, and finds one that runs twice.
func (c *conservation) Observe(o protocols.Observed) string {
	if c.once && o.Protocol != protocols.NodeProtocol && o.Kind == Ran && c.ran.has(o.Key) {
		return fmt.Sprintf("node %d ran task %x to its end, which had been done before", o.Node, o.Key)
	}
	switch {
	case o.Protocol == protocols.NodeProtocol && o.Kind == protocols.NodeCorrupted:
		c.lied = with(c.lied, o.Node)
	case o.Protocol != protocols.NodeProtocol && (o.Kind == Reported || o.Kind == Gave) && slices.Contains(c.lied, protocols.NodeID(o.Value)):
		delete(c.open, o.Key) // who gave it away or believed the report has done what it could
	}
	c.places.observe(o)
	return ""
}

// accountant is a node that can say what it has.
type accountant interface {
	account() (ids []uint64, whole bool)
}

// Audit compares what a node has with what it said.
func (c *conservation) Audit(id protocols.NodeID, n protocols.Node) {
	a, ok := n.(accountant)
	if !ok || c.forgot != "" {
		return
	}
	has, whole := a.account()
	if !whole {
		return
	}
	if c.said == nil {
		c.said = c.places.said()
	}
	slices.Sort(has)
	for _, t := range c.said[id] {
		if _, found := slices.BinarySearch(has, t); !found {
			c.forgot = fmt.Sprintf("node %d has forgotten task %x, which is not over, and which it took and never gave away", id, t)
			return
		}
	}
}

// Finish looks for tasks that nobody has.
func (c *conservation) Finish(protocols.Time) (violation, undecided string) {
	if c.forgot != "" {
		return c.forgot, ""
	}
	for _, id := range c.gone() {
		if x := c.open[id]; c.crashes || !x.crashed {
			how := "though nobody crashed who had it"
			if x.crashed {
				how = "since who had it crashed"
			}
			return fmt.Sprintf("task %x is not over, and nobody has it or answers for it, %s", id, how), ""
		}
	}
	return "", ""
}

// validity knows what entered, and what became of it.
type validity struct {
	entered, ran, over idSet
	wholes             idSet           // jobs, and tasks with parts
	lied               map[uint64]bool // nodes that lie, whose own word is not shown
}

// Wants lists the kinds that are needed.
func (c *validity) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Submitted, Spawned, Rejected, Started, Ran, Done, Reported}
}

// Observe looks up what begins to run, and what is said to be over.
func (c *validity) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeCorrupted {
			c.lied[uint64(o.Node)] = true
		}
		return ""
	}
	switch o.Kind {
	case Submitted:
		c.entered.add(o.Key)
	case Spawned:
		c.entered.add(o.Key)
		c.wholes.add(o.Value)
	case Ran:
		c.ran.add(o.Key)
	case Rejected:
		c.over.add(o.Key)
	}
	return c.judge(o)
}

// judge finds what comes from nothing.
func (c *validity) judge(o protocols.Observed) string {
	switch o.Kind {
	case Started:
		if !c.entered.has(o.Key) {
			return fmt.Sprintf("node %d runs task %x, which nobody submitted", o.Node, o.Key)
		}
	case Done:
		c.over.add(o.Key)
		if !c.ran.has(o.Key) && !c.wholes.has(o.Key) {
			return fmt.Sprintf("node %d calls task %x done, which has run nowhere", o.Node, o.Key)
		}
	case Reported:
		if !c.over.has(o.Key) && !c.lied[o.Value] {
			return fmt.Sprintf("node %d has reported task %x to node %d, which is neither done nor rejected", o.Value, o.Key, o.Node)
		}
	}
	return ""
}

// capability hears of tasks that run where they should not: a node observes how
// well it meets what a task needs.
type capability struct{ looked uint64 }

// Wants lists the kinds that are needed.
func (c *capability) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Matched}
}

// Observe takes a task with needs that begins to run.
func (c *capability) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	c.looked++
	if o.Value == 0 {
		return fmt.Sprintf("node %d runs task %x, and offers too little of what it needs", o.Node, o.Key)
	}
	return ""
}

// Tally is how many tasks with needs ran.
func (c *capability) Tally() uint64 { return c.looked }

// order knows what each task waits for.
type order struct {
	after  map[uint64][]uint64 // by task
	parent map[uint64]uint64   // by part
	parts  map[uint64]int      // by task: parts that are not done
	done   idSet
}

// Wants lists the kinds that are needed.
func (c *order) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Spawned, Depends, Started, Done}
}

// Observe looks for what comes too early.
func (c *order) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	switch o.Kind {
	case Spawned:
		if _, known := c.parent[o.Key]; !known {
			c.parent[o.Key] = o.Value
			c.parts[o.Value]++
		}
	case Depends:
		if !slices.Contains(c.after[o.Key], o.Value) {
			c.after[o.Key] = append(c.after[o.Key], o.Value)
		}
	case Started:
		for _, id := range c.after[o.Key] {
			if !c.done.has(id) {
				return fmt.Sprintf("node %d begins task %x before %x is done, on which it depends", o.Node, o.Key, id)
			}
		}
	case Done:
		if n := c.parts[o.Key]; n > 0 && !c.done.has(o.Key) {
			return fmt.Sprintf("node %d calls task %x done, and %d of its parts are not", o.Node, o.Key, n)
		}
		if whole, part := c.parent[o.Key]; part && !c.done.has(o.Key) {
			c.parts[whole]--
		}
		c.done.add(o.Key)
	}
	return ""
}
