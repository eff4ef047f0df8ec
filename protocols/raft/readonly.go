package raft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// A partition protocol on the node says when it must not write. A replica then
// refuses what would become an entry, and takes part in all else: it votes,
// follows, and commits what is in the log. So reads by the log are refused as
// writes are; those by index and lease take a majority in any case, and local ones
// are answered. A client sends no writes.

// hearMode notes whether the node may write. A leader turns away what waits for a
// place in its log.
func (n *node) hearMode(env *protocols.Env, on bool) {
	if on == n.readOnly {
		return
	}
	n.readOnly = on
	value := uint64(0)
	if on {
		value = 1
	}
	env.Observe(ReadOnly, 0, value)
	if !on || n.lead == nil || n.mutant == writesReadOnly {
		return
	}
	waiting := n.lead.waiting
	n.lead.waiting = nil
	for _, e := range waiting {
		if c, err := kv.Decode(e.Data); err == nil && e.Kind == EntryCommand {
			n.turnAwayWrite(env, c.Session.Node(), c.Sequence)
		} else {
			env.Observe(TurnedAway, 0, 0)
		}
	}
	n.flush(env)
}

// mustNotTake reports whether a request is for an entry while there must be none.
func (n *node) mustNotTake(m *Request) bool {
	return n.readOnly && (!m.ReadOnly || n.Reads == "log") && n.mutant != writesReadOnly
}

func (n *node) turnAwayWrite(env *protocols.Env, to protocols.NodeID, sequence uint64) {
	env.Observe(TurnedAway, sequence, 0)
	n.reply(env, to, &Reply{Sequence: sequence, Status: NotWritable, Leader: nobody})
}

// readOnly remembers who must not write, who leads, and who has yet to append the
// first entry of its term.
type readOnly struct {
	forbidden, leads, first []bool
	turned                  uint64
}

// Wants lists the kinds that are needed.
func (c *readOnly) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{ReadOnly, TurnedAway, Leader, SteppedDown, Appended}
}

// Observe returns how the property is broken.
func (c *readOnly) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			c.forbidden[o.Node], c.leads[o.Node] = false, false
		}
		return ""
	}
	switch o.Kind {
	case ReadOnly:
		c.forbidden[o.Node] = o.Value == 1
	case TurnedAway:
		c.turned++
	case Leader:
		c.leads[o.Node], c.first[o.Node] = true, true
	case SteppedDown:
		c.leads[o.Node] = false
	case Appended:
		taken := c.leads[o.Node] && !c.first[o.Node]
		c.first[o.Node] = false
		if taken && c.forbidden[o.Node] {
			_, index := Unpack(o.Key)
			return fmt.Sprintf("node %d leads, is read-only, and takes entry %d", o.Node, index)
		}
	}
	return ""
}
