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

// worlds are configurations that together run all of the code.
func worlds() map[string]func() sim.Config {
	world := func(replicas int, change func(k *raft.Config, load *client.Config)) func() sim.Config {
		return func() sim.Config {
			k, load := raft.Default(), client.Default()
			load.Closed.Concurrency, load.Keys.Count, load.Swaps, load.Deletes = 3, 5, draw.Ratio(1, 8), draw.Ratio(1, 16)
			load.Timeout, load.BackOffMax, load.Closed.Think = 300*time.Millisecond, 300*time.Millisecond, 20*time.Millisecond
			change(&k, load)
			c := cluster(k, load, replicas, 3)
			storm(&c, replicas)
			return c
		}
	}
	return map[string]func() sim.Config{
		"default": world(5, func(k *raft.Config, load *client.Config) {}),
		"plain": world(3, func(k *raft.Config, load *client.Config) {
			k.PreVote, k.CheckQuorum, k.Reads = false, false, "log"
		}),
		"lease": world(5, func(k *raft.Config, load *client.Config) { k.Reads, k.Pipeline = "lease", 1 }),
		"snapshots": world(5, func(k *raft.Config, load *client.Config) {
			k.Snapshot, k.SnapshotKeep, k.MaxBytes, k.MaxBatch = 30, 5, 256, 4
		}),
		"parallel": world(4, func(k *raft.Config, load *client.Config) {
			k.Parallel, k.Snapshot, k.SnapshotKeep = true, 60, 5
		}),
		"alone": world(1, func(k *raft.Config, load *client.Config) { k.Snapshot, k.SnapshotKeep = 50, 0 }),
		"pair":  world(2, func(k *raft.Config, load *client.Config) { k.MaxInFlight = 2 }),
		"changing": func() sim.Config {
			c := world(6, func(k *raft.Config, load *client.Config) { k.Voters, k.Snapshot, k.SnapshotKeep = 3, 100, 20 })()
			c.Workload = []sim.Workload{orders()}
			return c
		},
	}
}

// orders change the membership and hand leadership over, all the time.
func orders() sim.Injections {
	var list sim.Injections
	add := func(at time.Duration, to protocols.NodeID, m protocols.Message) {
		list = append(list, sim.Injection{At: at, To: to, Protocol: "raft", Message: m})
	}
	for i := range 8 {
		at := time.Duration(1000+2500*i) * time.Millisecond
		add(at, 1, raft.NewChange(raft.AddVoter, protocols.NodeID(3+i%3)))
		add(at+600*time.Millisecond, 2, raft.NewTransfer(protocols.External))
		add(at+900*time.Millisecond, 0, raft.NewChange(raft.AddLearner, protocols.NodeID(3+(i+1)%3)))
		add(at+1200*time.Millisecond, 2, raft.NewTransfer(protocols.NodeID(i%3)))
		add(at+1500*time.Millisecond, 0, raft.NewChange(raft.Remove, protocols.NodeID(3+i%3)))
		add(at+2000*time.Millisecond, 0, raft.NewChange(raft.Remove, protocols.NodeID(3+(i+1)%3)))
	}
	return list
}

// Whatever fails meanwhile, the properties hold, and when it is over the clients
// are served again.
func TestSafety(t *testing.T) {
	seeds := map[string]uint64{"default": 8, "snapshots": 8, "changing": 8}
	for name, world := range worlds() {
		t.Run(name, func(t *testing.T) {
			served, installed := 0.0, 0.0
			for seed := range max(seeds[name], 4) {
				c := world()
				c.Seed = seed
				r := run(t, c)
				for _, v := range r.Violations {
					t.Errorf("seed %d: %s at %v by node %d: %s", seed, v.Check, v.At, v.Node, v.Text)
				}
				for _, c := range r.Checks {
					if c.Undecided != "" {
						t.Errorf("seed %d: %s is undecided: %s", seed, c.Check, c.Undecided)
					}
				}
				if rate(r) < 20 {
					t.Errorf("seed %d: at the end %v operations a second are answered", seed, rate(r))
				}
				n, _ := r.Scalar("raft.operations_completed")
				served += n
				n, _ = r.Scalar("raft.snapshots_installed")
				installed += n
			}
			t.Logf("%v operations, %v snapshots installed", served, installed)
			if name == "snapshots" && installed < 40 {
				t.Errorf("only %v snapshots were installed", installed)
			}
		})
	}
}
