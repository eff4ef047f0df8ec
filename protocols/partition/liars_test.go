package partition_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/partition"
	"meshsim/sim"
)

// lying is a mesh of nine in which some nodes lie from 18s on and a cut strikes at
// 20s. Its failure detector never says anything, so nobody suspects a partition, and
// all that protects is what coordinators can prove.
func lying(faults int, seed uint64, liars sim.Selector, b protocols.Behaviour, p sim.Partition) sim.Config {
	c := partition.Default()
	c.Reach, c.Faults = "detector", faults
	return mesh(byzantine.Wrap(partition.New(c), nil), seed, 9, 60*time.Second, cut(p),
		sim.Fault{Name: "liars", At: 18 * time.Second, For: 30 * time.Second, Byzantine: &sim.Byzantine{Nodes: liars, Behaviour: b}})
}

// A coordinator that claims that everybody stands behind it, and a bridge that runs
// twice, are believed if nobody is supposed to lie, and are not if one is.
func TestLiars(t *testing.T) {
	bridge := side(8, 9)
	for _, c := range []struct {
		name      string
		liars     sim.Selector
		behaviour protocols.Behaviour
		cut       sim.Partition
	}{
		{"a coordinator", sim.Selector{Observed: "partition.coordinator"}, &byzantine.Lie{Name: "reach"},
			sim.Partition{Sides: []sim.Selector{{Count: 4}}}},
		{"a bridge", bridge, &byzantine.Twins{Parts: byzantine.Strata{0, 4}},
			sim.Partition{Sides: []sim.Selector{side(0, 4), side(4, 8)}, Bridge: &bridge}},
	} {
		broken := 0
		for seed := range uint64(25) {
			broken += len(run(t, lying(0, seed, c.liars, c.behaviour, c.cut)).Violations)
			holds(t, lying(1, seed, c.liars, c.behaviour, c.cut))
		}
		if broken == 0 {
			t.Errorf("%s lies, nobody is supposed to, and nothing is broken in 25 runs", c.name)
		}
		t.Logf("%s: %d violations without signatures", c.name, broken)
	}
}

// Members that lie about whom they reach break nothing, however many they are.
func TestLiesAboutReach(t *testing.T) {
	for seed := range uint64(10) {
		bridge := side(8, 9)
		c := mesh(byzantine.Wrap(partition.New(partition.Default()), nil), seed, 9, 60*time.Second,
			cut(sim.Partition{Sides: []sim.Selector{side(0, 4), side(4, 8)}, Bridge: &bridge}),
			sim.Fault{Name: "liars", At: 18 * time.Second, For: 30 * time.Second,
				Byzantine: &sim.Byzantine{Nodes: side(0, 4), Behaviour: &byzantine.Lie{Name: "reach", Scope: byzantine.Scope{Kinds: []string{"pledge"}}}}})
		holds(t, c)
	}
}
