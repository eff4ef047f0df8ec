package dht

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// reads holds what is read against what was stored.
type reads struct {
	*truth
	*ledger
	c     Config
	read  protocols.Observed
	tally uint64
}

// Wants lists the kinds that are needed.
func (c *reads) Wants() []protocols.ObservationKind {
	return with(append([]protocols.ObservationKind{WasRead, Path}, heldKinds...)...)
}

// Tally is the number of reads that were judged.
func (c *reads) Tally() uint64 { return c.tally }

// Observe judges a read when its path is known.
func (c *reads) Observe(o protocols.Observed) string {
	c.truth.observe(o)
	c.ledger.observe(o, nil)
	switch {
	case o.Protocol == protocols.NodeProtocol:
	case o.Kind == WasRead:
		c.read = o
	case o.Kind == Path && uint8(o.Key>>16) == opRead && c.read.At == o.At && c.read.Node == o.Node:
		return c.judge(c.read, o.At-protocols.Time(o.Value))
	}
	return ""
}

func (c *reads) judge(o protocols.Observed, began protocols.Time) string {
	i, known := c.index[o.Key]
	if !known || !c.settled(began) {
		return ""
	}
	e := &c.entries[i]
	if e.version == 0 || e.at >= began || !c.heldNear(e) {
		return ""
	}
	c.tally++
	if o.Value < e.version {
		return fmt.Sprintf("node %d read version %x of key %016x, but %x was stored before it asked", o.Node, o.Value, o.Key, e.version)
	}
	return ""
}

// heldNear reports whether a node that should hold a key does: the one responsible
// or one of those behind it.
func (t *reads) heldNear(e *entry) bool {
	place := e.key
	for range t.c.Copies + 1 {
		q, ok := t.responsible(place)
		if ok && slices.Contains(e.holders, q.Node) {
			return true
		}
		place = Place(q) + 1
	}
	return false
}

// durability watches for keys that nobody holds any more.
type durability struct {
	*truth
	*ledger
	c     Config
	downs map[protocols.NodeID]protocols.Time // when each node last failed
	tally uint64
	text  string
}

// Wants lists the kinds that are needed.
func (c *durability) Wants() []protocols.ObservationKind { return with(heldKinds...) }

// Tally is the number of keys that were stored.
func (c *durability) Tally() uint64 { return c.tally }

// Observe looks at the holders of keys.
func (c *durability) Observe(o protocols.Observed) string {
	c.truth.observe(o)
	switch {
	case o.Protocol != protocols.NodeProtocol && o.Kind == Wrote:
		c.tally++
	case o.Protocol == protocols.NodeProtocol && o.Kind == protocols.NodeDown:
		c.downs[o.Node] = o.At
	}
	c.text = ""
	c.ledger.observe(o, func(e *entry, crashed bool) { c.lost(e, o, crashed) })
	return c.text
}

// lost judges the loss of a key. Nobody could have kept it when as many as hold it
// failed within the time in which copies are repaired: of the nodes behind the key,
// as far as a copy may have come meanwhile.
func (c *durability) lost(e *entry, o protocols.Observed, crashed bool) {
	if e.version == 0 || c.lying || c.live <= c.c.Copies {
		return
	}
	failed := c.failedNear(e.key, o.At)
	switch {
	case !crashed:
		c.text = fmt.Sprintf("node %d dropped key %016x, which nobody else holds", o.Node, e.key)
	case failed <= c.c.Copies:
		c.text = fmt.Sprintf("key %016x is lost with node %d, though it shall have %d copies, and of the nodes that follow it only %d failed in the last %v",
			e.key, o.Node, c.c.Copies, failed, c.c.repairing())
	}
}

// failedNear is how many failed of late among the nodes behind a key: twice as many
// as shall hold it, those being left out that failed before.
func (c *durability) failedNear(key uint64, at protocols.Time) (failed int) {
	var seen []protocols.NodeID
	i := follows(c.ring, key)
	for range c.ring {
		id := c.ring[i].peer.Node
		down, ok := c.downs[id]
		recent := ok && at-down <= protocols.Time(c.c.repairing())
		if (recent || c.on[i]) && !slices.Contains(seen, id) {
			seen = append(seen, id)
			if recent {
				failed++
			}
		}
		if i = (i + 1) % len(c.ring); len(seen) == 2*(c.c.Copies+1) {
			break
		}
	}
	return failed
}

// copies counts the holders of keys in the end.
type copies struct {
	*truth
	*ledger
	c     Config
	tally uint64
}

// Wants lists the kinds that are needed.
func (c *copies) Wants() []protocols.ObservationKind { return with(heldKinds...) }

// Tally is the number of keys that were judged.
func (c *copies) Tally() uint64 { return c.tally }

// Observe looks at the holders of keys.
func (c *copies) Observe(o protocols.Observed) string {
	c.truth.observe(o)
	c.ledger.observe(o, nil)
	return ""
}

// Finish judges all keys that are left.
func (c *copies) Finish(at protocols.Time) (violation, undecided string) {
	switch {
	case c.lying || c.parted:
		return "", "nodes lie, or the mesh is parted"
	case c.changed > 0 && at-c.changed <= protocols.Time(c.c.repairing()):
		return "", fmt.Sprintf("nodes came or went within %v of the end", c.c.repairing())
	}
	for i := range c.entries {
		e := &c.entries[i]
		if e.version == 0 || len(e.holders) == 0 || at-e.at <= protocols.Time(c.c.repairing()) {
			continue
		}
		c.tally++
		if want := min(c.c.Copies+1, c.live); len(e.holders) < want {
			return fmt.Sprintf("key %016x is held by %v alone, and shall be by %d nodes", e.key, e.holders, want), ""
		}
	}
	return "", ""
}
