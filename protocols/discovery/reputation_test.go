package discovery

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// alone is a node of a mesh of a thousand.
func alone() *node {
	return &node{shared: &shared{Config: Default(), world: protocols.World{Nodes: 1000}}}
}

// Whatever others say, however many and however often, nobody is shunned for it; and
// what they say counts a fifth of what is seen at most.
func TestHearsayRuinsNobody(t *testing.T) {
	r := draw.New(1)
	n := alone()
	for range 20000 {
		reporter := protocols.NodeID(r.IntN(40))
		switch r.IntN(4) {
		case 0:
			n.credit(reporter, forwarded)
		case 1:
			n.blame(reporter, timedOut)
		case 2:
			n.decay()
		}
		n.hearsay(reporter, Report{protocols.NodeID(r.IntN(40)), int8(r.Uint64())})
		for i := range n.book {
			if o := &n.book[i]; o.heard > hearsayCap || o.heard < -hearsayCap || n.shuns(o.of) {
				t.Fatalf("the opinion of %d is %d, by hearsay %d", o.of, o.own, o.heard)
			}
		}
	}
	if len(n.book) > maxOpinions {
		t.Errorf("%d opinions, limit %d", len(n.book), maxOpinions)
	}
}

// A stranger's word counts nothing, that of a peer of high standing more than that
// of another, and nobody's word about himself.
func TestHearsay(t *testing.T) {
	for _, tc := range []struct {
		standing int
		about    protocols.NodeID
		low      int
		high     int
	}{
		{0, 7, 0, 0},
		{-10, 7, 0, 0},
		{20, 7, -4 * point, -1},
		{100, 7, -20 * point, -15 * point},
		{100, 1, 0, 0},
	} {
		n := alone()
		n.opinionOf(1).own = int16(tc.standing * point)
		for range 20 {
			n.hearsay(1, Report{tc.about, -100})
		}
		if got := int(n.opinionAt(tc.about).heard); got < tc.low || got > tc.high {
			t.Errorf("20 reports of a node of standing %d about %d count %d, want %d to %d", tc.standing, tc.about, got, tc.low, tc.high)
		}
	}
}

// Who contradicts what a node has seen loses by it.
func TestSlanderCosts(t *testing.T) {
	n := alone()
	n.credit(1, 50*point)
	n.credit(2, 50*point)
	n.hearsay(1, Report{2, -100})
	if a, b := n.standing(1), n.standing(2); a >= 50*point || b != 50*point {
		t.Errorf("after slander the reporter stands at %d, its victim at %d", a, b)
	}
}

// Half of an opinion is forgotten in the half-life, and all of it some day.
func TestDecay(t *testing.T) {
	n := alone()
	n.opinionOf(1).own = most
	n.opinionOf(2).own = -most
	rounds := int(n.HalfLife / n.Shuffle)
	for range rounds {
		n.decay()
	}
	if a, b := n.standing(1), n.standing(2); a < 4900 || a > 5050 || b != -a {
		t.Errorf("after the half-life the opinions are %d and %d, want half of 10000", a, b)
	}
	for range 20 * rounds {
		n.decay()
	}
	if len(n.book) > 0 {
		t.Errorf("%d opinions are left", len(n.book))
	}
}

// Silence alone does not have a peer shunned.
func TestSilenceIsNoLie(t *testing.T) {
	n := alone()
	for range 1000 {
		n.blame(3, timedOut)
	}
	if n.shuns(3) || n.standing(3) != timeoutFloor {
		t.Errorf("a silent peer stands at %d", n.standing(3))
	}
}

