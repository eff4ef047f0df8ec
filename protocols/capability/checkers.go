package capability

import (
	"fmt"
	"math/bits"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

func checkersOf(s *Config) []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "threshold", Doc: "no node is handed a task that it matches below the threshold, as far as that was lowered for the task, and it is never lowered below the floor",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &threshold{config: s, relaxed: map[uint64]draw.Probability{}}
			}},
		{Name: "handed-on", Doc: "a task that comes back from another node is handed on, kept, rejected or waits, at once",
			New: func(protocols.ProbeConfig) protocols.Checker { return &handedOn{} }},
		{Name: "fresh", Doc: "no task goes to a node that has said nothing of itself for twice the time in which announcements expire; not judged once somebody lies",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &fresh{expire: s.Expire, said: map[protocols.NodeID]protocols.Time{}}
			}},
	}
}

// threshold knows how far thresholds were lowered.
type threshold struct {
	config  *Config
	relaxed map[uint64]draw.Probability
	looked  uint64
}

// Wants lists the kinds that are needed.
func (c *threshold) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Offered, Relaxed}
}

// Observe compares the match with the threshold: as the node says that is handed
// the task, not as the router believed.
func (c *threshold) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	limit, lowered := c.relaxed[o.Key]
	if !lowered {
		limit = c.config.Threshold
	}
	value := draw.Probability(o.Value)
	if o.Kind == Relaxed {
		c.relaxed[o.Key] = min(limit, value)
		if value < c.config.Least() {
			return fmt.Sprintf("node %d lowers the threshold of task %x to %s, below %s", o.Node, o.Key, percent(value), percent(c.config.Least()))
		}
		return ""
	}
	c.looked++
	if value < limit {
		return fmt.Sprintf("node %d is handed task %x, which it matches to %s, and the threshold is %s", o.Node, o.Key, percent(value), percent(limit))
	}
	return ""
}

// Tally is how many hand-overs were looked at.
func (c *threshold) Tally() uint64 { return c.looked }

// percent writes a probability with one digit behind the point.
func percent(p draw.Probability) string {
	permille, rest := bits.Mul64(uint64(p), 1000)
	permille += rest >> 63
	return fmt.Sprintf("%d.%d%%", permille/10, permille%10)
}

// holding is a task on a node.
type holding struct {
	node protocols.NodeID
	task uint64
}

// handedOn remembers what came back, until its place is known.
type handedOn struct {
	at   protocols.Time
	back []holding // at that instant, and nothing is known of it since
}

// Wants lists the kinds that are needed.
func (c *handedOn) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Returned, task.Rejected, Routed, Waits}
}

// Observe follows what came back.
func (c *handedOn) Observe(o protocols.Observed) string {
	text := ""
	if o.At > c.at {
		text = c.judge()
		c.at = o.At
	}
	if o.Protocol == protocols.NodeProtocol {
		return text
	}
	at := holding{o.Node, o.Key}
	if o.Kind == task.Returned {
		c.back = append(c.back, at)
	} else {
		c.back = slices.DeleteFunc(c.back, func(h holding) bool { return h == at })
	}
	return text
}

// judge reports what came back and was not placed.
func (c *handedOn) judge() (text string) {
	if len(c.back) > 0 {
		text = fmt.Sprintf("task %x came back to node %d, which did nothing about it", c.back[0].task, c.back[0].node)
	}
	c.back = c.back[:0]
	return text
}

// Finish judges what came back last.
func (c *handedOn) Finish(protocols.Time) (violation, undecided string) { return c.judge(), "" }

// fresh knows when each node last said something of itself.
type fresh struct {
	expire time.Duration
	said   map[protocols.NodeID]protocols.Time
	lied   bool
	looked uint64
}

// Wants lists the kinds that are needed.
func (c *fresh) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Announced, Routed}
}

// Observe compares a choice with what its node said.
func (c *fresh) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == protocols.NodeProtocol:
		c.lied = c.lied || o.Kind == protocols.NodeCorrupted
		return ""
	case o.Kind == Announced:
		c.said[o.Node] = o.At
		return ""
	case c.lied || protocols.NodeID(o.Value) == o.Node:
		return ""
	}
	c.looked++
	at, known := c.said[protocols.NodeID(o.Value)]
	if silent := time.Duration(o.At - at); !known || silent > 2*c.expire {
		return fmt.Sprintf("node %d sends task %x to node %d, which has said nothing of itself for %v", o.Node, o.Key, o.Value, silent)
	}
	return ""
}

// Tally is how many choices of another node were looked at.
func (c *fresh) Tally() uint64 { return c.looked }
