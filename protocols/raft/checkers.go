package raft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/client"
)

// checkers are the properties of Figure 3, "Raft guarantees that each of these
// properties is true at all times", and what clients see. They watch at every
// observation. Their memory is bounded by what is not committed; what two logs
// have in common is compared for the latest 100 000 entries one by one, and for
// older ones at each 256th, since a hash stands for all entries before.
var checkers = specs()

func specs() []protocols.CheckerSpec {
	list := []protocols.CheckerSpec{
		{Name: "election-safety", Doc: "at most one leader is elected in a given term",
			New: func(protocols.ProbeConfig) protocols.Checker { return &electionSafety{} }},
		{Name: "leader-append-only", Doc: "a leader never overwrites or deletes entries in its log; it only appends new entries",
			New: func(c protocols.ProbeConfig) protocols.Checker {
				return &appendOnly{leads: make([]bool, c.Nodes), last: make([]uint64, c.Nodes)}
			}},
		{Name: "log-matching", Doc: "if two logs contain an entry with the same index and term, then the logs are identical in all entries up through the given index",
			New: func(protocols.ProbeConfig) protocols.Checker { return &logMatching{} }},
		{Name: "leader-completeness", Doc: "if an entry is committed in a given term, then it is in the logs of the leaders of all later terms",
			New: func(c protocols.ProbeConfig) protocols.Checker { return newCompleteness(c.Nodes) }},
		{Name: "state-machine-safety", Doc: "if a replica has applied an entry at a given index, no other one ever applies a different entry for that index",
			New: func(c protocols.ProbeConfig) protocols.Checker {
				return &stateMachineSafety{applied: make([]uint64, c.Nodes)}
			}},
	}
	list = append(list, protocols.CheckerSpec{Name: "read-only", Doc: "a leader on whose node another protocol forbids to write takes no entry but the first of its term",
		New: func(c protocols.ProbeConfig) protocols.Checker {
			return &readOnly{forbidden: make([]bool, c.Nodes), leads: make([]bool, c.Nodes), first: make([]bool, c.Nodes)}
		}})
	list = append(list, client.Checkers(base)...)
	for i := range list {
		list[i] = inClusters(list[i])
	}
	return list
}

// electionSafety remembers who led each term.
type electionSafety struct{ leaders memo }

// Wants lists the kinds that are needed.
func (c *electionSafety) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Leader}
}

// Observe returns how the property is broken.
func (c *electionSafety) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol || o.Kind != Leader {
		return ""
	}
	if first, _ := c.leaders.meet(o.Value, uint64(o.Node), false); first != uint64(o.Node) {
		return fmt.Sprintf("node %d is elected in term %d, in which node %d was elected before", o.Node, o.Value, first)
	}
	return ""
}

// appendOnly remembers who leads, and where its log ends.
type appendOnly struct {
	leads []bool
	last  []uint64
}

// Wants lists the kinds that are needed.
func (c *appendOnly) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Leader, SteppedDown, Appended, Truncated, Restored}
}

// Observe returns how the property is broken.
func (c *appendOnly) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		c.leads[o.Node] = c.leads[o.Node] && o.Kind != protocols.NodeDown
		return ""
	}
	_, index := Unpack(o.Key)
	switch o.Kind {
	case Leader:
		c.leads[o.Node], c.last[o.Node] = true, o.Key
		return ""
	case SteppedDown:
		c.leads[o.Node] = false
	}
	if !c.leads[o.Node] {
		return ""
	}
	switch o.Kind {
	case Truncated:
		return fmt.Sprintf("node %d removes its entries from %d on while it leads term %d", o.Node, o.Key, o.Value)
	case Restored:
		return fmt.Sprintf("node %d replaces its log up to entry %d while it leads", o.Node, index)
	case Appended:
		if index != c.last[o.Node]+1 {
			return fmt.Sprintf("node %d writes entry %d while it leads, behind entry %d", o.Node, index, c.last[o.Node])
		}
		c.last[o.Node] = index
	}
	return ""
}

// Entries whose index is a multiple of this are remembered for ever.
const keptIndex = 256

// logMatching remembers the hash of the log up to each entry that any replica had.
type logMatching struct{ chains memo }

// Wants lists the kinds that are needed.
func (c *logMatching) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Appended, Restored}
}

// Observe returns how the property is broken.
func (c *logMatching) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol || o.Kind != Appended && o.Kind != Restored {
		return ""
	}
	term, index := Unpack(o.Key)
	if chain, _ := c.chains.meet(o.Key, o.Value, index%keptIndex == 0); chain != o.Value {
		return fmt.Sprintf("entry %d of term %d is in the log of node %d with other entries before it, or another content, than in a log seen before", index, term, o.Node)
	}
	return ""
}

// stateMachineSafety remembers what was applied at each index.
type stateMachineSafety struct {
	chains  memo
	applied []uint64 // by node: the last index
}

// Wants lists the kinds that are needed.
func (c *stateMachineSafety) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Applied, Loaded, Restored}
}

// Observe returns how the property is broken.
func (c *stateMachineSafety) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	_, index := Unpack(o.Key)
	switch last := &c.applied[o.Node]; {
	case o.Kind == Restored:
		*last = 0
		return ""
	case o.Kind == Loaded:
		*last = index
	case o.Kind != Applied:
		return ""
	case index != *last+1:
		return fmt.Sprintf("node %d applies entry %d after entry %d", o.Node, index, *last)
	default:
		*last = index
	}
	if chain, _ := c.chains.meet(index, o.Value, index%keptIndex == 0); chain != o.Value {
		return fmt.Sprintf("node %d applies another entry at index %d than was applied there before", o.Node, index)
	}
	return ""
}
