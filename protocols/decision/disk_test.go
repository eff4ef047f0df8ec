package decision_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/sim"
)

// Disks that are full, tear, rot and fail to read: voters that cannot use theirs
// vote no more, nobody votes twice, and what is decided is decided by a quorum.
func TestBadDisks(t *testing.T) {
	const voters = 7
	muted := 0
	for seed := range uint64(20) {
		k := decision.Default()
		k.Reject, k.Poll = draw.Ratio(1, 10), time.Second
		c := mesh([]*protocols.Protocol{onSequencer(k, nil)}, seed, voters, 0, 8)
		all := sim.Selector{From: ids(voters)[1:]}
		one := sim.Selector{From: ids(voters)[1:], Count: 1}
		c.Faults = append(crashes(voters, 12*time.Second)[:2],
			sim.Fault{Name: "torn", At: 0, For: 30 * time.Second, Disk: &sim.DiskFault{Nodes: all, Torn: true}},
			sim.Fault{Name: "full", At: 6 * time.Second, For: 2 * time.Second, Disk: &sim.DiskFault{Nodes: one, Full: true}},
			sim.Fault{Name: "rot", At: 5 * time.Second, Disk: &sim.DiskFault{Nodes: one, FlipBits: 1}},
			sim.Fault{Name: "unreadable", At: 7 * time.Second, For: 20 * time.Second, Disk: &sim.DiskFault{Nodes: one, Unreadable: draw.Always}},
			sim.Fault{Name: "restarts", At: 9 * time.Second, For: time.Second, Crash: &sim.Crash{Nodes: all, TearDisk: true}})
		c.Checks = append(c.Checks, sim.Check{Protocol: "decision", Spec: protocols.CheckerSpec{Name: "muted",
			New: func(protocols.ProbeConfig) protocols.Checker { return (*muteCounter)(&muted) }}})
		for _, v := range run(t, c).Violations {
			t.Errorf("seed %d: %s at %v: %s", seed, v.Check, v.At, v.Text)
		}
	}
	if muted < 20 {
		t.Errorf("%d voters could not use their disks: too few to prove anything", muted)
	}
}

type muteCounter int

func (c *muteCounter) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{decision.Muted}
}

func (c *muteCounter) Observe(o protocols.Observed) string {
	if o.Protocol == "decision" && o.Kind == decision.Muted {
		*c++
	}
	return ""
}

// A voter says which votes it waits for.
func TestWaits(t *testing.T) {
	cut := false
	c := protocoltest.NewCluster(onSequencer(decision.Default(), nil), 4, protocoltest.Options{
		Cut: func(from, to protocols.NodeID) bool { return cut && (from >= 2) != (to >= 2) }})
	waits := func() string {
		return c.Nodes[1].(interface{ Unwrap() protocols.Node }).Unwrap().(protocols.Waiter).Waits()
	}
	if got := waits(); got != "" {
		t.Errorf("waits for %q", got)
	}
	c.Inject(1, decision.NewPropose("auth-service", 3, 0))
	if got := waits(); got != "proposal 1/1 has no place in the order" {
		t.Errorf("waits for %q", got)
	}
	cut = true
	c.Run(100 * time.Millisecond)
	if got := waits(); got != "proposal 1/1 has 2 approvals and 0 rejections, and needs 3 of either; silent: 2 3" {
		t.Errorf("waits for %q", got)
	}
	cut = false
	c.Run(20 * time.Second)
	if got := waits(); got != "" {
		t.Errorf("waits for %q", got)
	}
}
