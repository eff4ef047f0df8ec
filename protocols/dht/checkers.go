package dht

import (
	"fmt"

	"meshsim/protocols"
)

func checkersOf(c Config) []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "lookup-consistency", Doc: "while no node comes or goes, every lookup and write of a key ends at the first live node at or behind it",
			New: func(p protocols.ProbeConfig) protocols.Checker { return &consistency{truth: newTruth(c, p)} }},
		{Name: "ring", Doc: "some time after the last node came or went, the successors of all make one ring, in order, of all that are there",
			New: func(p protocols.ProbeConfig) protocols.Checker {
				return &ringChecker{truth: newTruth(c, p), next: map[uint64]Peer{}}
			}},
		{Name: "ownership", Doc: "while no node comes or goes, none answers for a key that another is responsible for",
			New: func(p protocols.ProbeConfig) protocols.Checker { return &ownership{truth: newTruth(c, p)} }},
		{Name: "reads", Doc: "while no node comes or goes, who reads a key that was stored, and that its nodes hold, finds it, as new as it was acknowledged",
			New: func(p protocols.ProbeConfig) protocols.Checker {
				return &reads{truth: newTruth(c, p), ledger: newLedger(c), c: c}
			}},
		{Name: "durability", Doc: "a key that was stored is held by somebody, unless all who had it fail before the copies can be repaired",
			New: func(p protocols.ProbeConfig) protocols.Checker {
				return &durability{truth: newTruth(c, p), ledger: newLedger(c), c: c, downs: map[protocols.NodeID]protocols.Time{}}
			}},
		{Name: "copies", Doc: "in the end, some time after the last node came or went, all keys that are left have all their copies",
			New: func(p protocols.ProbeConfig) protocols.Checker {
				return &copies{truth: newTruth(c, p), ledger: newLedger(c), c: c}
			}},
	}
}

// moving are the observations that a truth needs.
var moving = []protocols.ObservationKind{Joined, Left}

func with(kinds ...protocols.ObservationKind) []protocols.ObservationKind {
	return append(kinds, moving...)
}

// consistency holds answers against the ring as it is.
type consistency struct {
	*truth
	path  protocols.Observed
	tally uint64
}

// Wants lists the kinds that are needed.
func (c *consistency) Wants() []protocols.ObservationKind { return with(Path, Answered) }

// Tally is the number of answers that were judged.
func (c *consistency) Tally() uint64 { return c.tally }

// Observe judges an answer.
func (c *consistency) Observe(o protocols.Observed) string {
	c.truth.observe(o)
	switch {
	case o.Protocol == protocols.NodeProtocol:
	case o.Kind == Path:
		c.path = o
	case o.Kind == Answered && uint8(c.path.Key>>16) != opRead && c.quiet(o.At-protocols.Time(c.path.Value)):
		c.tally++
		if owner, ok := c.responsible(o.Key); ok && owner != unpack(o.Value) {
			return fmt.Sprintf("node %d was told that %v is responsible for key %016x, but %v is", o.Node, unpack(o.Value), o.Key, owner)
		}
	}
	return ""
}

// ringChecker holds the successors against the ring as it is, once after each time
// that it changed.
type ringChecker struct {
	*truth
	next   map[uint64]Peer
	judged protocols.Time // the change after which it was judged
	tally  uint64
}

// Wants lists the kinds that are needed.
func (c *ringChecker) Wants() []protocols.ObservationKind { return with(Successor) }

// Tally is how often the ring was judged.
func (c *ringChecker) Tally() uint64 { return c.tally }

// Observe judges the ring before the first change after a quiet time.
func (c *ringChecker) Observe(o protocols.Observed) string {
	text := ""
	if c.quiet(o.At) && c.changed != c.judged {
		text = c.judge()
	}
	c.truth.observe(o)
	if o.Protocol != protocols.NodeProtocol && o.Kind == Successor {
		c.next[o.Key] = unpack(o.Value)
	}
	return text
}

// Finish judges the ring at the end.
func (c *ringChecker) Finish(at protocols.Time) (violation, undecided string) {
	switch {
	case c.lying:
		return "", "nodes have lied, of whom nothing is known"
	case !c.quiet(at):
		return "", fmt.Sprintf("nodes came or went within %v of the end", c.c.settling())
	}
	return c.judge(), ""
}

func (c *ringChecker) judge() string {
	c.judged = c.changed
	c.tally++
	for i, s := range c.ring {
		if !c.on[i] {
			continue
		}
		if right := c.after(s.place); c.next[s.place] != right {
			return fmt.Sprintf("the successor of %v is %v, but %v follows it on the ring", s.peer, c.next[s.place], right)
		}
	}
	return ""
}

// ownership holds against the ring as it is who answers for keys.
type ownership struct {
	*truth
	tally uint64
}

// Wants lists the kinds that are needed.
func (c *ownership) Wants() []protocols.ObservationKind { return with(Served) }

// Tally is the number of answers that were judged.
func (c *ownership) Tally() uint64 { return c.tally }

// Observe judges who answers.
func (c *ownership) Observe(o protocols.Observed) string {
	c.truth.observe(o)
	if o.Protocol == protocols.NodeProtocol || o.Kind != Served || !c.quiet(o.At) {
		return ""
	}
	c.tally++
	if owner, ok := c.responsible(o.Key); ok && owner != unpack(o.Value) {
		return fmt.Sprintf("%v answers for key %016x, for which %v is responsible", unpack(o.Value), o.Key, owner)
	}
	return ""
}
