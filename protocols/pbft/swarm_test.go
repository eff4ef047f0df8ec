package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// swarm draws a cluster, its configuration, what one replica does that lies, and
// when the others crash and are cut off.
func swarm(seed uint64) (c sim.Config, what string) {
	r := draw.New(draw.Mix(seed + 77))
	k := quick([]string{pbft.Signatures, pbft.MACs}[r.IntN(2)])
	k.Tentative, k.ReadOnly = r.IntN(2) == 0, r.IntN(2) == 0
	k.Checkpoint = 1 + r.IntN(6)
	k.Window = k.Checkpoint*(1+r.IntN(3)) + r.IntN(3)
	k.InFlight = 1 + r.IntN(k.Window)
	k.Batch = 1 + r.IntN(5)
	k.ViewTimeoutMax = 5 * time.Second
	n := 7 + r.IntN(4)
	c = rough(mesh(k, seed, n, 2, busy(25)), n)
	if r.IntN(2) == 0 {
		c.Groups[0].DiskSync = 3 * time.Millisecond
	}
	c.Faults = nil
	for i := range 10 {
		at := 1200*time.Millisecond + time.Duration(i)*1500*time.Millisecond
		c.Faults = append(c.Faults,
			sim.Fault{Name: fmt.Sprint("crash ", i), At: at, For: 400 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(1, n-1), Count: 1}}},
			sim.Fault{Name: fmt.Sprint("split ", i), At: at + 600*time.Millisecond, For: 700 * time.Millisecond,
				Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(0, n), Count: 1 + r.IntN(n/2)}}}})
	}
	b := behaviours[r.IntN(len(behaviours))]
	c.Duration = 90 * time.Second
	return corrupted(c, b, 0), fmt.Sprintf("seed %d, %d replicas, %s, %+v", seed, n, b, k)
}

// Whatever is drawn, all properties hold, and in the end all is done. The first
// seeds are of runs in which replicas that waited for a view kept clients waiting.
func TestSwarm(t *testing.T) {
	seeds := []uint64{584, 901, 934}
	for seed := range uint64(30) {
		seeds = append(seeds, seed)
	}
	for _, seed := range seeds {
		c, what := swarm(seed)
		r := run(t, c)
		violations(t, what, r)
		if done, _ := r.Scalar("pbft.operations_completed"); done != 50 {
			t.Errorf("%s: %v of 50 operations are done", what, done)
		}
	}
}
