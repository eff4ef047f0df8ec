package sim

import (
	"unsafe"

	"meshsim/protocols"
)

// column holds the states of one protocol on the nodes of a group. Protocols
// lay them side by side; then a node is found by arithmetic, which saves a cold
// load each call.
type column struct {
	nodes  []protocols.Node // as New returned them; replaced one by one at restarts
	typ    unsafe.Pointer   // the type word that all have in common
	base   unsafe.Pointer   // the first state
	stride uintptr          // distance between states; 0 if they are not side by side
}

// words is how Go lays out a non-empty interface that holds a pointer.
type words struct{ typ, data unsafe.Pointer }

func newColumn(nodes []protocols.Node) column {
	c := column{nodes: nodes}
	if len(nodes) < 2 {
		return c
	}
	at := func(i int) *words { return (*words)(unsafe.Pointer(&nodes[i])) }
	stride := uintptr(at(1).data) - uintptr(at(0).data)
	for i := range nodes {
		if at(i).typ != at(0).typ || uintptr(at(i).data) != uintptr(at(0).data)+uintptr(i)*stride {
			return c
		}
	}
	c.typ, c.base, c.stride = at(0).typ, at(0).data, stride
	return c
}

// at returns the i-th node as New returned it. The column's nodes keep every
// state alive, so an interface made here never outlives what it points to.
func (c *column) at(i uint32) protocols.Node {
	if c.stride == 0 {
		return c.nodes[i]
	}
	w := words{c.typ, unsafe.Add(c.base, uintptr(i)*c.stride)}
	return *(*protocols.Node)(unsafe.Pointer(&w))
}

// touch loads the first word of the i-th state.
func (c *column) touch(i uint32) uint64 {
	if c.stride == 0 {
		return 0
	}
	return *(*uint64)(unsafe.Add(c.base, uintptr(i)*c.stride))
}

// touch loads a node's state ahead of its use: cold loads that do not depend on
// one another overlap.
func (k *kernel) touch(id uint32) uint64 {
	n := &k.states[id]
	sum := n.seq
	g := &k.groups[0]
	if len(k.groups) > 1 {
		g = &k.groups[n.group]
	}
	for i := range g.columns {
		sum += g.columns[i].touch(id - g.start)
	}
	return sum
}
