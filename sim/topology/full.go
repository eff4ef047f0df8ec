package topology

import "meshsim/protocols"

// Complete is the topology in which everybody knows everybody. It needs no
// memory.
type Complete struct{ nodes uint32 }

// Full is the complete topology of n nodes.
func Full(n int) (Complete, error) {
	return Complete{uint32(n)}, checkNodes("full", n, 1)
}

// Nodes is the number of nodes.
func (c Complete) Nodes() int { return int(c.nodes) }

// Degree is the number of neighbours of id: all others.
func (c Complete) Degree(protocols.NodeID) int { return int(c.nodes) - 1 }

// Neighbour is the i-th neighbour of id.
func (c Complete) Neighbour(id protocols.NodeID, i int) protocols.NodeID {
	if i < 0 || i >= int(c.nodes)-1 {
		panic("topology: no such neighbour")
	}
	if protocols.NodeID(i) < id {
		return protocols.NodeID(i)
	}
	return protocols.NodeID(i) + 1
}