// Reports are the strongest opinions, in order.
func TestReports(t *testing.T) {
	n := alone()
	for i, points := range []int{3, 40, -25, 90, 10, 40, -9} {
		n.opinionOf(protocols.NodeID(i)).own = int16(points * point)
	}
	got, want := n.reports(), []Report{{3, 90}, {1, 40}, {5, 40}, {2, -25}}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// Those who are let in are counted second by second.
func TestAdmission(t *testing.T) {
	n, env := alone(), &protocols.Env{}
	for second := range 3 {
		env.Now = protocols.Time(second) * protocols.Time(time.Second)
		let := 0
		for range 100 {
			if n.admit(env) {
				let++
			}
		}
		if let != n.JoinLimit {
			t.Errorf("%d were let in within a second, want %d", let, n.JoinLimit)
		}
	}
}

// The ring of lost peers keeps the last ones, and gives back those that are found.
func TestLostPeers(t *testing.T) {
	n := alone()
	for id := range protocols.NodeID(6) {
		n.lose(id)
	}
	if n.isLost(0) >= 0 || n.isLost(5) < 0 || !n.found(4) || n.found(4) || n.lostSize != 3 {
		t.Errorf("lost are %v, %d of them", n.lost, n.lostSize)
	}
	n.lose(9)
	if n.isLost(9) < 0 || n.lostSize != 4 {
		t.Errorf("lost are %v, %d of them", n.lost, n.lostSize)
	}
}

// An edge is alone as long as the other end has none; a crash takes the node's edges.
func TestOverlay(t *testing.T) {
	g := newOverlay(protocols.ProbeConfig{Nodes: 4, Members: []protocols.NodeID{0, 1, 2, 3}})
	see := func(node protocols.NodeID, kind protocols.ObservationKind, key uint64, at protocols.Time) {
		g.observe(protocols.Observed{At: at, Node: node, Protocol: "discovery", Observation: protocols.Observation{Kind: kind, Key: key}})
	}
	see(0, LinkUp, 1, 10)
	see(1, LinkUp, 0, 20)
	see(1, LinkUp, 2, 30)
	if g.edge(0, 1).alone >= 0 || g.edge(1, 0).alone >= 0 || g.edge(1, 2).alone != 30 {
		t.Errorf("edges %+v", g.edges)
	}
	graph := g.graph(g.present)
	if n := graph.largest(g.present); n != 3 {
		t.Errorf("the largest part has %d nodes, want 3", n)
	}
	see(0, LinkDown, 1, 40)
	if g.edge(1, 0).alone != 40 {
		t.Errorf("edges %+v", g.edges)
	}
	g.observe(protocols.Observed{At: 50, Node: 1, Protocol: protocols.NodeProtocol, Observation: protocols.Observation{Kind: protocols.NodeDown}})
	if len(g.edges[1]) != 0 || g.honest(1) || !g.honest(0) {
		t.Errorf("edges %+v, states %+v", g.edges, g.state)
	}
}

// A ring of eight with a chord has known paths and triangles.
func TestGraph(t *testing.T) {
	var all []protocols.NodeID
	for i := range protocols.NodeID(8) {
		all = append(all, i)
	}
	g := newOverlay(protocols.ProbeConfig{Nodes: 8, Members: all})
	for i := range protocols.NodeID(8) {
		g.add(i, (i+1)%8, 0)
		if i > 3 {
			g.add((i+1)%8, i, 0) // some links are known at both ends
		}
	}
	ring := g.graph(g.present)
	if sum, pairs := ring.paths(); sum != 8*16 || pairs != 8*7 {
		t.Errorf("paths of a ring are %d over %d, want 128 over 56", sum, pairs)
	}
	if sum, nodes := ring.clustering(); sum != 0 || nodes != 8 {
		t.Errorf("clustering of a ring is %d over %d", sum, nodes)
	}
	g.add(0, 2, 0) // 0-1-2 is a triangle
	if sum, nodes := g.graph(g.present).clustering(); sum != 1_000_000+2*333_333 || nodes != 8 {
		t.Errorf("clustering with a chord is %d over %d, want 1666666 over 8", sum, nodes)
	}
}

// Liars do not push each other out of a node's memory, but do not fill it either.
func TestManyLiars(t *testing.T) {
	n, env := alone(), &protocols.Env{}
	n.world.Nodes = 5000
	for id := range protocols.NodeID(500) {
		n.shun(env, id)
		n.credit(4000+id%50, answered)
	}
	for id := range protocols.NodeID(500) {
		if !n.shuns(id) {
			t.Fatalf("%d is not shunned any more", id)
		}
	}
	for id := range protocols.NodeID(3000) {
		n.shun(env, id)
	}
	if len(n.book) > maxShunned+maxOpinions {
		t.Errorf("%d opinions, limit %d", len(n.book), maxShunned+maxOpinions)
	}
}
