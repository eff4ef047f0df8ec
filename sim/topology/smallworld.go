package topology

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// SmallWorld is a Ring in which each edge moves one of its ends to a random
// node with probability rewire (Watts and Strogatz, Nature 393, 1998): few
// shortcuts make paths short while neighbours still know one another. Each edge
// draws from a key of its own, so a higher probability rewires the same edges
// and some more. Cost: linear in the edges.
func SmallWorld(n, degree int, rewire draw.Probability, key uint64) (*Graph, error) {
	if err := checkRing("small-world", n, degree); err != nil {
		return nil, err
	}
	w := newLattice(n, degree/2)
	for j := range w.half { // lap by lap, as in the paper
		for i := range n {
			r := draw.New(draw.Derive(key, uint64(i*w.half+j)))
			if r.Hit(rewire) {
				w.rewire(i, j, &r)
			}
		}
	}
	edges := make([]edge, len(w.to))
	for i, to := range w.to {
		edges[i] = edge{node(i / w.half), to}
	}
	return build(n, edges), nil
}

// world is a ring under rewiring. The edge from node i to the j-th of its half
// next ones is to[i·half+j].
type world struct {
	half   int
	to     []protocols.NodeID
	degree []int32
}

func newLattice(n, half int) *world {
	w := &world{half: half, to: make([]protocols.NodeID, n*half), degree: make([]int32, n)}
	for i := range n {
		w.degree[i] = int32(2 * half)
		for j := range half {
			w.to[i*half+j] = node((i + j + 1) % n)
		}
	}
	return w
}

// rewire moves the far end of edge j of node i to a node that i is not joined
// to yet; it stays if there is none.
func (w *world) rewire(i, j int, r *draw.Rand) {
	n := len(w.degree)
	if int(w.degree[i]) == n-1 {
		return
	}
	for {
		to := node(r.IntN(n))
		if int(to) == i || w.joined(node(i), to) {
			continue
		}
		w.degree[w.to[i*w.half+j]]--
		w.degree[to]++
		w.to[i*w.half+j] = to
		return
	}
}

func (w *world) joined(a, b protocols.NodeID) bool {
	return slices.Contains(w.owned(a), b) || slices.Contains(w.owned(b), a)
}

func (w *world) owned(a protocols.NodeID) []protocols.NodeID {
	return w.to[int(a)*w.half : (int(a)+1)*w.half]
}
