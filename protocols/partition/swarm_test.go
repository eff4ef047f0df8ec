package partition_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols/draw"
	"meshsim/protocols/partition"
	"meshsim/sim"
)

// storm is what may happen to a mesh for 60 seconds: cuts of all forms, crashes
// that lose the disk, pauses, clocks that are set.
func storm(r *draw.Rand, n int) (list []sim.Fault) {
	some := func() sim.Selector { return sim.Selector{Count: 1 + r.IntN(n/2)} }
	one := sim.Selector{Count: 1}
	for i := range 12 {
		f := sim.Fault{Name: fmt.Sprint("fault ", i), At: time.Duration(5000+r.IntN(50000)) * time.Millisecond, For: time.Duration(200+r.IntN(15000)) * time.Millisecond}
		switch r.IntN(8) {
		case 0:
			f.Crash = &sim.Crash{Nodes: some(), LoseDisk: true}
		case 1:
			f.Pause = &sim.Pause{Nodes: some()}
		case 2:
			f.Clock = &sim.ClockFault{Nodes: some(), Step: time.Duration(r.IntN(40)-20) * time.Second}
		case 3:
			f.Partition = &sim.Partition{Sides: []sim.Selector{some()}, OneWay: true}
		case 4:
			k := 1 + r.IntN(n-2)
			f.Partition = &sim.Partition{Sides: []sim.Selector{side(0, k), side(k, n)}, Bridge: &one}
		case 5:
			f.Partition = &sim.Partition{Sides: []sim.Selector{some()}, Up: 3 * time.Second, Down: 2 * time.Second}
		default:
			f.Partition = &sim.Partition{Sides: []sim.Selector{some()}}
		}
		list = append(list, f)
	}
	return list
}

// Whatever happens, no two sides write, none writes without a quorum, and in the
// end all come back.
func TestSwarm(t *testing.T) {
	seeds := uint64(150)
	if testing.Short() {
		seeds = 40
	}
	dark, coordinators := 0, 0.0
	for seed := range seeds {
		r := draw.New(draw.Mix(seed))
		n := 3 + r.IntN(9)
		c := partition.Default()
		c.Interval = time.Duration(200+r.IntN(600)) * time.Millisecond
		c.Lease = c.Interval * time.Duration(6+r.IntN(8))
		c.Probes = r.IntN(5)
		if r.IntN(2) == 0 {
			c.Side = "common"
		}
		if r.IntN(4) == 0 {
			c.Faults = (n - 1) / 3
		}
		k := mesh(partition.New(c), seed, n, 60*time.Second+partition.Bound(&c, n)+time.Second, storm(&r, n)...)
		res := holds(t, k)
		for _, p := range res.Series("partition.read_only") {
			if p.Value > 0 && p.Value < 1 {
				dark++
			}
		}
		v, _ := res.Scalar("partition.coordinators")
		coordinators += v
	}
	if dark < 500 || coordinators < 3*float64(seeds) {
		t.Errorf("%d samples with a part of the mesh read-only, %v coordinators: the faults are too tame to prove anything", dark, coordinators)
	}
}
