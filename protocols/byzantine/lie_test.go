package byzantine_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/sim"
)

// truths and lies count what a node was told by another.
func (n *notes) told(node int, from uint64) (truths, lies int) {
	for _, o := range n.list {
		if o.Kind == heard && o.Key == from && int(o.Node) == node {
			if o.Value >= 1000 {
				lies++
			} else {
				truths++
			}
		}
	}
	return truths, lies
}

func TestLie(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Lie{Name: "count"}, ids(1, 2))))
	for node := 1; node < 6; node++ {
		truths, lies := n.told(node, 0)
		if want := 50 * oneIf(node < 3); lies != want || truths != beats-want {
			t.Errorf("node %d is told %d truths and %d lies, want %d lies", node, truths, lies, want)
		}
	}
	if n.count(-1, forged, 0) != 0 || n.count(1, answered, 0) != beats {
		t.Errorf("%d lies are not signed, %d answers come: a lie is signed by its liar, what cannot be altered stays", n.count(-1, forged, 0), n.count(1, answered, 0))
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A protocol that has not the lie tells none.
func TestLieOfAnother(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Lie{Name: "nothing"}, nil)))
	if _, lies := n.told(1, 0); lies != 0 {
		t.Errorf("%d lies", lies)
	}
}

// Those who equivocate together divide the others alike, evenly in each
// stratum, and tell one another the truth.
func TestEquivocate(t *testing.T) {
	for seed := range uint64(8) {
		c := mesh(wrapped, makes(&byzantine.Equivocate{Name: "count", Sides: 2, Parts: byzantine.Strata{0, 4}}, nil, 1))
		c.Seed = seed
		n := runMesh(t, c)
		sides := [2]int{}
		for node := 2; node < 6; node++ {
			_, a := n.told(node, 0)
			_, b := n.told(node, 1)
			if a != b || a != 0 && a != 50 {
				t.Fatalf("seed %d: node %d is told %d lies by one colluder and %d by the other", seed, node, a, b)
			}
			sides[(node-2)/2] += oneIf(a > 0)
		}
		if _, lies := n.told(1, 0); lies != 0 || sides != [2]int{1, 1} {
			t.Fatalf("seed %d: colluders tell each other %d lies; of two strata of two nodes %d are lied to", seed, lies, sides)
		}
	}
}

func TestEquivocateBetweenThree(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Equivocate{Name: "count", Sides: 3}, nil)))
	var variants []uint64
	for node := 1; node < 6; node++ {
		for _, v := range n.values(node, heard, 0) {
			if v > 1000 && !slices.Contains(variants, v/1000) {
				variants = append(variants, v/1000)
			}
		}
	}
	if slices.Sort(variants); !slices.Equal(variants, []uint64{1, 2}) {
		t.Errorf("the variants %v are told, want 1 and 2 beside the truth", variants)
	}
}

func TestTwice(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Twice{Name: "count"}, nil)))
	if truths, lies := n.told(4, 0); truths != beats || lies != 50 {
		t.Errorf("%d truths and %d lies are told, want %d and 50", truths, lies, beats)
	}
	n = runMesh(t, mesh(wrapped, makes(&byzantine.Twice{}, nil)))
	if truths, lies := n.told(4, 0); truths != beats+50 || lies != 0 {
		t.Errorf("without a lie %d truths and %d lies are told, want %d and 0", truths, lies, beats+50)
	}
}

// Behaviours in force together act one after the other.
func TestTogether(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Lie{Name: "count"}, nil), makes(&byzantine.Silent{}, ids(1)), makes(&byzantine.Twice{}, ids(2))))
	for node, want := range map[int]int{1: 0, 2: 100, 3: 50} {
		if _, lies := n.told(node, 0); lies != want {
			t.Errorf("node %d is told %d lies, want %d", node, lies, want)
		}
	}
}

// crash takes a node down at 500ms.
func crash(id protocols.NodeID) sim.Fault {
	return sim.Fault{At: 500 * time.Millisecond, For: 100 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(id)}}}
}

// Who forgets its disk at a restart counts from the start again; the disk that
// stays goes on. Checkers are not shown what the forgetful observes, so the
// receivers tell.
func TestAmnesia(t *testing.T) {
	for _, forgets := range []bool{true, false} {
		faults := []sim.Fault{crash(0)}
		if forgets {
			faults = append(faults, makes(&byzantine.Amnesia{}, nil))
		}
		n := runMesh(t, mesh(wrapped, faults...))
		again := 0
		for _, o := range n.list {
			if o.Kind == heard && o.Key == 0 && o.Node == 1 && o.Value == 3 {
				again++
			}
		}
		if want := 1 + oneIf(forgets); again != want {
			t.Errorf("forgets %v: cry 3 is heard %d times, want %d", forgets, again, want)
		}
	}
}

// What is in force stays so over a crash.
func TestBehaviourOutlivesCrash(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Lie{Name: "count"}, nil), crash(0)))
	truths, lies := n.told(1, 0)
	if lies != 39 || truths != 49 {
		t.Errorf("%d lies and %d truths are told, want 39 and 49", lies, truths)
	}
}

// A fault at time 0 finds its nodes before they boot.
func TestFromTheStart(t *testing.T) {
	f := makes(&byzantine.Lie{Name: "count"}, nil)
	f.At, f.For = 0, 0
	if truths, lies := runMesh(t, mesh(wrapped, f)).told(1, 0); truths != 0 || lies != beats {
		t.Errorf("%d truths and %d lies", truths, lies)
	}
}
