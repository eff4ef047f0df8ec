package raft

import "meshsim/protocols"

// byCluster gives each cluster of a mesh a checker of its own. Replicas and
// clients say at their start which cluster they belong to, see [Joined].
type byCluster struct {
	protocols.PerCluster
	tally uint64
}

// inClusters makes a property of one cluster one of all.
func inClusters(spec protocols.CheckerSpec) protocols.CheckerSpec {
	one := spec.New
	spec.New = func(c protocols.ProbeConfig) protocols.Checker {
		names := newClusters(c.Nodes)
		return &byCluster{PerCluster: protocols.PerCluster{
			Kinds: append([]protocols.ObservationKind{Joined}, one(c).Wants()...),
			Of:    names.of,
			First: func(i int) protocols.NodeID { return protocols.NodeID(names.first[i]) },
			New:   func() protocols.Checker { return one(c) },
		}}
	}
	return spec
}

// Observe hands an observation to the checker of the node's cluster.
func (b *byCluster) Observe(o protocols.Observed) string {
	if o.Protocol != protocols.NodeProtocol && o.Kind != Joined && b.Of(o) >= 0 {
		b.tally++
	}
	return b.PerCluster.Observe(o)
}

// Tally counts what replicas and clients did beside joining.
func (b *byCluster) Tally() uint64 { return b.tally }

// clusters numbers the clusters of a mesh as they are seen.
type clusters struct {
	number []int    // by node; -1: not known
	first  []uint64 // first replica of each cluster
}

func newClusters(nodes int) *clusters {
	c := &clusters{number: make([]int, nodes)}
	for i := range c.number {
		c.number[i] = -1
	}
	return c
}

// of is the number of the cluster of whoever observed something, -1 if it is in none.
func (c *clusters) of(o protocols.Observed) int {
	if o.Protocol != protocols.NodeProtocol && o.Kind == Joined {
		c.join(o.Node, o.Key)
	}
	if o.Node >= protocols.NodeID(len(c.number)) {
		return -1
	}
	return c.number[o.Node]
}

func (c *clusters) join(id protocols.NodeID, first uint64) {
	for i, f := range c.first {
		if f == first {
			c.number[id] = i
			return
		}
	}
	c.number[id] = len(c.first)
	c.first = append(c.first, first)
}

// memo remembers a value for each key: the latest 100 000 or so for sure, and all
// that are to be kept.
type memo struct {
	young, old map[uint64]uint64
	kept       map[uint64]uint64
}

const memoSize = 1 << 17

// meet returns the value that a key was first met with; first is true if that
// is now.
func (m *memo) meet(key, value uint64, keep bool) (before uint64, first bool) {
	for _, known := range [3]map[uint64]uint64{m.young, m.old, m.kept} {
		if v, ok := known[key]; ok {
			return v, false
		}
	}
	if keep {
		if m.kept == nil {
			m.kept = map[uint64]uint64{}
		}
		m.kept[key] = value
		return value, true
	}
	if m.young == nil || len(m.young) >= memoSize {
		m.young, m.old = make(map[uint64]uint64, 1024), m.young
	}
	m.young[key] = value
	return value, true
}
