package topology

// Kind is a topology that scenarios can name.
type Kind struct {
	Name       string
	Parameters string // besides the number of nodes
	Doc        string // what it is, in a line
}

// Kinds lists all topologies.
func Kinds() []Kind {
	return []Kind{
		{"full", "", "everybody knows everybody"},
		{"ring", "degree", "a circle; each node knows the degree nearest ones"},
		{"grid", "width, height", "a rectangle; each node knows those above, below, left and right"},
		{"torus", "width, height", "a grid whose opposite sides are joined"},
		{"star", "", "node 0 knows all, the others only it"},
		{"tree", "branching", "a rooted tree, filled level by level"},
		{"random-regular", "degree", "random, with the same degree at each node"},
		{"erdos-renyi", "degree or probability", "each pair is joined independently with one probability"},
		{"small-world", "degree, rewire", "a ring with a share of its edges moved at random (Watts and Strogatz)"},
		{"scale-free", "links", "grown by preferential attachment, with few hubs (Barabási and Albert)"},
		{"edges", "file", "an edge list, two node numbers a line"},
	}
}
