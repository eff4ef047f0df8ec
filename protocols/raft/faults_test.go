package raft_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// violations of the named check.
func violations(r *sim.Result, check string) (n int) {
	for _, v := range r.Violations {
		if v.Check == check {
			n++
		}
	}
	return n
}

func scalar(t *testing.T, r *sim.Result, metric string) float64 {
	t.Helper()
	v, ok := r.Scalar("raft." + metric)
	if !ok {
		t.Fatalf("no figure %s", metric)
	}
	return v
}

// rate is the mean throughput of the last three samples.
func rate(r *sim.Result) float64 {
	var last [3]float64
	for _, p := range r.Figures["raft"].Points {
		if p.Metric == "throughput" {
			last = [3]float64{last[1], last[2], p.Value}
		}
	}
	return (last[0] + last[1] + last[2]) / 3
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	for _, name := range []string{"default", "snapshots", "changing"} {
		world := worlds()[name]
		c := world()
		c.Duration = 8 * time.Second
		want := run(t, c)
		for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
			for _, wire := range []bool{false, true} {
				c := world()
				c.Duration, c.Mode, c.Workers, c.Wire = 8*time.Second, mode, 3, wire
				if got := run(t, c); got.Fingerprint != want.Fingerprint || got.Events != want.Events {
					t.Errorf("%s, mode %d, wire %v: fingerprint %x of %d events, want %x of %d",
						name, mode, wire, got.Fingerprint, got.Events, want.Fingerprint, want.Events)
				}
			}
		}
	}
}

// A replica whose disk is full, does not read, or tears what was not synced breaks
// no property, and serves again when the disk does. One whose disk has rotted stays
// silent.
func TestDiskFaults(t *testing.T) {
	for seed := range uint64(6) {
		k, load := raft.Default(), client.Default()
		k.Snapshot, k.SnapshotKeep = 40, 5
		load.Closed.Think, load.Keys.Count, load.Timeout = 5*time.Millisecond, 5, 300*time.Millisecond
		c := cluster(k, load, 5, 3)
		c.Seed, c.Duration, c.Groups[0].DiskSync = seed, 25*time.Second, 3*time.Millisecond
		group := ids(0, 5)
		one := sim.Selector{From: group, Count: 1}
		lead := sim.Selector{Observed: "raft.leader"}
		for i := range 8 {
			at := time.Duration(1000+2000*i) * time.Millisecond
			name := string(rune('a' + i))
			c.Faults = append(c.Faults,
				sim.Fault{Name: "torn " + name, At: at, For: 200 * time.Millisecond, Crash: &sim.Crash{Nodes: lead, TearDisk: true}},
				sim.Fault{Name: "full " + name, At: at + 500*time.Millisecond, For: 700 * time.Millisecond, Disk: &sim.DiskFault{Nodes: one, Full: true}},
				sim.Fault{Name: "unread " + name, At: at + 900*time.Millisecond, For: 1500 * time.Millisecond, Disk: &sim.DiskFault{Nodes: one, Unreadable: draw.Always}},
				sim.Fault{Name: "torn one " + name, At: at + 1000*time.Millisecond, For: 400 * time.Millisecond, Crash: &sim.Crash{Nodes: one, TearDisk: true}},
			)
		}
		rotten := sim.Selector{From: ids(4, 1)}
		c.Faults = append(c.Faults, sim.Fault{Name: "rot", At: 18 * time.Second, Disk: &sim.DiskFault{Nodes: rotten, FlipBits: 5}},
			sim.Fault{Name: "rotten", At: 18100 * time.Millisecond, For: 100 * time.Millisecond, Crash: &sim.Crash{Nodes: rotten}})
		r := run(t, c)
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s at %v by node %d: %s", seed, v.Check, v.At, v.Node, v.Text)
		}
		if rate(r) < 50 {
			t.Errorf("seed %d: at the end %v operations a second are answered", seed, rate(r))
		}
	}
}

