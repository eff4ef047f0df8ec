package placement

import (
	"fmt"
	"maps"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

func checkersOf(c Config) []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "takeover", Doc: "no node takes over tasks of one that is up and reachable, and has been for twice the patience; it may if a detector says wrongly that it failed, or three renewals in a row and eight questions are lost",
			New: func(p protocols.ProbeConfig) protocols.Checker { return &takeover{mesh: newMesh(c, p)} }},
		{Name: "copies", Doc: "at the crash of its owner and in the end, each task that its owner has had for four renewals has all its copies, if none came or went shortly before",
			New: func(p protocols.ProbeConfig) protocols.Checker {
				return &copies{mesh: newMesh(c, p), tasks: map[uint64]*held{}}
			}},
	}
}

// mesh is which nodes are up, and since when.
type mesh struct {
	c       Config
	live    int
	steady  map[protocols.NodeID]protocols.Time // since when a node has been up, if not from the start; -1: it is down or paused
	changed protocols.Time                      // when any node last came or went, or the mesh was parted or healed
	cut     protocols.Time                      // when the mesh was parted or healed last
	parted  bool
	lying   bool
}

func newMesh(c Config, p protocols.ProbeConfig) *mesh {
	return &mesh{c: c, live: len(p.Members), steady: map[protocols.NodeID]protocols.Time{}}
}

// observe takes what the kernel observes; true for that.
func (m *mesh) observe(o protocols.Observed) bool {
	if o.Protocol != protocols.NodeProtocol {
		return false
	}
	switch o.Kind {
	case protocols.NodeDown:
		m.live--
		m.steady[o.Node] = -1
	case protocols.NodePaused:
		m.steady[o.Node] = -1
	case protocols.NodeUp:
		m.live++
		m.steady[o.Node] = o.At
	case protocols.NodeResumed:
		m.steady[o.Node] = o.At
	case protocols.MeshParted, protocols.MeshHealed:
		m.parted, m.cut = o.Kind == protocols.MeshParted, o.At
	case protocols.NodeCorrupted:
		m.lying = true
	}
	m.changed = o.At
	return true
}

// quiet reports whether copies must be whole: nobody came or went for so long.
func (m *mesh) quiet(at protocols.Time) bool {
	return !m.parted && !m.lying && (m.changed == 0 || at-m.changed > m.settling())
}

// settling is how long copies may take: the loss of a holder is noticed, a renewal
// finds the lack, and the copy is on its way.
func (m *mesh) settling() protocols.Time { return protocols.Time(2*m.c.Patience + 4*m.c.Renew) }

// takeover holds who takes over against who is up.
type takeover struct {
	*mesh
	tally uint64
}

// Wants lists the kinds that are needed.
func (c *takeover) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{TookOver}
}

// Tally is how many tasks were taken over.
func (c *takeover) Tally() uint64 { return c.tally }

// Observe judges who takes over.
func (c *takeover) Observe(o protocols.Observed) string {
	if c.mesh.observe(o) || o.Kind != TookOver {
		return ""
	}
	c.tally++
	since, moved := c.steady[protocols.NodeID(o.Value)]
	recent := protocols.Time(2 * c.c.Patience)
	if c.parted || c.lying || c.cut > 0 && o.At-c.cut < recent || moved && (since < 0 || o.At-since < recent) {
		return ""
	}
	return fmt.Sprintf("node %d takes over task %x of node %d, which lives", o.Node, o.Key, o.Value)
}

// held is a task with its owner, and who has copies.
type held struct {
	owner   protocols.NodeID
	since   protocols.Time
	holders []protocols.NodeID
}

// copies follows who holds copies.
type copies struct {
	*mesh
	tasks map[uint64]*held
	tally uint64
}

// Wants lists the kinds that are needed.
func (c *copies) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Owned, Copied, Dropped, task.Done, task.Rejected, task.Gave, task.Leased}
}

// Tally is how many tasks were judged.
func (c *copies) Tally() uint64 { return c.tally }

// Observe follows tasks, and judges those of a node that crashes.
func (c *copies) Observe(o protocols.Observed) (text string) {
	if o.Protocol == protocols.NodeProtocol && o.Kind == protocols.NodeDown {
		text = c.judge(o.At, func(h *held) bool { return h.owner == o.Node })
		for _, id := range slices.Sorted(maps.Keys(c.tasks)) {
			h := c.tasks[id]
			h.holders = slices.DeleteFunc(h.holders, func(n protocols.NodeID) bool { return n == o.Node })
		}
	}
	if c.mesh.observe(o) {
		return text
	}
	h := c.tasks[o.Key]
	switch {
	case o.Kind == Owned && h == nil:
		c.tasks[o.Key] = &held{owner: o.Node, since: o.At}
	case h == nil:
	case o.Kind == Owned:
		h.owner, h.since = o.Node, o.At
	case o.Kind == Copied && !slices.Contains(h.holders, o.Node):
		h.holders = append(h.holders, o.Node)
	case o.Kind == Dropped:
		h.holders = slices.DeleteFunc(h.holders, func(id protocols.NodeID) bool { return id == o.Node })
	case o.Kind == task.Done, o.Kind == task.Rejected, (o.Kind == task.Gave || o.Kind == task.Leased) && h.owner == o.Node && o.Value != uint64(o.Node):
		delete(c.tasks, o.Key)
	}
	return ""
}

// judge looks for a task without all its copies.
func (c *copies) judge(at protocols.Time, which func(h *held) bool) string {
	if !c.quiet(at) {
		return ""
	}
	want := min(c.c.Copies, c.live-1)
	for _, id := range slices.Sorted(maps.Keys(c.tasks)) {
		h := c.tasks[id]
		if !which(h) || at-h.since <= protocols.Time(4*c.c.Renew) {
			continue
		}
		c.tally++
		if len(h.holders) < want {
			return fmt.Sprintf("task %x of node %d has copies on %v, and shall have %d", id, h.owner, h.holders, want)
		}
	}
	return ""
}

// Finish judges all tasks that are left.
func (c *copies) Finish(at protocols.Time) (violation, undecided string) {
	return c.judge(at, func(h *held) bool { return c.steady[h.owner] >= 0 }), ""
}
