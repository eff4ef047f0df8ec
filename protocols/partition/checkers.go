package partition

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

func checkers(c Config) []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "one-side", Doc: "at no time do nodes of two sides accept writes",
			New: func(pc protocols.ProbeConfig) protocols.Checker { return &oneSide{newWriters(pc)} }},
		{Name: "no-minority-write", Doc: "no node accepts writes unless a quorum of the members stands by its coordinator",
			New: func(pc protocols.ProbeConfig) protocols.Checker { return newMajority(c, pc) }},
		{Name: "returns", Doc: "when no partition is in force and a quorum is up, all nodes accept writes again after a bounded time",
			New: func(pc protocols.ProbeConfig) protocols.Checker {
				return &returns{writers: newWriters(pc), dark: make([]protocols.Time, pc.Nodes), bound: c.bound(len(pc.Members)), needed: c.quorum(len(pc.Members)), members: len(pc.Members)}
			}},
	}
}

// writers knows who accepts writes, and as which epoch. A node that is paused
// accepts none; afterwards it counts again when it says that it does.
type writers struct {
	epochs []Epoch // by node; 0: it accepts none
	nodes  []int   // how many there are of each of those in list
	list   []Epoch
	mode   []protocols.ObservationKind // by node: the last of ReadOnly, Back and Writable
	up     []bool                      // members
	liars  []bool
}

func newWriters(pc protocols.ProbeConfig) writers {
	w := writers{epochs: make([]Epoch, pc.Nodes), mode: make([]protocols.ObservationKind, pc.Nodes), up: make([]bool, pc.Nodes), liars: make([]bool, pc.Nodes)}
	for _, id := range pc.Members {
		w.up[id], w.mode[id] = true, ReadOnly
	}
	for _, id := range pc.Byzantine {
		w.liars[id] = true
	}
	return w
}

// take notes an observation, and reports whether a node accepts writes from now on.
func (w *writers) take(o protocols.Observed) bool {
	if o.Protocol == protocols.NodeProtocol {
		w.node(o)
		return false
	}
	switch o.Kind {
	case ReadOnly, Back:
		w.mode[o.Node] = o.Kind
		w.set(o.Node, 0)
	case Writable:
		w.mode[o.Node] = o.Kind
		w.set(o.Node, Epoch(o.Key))
		return true
	}
	return false
}

func (w *writers) node(o protocols.Observed) {
	if o.Node >= protocols.NodeID(len(w.epochs)) {
		return
	}
	switch o.Kind {
	case protocols.NodeUp, protocols.NodeDown:
		w.up[o.Node], w.mode[o.Node] = o.Kind == protocols.NodeUp, ReadOnly
	case protocols.NodeCorrupted:
		w.liars[o.Node] = true
	case protocols.NodeResumed:
		return
	}
	w.set(o.Node, 0)
}

func (w *writers) set(id protocols.NodeID, e Epoch) {
	if old := w.epochs[id]; old != 0 {
		w.count(old, -1)
	}
	if w.epochs[id] = e; e != 0 {
		w.count(e, 1)
	}
}

func (w *writers) count(e Epoch, by int) {
	for i, x := range w.list {
		if x == e {
			if w.nodes[i] += by; w.nodes[i] == 0 {
				w.list = append(w.list[:i], w.list[i+1:]...)
				w.nodes = append(w.nodes[:i], w.nodes[i+1:]...)
			}
			return
		}
	}
	w.list, w.nodes = append(w.list, e), append(w.nodes, by)
}

// oneSide asks whether all who accept writes do so as the same epoch.
type oneSide struct{ writers }

// Wants lists the kinds that are needed.
func (c *oneSide) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{ReadOnly, Back, Writable}
}

// Observe returns how the property is broken.
func (c *oneSide) Observe(o protocols.Observed) string {
	if c.take(o) && len(c.list) > 1 {
		return fmt.Sprintf("node %d accepts writes as epoch %v, and others do as epoch %v", o.Node, Epoch(o.Key), c.list[0])
	}
	return ""
}

// majority knows who stands by whom. Pledges outlast a crash. Of those who lie it
// assumes that they stand by all.
type majority struct {
	writers
	members []protocols.NodeID
	pledged []Epoch // by node
	needed  int
}

func newMajority(c Config, pc protocols.ProbeConfig) *majority {
	return &majority{newWriters(pc), pc.Members, make([]Epoch, pc.Nodes), c.quorum(len(pc.Members))}
}

// Wants lists the kinds that are needed.
func (c *majority) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Pledged, Freed, ReadOnly, Back, Writable}
}

// Observe returns how the property is broken.
func (c *majority) Observe(o protocols.Observed) string {
	writes := c.take(o)
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	switch o.Kind {
	case Pledged:
		c.pledged[o.Node] = Epoch(o.Key)
	case Freed:
		c.pledged[o.Node] = 0
	}
	if writes || o.Kind == Pledged || o.Kind == Freed {
		return c.judge()
	}
	return ""
}

func (c *majority) judge() string {
	for i, e := range c.list {
		stand := 0
		for _, id := range c.members {
			if c.pledged[id] == e || c.liars[id] {
				stand++
			}
		}
		if stand < c.needed {
			return fmt.Sprintf("%d nodes accept writes as epoch %v, by which %d members stand, of the %d that it takes", c.nodes[i], e, stand, c.needed)
		}
	}
	return ""
}

// returns asks who is read-only at the end, when nothing has happened to the mesh
// for long.
type returns struct {
	writers
	bound   time.Duration
	needed  int
	members int
	parted  bool
	since   protocols.Time   // when something happened last
	dark    []protocols.Time // by node: since when it is read-only, if it is
	felt    uint64
}

// Wants lists the kinds that are needed.
func (c *returns) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{ReadOnly, Back, Writable}
}

// Observe notes what happens.
func (c *returns) Observe(o protocols.Observed) string {
	c.take(o)
	if o.Protocol != protocols.NodeProtocol {
		if o.Kind == ReadOnly {
			c.dark[o.Node] = o.At
		}
	} else {
		c.since = o.At
		switch o.Kind {
		case protocols.MeshParted:
			c.parted = true
		case protocols.MeshHealed:
			c.parted = false
			c.felt++
		case protocols.NodeUp, protocols.NodeResumed:
			c.felt++
		}
	}
	return ""
}

// Tally is how many partitions have healed, and how many nodes have come back.
func (c *returns) Tally() uint64 { return c.felt }

// Finish names a node that is read-only for no reason.
func (c *returns) Finish(at protocols.Time) (violation, undecided string) {
	up, dark, late := 0, 0, 0
	first := protocols.NodeID(0)
	for id := range c.up {
		if !c.up[id] || c.liars[id] {
			continue
		}
		up++
		if c.mode[id] == Writable {
			continue
		}
		if dark++; time.Duration(at-max(c.since, c.dark[id])) >= c.bound {
			if late++; late == 1 {
				first = protocols.NodeID(id)
			}
		}
	}
	quiet := time.Duration(at - c.since)
	switch {
	case dark == 0 || c.parted || up < c.needed:
		return "", ""
	case late > 0:
		return fmt.Sprintf("%d nodes are read-only %v after the last fault, among them node %d", late, quiet, first), ""
	}
	return "", fmt.Sprintf("%d nodes are read-only %v after the last fault, and may be for %v", dark, quiet, c.bound)
}
