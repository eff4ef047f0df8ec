package topology

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"

	"meshsim/protocols/draw"
)

// measured is g as gonum knows it.
func measured(g *Graph) *simple.UndirectedGraph {
	m := simple.NewUndirectedGraph()
	for i := range g.Nodes() {
		m.AddNode(simple.Node(i))
	}
	for i := range g.Nodes() {
		for _, b := range g.Neighbours(node(i)) {
			if int(b) > i {
				m.SetEdge(m.NewEdge(simple.Node(i), simple.Node(b)))
			}
		}
	}
	return m
}

func largest(m graph.Undirected) (count, nodes int) {
	parts := topo.ConnectedComponents(m)
	for _, p := range parts {
		nodes = max(nodes, len(p))
	}
	return len(parts), nodes
}

// clustering is the mean over the nodes of the share of pairs of neighbours
// that know each other, and the number of triangles in all.
func clustering(g *Graph) (mean float64, triangles int) {
	for i := range g.Nodes() {
		list, closed := g.Neighbours(node(i)), 0
		for j, a := range list {
			for _, b := range list[:j] {
				if g.Adjacent(a, b) {
					closed++
				}
			}
		}
		triangles += closed
		if d := float64(len(list)); d > 1 {
			mean += float64(closed) / (d * (d - 1) / 2)
		}
	}
	return mean / float64(g.Nodes()), triangles / 3
}

// meanPath is the mean number of hops from some nodes to all others.
func meanPath(m *simple.UndirectedGraph, from int) float64 {
	sum, n := 0.0, 0
	for i := range from {
		shortest := path.DijkstraFrom(simple.Node(i), m)
		for j := range m.Nodes().Len() {
			if j != i {
				sum += shortest.WeightTo(int64(j))
				n++
			}
		}
	}
	return sum / float64(n)
}

// within fails unless got is near want.
func within(t *testing.T, what string, got, want, slack float64) {
	t.Helper()
	if math.Abs(got-want) > slack {
		t.Errorf("%s is %.4g, want %.4g ± %.2g", what, got, want, slack)
	}
}

