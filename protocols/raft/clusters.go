package raft

import (
	"fmt"

	"meshsim/protocols"
)

// byCluster gives each cluster of a mesh a checker of its own. Replicas and
// clients say at their start which cluster they belong to, see [Joined].
type byCluster struct {
	protocols.ProbeConfig
	make     func(c protocols.ProbeConfig) protocols.Checker
	wants    []protocols.ObservationKind
	names    clusters
	checkers []protocols.Checker // by number of the cluster
	tally    uint64
}

// inClusters makes a property of one cluster one of all.
func inClusters(spec protocols.CheckerSpec) protocols.CheckerSpec {
	one := spec.New
	spec.New = func(c protocols.ProbeConfig) protocols.Checker {
		wants := append([]protocols.ObservationKind{Joined}, one(c).Wants()...)
		return &byCluster{ProbeConfig: c, make: one, wants: wants, names: newClusters(c.Nodes)}
	}
	return spec
}

// Wants lists the kinds that are needed.
func (b *byCluster) Wants() []protocols.ObservationKind { return b.wants }

// Observe hands an observation to the checker of the node's cluster.
func (b *byCluster) Observe(o protocols.Observed) string {
	number := b.names.of(o)
	if number < 0 {
		return ""
	}
	if number == len(b.checkers) {
		b.checkers = append(b.checkers, b.make(b.ProbeConfig))
	}
	if o.Protocol != protocols.NodeProtocol && o.Kind != Joined {
		b.tally++
	}
	text := b.checkers[number].Observe(o)
	return b.place(number, text)
}

// Tally counts what replicas and clients did beside joining.
func (b *byCluster) Tally() uint64 { return b.tally }

// Finish ends the checkers that have more to say.
func (b *byCluster) Finish(at protocols.Time) (violation, undecided string) {
	for i, c := range b.checkers {
		f, ok := c.(protocols.Finisher)
		if !ok {
			return "", ""
		}
		v, u := f.Finish(at)
		if v != "" {
			return b.place(i, v), ""
		}
		if undecided == "" {
			undecided = b.place(i, u)
		}
	}
	return "", undecided
}

// View is the page of the first checker that has one, as linearizability has of
// what nothing explains; nil if none.
func (b *byCluster) View() []byte {
	for _, c := range b.checkers {
		if v, ok := c.(interface{ View() []byte }); ok {
			if page := v.View(); page != nil {
				return page
			}
		}
	}
	return nil
}

// place says in which cluster something is wrong, if there are several.
func (b *byCluster) place(number int, text string) string {
	if text == "" || len(b.checkers) < 2 {
		return text
	}
	return fmt.Sprintf("in the cluster of node %d: %s", b.names.first[number], text)
}

// clusters numbers the clusters of a mesh as they are seen.
type clusters struct {
	number []int    // by node; -1: not known
	first  []uint64 // first replica of each cluster
}

func newClusters(nodes int) clusters {
	c := clusters{number: make([]int, nodes)}
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
