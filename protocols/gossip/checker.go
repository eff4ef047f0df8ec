package gossip

import (
	"fmt"

	"meshsim/protocols"
)

// checkers are the safety properties of gossip.
var checkers = []protocols.CheckerSpec{
	{Name: "validity", Doc: "what is delivered was published, with this payload, and what a replica takes in was written, with this value; of Byzantine origins everything is believed",
		New: func(c protocols.ProbeConfig) protocols.Checker { return newValidity(c) }},
	{Name: "consistency", Doc: "all nodes deliver a rumor with the same payload, though its origin may lie",
		New: func(protocols.ProbeConfig) protocols.Checker { return &consistency{map[uint64]protocols.Observed{}} }},
	{Name: "no-duplicates", Doc: "a rumor is delivered to a node at most once, unless it crashes",
		New: func(c protocols.ProbeConfig) protocols.Checker {
			return &noDuplicates{nodes: c.Nodes, byID: map[uint64]set{}}
		}},
	{Name: "versions-grow", Doc: "a replica never replaces a newer write of a key by an older one",
		New: func(c protocols.ProbeConfig) protocols.Checker {
			return &versionsGrow{lives: make([]uint32, c.Nodes), last: map[place]stamp{}}
		}},
	{Name: "mass-conservation", Doc: "the two sides of an averaging exchange change by opposite amounts; that one of them is lost with a message or a node is no breach",
		New: func(protocols.ProbeConfig) protocols.Checker {
			return &massConservation{open: map[uint64]int64{}}
		}},
}

// validity remembers all rumors and writes of the run. What Byzantine nodes
// publish or write is what they say it is, now this, now that.
type validity struct {
	liars     set
	published map[uint64]uint64 // digest of the payload by ID
	written   map[write]bool
	last      protocols.Observed // a write made or taken in, whose content comes next
}

// write is a write; content is that of the value, or -1 for any.
type write struct {
	item, version uint64
	content       int64
}

func newValidity(c protocols.ProbeConfig) *validity {
	v := &validity{liars: newSet(c.Nodes), published: map[uint64]uint64{}, written: map[write]bool{}}
	for _, id := range c.Byzantine {
		v.liars.add(id)
	}
	return v
}

// Wants lists the kinds that are needed.
func (c *validity) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Published, Delivered, Written, Applied, Content}
}

// Observe returns how the property is broken.
func (c *validity) Observe(o protocols.Observed) string {
	if o.Protocol == "node" {
		if o.Kind == protocols.NodeCorrupted {
			c.liars.add(o.Node)
		}
		return ""
	}
	switch o.Kind {
	case Published:
		c.published[o.Key] = o.Value
	case Delivered:
		return c.delivered(o)
	case Written:
		c.written[write{o.Key, o.Value, -1}] = true
		c.last = o
	case Applied:
		c.last = o
		if !c.written[write{o.Key, o.Value, -1}] && !c.liars.has(packedNode(o.Value)) {
			return fmt.Sprintf("a write of key %x at time %d is taken in, and nobody has made it", o.Key, o.Value>>25)
		}
	case Content:
		return c.value(write{c.last.Key, o.Key, int64(o.Value)})
	}
	return ""
}

func (c *validity) delivered(o protocols.Observed) string {
	digest, ok := c.published[o.Key]
	switch id := ID(o.Key); {
	case c.liars.has(id.Origin()):
	case !ok:
		return fmt.Sprintf("rumor %v is delivered, and nobody has published it", id)
	case digest != o.Value:
		return fmt.Sprintf("rumor %v is delivered with another payload than it was published with", id)
	}
	return ""
}

// value is told of the write that was told last.
func (c *validity) value(w write) string {
	if c.last.Kind == Written {
		c.written[w] = true
	} else if !c.written[w] && !c.liars.has(packedNode(w.version)) {
		return fmt.Sprintf("a write of key %x at time %d is taken in with another value than it was made with", w.item, w.version>>25)
	}
	return ""
}

// consistency remembers who delivered each rumor first.
type consistency struct {
	first map[uint64]protocols.Observed
}

// Wants lists the kinds that are needed.
func (c *consistency) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Published, Delivered}
}

// Observe returns how the property is broken.
func (c *consistency) Observe(o protocols.Observed) string {
	if o.Protocol == "node" || o.Kind != Published && o.Kind != Delivered {
		return ""
	}
	first, ok := c.first[o.Key]
	switch {
	case !ok:
		c.first[o.Key] = o
	case first.Value != o.Value:
		return fmt.Sprintf("rumor %v is delivered with another payload than to node %d", ID(o.Key), first.Node)
	}
	return ""
}

// noDuplicates remembers who has which rumor: a bit for each.
type noDuplicates struct {
	nodes int
	byID  map[uint64]set
	all   []set // the same, to take a node out of all
}

// Wants lists the kinds that are needed.
func (c *noDuplicates) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Published, Delivered}
}

// Observe returns how the property is broken.
func (c *noDuplicates) Observe(o protocols.Observed) string {
	if o.Protocol == "node" {
		if o.Kind == protocols.NodeDown {
			for _, s := range c.all {
				s.remove(o.Node)
			}
		}
		return ""
	}
	if o.Kind != Published && o.Kind != Delivered {
		return ""
	}
	s := c.byID[o.Key]
	if s == nil {
		s = newSet(c.nodes)
		c.byID[o.Key] = s
		c.all = append(c.all, s)
	}
	if s.has(o.Node) {
		return fmt.Sprintf("rumor %v is delivered a second time", ID(o.Key))
	}
	s.add(o.Node)
	return ""
}

// versionsGrow remembers each replica's last version of each key.
type versionsGrow struct {
	lives []uint32 // of each node
	last  map[place]stamp
}

type place struct {
	node protocols.NodeID
	item uint64
}

type stamp struct {
	life    uint32
	version uint64
}

// Wants lists the kinds that are needed.
func (c *versionsGrow) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Applied}
}

// Observe returns how the property is broken.
func (c *versionsGrow) Observe(o protocols.Observed) string {
	if o.Protocol == "node" {
		if o.Kind == protocols.NodeDown {
			c.lives[o.Node]++ // what it knew is forgotten
		}
		return ""
	}
	if o.Kind != Applied {
		return ""
	}
	p, now := place{o.Node, o.Key}, stamp{c.lives[o.Node], o.Value}
	before := c.last[p]
	c.last[p] = now
	if before.life == now.life && now.version < before.version {
		return fmt.Sprintf("key %x had a write of time %d and goes back to one of time %d", o.Key, before.version>>25, now.version>>25)
	}
	return ""
}

// massConservation pairs the sides of exchanges.
type massConservation struct {
	open map[uint64]int64 // by exchange: the change of the side that was done first
}

// Wants lists the kinds that are needed.
func (c *massConservation) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Exchanged}
}

// Observe returns how the property is broken.
func (c *massConservation) Observe(o protocols.Observed) string {
	if o.Protocol == "node" || o.Kind != Exchanged {
		return ""
	}
	first, ok := c.open[o.Key]
	if !ok {
		c.open[o.Key] = int64(o.Value)
		return ""
	}
	delete(c.open, o.Key)
	if gain := first + int64(o.Value); gain != 0 {
		return fmt.Sprintf("exchange %v changes the sum by %s", ID(o.Key), decimal(gain, scale))
	}
	return ""
}
