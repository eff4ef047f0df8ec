package sim

import "unsafe"

// fetch asks the cache for a node's state, which is cold as a rule, ahead of its
// use: what the kernel and what its protocols know of it.
func (k *kernel) fetch(id uint32) {
	n := &k.states[id]
	g := k.groupOf(id)
	for _, nodes := range g.nodes {
		node := nodes.At(int(id - g.start))
		// An interface is two words, and the second points to the state.
		prefetch((*byte)(unsafe.Pointer(n)), (*[2]*byte)(unsafe.Pointer(&node))[1])
	}
}

// groupOf finds a node's group without looking at its state.
func (k *kernel) groupOf(id uint32) *group {
	at := k.firstGroups[id>>k.blockBits]
	for id >= k.groups[at].end {
		at++
	}
	return &k.groups[at]
}

// findGroups notes in which group each block begins.
func (k *kernel) findGroups() {
	k.firstGroups = make([]uint16, len(k.owners))
	at := uint16(0)
	for b := range k.firstGroups {
		for uint32(b)<<k.blockBits >= k.groups[at].end {
			at++
		}
		k.firstGroups[b] = at
	}
}