// The paper demands that term, vote and log survive. Where disks are lost, some
// run loses what was committed, or elects two leaders; where they are kept, none.
func TestLostDisk(t *testing.T) {
	world := func(lose bool, seed uint64) *sim.Result {
		load := client.Default()
		load.Closed.Think, load.Timeout = 2*time.Millisecond, 100*time.Millisecond
		c := cluster(raft.Default(), load, 3, 2)
		c.Seed, c.Duration, c.Stop.Violation = seed, 10*time.Second, true
		group := ids(0, 3)
		for i := range 9 {
			at, name := time.Duration(1+i)*time.Second, string(rune('a'+i))
			c.Faults = append(c.Faults,
				sim.Fault{Name: "cut " + name, At: at, For: 500 * time.Millisecond, Partition: &sim.Partition{Sides: []sim.Selector{{From: group}, {From: group, Count: 1}}, Bystanders: true}},
				sim.Fault{Name: "crash " + name, At: at + 480*time.Millisecond, For: 30 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: group, Count: 2}, LoseDisk: lose}})
		}
		return run(t, c)
	}
	broken := 0
	for seed := range uint64(6) {
		if r := world(false, seed); len(r.Violations) > 0 {
			t.Errorf("seed %d: disks are kept, but %s", seed, r.Violations[0].Text)
		}
		broken += len(world(true, seed).Violations)
	}
	if broken == 0 {
		t.Error("disks are lost, and no checker says what that breaks")
	}
}

// Reads from any replica are fast and stale; the checker says so.
func TestLocalReads(t *testing.T) {
	k, load := raft.Default(), client.Default()
	k.Reads, load.Keys.Count = "local", 1
	c := cluster(k, load, 3, 3)
	var judge protocols.Checker
	for i, x := range c.Checks {
		if x.Spec.Name == "linearizable" {
			c.Checks[i].Spec.New = func(pc protocols.ProbeConfig) protocols.Checker {
				judge = x.Spec.New(pc)
				return judge
			}
		}
	}
	if violations(run(t, c), "linearizable") == 0 {
		t.Error("reads from any replica seem linearizable")
	}
	if page := judge.(interface{ View() []byte }).View(); len(page) < 1000 {
		t.Errorf("the picture of what nothing explains has %d bytes", len(page))
	}
}

// A leader in the minority answers no read, however it answers them: its reads
// wait, and no checker finds a stale one.
func TestMinority(t *testing.T) {
	for _, reads := range []string{"log", "index", "lease"} {
		k, load := raft.Default(), client.Default()
		k.Reads, load.Keys.Count, load.Timeout = reads, 1, 200*time.Millisecond
		c := cluster(k, load, 5, 4)
		c.Duration = 6 * time.Second
		lead := sim.Selector{Observed: "raft.leader"}
		for i := range 4 {
			c.Faults = append(c.Faults, sim.Fault{Name: string(rune('a' + i)), At: time.Duration(1+i) * time.Second, For: 700 * time.Millisecond,
				Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(0, 5)}, lead}, Bystanders: true}})
		}
		r := run(t, c)
		if len(r.Violations) > 0 {
			t.Errorf("reads by %s: %s", reads, r.Violations[0].Text)
		}
		if n := scalar(t, r, "leader_changes"); n < 4 {
			t.Errorf("reads by %s: %v changes of the leader", reads, n)
		}
		longest := scalar(t, r, "leaderless_longest")
		t.Logf("reads by %s: without a leader for %v s at most, %v s in all", reads, longest, scalar(t, r, "leaderless_total"))
		if longest <= 0 || longest > 0.7 {
			t.Errorf("reads by %s: without a leader for %v s", reads, longest)
		}
	}
}

// A leader that was paused does not answer reads by a lease that ended meanwhile,
// although they came while it had not.
func TestPausedLeader(t *testing.T) {
	for seed := range uint64(2) {
		k, load := raft.Default(), client.Default()
		k.Reads, load.Keys.Count, load.Timeout = "lease", 1, 100*time.Millisecond
		load.BackOff, load.BackOffMax = 5*time.Millisecond, 10*time.Millisecond
		c := cluster(k, load, 3, 6)
		c.Seed = seed
		for i := range 18 {
			c.Faults = append(c.Faults, sim.Fault{Name: string(rune('a' + i)), At: time.Duration(500+500*i) * time.Millisecond, For: 400 * time.Millisecond,
				Pause: &sim.Pause{Nodes: sim.Selector{Observed: "raft.leader"}}})
		}
		for _, v := range run(t, c).Violations {
			t.Errorf("seed %d: %s: %s", seed, v.Check, v.Text)
		}
	}
}

// Two clusters in one mesh have the same terms, and leaders of their own.
func TestTwoClusters(t *testing.T) {
	k, load := raft.Default(), client.Default()
	c := cluster(k, load, 3, 2)
	k.Replicas = ids(5, 3)
	c.Groups = append(c.Groups, sim.Group{Name: "others", Count: 3, Stack: []*protocols.Protocol{raft.New(k)}})
	addClients(&c, "others' clients", k, load, 2)
	r := run(t, c)
	for _, v := range r.Violations {
		t.Errorf("%s: %s", v.Check, v.Text)
	}
	if n := scalar(t, r, "elections"); n < 2 {
		t.Errorf("%v elections in two clusters", n)
	}
}
