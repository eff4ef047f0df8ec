package topology

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

func must(g *Graph, err error) *Graph {
	if err != nil {
		panic(err)
	}
	return g
}

func percent(p uint64) draw.Probability { return draw.Ratio(p, 100) }

// checkSimple fails unless g is undirected, sorted, without loops and double
// edges, and its figures agree.
func checkSimple(t *testing.T, name string, g *Graph, n int) {
	t.Helper()
	if g.Nodes() != n {
		t.Errorf("%s: %d nodes, want %d", name, g.Nodes(), n)
	}
	ends := 0
	for i := range g.Nodes() {
		a := node(i)
		ends += g.Degree(a)
		for j, b := range g.Neighbours(a) {
			switch {
			case int(b) >= n:
				t.Fatalf("%s: node %d knows node %d of %d", name, a, b, n)
			case a == b:
				t.Fatalf("%s: loop at %d", name, a)
			case j > 0 && g.Neighbour(a, j-1) >= b:
				t.Fatalf("%s: neighbours of %d are %v", name, a, g.Neighbours(a))
			case !g.Adjacent(b, a):
				t.Fatalf("%s: %d knows %d, not the other way", name, a, b)
			}
		}
	}
	if ends != 2*g.Edges() {
		t.Errorf("%s: %d ends of %d edges", name, ends, g.Edges())
	}
}

func TestGraphsAreSimple(t *testing.T) {
	for n := 1; n <= 40; n++ {
		for key := uint64(0); key < 3; key++ {
			for d := 0; d < n; d++ {
				name := fmt.Sprintf("n %d, degree %d, key %d", n, d, key)
				if n*d%2 == 0 {
					g := must(RandomRegular(n, d, key))
					checkSimple(t, "random-regular: "+name, g, n)
					for i := range n {
						if g.Degree(node(i)) != d {
							t.Fatalf("random-regular: %s: degree of %d is %d", name, i, g.Degree(node(i)))
						}
					}
				}
				if d >= 2 && d%2 == 0 {
					g := must(SmallWorld(n, d, percent(10*uint64(n%11)), key))
					checkSimple(t, "small-world: "+name, g, n)
					if g.Edges() != n*d/2 {
						t.Fatalf("small-world: %s: %d edges", name, g.Edges())
					}
				}
				if d >= 1 {
					g := must(ScaleFree(n, d, key))
					checkSimple(t, "scale-free: "+name, g, n)
					if c, _ := g.Components(); c != 1 || g.Edges() != d*(d+1)/2+(n-d-1)*d {
						t.Fatalf("scale-free: %s: %d edges in %d components", name, g.Edges(), c)
					}
				}
			}
			for p := uint64(0); p <= 100; p += 10 {
				checkSimple(t, "erdos-renyi", must(ErdosRenyi(n, percent(p), key)), n)
			}
		}
	}
}

