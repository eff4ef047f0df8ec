package raft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// A trap is a world in which one mistake matters and honest code does not mind.
type trap struct {
	name   string
	mutant raft.Mutant
	check  string // the checker that must find it
	world  func(m raft.Mutant, seed uint64) sim.Config
	seeds  uint64 // in which honest code is tried, and the mutant at most
}

var traps = []trap{
	{"votes twice after a restart", raft.VotesTwice, "election-safety", duel, 8},
	{"votes before the disk is done", raft.SkipsVoteSync, "election-safety", duel, 8},
	{"commits old terms by counting", raft.CountsOldTerms, "leader-completeness", figure8, 20},
	{"makes its log that of each message", raft.TruncatesCommitted, "leader-completeness", shuffle, 10},
	{"trusts a lease although clocks drift", raft.TrustsDrift, "linearizable", drift, 5},
}

func with(m raft.Mutant) func(raft.Config) *protocols.Protocol {
	return func(c raft.Config) *protocols.Protocol { return raft.NewMutant(c, m) }
}

// duel lets two candidates of three stand for the same term again and again,
// while the third, who decides, crashes for a moment.
func duel(m raft.Mutant, seed uint64) sim.Config {
	k := raft.Default()
	k.Election, k.ElectionMax, k.Heartbeat = 20*time.Millisecond, 22*time.Millisecond, 15*time.Millisecond
	k.PreVote, k.CheckQuorum = false, false
	c := clusterOf(with(m), k, nil, 3, 0)
	c.Seed, c.Duration, c.Stop.Violation = seed, 5*time.Second, true
	c.Network.Default.Latency = sim.Latency{Base: 200 * time.Microsecond, Jitter: draw.Uniform(0, int64(3*time.Millisecond))}
	c.Network.Default.Loss.P = draw.Ratio(3, 10)
	c.Faults = []sim.Fault{{Name: "crash", At: 20 * time.Millisecond, For: 300 * time.Microsecond, Every: 3 * time.Millisecond,
		Crash: &sim.Crash{Nodes: sim.Selector{From: ids(2, 1)}}}}
	return c
}

// figure8 crashes each leader soon, in the middle of what it replicates, one
// entry a message: the world of the paper's Figure 8.
func figure8(m raft.Mutant, seed uint64) sim.Config {
	k := raft.Default()
	k.MaxBatch, k.MaxInFlight, k.Pipeline = 1, 1, 4
	k.PreVote, k.CheckQuorum = false, false
	load := client.Default()
	load.Closed.Concurrency, load.Reads, load.Timeout = 4, 0, 100*time.Millisecond
	load.BackOff, load.BackOffMax = 5*time.Millisecond, 20*time.Millisecond
	c := clusterOf(with(m), k, load, 5, 2)
	c.Seed, c.Duration, c.Stop.Violation = seed, 20*time.Second, true
	c.Network.Default.Latency = sim.Latency{Base: 2 * time.Millisecond, Jitter: draw.Uniform(0, int64(20*time.Millisecond))}
	c.Network.Default.Loss.P = draw.Ratio(2, 10)
	group := ids(0, 5)
	c.Faults = []sim.Fault{
		{Name: "leader", At: 300 * time.Millisecond, For: 120 * time.Millisecond, Every: 210 * time.Millisecond,
			Crash: &sim.Crash{Nodes: sim.Selector{Observed: "raft.leader"}}},
		{Name: "split", At: 400 * time.Millisecond, For: 170 * time.Millisecond, Every: 330 * time.Millisecond,
			Partition: &sim.Partition{Sides: []sim.Selector{{From: group, Count: 3}}, Bystanders: false}},
	}
	return c
}

