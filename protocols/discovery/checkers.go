package discovery

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

func checkersOf(c Config) []protocols.CheckerSpec {
	spec := func(name, doc string, make func(protocols.ProbeConfig) protocols.Checker) protocols.CheckerSpec {
		return protocols.CheckerSpec{Name: name, Doc: doc, New: make}
	}
	return []protocols.CheckerSpec{
		spec("degree-bound", "no node ever has more links than degree_max", func(p protocols.ProbeConfig) protocols.Checker {
			return &degreeBound{newOverlay(p), c.bound()}
		}),
		spec("symmetric", "of two nodes that work, none believes for long in a link that the other one does not know of", func(p protocols.ProbeConfig) protocols.Checker {
			return &symmetric{newOverlay(p), protocols.Time(c.settle())}
		}),
		spec("connected", "at the end all honest nodes are one mesh, be it through liars, unless a node was disturbed shortly before and has not joined yet", func(p protocols.ProbeConfig) protocols.Checker {
			return &connected{newOverlay(p), protocols.Time(c.settle() + c.JoinBackOff + 2*c.Merge)}
		}),
		spec("fresh", "no announcement is believed after it has expired", func(p protocols.ProbeConfig) protocols.Checker {
			return &freshness{skew: protocols.Time(c.Skew)}
		}),
		spec("unforged", "no announcement is believed that the node it names has not made, unless that lies", func(p protocols.ProbeConfig) protocols.Checker {
			return &unforged{liars: newLiars(p), made: map[made]bool{}}
		}),
		spec("good-name", "nobody is shunned who does not lie", func(p protocols.ProbeConfig) protocols.Checker {
			return &goodName{newLiars(p)}
		}),
	}
}

// bound is the largest number of links of a node.
func (c *Config) bound() int {
	if c.View == "full" {
		return 1<<31 - 1
	}
	return c.DegreeMax
}

// settle is the time after which no trace of a disturbance should be left.
func (c *Config) settle() time.Duration {
	d := 2*c.Timeout + 4*c.KeepAlive + 2*c.JoinTimeout
	if c.Detector {
		d *= 3
	}
	return d
}

// degreeBound counts links.
type degreeBound struct {
	*overlay
	most int
}

// Wants lists the kinds that are needed.
func (c *degreeBound) Wants() []protocols.ObservationKind { return overlayKinds }

// Observe counts the links of the node.
func (c *degreeBound) Observe(o protocols.Observed) string {
	c.observe(o)
	if o.Protocol == protocols.NodeProtocol || o.Kind != LinkUp || len(c.edges[o.Node]) <= c.most {
		return ""
	}
	return fmt.Sprintf("node %d has %d links; the most is %d", o.Node, len(c.edges[o.Node]), c.most)
}

// symmetric times edges without a counterpart.
type symmetric struct {
	*overlay
	grace protocols.Time
}

// Wants lists the kinds that are needed.
func (c *symmetric) Wants() []protocols.ObservationKind { return overlayKinds }

// Observe looks at the edge that is no more.
func (c *symmetric) Observe(o protocols.Observed) string {
	disturbed := o.Protocol == protocols.NodeProtocol
	if e := c.observe(o); e != nil && !disturbed {
		return c.judge(o.Node, e, o.At)
	}
	return ""
}

// judge says how an edge breaks the property.
func (c *symmetric) judge(from protocols.NodeID, e *edge, at protocols.Time) string {
	if e.alone < 0 || c.parted || !c.honest(from) || !c.honest(e.to) {
		return ""
	}
	if since := max(e.alone, c.quiet, c.state[from].since, c.state[e.to].since); at-since > c.grace {
		return fmt.Sprintf("node %d believes for %v in a link to %d, which does not know of it", from, time.Duration(at-since), e.to)
	}
	return ""
}

// Finish looks at all edges that there are.
func (c *symmetric) Finish(at protocols.Time) (violation, undecided string) {
	for _, from := range c.members {
		for i := range c.edges[from] {
			if v := c.judge(from, &c.edges[from][i], at); v != "" {
				return v, ""
			}
		}
	}
	return "", ""
}

// connected looks at the mesh at the end.
type connected struct {
	*overlay
	settle protocols.Time
}

// Wants lists the kinds that are needed.
func (c *connected) Wants() []protocols.ObservationKind { return overlayKinds }

// Observe follows the links.
func (c *connected) Observe(o protocols.Observed) string {
	c.observe(o)
	return ""
}

// Finish measures the largest part.
func (c *connected) Finish(at protocols.Time) (violation, undecided string) {
	if c.parted || c.quiet > 0 && at-c.quiet < c.settle {
		return "", "the mesh was parted less than " + time.Duration(c.settle).String() + " before the end; let the run last longer"
	}
	if at < c.settle {
		return "", "the run is shorter than the " + time.Duration(c.settle).String() + " that a mesh may take to find together; let it last longer"
	}
	peaceful := func(id protocols.NodeID) bool {
		s := &c.state[id]
		return c.honest(id) && (s.in || s.since == 0 || at-s.since >= c.settle)
	}
	all := 0
	for _, id := range c.members {
		if peaceful(id) {
			all++
		}
	}
	if n := c.graph(c.works).largest(peaceful); n < all {
		return fmt.Sprintf("the largest part has %d of %d nodes", n, all), ""
	}
	return "", ""
}

// freshness compares times.
type freshness struct{ skew protocols.Time }

// Wants lists the kinds that are needed.
func (c *freshness) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{BelievedUntil}
}

// Observe compares an announcement's end with the time.
func (c *freshness) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol || o.At <= protocols.Time(o.Value)+2*c.skew {
		return ""
	}
	return fmt.Sprintf("node %d believes what node %d announced until %v", o.Node, o.Key, time.Duration(o.Value))
}

// liars are the nodes that lie.
type liars map[protocols.NodeID]bool

func newLiars(p protocols.ProbeConfig) liars {
	l := liars{}
	for _, id := range p.Byzantine {
		l[id] = true
	}
	return l
}

// told notes who lies from now on.
func (l liars) told(o protocols.Observed) bool {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeCorrupted {
			l[o.Node] = true
		}
		return true
	}
	return false
}

// made is an announcement: whose, and its mark.
type made struct {
	by   protocols.NodeID
	mark uint64
}

// unforged remembers what was announced.
type unforged struct {
	liars
	made map[made]bool
}

// Wants lists the kinds that are needed.
func (c *unforged) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Announced, Believed}
}

// Observe looks up what is believed.
func (c *unforged) Observe(o protocols.Observed) string {
	if c.told(o) {
		return ""
	}
	if o.Kind == Announced {
		c.made[made{o.Node, o.Key}] = true
		return ""
	}
	by := protocols.NodeID(o.Key)
	if c.liars[by] || c.made[made{by, o.Value}] {
		return ""
	}
	return fmt.Sprintf("node %d believes an announcement of node %d, which has not made it", o.Node, by)
}

// goodName watches who is shunned.
type goodName struct{ liars }

// Wants lists the kinds that are needed.
func (c *goodName) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Shunned}
}

// Observe looks who is shunned.
func (c *goodName) Observe(o protocols.Observed) string {
	if c.told(o) || c.liars[protocols.NodeID(o.Key)] {
		return ""
	}
	return fmt.Sprintf("node %d shuns node %d, which tells the truth", o.Node, o.Key)
}