// Lattices against their definition, asked of each pair.
func TestLattices(t *testing.T) {
	distance := func(a, b, n int) int { return min((a-b+n)%n, (b-a+n)%n) }
	compare := func(name string, g *Graph, n int, joined func(a, b int) bool) {
		checkSimple(t, name, g, n)
		for a := range n {
			for b := range n {
				if got := g.Adjacent(node(a), node(b)); got != (a != b && joined(a, b)) {
					t.Fatalf("%s: %d joined to %d: %v", name, a, b, got)
				}
			}
		}
	}
	for n := 3; n < 12; n++ {
		for d := 2; d < n; d += 2 {
			compare("ring", must(Ring(n, d)), n, func(a, b int) bool { return distance(a, b, n) <= d/2 })
		}
		compare("small-world, not rewired", must(SmallWorld(n, 2, 0, 1)), n, func(a, b int) bool { return distance(a, b, n) == 1 })
		compare("star", must(Star(n)), n, func(a, b int) bool { return a == 0 || b == 0 })
		for k := 1; k < 4; k++ {
			compare("tree", must(Tree(n, k)), n, func(a, b int) bool { return (max(a, b)-1)/k == min(a, b) })
		}
		compare("erdos-renyi, all", must(ErdosRenyi(n, draw.Always, 1)), n, func(a, b int) bool { return true })
		compare("erdos-renyi, none", must(ErdosRenyi(n, 0, 1)), n, func(a, b int) bool { return false })
	}
	for _, size := range [][2]int{{1, 1}, {1, 5}, {5, 1}, {3, 3}, {4, 3}, {3, 7}} {
		w, h := size[0], size[1]
		compare("grid", must(Grid(w, h)), w*h, func(a, b int) bool {
			dx, dy := a%w-b%w, a/w-b/w
			return dx*dx+dy*dy == 1
		})
		if w >= 3 && h >= 3 {
			compare("torus", must(Torus(w, h)), w*h, func(a, b int) bool {
				return distance(a%w, b%w, w)+distance(a/w, b/w, h) == 1
			})
		}
	}
	for _, c := range [][3]int{{1, 1, 1}, {12, 4, 3}, {1000, 40, 25}, {13, 13, 1}, {49, 7, 7}} {
		if w, h := Rectangle(c[0]); w != c[1] || h != c[2] {
			t.Errorf("rectangle of %d is %d by %d, want %d by %d", c[0], w, h, c[1], c[2])
		}
	}
}

