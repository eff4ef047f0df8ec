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

// swarm draws a configuration and a world of faults, each of them by chance. calm
// says that nobody who is cut off or removed can depose a leader.
func swarm(seed uint64) (c sim.Config, calm bool) {
	r := draw.New(draw.Mix(seed))
	pick := func(list ...int) int { return list[r.IntN(len(list))] }
	coin := func() bool { return r.IntN(2) == 0 }
	k, load := raft.Default(), client.Default()
	k.PreVote, k.CheckQuorum, k.Parallel = coin(), coin(), coin()
	k.ElectionMax = k.Election + time.Duration(pick(60, 150, 600))*time.Millisecond
	k.Pipeline, k.MaxBatch, k.MaxInFlight = pick(1, 2, 8), pick(1, 3, 256), pick(1, 2, 64)
	k.Snapshot, k.SnapshotKeep, k.MaxBytes = pick(0, 1, 7, 50), pick(0, 3, 100), pick(256, 1000, 65536)
	k.Reads = []string{"log", "index", "index", "lease"}[r.IntN(4)]
	k.CheckQuorum = k.CheckQuorum || k.Reads == "lease"
	replicas := pick(2, 3, 4, 5, 7)
	if coin() {
		k.Voters = 1 + r.IntN(replicas)
	}
	load.Closed.Concurrency, load.Keys.Count, load.Swaps = 1+r.IntN(4), 1+r.IntN(5), draw.Ratio(1, 4)
	load.Timeout, load.BackOffMax, load.Closed.Think = 300*time.Millisecond, 300*time.Millisecond, 20*time.Millisecond
	c = cluster(k, load, replicas, 3)
	storm(&c, replicas)
	c.Seed, c.Groups[0].DiskSync = seed, time.Duration(pick(0, 100, 2000, 8000))*time.Microsecond
	c.Groups[0].Clock = sim.Clock{OffsetRange: time.Second, DriftRange: 500_000}
	group := ids(0, replicas)
	one := sim.Selector{From: group, Count: 1}
	for i := range 10 {
		at := time.Duration(800+r.IntN(18000)) * time.Millisecond
		f := sim.Fault{Name: fmt.Sprint("swarm ", i), At: at, For: time.Duration(1+r.IntN(1500)) * time.Millisecond}
		switch r.IntN(6) {
		case 0:
			f.Crash = &sim.Crash{Nodes: one, TearDisk: true}
		case 1:
			f.Disk = &sim.DiskFault{Nodes: one, Full: true}
		case 2:
			f.Disk = &sim.DiskFault{Nodes: one, Unreadable: draw.Ratio(1, 2)}
		case 3:
			f.Clock = &sim.ClockFault{Nodes: one, Step: time.Duration(r.IntN(2000)-1000) * time.Millisecond}
		case 4:
			f.Partition = &sim.Partition{Sides: []sim.Selector{one}, OneWay: true}
		case 5:
			f.Degrade = &sim.Degrade{From: one, Both: coin(), Latency: time.Duration(r.IntN(300)) * time.Millisecond, Loss: draw.Ratio(1, 2)}
		}
		c.Faults = append(c.Faults, f)
	}
	if coin() {
		c.Workload = []sim.Workload{changes(&r, replicas)}
	}
	return c, k.PreVote && k.CheckQuorum
}

// changes ask for changes of membership and transfers, any of them.
func changes(r *draw.Rand, replicas int) (list sim.Injections) {
	at := time.Second
	for range 15 {
		at += time.Duration(r.IntN(1200)) * time.Millisecond
		id := protocols.NodeID(r.IntN(replicas))
		m := protocols.Message(raft.NewChange(raft.ChangeOp(r.IntN(3)), id))
		if r.IntN(3) == 0 {
			m = raft.NewTransfer(id)
		}
		list = append(list, sim.Injection{At: at, To: protocols.NodeID(r.IntN(replicas)), Protocol: "raft", Message: m})
	}
	return list
}

// Whatever is configured and whatever fails, the properties hold; and a cluster
// with pre-vote and check-quorum serves again when nothing fails any more.
func TestSwarm(t *testing.T) {
	for seed := range uint64(swarms) {
		c, calm := swarm(seed)
		r := run(t, c)
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s at %v by node %d: %s", seed, v.Check, v.At, v.Node, v.Text)
		}
		if calm && rate(r) < 3 {
			t.Errorf("seed %d: at the end %v operations a second are answered", seed, rate(r))
		}
	}
}

const swarms = 25