// shuffle delivers messages late and in another order, and crashes replicas.
func shuffle(m raft.Mutant, seed uint64) sim.Config {
	k := raft.Default()
	k.Heartbeat, k.MaxBatch = 10*time.Millisecond, 2
	load := client.Default()
	load.Closed.Concurrency, load.Reads, load.Timeout = 8, 0, 200*time.Millisecond
	c := clusterOf(with(m), k, load, 3, 1)
	c.Seed, c.Duration, c.Stop.Violation = seed, 10*time.Second, true
	c.Network.Default.Latency = sim.Latency{Base: time.Millisecond, Jitter: draw.Uniform(0, int64(60*time.Millisecond))}
	c.Network.Default.Duplicate = draw.Ratio(1, 10)
	c.Faults = []sim.Fault{{Name: "leader", At: 500 * time.Millisecond, For: 300 * time.Millisecond, Every: 700 * time.Millisecond,
		Crash: &sim.Crash{Nodes: sim.Selector{Observed: "raft.leader"}}}}
	return c
}

// drift cuts a leader whose clock is slow off from followers whose clocks are
// fast, while clients reach both sides.
func drift(m raft.Mutant, seed uint64) sim.Config {
	k := raft.Default()
	k.ElectionMax, k.Heartbeat = k.Election+5*time.Millisecond, 10*time.Millisecond
	k.PreVote, k.Reads, k.MaxDrift = false, "lease", draw.Ratio(1, 10)
	load := client.Default()
	load.Timeout, load.BackOff, load.BackOffMax = 20*time.Millisecond, 2*time.Millisecond, 2*time.Millisecond
	load.Reads, load.Keys.Count, load.Closed.Think = draw.Always, 2, 3*time.Millisecond
	c := clusterOf(with(m), k, load, 5, 2)
	writes := *load
	writes.Reads, k.Replicas = 0, ids(0, 5)
	addClients(&c, "writers", k, &writes, 2)
	c.Seed, c.Duration, c.Stop.Violation = seed, 6*time.Second, true
	c.Network.Default.Latency = sim.Latency{Base: 300 * time.Microsecond}
	group := sim.Selector{From: ids(0, 5)}
	lead := sim.Selector{Observed: "raft.leader"}
	c.Faults = []sim.Fault{{Name: "fast", At: 0, Clock: &sim.ClockFault{Nodes: group, DriftPPB: 100_000_000}}}
	for i := range 8 {
		at := time.Duration(500+600*i) * time.Millisecond
		c.Faults = append(c.Faults,
			sim.Fault{Name: fmt.Sprint("slow ", i), At: at, For: 400 * time.Millisecond, Clock: &sim.ClockFault{Nodes: lead, DriftPPB: -100_000_000}},
			sim.Fault{Name: fmt.Sprint("slower ", i), At: at, For: 400 * time.Millisecond, Clock: &sim.ClockFault{Nodes: lead, DriftPPB: -100_000_000}},
			sim.Fault{Name: fmt.Sprint("cut ", i), At: at + 50*time.Millisecond, For: 300 * time.Millisecond,
				Partition: &sim.Partition{Sides: []sim.Selector{group, lead}, Bystanders: true}})
	}
	return c
}

// Honest code holds in each trap, and the checker that is meant for it finds
// each mutant before any other does.
func TestMutants(t *testing.T) {
	for _, trap := range traps {
		t.Run(trap.name, func(t *testing.T) {
			for seed := range trap.seeds {
				for _, v := range run(t, trap.world(raft.Honest, seed)).Violations {
					t.Errorf("honest code, seed %d: %s: %s", seed, v.Check, v.Text)
				}
			}
			others := 0
			for seed := range trap.seeds {
				for _, v := range run(t, trap.world(trap.mutant, seed)).Violations {
					if v.Check == trap.check {
						t.Logf("seed %d: %s: %s", seed, v.Check, v.Text)
						return
					}
					others++
					t.Logf("seed %d: %s: %s", seed, v.Check, v.Text)
				}
			}
			t.Errorf("no run of %d violates %s, %d violate others", trap.seeds, trap.check, others)
		})
	}
}
