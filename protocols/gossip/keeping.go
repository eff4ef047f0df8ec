package gossip

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// keeping are the properties of read-only mode, and of what it is for.
var keeping = []protocols.CheckerSpec{
	{Name: "read-only", Doc: "no node publishes or writes while another protocol on it forbids that",
		New: func(c protocols.ProbeConfig) protocols.Checker { return &readOnly{forbidden: newSet(c.Nodes)} }},
	{Name: "no-lost-write", Doc: "of each key that was written, the newest write is on a node that is up at the end; undecided if its writer is down",
		New: func(c protocols.ProbeConfig) protocols.Checker {
			return &noLostWrite{nodes: c.Nodes, down: newSet(c.Nodes), byItem: map[uint64]*newestWrite{}}
		}},
}

// readOnly remembers who must not write.
type readOnly struct {
	forbidden set
	turned    uint64
}

// Wants lists the kinds that are needed.
func (c *readOnly) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{ReadOnly, Published, Written, TurnedAway}
}

// Observe returns how the property is broken.
func (c *readOnly) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			c.forbidden.remove(o.Node)
		}
		return ""
	}
	switch {
	case o.Kind == ReadOnly && o.Value == 1:
		c.forbidden.add(o.Node)
	case o.Kind == ReadOnly:
		c.forbidden.remove(o.Node)
	case o.Kind == TurnedAway:
		c.turned++
	case o.Kind == Published && c.forbidden.has(o.Node):
		return fmt.Sprintf("node %d publishes rumor %v and is read-only", o.Node, ID(o.Key))
	case o.Kind == Written && c.forbidden.has(o.Node):
		return fmt.Sprintf("node %d writes key %x and is read-only", o.Node, o.Key)
	}
	return ""
}

// Tally is how many rumors and writes were refused.
func (c *readOnly) Tally() uint64 { return c.turned }

// noLostWrite knows who has the newest write of each key.
type noLostWrite struct {
	nodes  int
	down   set
	byItem map[uint64]*newestWrite
	all    []*newestWrite // the same, to take a node out of all
}

type newestWrite struct {
	item, version uint64
	by            protocols.NodeID
	holders       set
}

// Wants lists the kinds that are needed.
func (c *noLostWrite) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Written, Applied}
}

// Observe notes who has what.
func (c *noLostWrite) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		switch o.Kind {
		case protocols.NodeUp:
			c.down.remove(o.Node)
		case protocols.NodeDown:
			c.down.add(o.Node)
			for _, w := range c.all {
				w.holders.remove(o.Node)
			}
		}
		return ""
	}
	w := c.byItem[o.Key]
	switch {
	case o.Kind == Written && w == nil:
		w = &newestWrite{item: o.Key}
		c.byItem[o.Key] = w
		c.all = append(c.all, w)
		fallthrough
	case o.Kind == Written && o.Value > w.version:
		w.version, w.by, w.holders = o.Value, o.Node, newSet(c.nodes)
	case w != nil && o.Kind == Applied && o.Value >= w.version:
		w.holders.add(o.Node)
	}
	return ""
}

// Finish names a write that nobody has.
func (c *noLostWrite) Finish(protocols.Time) (violation, undecided string) {
	for _, w := range c.all {
		switch {
		case slices.ContainsFunc(w.holders, func(x uint64) bool { return x != 0 }):
		case c.down.has(w.by):
			undecided = fmt.Sprintf("no node that is up has the write of key %x that node %d made, which is down", w.item, w.by)
		default:
			return fmt.Sprintf("no node has the write of key %x at time %d that node %d made", w.item, w.version>>25, w.by), ""
		}
	}
	return "", undecided
}
