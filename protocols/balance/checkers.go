package balance

import (
	"fmt"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

func checkersOf(coolDown time.Duration) []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "cool_down", Doc: "no task migrates from where it came to within the cool-down, less 1% for clocks that drift",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &rested{least: protocols.Time(coolDown - coolDown/100), took: map[holding]protocols.Time{}}
			}},
		{Name: "kept", Doc: "a task that could not migrate is kept, and not dropped",
			New: func(protocols.ProbeConfig) protocols.Checker { return &kept{} }},
	}
}

// holding is a task on a node.
type holding struct {
	node protocols.NodeID
	task uint64
}

// rested knows when tasks came to nodes.
type rested struct {
	least protocols.Time
	took  map[holding]protocols.Time
}

// Wants lists the kinds that are needed.
func (c *rested) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Took, task.Started, Migrating}
}

// Observe looks for a task that goes on too soon.
func (c *rested) Observe(o protocols.Observed) string {
	at := holding{o.Node, o.Key}
	switch {
	case o.Protocol == protocols.NodeProtocol:
	case o.Kind == task.Took:
		c.took[at] = o.At
	default:
		took, known := c.took[at]
		delete(c.took, at)
		if stayed := o.At - took; o.Kind == Migrating && known && stayed < c.least {
			return fmt.Sprintf("node %d migrates task %x %v after it came", o.Node, o.Key, time.Duration(stayed))
		}
	}
	return ""
}

// kept knows the tasks that came back and were not placed since; they must be in
// the same call.
type kept struct {
	at   protocols.Time
	open []holding
}

// Wants lists the kinds that are needed.
func (c *kept) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Returned, Kept}
}

// Observe looks for a task that came back earlier and is forgotten.
func (c *kept) Observe(o protocols.Observed) string {
	if text, _ := c.Finish(o.At - 1); text != "" {
		return text
	}
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	at := holding{o.Node, o.Key}
	if o.Kind == task.Returned {
		c.at, c.open = o.At, append(c.open, at)
	} else if i := slices.Index(c.open, at); i >= 0 {
		c.open = slices.Delete(c.open, i, i+1)
	}
	return ""
}

// Finish looks for the same at the end.
func (c *kept) Finish(at protocols.Time) (violation, undecided string) {
	if len(c.open) > 0 && c.at <= at {
		return fmt.Sprintf("node %d dropped task %x, which could not migrate", c.open[0].node, c.open[0].task), ""
	}
	return "", ""
}
