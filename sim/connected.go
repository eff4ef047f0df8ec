package sim

import (
	"slices"

	"meshsim/protocols"
)

// connected is the share of live nodes in the largest part whose members can
// reach one another over the topology and past all partitions in force, both
// ways. Cost: the links of the topology; a complete one is settled by sides.
func (k *kernel) connected() float64 {
	live := k.liveNodes()
	if len(live) == 0 {
		return 0
	}
	var largest int
	if _, ok := k.topology().(interface{ Complete() bool }); ok {
		largest = k.largestBySides(live)
	} else {
		largest = k.largestByLinks(live)
	}
	return float64(largest) / float64(len(live))
}

func (k *kernel) liveNodes() []uint32 {
	var live []uint32
	for id := range k.states {
		if k.states[id].flags&nodeDown == 0 {
			live = append(live, uint32(id))
		}
	}
	return live
}

// largestBySides counts nodes alike in all cuts; few classes are left.
func (k *kernel) largestBySides(live []uint32) int {
	type class struct {
		sample uint32
		size   int
	}
	var classes []class
	index := map[string]int{} // looked up only
	sides := make([]byte, len(k.cuts))
	for _, id := range live {
		for i, c := range k.cuts {
			sides[i] = c.side[id]
		}
		at, ok := index[string(sides)]
		if !ok {
			at = len(classes)
			index[string(sides)] = at
			classes = append(classes, class{sample: id})
		}
		classes[at].size++
	}
	u := newUnion(len(classes))
	for a := range classes {
		for b := range classes[:a] {
			x, y := classes[a].sample, classes[b].sample
			if !k.cut(x, y) && !k.cut(y, x) {
				u.join(a, b)
			}
		}
	}
	sizes := make([]int, len(classes))
	for i := range classes {
		sizes[u.find(i)] += classes[i].size
	}
	return slices.Max(sizes)
}

func (k *kernel) largestByLinks(live []uint32) int {
	t := k.topology()
	u := newUnion(len(k.states))
	for _, a := range live {
		for i := range t.Degree(protocols.NodeID(a)) {
			b := uint32(t.Neighbour(protocols.NodeID(a), i))
			if k.states[b].flags&nodeDown == 0 && !k.cut(a, b) && !k.cut(b, a) {
				u.join(int(a), int(b))
			}
		}
	}
	sizes := make([]int32, len(k.states))
	largest := int32(0)
	for _, id := range live {
		root := u.find(int(id))
		sizes[root]++
		largest = max(largest, sizes[root])
	}
	return int(largest)
}

// union is a disjoint-set forest with path halving (Tarjan and van Leeuwen,
// JACM 1984).
type union []int32

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = int32(i)
	}
	return u
}

func (u union) find(i int) int {
	for u[i] != int32(i) {
		u[i] = u[u[i]]
		i = int(u[i])
	}
	return i
}

func (u union) join(a, b int) {
	a, b = u.find(a), u.find(b)
	u[max(a, b)] = int32(min(a, b))
}
