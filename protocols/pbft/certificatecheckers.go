package pbft

import (
	"fmt"

	"meshsim/protocols"
)

// ballot is what replicas vote for: at a number, in a phase, a vote.
type ballot struct {
	phase    protocols.ObservationKind
	sequence uint64
	vote     uint64
}

// certificates counts who took each step. A message takes time, so whoever is
// counted in a certificate was seen to take its step before.
type certificates struct {
	*judge
	voters map[ballot][]protocols.NodeID
}

// Wants lists the kinds that are needed.
func (c *certificates) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Accepted, Prepared, Committed, ViewChanged, Entered}
}

// Observe holds each step against the step before it.
func (c *certificates) Observe(o protocols.Observed) string {
	if !c.honest(o) {
		return ""
	}
	b := ballot{o.Kind, o.Key, o.Value}
	c.voters[b] = add(c.voters[b], o.Node)
	switch o.Kind {
	case Prepared:
		return c.short(o, ballot{Accepted, o.Key, o.Value}, "prepared", "accepted")
	case Committed:
		return c.short(o, ballot{Prepared, o.Key, o.Value}, "committed", "prepared")
	case Entered:
		if n := len(c.voters[ballot{ViewChanged, o.Key, 0}]); n+c.lying < c.quorum {
			return fmt.Sprintf("node %d entered view %d, which %d replicas wanted, and %d may have lied: less than %d", o.Node, o.Key, n, c.lying, c.quorum)
		}
	}
	return ""
}

// short tells of a step that too few have taken.
func (c *certificates) short(o protocols.Observed, before ballot, step, stepBefore string) string {
	n := len(c.voters[before])
	if n+c.lying >= c.quorum {
		return ""
	}
	return fmt.Sprintf("number %d %s at node %d, but %s at %d replicas, and %d may have lied: less than %d",
		o.Key, step, o.Node, stepBefore, n, c.lying, c.quorum)
}

// checkpoints counts who made each checkpoint.
type checkpoints struct {
	*judge
	makers map[[2]uint64][]protocols.NodeID // by number and state
	states map[uint64]uint64                // by number, of stable checkpoints
}

// Wants lists the kinds that are needed.
func (c *checkpoints) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Checkpointed, Stabilized, Raised, Transferred}
}

// Observe counts the makers of what becomes stable.
func (c *checkpoints) Observe(o protocols.Observed) string {
	if !c.honest(o) {
		return ""
	}
	what := [2]uint64{o.Key, o.Value}
	if o.Kind == Checkpointed {
		c.makers[what] = add(c.makers[what], o.Node)
		return ""
	}
	need := c.quorum
	if o.Kind == Transferred || c.Authentication == MACs && o.Kind == Raised {
		need = c.weak // one of them is right; and a new view may begin at a checkpoint that f+1 claim
	}
	if n := len(c.makers[what]); n+c.lying < need {
		return fmt.Sprintf("checkpoint %d is stable at node %d, but %d replicas have made it, and %d may have lied: less than %d",
			o.Key, o.Node, n, c.lying, need)
	}
	if other, known := c.states[o.Key]; known && other != o.Value {
		return fmt.Sprintf("checkpoint %d has state %016x at node %d, and %016x at another", o.Key, o.Value, o.Node, other)
	}
	c.states[o.Key] = o.Value
	if o.Kind == Transferred {
		c.makers[what] = add(c.makers[what], o.Node) // it has the state now, and vouches for it
	}
	return ""
}

// watermarks remembers each replica's low watermark.
type watermarks struct {
	*judge
	low map[protocols.NodeID]uint64
}

// Wants lists the kinds that are needed.
func (c *watermarks) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Accepted, Raised, Recovered}
}

// Observe holds what is accepted against the watermarks.
func (c *watermarks) Observe(o protocols.Observed) string {
	if !c.honest(o) {
		return ""
	}
	if o.Kind != Accepted {
		c.low[o.Node] = o.Key
		return ""
	}
	if low := c.low[o.Node]; o.Key <= low || o.Key > low+uint64(c.Window) {
		return fmt.Sprintf("node %d accepted number %d with watermarks %d and %d", o.Node, o.Key, low, low+uint64(c.Window))
	}
	return ""
}