// Erdős and Rényi: degrees are binomial, the largest component is the share S
// with S = 1-e^(-cS), and 1 node in e^c is alone.
func TestErdosRenyi(t *testing.T) {
	const n, c = 20_000, 1.5
	p, err := MeanDegree(n, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	g := must(ErdosRenyi(n, p, 7))
	checkSimple(t, "erdos-renyi", g, n)
	within(t, "number of edges", float64(g.Edges()), n*c/2, 4*math.Sqrt(n*c/2))
	alone, variance := 0.0, 0.0
	for i := range n {
		d := float64(g.Degree(node(i)))
		variance += (d - c) * (d - c) / n
		if d == 0 {
			alone++
		}
	}
	within(t, "variance of the degree", variance, c, 0.1)
	within(t, "share of nodes alone", alone/n, math.Exp(-c), 0.012)
	s := 0.5
	for range 100 {
		s = 1 - math.Exp(-c*s)
	}
	count, most := largest(measured(g))
	within(t, "share of the largest component", float64(most)/n, s, 0.03)
	if gc, gl := g.Components(); gc != count || gl != most {
		t.Errorf("%d components, the largest of %d; gonum finds %d and %d", gc, gl, count, most)
	}
}

// Each pair of nodes is joined equally often (χ² of 45 pairs, 44 degrees of
// freedom after the variance of a coin: 88 has a probability of 1e-4).
func TestErdosRenyiIsFair(t *testing.T) {
	const runs, n = 20_000, 10
	var counts [n][n]float64
	for key := range uint64(runs) {
		g := must(ErdosRenyi(n, draw.Ratio(3, 10), draw.Mix(key)))
		for a := range n {
			for _, b := range g.Neighbours(node(a)) {
				counts[a][b]++
			}
		}
	}
	chi2 := 0.0
	for a := range n {
		for b := range a {
			chi2 += math.Pow(counts[a][b]-0.3*runs, 2) / (0.3 * 0.7 * runs)
		}
	}
	if chi2 > 89 {
		t.Errorf("χ² is %.0f", chi2)
	}
}

// Random regular graphs of degree 3 have (d-1)³/6 triangles in the mean, in a
// Poisson distribution (Bollobás), and are connected.
func TestRandomRegular(t *testing.T) {
	const n, runs = 300, 400
	sum, sum2 := 0.0, 0.0
	for key := range uint64(runs) {
		g := must(RandomRegular(n, 3, draw.Mix(key)))
		_, triangles := clustering(g)
		sum += float64(triangles)
		sum2 += float64(triangles * triangles)
		if key == 0 {
			if count, _ := largest(measured(g)); count != 1 {
				t.Errorf("%d components", count)
			}
		}
	}
	mean := sum / runs
	within(t, "mean number of triangles", mean, 8./6, 4*math.Sqrt(8./6/runs))
	within(t, "variance of the number of triangles", sum2/runs-mean*mean, 8./6, 0.4)
}

// There are 70 labelled graphs of 6 nodes with degree 2: 60 hexagons and 10
// pairs of triangles.
func TestRandomRegularSmall(t *testing.T) {
	pairs := 0
	const runs = 5000
	for key := range uint64(runs) {
		if count, _ := must(RandomRegular(6, 2, draw.Mix(key))).Components(); count == 2 {
			pairs++
		}
	}
	within(t, "share of pairs of triangles", float64(pairs)/runs, 1./7, 4*math.Sqrt(6./49/runs))
}

// Watts and Strogatz: rewiring a share p leaves a clustering near C(0)·(1-p)³
// with C(0) = 3(k-2)/4(k-1) (Barrat and Weigt, 2000), and cuts the paths to near
// those of a random graph.
func TestSmallWorld(t *testing.T) {
	const n, k = 1500, 10
	ring := must(Ring(n, k))
	c0, _ := clustering(ring)
	within(t, "clustering of the ring", c0, 3.*(k-2)/4/(k-1), 1e-12)
	before := meanPath(measured(ring), 3)
	within(t, "mean path of the ring", before, n/2./k, 1)
	for _, p := range []uint64{1, 10, 50} {
		g := must(SmallWorld(n, k, percent(p), 5))
		checkSimple(t, "small-world", g, n)
		c, _ := clustering(g)
		within(t, "clustering", c, c0*math.Pow(1-float64(p)/100, 3), 0.02)
		kept := 0
		for a := range n {
			for _, b := range ring.Neighbours(node(a)) {
				if int(b) > a && g.Adjacent(node(a), b) {
					kept++
				}
			}
		}
		rewired := 1 - float64(kept)/(n*k/2)
		q := float64(p) / 100
		within(t, "share rewired", rewired, q, 4*math.Sqrt(q*(1-q)/(n*k/2))+0.005)
		if p == 10 {
			within(t, "mean path", meanPath(measured(g), 20), 4.6, 0.7)
		}
	}
}

// A higher probability rewires the same edges and more.
func TestSmallWorldRewiresTheSameEdges(t *testing.T) {
	const n, k = 1000, 6
	ring, few, many := must(Ring(n, k)), must(SmallWorld(n, k, percent(10), 5)), must(SmallWorld(n, k, percent(15), 5))
	again, gone := 0, 0
	for a := range n {
		for _, b := range ring.Neighbours(node(a)) {
			if !few.Adjacent(node(a), b) {
				gone++
				if !many.Adjacent(node(a), b) {
					again++
				}
			}
		}
	}
	if gone < 400 || again < gone*98/100 {
		t.Errorf("%d of %d edges that 10%% rewire are rewired by 15%%", again, gone)
	}
}

// Barabási and Albert: P(k) = 2m(m+1)/(k(k+1)(k+2)) (Dorogovtsev, Mendes and
// Samukhin; Krapivsky, Redner and Leyvraz, 2000), so P(degree >= k) = m(m+1)/(k(k+1)).
func TestScaleFree(t *testing.T) {
	const n, m = 50_000, 3
	g := must(ScaleFree(n, m, 9))
	checkSimple(t, "scale-free", g, n)
	hub := 0
	for i := range n {
		hub = max(hub, g.Degree(node(i)))
	}
	for _, k := range []int{3, 4, 6, 10, 20, 50, 100} {
		want, count := float64(m*(m+1))/float64(k*(k+1)), 0.0
		for i := range n {
			if g.Degree(node(i)) >= k {
				count++
			}
		}
		within(t, "share of higher degrees", count/n, want, 5*math.Sqrt(want/n)+0.02*want)
	}
	if s := math.Sqrt(n); float64(hub) < s || float64(hub) > 8*m*s {
		t.Errorf("the largest degree is %d; it grows like m·√n = %.0f", hub, m*s)
	}
	if count, _ := largest(measured(must(ScaleFree(2000, 1, 3)))); count != 1 {
		t.Errorf("%d components", count)
	}
}
