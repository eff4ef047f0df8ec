package partition_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/partition"
	"meshsim/sim"
)

// drifting is a mesh whose clocks run wrong by up to a tenth, as it is told, or
// would be if it believed it. The coordinator may be on the small side.
func drifting(p *protocols.Protocol, seed uint64) sim.Config {
	c := mesh(p, seed, 9, 60*time.Second)
	c.Groups[0].Clock.DriftRange = 100_000_000
	for i := range 4 {
		at := time.Duration(15+10*i) * time.Second
		c.Faults = append(c.Faults, sim.Fault{Name: at.String(), At: at, For: 8 * time.Second,
			Partition: &sim.Partition{Sides: []sim.Selector{{Count: 4}}}})
	}
	return c
}

// inaccurate has a failure detector that never says anything, so leases are all
// there is.
func inaccurate() partition.Config {
	c := partition.Default()
	c.Reach = "detector"
	c.Interval, c.Lease, c.MaxDrift = 100*time.Millisecond, 6*time.Second, draw.Ratio(1, 10)
	return c
}

// defector crashes for a moment in the majority and wakes up on the other side,
// where it makes another majority.
func defector(p *protocols.Protocol, seed uint64) sim.Config {
	return mesh(p, seed, 9, 80*time.Second,
		sim.Fault{Name: "first", At: 30 * time.Second, For: 20 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{side(0, 5)}}},
		sim.Fault{Name: "crash", At: 50 * time.Second, For: 100 * time.Millisecond, Crash: &sim.Crash{Nodes: side(4, 5)}},
		sim.Fault{Name: "second", At: 50 * time.Second, For: 30 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{side(0, 4)}}})
}

func defecting() partition.Config {
	c := partition.Default()
	c.Lease = 20 * time.Second
	return c
}

func bridged(p *protocols.Protocol, seed uint64) sim.Config {
	s := side(8, 9)
	return mesh(p, seed, 9, 60*time.Second, cut(sim.Partition{Sides: []sim.Selector{side(0, 4), side(4, 8)}, Bridge: &s}))
}

func forty(p *protocols.Protocol, seed uint64) sim.Config {
	return mesh(p, seed, 10, 120*time.Second, cut(sim.Partition{Sides: []sim.Selector{side(0, 4)}}))
}

// The checkers find each mutant in some seed, and nothing in the same runs of the
// honest code.
func TestMutants(t *testing.T) {
	hasty := partition.Default()
	hasty.Reconcile = time.Second
	for _, c := range []struct {
		name, check string
		config      partition.Config
		mesh        func(p *protocols.Protocol, seed uint64) sim.Config
		mutant      func(c partition.Config) *protocols.Protocol
	}{
		{"lets a minority write", "no-minority-write", hasty, forty, func(c partition.Config) *protocols.Protocol { return partition.Mutant(c, partition.CountsItself) }},
		{"lets two sides write", "one-side", hasty, forty, func(c partition.Config) *protocols.Protocol { return partition.Mutant(c, partition.CountsItself) }},
		{"never comes back", "returns", hasty, forty, func(c partition.Config) *protocols.Protocol { return partition.Mutant(c, partition.StaysReadOnly) }},
		{"pledges to all who claim", "one-side", hasty, bridged, func(c partition.Config) *protocols.Protocol { return partition.Mutant(c, partition.StandsByAll) }},
		{"believes that no clock drifts", "one-side", inaccurate(), drifting, func(c partition.Config) *protocols.Protocol { return partition.Mutant(c, partition.TrustsDrift) }},
		{"forgets at a restart what it pledged", "one-side", defecting(), defector, func(c partition.Config) *protocols.Protocol { return partition.Mutant(c, partition.ForgetsPledges) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := 0
			for seed := range uint64(12) {
				holds(t, c.mesh(partition.New(c.config), seed))
				for _, v := range run(t, c.mesh(c.mutant(c.config), seed)).Violations {
					if v.Check == c.check {
						found++
						if found == 1 {
							t.Logf("seed %d at %v: %s", seed, v.At, v.Text)
						}
					}
				}
			}
			if found == 0 {
				t.Errorf("no run violates %s", c.check)
			}
		})
	}
}
