package topology

import (
	"fmt"

	"meshsim/protocols"
)

// Ring joins each node to the degree nodes nearest to it on a circle, half on
// each side.
func Ring(n, degree int) (*Graph, error) {
	if err := checkRing("ring", n, degree); err != nil {
		return nil, err
	}
	edges := make([]edge, 0, n*degree/2)
	for i := range n {
		for j := 1; j <= degree/2; j++ {
			edges = append(edges, edge{node(i), node((i + j) % n)})
		}
	}
	return build(n, edges), nil
}

func checkRing(kind string, n, degree int) error {
	if err := checkNodes(kind, n, 3); err != nil {
		return err
	}
	if degree < 2 || degree >= n || degree%2 != 0 {
		return fmt.Errorf("%s: degree is %d; write an even one from 2 to %d", kind, degree, (n-1)/2*2)
	}
	return checkEdges(kind, uint64(n)*uint64(degree)/2)
}

// Grid joins the nodes of a rectangle to the nodes above, below, left and right.
// Node x + y·width is in column x of row y.
func Grid(width, height int) (*Graph, error) { return lattice("grid", width, height, 1) }

// Torus is a Grid whose opposite sides are joined, too.
func Torus(width, height int) (*Graph, error) { return lattice("torus", width, height, 3) }

func lattice(kind string, width, height, least int) (*Graph, error) {
	if width < least || height < least || width > MaxNodes || height > MaxNodes/width {
		return nil, fmt.Errorf("%s: width %d and height %d; both must be at least %d, and their product at most %d", kind, width, height, least, MaxNodes)
	}
	n, wrap := width*height, kind == "torus"
	if err := checkEdges(kind, 2*uint64(n)); err != nil {
		return nil, err
	}
	edges := make([]edge, 0, 2*n)
	for i := range n {
		x, y := i%width, i/width
		if x+1 < width || wrap {
			edges = append(edges, edge{node(i), node(y*width + (x+1)%width)})
		}
		if y+1 < height || wrap {
			edges = append(edges, edge{node(i), node((y+1)%height*width + x)})
		}
	}
	return build(n, edges), nil
}

// Rectangle returns the sides of the rectangle of n nodes that is nearest to a
// square, width >= height; a prime n gives a line.
func Rectangle(n int) (width, height int) {
	for h := 1; h <= n/h; h++ {
		if n%h == 0 {
			width, height = n/h, h
		}
	}
	return width, height
}

// Star joins node 0 to all others.
func Star(n int) (*Graph, error) {
	if err := checkNodes("star", n, 1); err != nil {
		return nil, err
	}
	return tree("star", n, n)
}

// Tree is a rooted tree with that many children a node, filled level by level:
// the parent of node i > 0 is node (i-1)/branching.
func Tree(n, branching int) (*Graph, error) {
	if err := checkNodes("tree", n, 1); err != nil {
		return nil, err
	}
	if branching < 1 {
		return nil, fmt.Errorf("tree: branching is %d; write 1 or more", branching)
	}
	return tree("tree", n, branching)
}

func tree(kind string, n, branching int) (*Graph, error) {
	if err := checkEdges(kind, uint64(n)); err != nil {
		return nil, err
	}
	edges := make([]edge, 0, n-1)
	for i := 1; i < n; i++ {
		edges = append(edges, edge{node((i - 1) / branching), node(i)})
	}
	return build(n, edges), nil
}

func node(i int) protocols.NodeID { return protocols.NodeID(i) }
