package topology

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// RandomRegular gives each node the same degree and otherwise pairs at random:
// the configuration model (Bollobás, 1980), in which loops and double edges are
// then removed by switching them with random edges (McKay and Wormald, J.
// Algorithms 11, 1990). For degrees far below n it is close to uniform among
// all such graphs, and connected with high probability from degree 3 on. Cost:
// linear in the edges, quadratic in n for degrees above n/2.
func RandomRegular(n, degree int, key uint64) (*Graph, error) {
	const kind = "random-regular"
	if err := checkNodes(kind, n, 1); err != nil {
		return nil, err
	}
	if degree < 0 || degree >= n {
		return nil, fmt.Errorf("%s: degree is %d; write one from 0 to %d", kind, degree, n-1)
	}
	if n%2 != 0 && degree%2 != 0 {
		return nil, fmt.Errorf("%s: %d nodes of degree %d have an odd number of ends; write an even degree or number of nodes", kind, n, degree)
	}
	if err := checkEdges(kind, uint64(n)*uint64(degree)/2); err != nil {
		return nil, err
	}
	if degree > (n-1)/2 {
		return complement(n, pairUp(n, n-1-degree, key)), nil
	}
	return build(n, pairUp(n, degree, key).edges()), nil
}

// pairing is a multigraph under repair: node i's neighbours are
// ends[i·degree:(i+1)·degree], in no order.
type pairing struct {
	degree int
	ends   []protocols.NodeID
	r      draw.Rand
}

// pairUp returns a random simple graph of that degree, at most (n-1)/2. A small
// one is drawn again while it has flaws, which is exactly uniform and succeeds
// for degrees up to 4; what still has flaws then is repaired.
func pairUp(n, degree int, key uint64) *pairing {
	redraws := uint64(0)
	if n*degree <= 1<<12 {
		redraws = 100
	}
	for attempt := uint64(0); ; attempt++ {
		p := &pairing{degree: degree, r: draw.New(draw.Derive(key, attempt))}
		p.shuffle(n)
		flaws := p.flaws(n)
		if len(flaws) == 0 || attempt >= redraws && p.repair(flaws) {
			return p
		}
	}
}

// shuffle pairs the n·degree ends at random.
func (p *pairing) shuffle(n int) {
	stubs := make([]protocols.NodeID, 0, n*p.degree)
	for i := range n {
		for range p.degree {
			stubs = append(stubs, node(i))
		}
	}
	for i := len(stubs) - 1; i > 0; i-- {
		j := p.r.IntN(i + 1)
		stubs[i], stubs[j] = stubs[j], stubs[i]
	}
	p.ends = make([]protocols.NodeID, len(stubs))
	filled := make([]int32, n)
	put := func(a, b protocols.NodeID) {
		p.ends[int(a)*p.degree+int(filled[a])] = b
		filled[a]++
	}
	for i := 0; i < len(stubs); i += 2 {
		put(stubs[i], stubs[i+1])
		put(stubs[i+1], stubs[i])
	}
}

// repair switches away the loops and double edges. It reports false if that
// takes too long, which happens in small dense graphs alone.
func (p *pairing) repair(flaws []edge) bool {
	for _, e := range flaws {
		tries := 0
		// An earlier switch may have taken it already as its random edge.
		for p.flawed(e) && !p.trySwitch(e) {
			if tries++; tries > 100+10*len(p.ends) {
				return false
			}
		}
	}
	return true
}

// flaws lists the loops and all but one of each set of parallel edges.
func (p *pairing) flaws(n int) (list []edge) {
	sorted := make([]protocols.NodeID, p.degree)
	for i := range n {
		a := node(i)
		copy(sorted, p.neighbours(a))
		slices.Sort(sorted)
		for j := 1; j < len(sorted); j++ {
			b := sorted[j]
			if b != sorted[j-1] || b < a {
				continue
			}
			list = append(list, edge{a, b})
			if a == b {
				j++ // a loop has two ends here
			}
		}
	}
	return list
}

func (p *pairing) flawed(e edge) bool {
	copies := 0
	for _, b := range p.neighbours(e.a) {
		if b == e.b {
			copies++
		}
	}
	return copies > 1 // a loop has two ends here
}

// trySwitch replaces the edges a-b and x-y, the second a random one, by a-x and
// b-y, unless that makes a flaw. (Edges that share a node make one.)
func (p *pairing) trySwitch(e edge) bool {
	at := p.r.IntN(len(p.ends))
	a, b, x, y := e.a, e.b, node(at/p.degree), p.ends[at]
	if a == x || b == y || p.adjacent(a, x) || p.adjacent(b, y) || a == b && x == y {
		return false
	}
	p.replace(a, b, x)
	p.replace(b, a, y)
	p.replace(x, y, a)
	p.replace(y, x, b)
	return true
}

func (p *pairing) neighbours(a protocols.NodeID) []protocols.NodeID {
	return p.ends[int(a)*p.degree : (int(a)+1)*p.degree]
}

func (p *pairing) adjacent(a, b protocols.NodeID) bool { return slices.Contains(p.neighbours(a), b) }

// replace puts a new neighbour of a in the place of an old one.
func (p *pairing) replace(a, old, new protocols.NodeID) {
	list := p.neighbours(a)
	list[slices.Index(list, old)] = new
}

func (p *pairing) edges() []edge {
	edges := make([]edge, 0, len(p.ends)/2)
	for i, b := range p.ends {
		if a := node(i / p.degree); a < b {
			edges = append(edges, edge{a, b})
		}
	}
	return edges
}

// complement joins the n nodes that p does not join.
func complement(n int, p *pairing) *Graph {
	var edges []edge
	joined := make([]protocols.NodeID, n) // to the latest of the nodes a
	for a := node(n - 1); a > 0; a-- {
		for _, b := range p.neighbours(a) {
			joined[b] = a
		}
		for b := range a {
			if joined[b] != a {
				edges = append(edges, edge{a, b})
			}
		}
	}
	return build(n, edges)
}
