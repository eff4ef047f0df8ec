package topology

import (
	"fmt"
	"math/bits"

	"meshsim/protocols/draw"
)

// ErdosRenyi joins each pair of nodes independently with probability p (the
// model of Gilbert, 1959; Erdős and Rényi, 1960). It jumps from edge to edge by
// geometric draws (Batagelj and Brandes, Phys. Rev. E 71, 036113, 2005), so the
// cost is linear in nodes and edges. Below a mean degree of ln n some nodes have
// no edge at all, below 1 most do not reach one another.
func ErdosRenyi(n int, p draw.Probability, key uint64) (*Graph, error) {
	if err := checkNodes("erdos-renyi", n, 1); err != nil {
		return nil, err
	}
	pairs := uint64(n) * uint64(n-1) / 2
	expected, _ := bits.Mul64(pairs, uint64(p))
	if err := checkEdges("erdos-renyi", expected); err != nil {
		return nil, err
	}
	r, gap := draw.New(key), draw.NewGeometric(p)
	edges := make([]edge, 0, expected+expected/16+16)
	// Pairs (a, b), b < a, in order: b is the place within a's row.
	for a, b := uint64(1), uint64(0); p != 0; b++ {
		b += gap.Sample(&r)
		for a < uint64(n) && b >= a {
			b -= a
			a++
		}
		if a >= uint64(n) {
			break
		}
		edges = append(edges, edge{node(int(a)), node(int(b))})
	}
	return build(n, edges), nil
}

// MeanDegree returns the probability of an edge that gives ErdosRenyi a mean
// degree of num/den.
func MeanDegree(n int, num, den uint64) (draw.Probability, error) {
	if n < 2 || den == 0 {
		return 0, fmt.Errorf("erdos-renyi: a mean degree needs at least 2 nodes, not %d", n)
	}
	hi, all := bits.Mul64(uint64(n-1), den)
	if hi != 0 {
		return 0, fmt.Errorf("erdos-renyi: mean degree %d/%d has too many digits", num, den)
	}
	if num > all {
		return 0, fmt.Errorf("erdos-renyi: mean degree is %d/%d; with %d nodes it is at most %d", num, den, n, n-1)
	}
	return draw.Ratio(num, all), nil
}
