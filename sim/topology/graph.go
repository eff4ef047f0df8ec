// Package topology makes the graphs of who knows whom: seeded generators that
// use integers alone, and a reader of edge lists. All graphs are undirected,
// without loops and without double edges. A graph costs 4 bytes a node and 8 an
// edge, while it is made twice that; a full mesh costs nothing.
//
// Generators take the key of their random stream (see package draw); the same
// key and parameters give the same graph on every machine.
package topology

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// Limits on what is built: a graph of MaxEdges takes 1 GiB.
const (
	MaxNodes = 1 << 28
	MaxEdges = 1 << 27
)

// Graph is an immutable undirected graph on the nodes 0 … n-1: for each node its
// neighbours in ascending order, one after another in one array.
type Graph struct {
	offsets []uint32 // of node i: targets[offsets[i]:offsets[i+1]]
	targets []protocols.NodeID
}

// Nodes is the number of nodes.
func (g *Graph) Nodes() int { return len(g.offsets) - 1 }

// Edges is the number of edges.
func (g *Graph) Edges() int { return len(g.targets) / 2 }

// Degree is the number of neighbours of id.
func (g *Graph) Degree(id protocols.NodeID) int {
	return int(g.offsets[id+1] - g.offsets[id])
}

// Neighbour is the i-th neighbour of id.
func (g *Graph) Neighbour(id protocols.NodeID, i int) protocols.NodeID {
	return g.Neighbours(id)[i]
}

// Neighbours are the neighbours of id, ascending; shared, do not change.
func (g *Graph) Neighbours(id protocols.NodeID) []protocols.NodeID {
	return g.targets[g.offsets[id]:g.offsets[id+1]:g.offsets[id+1]]
}

// Adjacent reports whether there is an edge between a and b. Cost: logarithmic
// in the degree.
func (g *Graph) Adjacent(a, b protocols.NodeID) bool {
	_, ok := slices.BinarySearch(g.Neighbours(a), b)
	return ok
}

// edge joins two nodes, in either order.
type edge struct{ a, b protocols.NodeID }

// build makes the graph of n nodes with these edges, which have no loops; double
// edges are merged.
func build(n int, edges []edge) *Graph {
	g := &Graph{offsets: make([]uint32, n+1), targets: make([]protocols.NodeID, 2*len(edges))}
	for _, e := range edges {
		g.offsets[e.a]++
		g.offsets[e.b]++
	}
	var end uint32
	for i, degree := range g.offsets {
		end += degree
		g.offsets[i] = end
	}
	// Filled from the end, each offset moves to where its node begins.
	for _, e := range edges {
		g.offsets[e.a]--
		g.targets[g.offsets[e.a]] = e.b
		g.offsets[e.b]--
		g.targets[g.offsets[e.b]] = e.a
	}
	g.settle()
	return g
}

// settle sorts each node's neighbours and drops those that are there twice.
func (g *Graph) settle() {
	var kept uint32
	for i := range g.Nodes() {
		list := g.targets[g.offsets[i]:g.offsets[i+1]]
		slices.Sort(list)
		list = slices.Compact(list)
		g.offsets[i] = kept
		kept += uint32(copy(g.targets[kept:], list))
	}
	g.offsets[g.Nodes()] = kept
	g.targets = g.targets[:kept]
}

// checkNodes refuses numbers of nodes that kind cannot have.
func checkNodes(kind string, n, least int) error {
	if n < least || n > MaxNodes {
		return fmt.Errorf("%s: %d nodes; it needs from %d to %d", kind, n, least, MaxNodes)
	}
	return nil
}

// checkEdges refuses graphs that would not fit in memory.
func checkEdges(kind string, edges uint64) error {
	if edges > MaxEdges {
		return fmt.Errorf("%s: about %d edges; the limit is %d: write a smaller degree or probability, or the kind full, which needs no memory", kind, edges, MaxEdges)
	}
	return nil
}
