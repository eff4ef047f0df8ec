package topology

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// ScaleFree grows a graph by preferential attachment (Barabási and Albert,
// Science 286, 1999): it begins with links+1 nodes that are all joined, and each
// further node joins itself to links different earlier ones, chosen in
// proportion to their degree. Degrees follow a power law of exponent 3 from
// links on, their mean is near 2·links, and the oldest nodes become hubs. Cost:
// linear in the edges.
func ScaleFree(n, links int, key uint64) (*Graph, error) {
	const kind = "scale-free"
	if err := checkNodes(kind, n, 2); err != nil {
		return nil, err
	}
	if links < 1 || links >= n {
		return nil, fmt.Errorf("%s: links is %d; write one from 1 to %d", kind, links, n-1)
	}
	count := uint64(links)*uint64(links+1)/2 + uint64(n-links-1)*uint64(links)
	if err := checkEdges(kind, count); err != nil {
		return nil, err
	}
	r, edges := draw.New(key), make([]edge, 0, count)
	for a := range links + 1 {
		for b := range a {
			edges = append(edges, edge{node(a), node(b)})
		}
	}
	chosen := make([]protocols.NodeID, 0, links)
	for a := links + 1; a < n; a++ {
		chosen = chosen[:0]
		for len(chosen) < links {
			// Each end of an edge is equally likely: a node as often as it has edges.
			at := r.IntN(2 * len(edges))
			b := edges[at/2].a
			if at%2 != 0 {
				b = edges[at/2].b
			}
			if !slices.Contains(chosen, b) {
				chosen = append(chosen, b)
			}
		}
		for _, b := range chosen {
			edges = append(edges, edge{node(a), b})
		}
	}
	return build(n, edges), nil
}
