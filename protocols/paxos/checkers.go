package paxos

import (
	"fmt"

	"meshsim/protocols"
)

var checkers = []protocols.CheckerSpec{
	{Name: "agreement", Doc: "no two nodes learn different values",
		New: func(protocols.ProbeConfig) protocols.Checker { return &agreement{} }},
	{Name: "validity", Doc: "only a value that was proposed is learned",
		New: func(protocols.ProbeConfig) protocols.Checker { return &validity{map[uint64]bool{}} }},
}

// agreement remembers who learned first.
type agreement struct {
	known bool
	first protocols.Observed
}

// Wants lists the kinds that are needed.
func (c *agreement) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Learned}
}

// Observe compares what is learned with what was learned first.
func (c *agreement) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == "node":
		return ""
	case !c.known:
		c.known, c.first = true, o
	case o.Value != c.first.Value:
		return fmt.Sprintf("node %d learned value %016x, node %d had learned %016x", o.Node, o.Value, c.first.Node, c.first.Value)
	}
	return ""
}

// validity remembers what was proposed.
type validity struct{ proposed map[uint64]bool }

// Wants lists the kinds that are needed.
func (c *validity) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Proposed, Learned}
}

// Observe looks up what is learned.
func (c *validity) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == "node":
		return ""
	case o.Kind == Proposed:
		c.proposed[o.Value] = true
	case !c.proposed[o.Value]:
		return fmt.Sprintf("node %d learned value %016x, which nobody proposed", o.Node, o.Value)
	}
	return ""
}
