package sim

import "unsafe"

// touch loads a node's state ahead of its use: cold loads that do not depend on
// one another overlap.
func (k *kernel) touch(id uint32) uint64 {
	n := &k.states[id]
	sum := n.seq
	g := &k.groups[0]
	if len(k.groups) > 1 {
		g = &k.groups[n.group]
	}
	for _, nodes := range g.nodes {
		node := nodes.At(int(id - g.start))
		// An interface is two words, and the second points to the state.
		if state := (*[2]*byte)(unsafe.Pointer(&node))[1]; state != nil {
			sum += uint64(*state)
		}
	}
	return sum
}
