package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// What goes wrong with disks does no harm: slow and torn writes and failing reads
// at all replicas, and full, lying or rotten disks at f of them. All that is asked
// for is done.
func TestDisks(t *testing.T) {
	all, one := sim.Selector{From: ids(0, 4)}, sim.Selector{From: ids(2, 1)}
	for name, fault := range map[string]sim.DiskFault{
		"slow":       {Nodes: all, Sync: 30 * time.Millisecond},
		"torn":       {Nodes: all, Torn: true},
		"unreadable": {Nodes: all, Unreadable: draw.Ratio(1, 3)},
		"full":       {Nodes: one, Full: true},
		"lying":      {Nodes: one, Lie: true},
		"rotten":     {Nodes: one, FlipBits: 3},
	} {
		for seed := range uint64(6) {
			k := quick([]string{pbft.Signatures, pbft.MACs}[seed%2])
			c := mesh(k, seed, 4, 2, busy(30))
			c.Groups[0].DiskSync = 2 * time.Millisecond
			c.Faults = []sim.Fault{{Name: name, At: 1200 * time.Millisecond, For: 6 * time.Second, Disk: &fault}}
			for i := range 8 { // those whose disk is fine crash at other times
				nodes := one
				if fault.Nodes.From[0] == 0 {
					nodes = sim.Selector{From: ids(0, 4), Count: 1}
				}
				c.Faults = append(c.Faults, sim.Fault{Name: fmt.Sprint("crash ", i), At: time.Duration(1500+700*i) * time.Millisecond,
					For: 100 * time.Millisecond, Crash: &sim.Crash{Nodes: nodes}})
			}
			c.Duration = 60 * time.Second
			r := run(t, c)
			violations(t, fmt.Sprint(name, ", seed ", seed), r)
			if done, _ := r.Scalar("pbft.operations_completed"); done != 60 {
				t.Errorf("%s, seed %d: %v of 60 operations are done", name, seed, done)
			}
		}
	}
}

// A replica whose disk was full takes part again when it no longer is: with it
// and without another one, there is a quorum.
func TestFullDiskRecovers(t *testing.T) {
	c := mesh(quick(pbft.Signatures), 1, 4, 1, busy(60))
	c.Faults = []sim.Fault{
		{Name: "full", At: 1200 * time.Millisecond, For: 2 * time.Second, Disk: &sim.DiskFault{Nodes: sim.Selector{From: ids(2, 1)}, Full: true}},
		{Name: "gone", At: 4 * time.Second, Crash: &sim.Crash{Nodes: sim.Selector{From: []protocols.NodeID{3}}}},
	}
	c.Duration = 60 * time.Second
	r := run(t, c)
	violations(t, "a full disk", r)
	if done, _ := r.Scalar("pbft.operations_completed"); done != 60 {
		t.Errorf("%v of 60 operations are done", done)
	}
}
