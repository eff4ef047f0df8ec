package decision

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// checkers lists the properties of decisions with this configuration.
func checkers(c Config) []protocols.CheckerSpec {
	voters := func(pc protocols.ProbeConfig) int {
		if c.Voters != nil {
			return len(c.Voters)
		}
		return len(pc.Members)
	}
	return []protocols.CheckerSpec{
		{Name: "agreement", Doc: "no two members take different verdicts",
			New: func(protocols.ProbeConfig) protocols.Checker { return &agreement{map[uint64]protocols.Observed{}} }},
		{Name: "validity", Doc: "only what a voter has proposed is decided",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &validity{map[uint64]bool{}, map[protocols.NodeID]bool{}}
			}},
		{Name: "certified", Doc: "a decision has its quorum: so many voters have voted for it, liars counted as if they had",
			New: func(pc protocols.ProbeConfig) protocols.Checker {
				return &certified{need: c.Needed(voters(pc)),
					votes: map[uint64][]uint64{}, liars: map[protocols.NodeID]bool{}}
			}},
		{Name: "once", Doc: "a voter votes one way on a proposal in all its lives, and a member takes the verdict once in each",
			New: func(protocols.ProbeConfig) protocols.Checker {
				return &once{map[vote]Outcome{}, map[protocols.NodeID]bool{}, map[protocols.NodeID]map[uint64]bool{}}
			}},
	}
}

// agreement remembers who took a verdict first.
type agreement struct{ first map[uint64]protocols.Observed }

// Wants lists the kinds that are needed.
func (c *agreement) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Decided}
}

// Observe compares a decision with the first one on the same proposal.
func (c *agreement) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	first, ok := c.first[o.Key]
	if !ok {
		c.first[o.Key] = o
		return ""
	}
	a, at := Unpack(first.Value)
	b, place := Unpack(o.Value)
	if a == b {
		return "" // who has missed the first of two equal verdicts takes the second
	}
	return fmt.Sprintf("proposal %v is %v at place %d to node %d, %v at place %d to node %d", ID(o.Key), a, at, first.Node, b, place, o.Node)
}

// validity remembers what was proposed, and who lies.
type validity struct {
	proposed map[uint64]bool
	liars    map[protocols.NodeID]bool
}

// Wants lists the kinds that are needed.
func (c *validity) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Proposed, Decided}
}

// Observe looks up what is decided. What a liar proposed nobody observed.
func (c *validity) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == protocols.NodeProtocol:
		c.liars[o.Node] = c.liars[o.Node] || o.Kind == protocols.NodeCorrupted
	case o.Kind == Proposed:
		c.proposed[o.Key] = true
	case !c.proposed[o.Key] && !c.liars[ID(o.Key).Proposer()]:
		return fmt.Sprintf("node %d decides proposal %v, which nobody made", o.Node, ID(o.Key))
	}
	return ""
}

// certified remembers who voted how.
type certified struct {
	need  int
	votes map[uint64][]uint64 // by proposal: outcome and voter, each once
	liars map[protocols.NodeID]bool
}

// Wants lists the kinds that are needed.
func (c *certified) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Voted, Decided}
}

// Observe counts the votes for what is decided.
func (c *certified) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == protocols.NodeProtocol:
		if o.Kind == protocols.NodeCorrupted {
			c.liars[o.Node] = true
		}
	case o.Kind == Voted:
		if v := Pack(Outcome(o.Value), uint64(o.Node)); !slices.Contains(c.votes[o.Key], v) {
			c.votes[o.Key] = append(c.votes[o.Key], v)
		}
	default:
		outcome, _ := Unpack(o.Value)
		if n := c.count(o.Key, outcome); n < c.need {
			return fmt.Sprintf("proposal %v is %v to node %d with at most %d votes of %d", ID(o.Key), outcome, o.Node, n, c.need)
		}
	}
	return ""
}

// count is how many votes for an outcome there can be.
func (c *certified) count(id uint64, outcome Outcome) int {
	count := len(c.liars)
	for _, v := range c.votes[id] {
		if how, voter := Unpack(v); how == outcome && !c.liars[protocols.NodeID(voter)] {
			count++
		}
	}
	return count
}

// once remembers what was done once.
type once struct {
	votes map[vote]Outcome
	liars map[protocols.NodeID]bool
	took  map[protocols.NodeID]map[uint64]bool // verdicts, in this life
}

type vote struct{ id, voter uint64 }

// Wants lists the kinds that are needed.
func (c *once) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Counted, Decided}
}

// Observe looks up what is done. A vote counts when it came to another: then it
// is on the voter's disk.
func (c *once) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == protocols.NodeProtocol:
		switch o.Kind {
		case protocols.NodeDown:
			delete(c.took, o.Node)
		case protocols.NodeCorrupted:
			c.liars[o.Node] = true
		}
	case o.Kind == Decided:
		if c.took[o.Node][o.Key] {
			return fmt.Sprintf("node %d decides proposal %v again", o.Node, ID(o.Key))
		}
		if c.took[o.Node] == nil {
			c.took[o.Node] = map[uint64]bool{}
		}
		c.took[o.Node][o.Key] = true
	default:
		how, voter := Unpack(o.Value)
		v := vote{o.Key, voter}
		if before := c.votes[v]; before != Open && before != how && !c.liars[protocols.NodeID(voter)] {
			return fmt.Sprintf("node %d wants proposal %v %v and %v", voter, ID(o.Key), before, how)
		}
		c.votes[v] = how
	}
	return ""
}