func TestFull(t *testing.T) {
	g, err := Full(4)
	if err != nil {
		t.Fatal(err)
	}
	var topology protocols.Topology = g
	for id, want := range [][]protocols.NodeID{{1, 2, 3}, {0, 2, 3}, {0, 1, 3}, {0, 1, 2}} {
		var got []protocols.NodeID
		for i := range topology.Degree(node(id)) {
			got = append(got, topology.Neighbour(node(id), i))
		}
		if !slices.Equal(got, want) {
			t.Errorf("neighbours of %d are %v, want %v", id, got, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	second := func(_ *Graph, err error) error { return err }
	_, full := Full(0)
	_, degree := MeanDegree(10, 10, 1)
	for _, c := range []struct {
		err  error
		want string
	}{
		{full, "full: 0 nodes; it needs from 1 to 268435456"},
		{degree, "erdos-renyi: mean degree is 10/1; with 10 nodes it is at most 9"},
		{second(Ring(9, 3)), "ring: degree is 3; write an even one from 2 to 8"},
		{second(Ring(2, 2)), "ring: 2 nodes; it needs from 3 to 268435456"},
		{second(SmallWorld(9, 10, 0, 1)), "small-world: degree is 10; write an even one from 2 to 8"},
		{second(Torus(2, 5)), "torus: width 2 and height 5; both must be at least 3, and their product at most 268435456"},
		{second(Grid(1<<20, 1<<20)), "grid: width 1048576 and height 1048576; both must be at least 1, and their product at most 268435456"},
		{second(Tree(9, 0)), "tree: branching is 0; write 1 or more"},
		{second(RandomRegular(9, 3, 1)), "random-regular: 9 nodes of degree 3 have an odd number of ends; write an even degree or number of nodes"},
		{second(RandomRegular(9, 9, 1)), "random-regular: degree is 9; write one from 0 to 8"},
		{second(ScaleFree(9, 9, 1)), "scale-free: links is 9; write one from 1 to 8"},
		{second(ErdosRenyi(1<<20, percent(1), 1)), "erdos-renyi: about 5497552895 edges; the limit is 134217728: write a smaller degree or probability, or the kind full, which needs no memory"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("error is %v, want %s", c.err, c.want)
		}
	}
}

// The same graphs on every architecture and in every version.
func TestGraphsArePinned(t *testing.T) {
	p, err := MeanDegree(5000, 13, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		g          *Graph
	}{
		{"random-regular", "90f14b25720d6cc1", must(RandomRegular(5000, 6, 42))},
		{"random-regular, dense", "9649245996dbea45", must(RandomRegular(100, 90, 42))},
		{"erdos-renyi", "9bea5c2dd69792c9", must(ErdosRenyi(5000, p, 42))},
		{"small-world", "0bb687696cf2e33b", must(SmallWorld(5000, 8, percent(10), 42))},
		{"scale-free", "bc6e7a7285d4c5d9", must(ScaleFree(5000, 3, 42))},
		{"torus", "c6408c2b0fd243c5", must(Torus(50, 100))},
	} {
		h := fnv.New64a()
		for i := range c.g.Nodes() {
			for _, b := range c.g.Neighbours(node(i)) {
				h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), 0})
			}
			h.Write([]byte{1})
		}
		if got := fmt.Sprintf("%016x", h.Sum64()); got != c.want {
			t.Errorf("%s: hash is %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFromEdges(t *testing.T) {
	g, err := FromEdges(strings.NewReader("source,target\n# a comment\n0,3\n\n3 0 # again\n 1\t2\r\n2, 1\n2 3"), 5)
	if err != nil {
		t.Fatal(err)
	}
	checkSimple(t, "edges", g, 5)
	if !g.Adjacent(0, 3) || !g.Adjacent(1, 2) || !g.Adjacent(2, 3) || g.Edges() != 3 || g.Degree(4) != 0 {
		t.Errorf("wrong graph: %+v", g)
	}
	if c, largest := g.Components(); c != 2 || largest != 4 {
		t.Errorf("%d components, the largest of %d nodes; want 2 and 4", c, largest)
	}
	for _, c := range []struct{ text, want string }{
		{"0 1\n0 5", "line 2: node 5 does not exist; nodes are 0 to 4"},
		{"# nobody\n", "there are no edges, so nobody knows anybody; write two node numbers a line"},
		{"0 1 7.5", "line 1: 3 columns; write two node numbers"},
		{"0", "line 1: 1 columns; write two node numbers"},
		{"a b\nc d", `line 2: "c" is not a node number; write one from 0 to 4`},
		{"0 -1", `line 1: "-1" is not a node number; write one from 0 to 4`},
		{"\n\n2 2", "line 3: node 2 is joined to itself; remove the line"},
		{"0 1\n" + strings.Repeat(" ", 70_000), "line 2: longer than 65536 bytes; write two node numbers a line"},
	} {
		if _, err := FromEdges(strings.NewReader(c.text), 5); err == nil || err.Error() != c.want {
			t.Errorf("error is %v, want %s", err, c.want)
		}
	}
}

func TestMeanDegree(t *testing.T) {
	p, err := MeanDegree(1001, 5, 2)
	if want := 2.5 / 1000; err != nil || math.Abs(float64(p)*0x1p-64-want) > 1e-15 {
		t.Errorf("probability is %g, %v; want %g", float64(p)*0x1p-64, err, want)
	}
}

func BenchmarkMillion(b *testing.B) {
	const n = 1_000_000
	p, _ := MeanDegree(n, 8, 1)
	for _, c := range []struct {
		name string
		make func() (*Graph, error)
	}{
		{"ring", func() (*Graph, error) { return Ring(n, 8) }},
		{"torus", func() (*Graph, error) { return Torus(1000, 1000) }},
		{"tree", func() (*Graph, error) { return Tree(n, 3) }},
		{"random-regular", func() (*Graph, error) { return RandomRegular(n, 8, 1) }},
		{"erdos-renyi", func() (*Graph, error) { return ErdosRenyi(n, p, 1) }},
		{"small-world", func() (*Graph, error) { return SmallWorld(n, 8, percent(10), 1) }},
		{"scale-free", func() (*Graph, error) { return ScaleFree(n, 4, 1) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for range b.N {
				must(c.make())
			}
		})
	}
}

func FuzzFromEdges(f *testing.F) {
	f.Add("0 1\n1,2 # x\n")
	f.Add("from,to\n3 4")
	f.Fuzz(func(t *testing.T, text string) {
		if g, err := FromEdges(strings.NewReader(text), 5); err == nil {
			checkSimple(t, "edges", g, 5)
		}
	})
}
