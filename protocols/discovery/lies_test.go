package discovery_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/discovery"
	"meshsim/sim"
)

// lied is a mesh in which some nodes tell a lie from 30 seconds on.
func lied(p *protocols.Protocol, seed uint64, lie string) sim.Config {
	const n, from = 150, 135
	c := mesh(byzantine.Wrap(p, ids(from, n)), seed, n, 4*time.Minute)
	c.Faults = []sim.Fault{{Name: "liars", At: 30 * time.Second,
		Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: ids(from, n)}, Behaviour: &byzantine.Lie{Name: lie}}}}
	return c
}

// No lie breaks a property. Who forges is shunned by all who hear it, and loses its
// links; who is slandered keeps them.
func TestLies(t *testing.T) {
	for _, lie := range discovery.New(seeded()).Lies {
		r := run(t, lied(discovery.New(seeded()), 1, lie.Name))
		holds(t, lie.Name, r)
		found, _ := r.Scalar("discovery.lies_found")
		shunned, _ := r.Scalar("discovery.shunned")
		if forged := lie.Name == "forge"; forged != (found > 0) || forged != (shunned > 0) {
			t.Errorf("%s: %v lies found, %v times somebody was shunned", lie.Name, found, shunned)
		}
		t.Log(lie.Name, found, shunned, last(r, "liar_links"), last(r, "connectivity"), last(r, "degree_mean"))
	}
}
