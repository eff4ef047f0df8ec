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

// gate forbids to write on its node from 2s to 4s, as partition handling does.
type gate struct{}

func (gate) Start(env *protocols.Env) {
	env.SetTimer(protocols.Timer(0, 0), 2*time.Second)
	env.SetTimer(protocols.Timer(1, 0), 4*time.Second)
}
func (gate) Receive(*protocols.Env, protocols.NodeID, protocols.Message) {}
func (gate) Expire(env *protocols.Env, t protocols.TimerID) {
	env.Announce(protocols.Event{Kind: protocols.ReadOnlyOn + protocols.EventKind(t.Name())})
}

var gates = &protocols.Protocol{
	Name: "gate", Kinds: []string{}, Timers: []string{"on", "off"},
	New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := make(protocols.NodeList, len(ids))
		for i := range nodes {
			nodes[i] = gate{}
		}
		return nodes
	},
}

// gated is a cluster under load with gates on the nodes of some groups, and
// elections while they are closed.
func gated(m raft.Mutant, seed uint64, reads string, groups ...int) sim.Config {
	k, load := raft.Default(), client.Default()
	k.Reads = reads
	load.Closed.Concurrency, load.Closed.Think = 4, 20*time.Millisecond
	load.Reads, load.Stop, load.Timeout = draw.Ratio(1, 2), 8*time.Second, 200*time.Millisecond
	c := clusterOf(with(m), k, load, 5, 2)
	c.Seed = seed
	c.Goals = map[string][]float64{"raft.completed": {1}}
	c.Faults = []sim.Fault{{Name: "leader", At: 2500 * time.Millisecond, For: time.Second, Crash: &sim.Crash{Nodes: sim.Selector{Observed: "raft.leader"}}}}
	for _, i := range groups {
		c.Groups[i].Stack = append(c.Groups[i].Stack, gates)
	}
	return c
}

// While its node is read-only no replica takes a write, and no client sends one;
// later all of them are answered. Reads by index go on, those by the log do not.
func TestReadOnlyMode(t *testing.T) {
	for _, x := range []struct {
		reads  string
		groups []int
		served bool // something is, while the gates are closed
	}{{"index", []int{0}, true}, {"local", []int{0}, true}, {"log", []int{0}, false}, {"index", []int{1}, true}} {
		for seed := range uint64(2) {
			c := gated(raft.Honest, seed, x.reads, x.groups...)
			r := run(t, c)
			for _, v := range r.Violations {
				if v.Check != "linearizable" || x.reads != "local" {
					t.Errorf("reads %s, seed %d: %s at %v: %s", x.reads, seed, v.Check, v.At, v.Text)
				}
			}
			if n, _ := r.Scalar("raft.writes_refused"); n < 10 {
				t.Errorf("reads %s, seed %d: %v writes are refused", x.reads, seed, n)
			}
			for _, l := range r.Levels("raft.completed") {
				if !l.OK {
					t.Errorf("reads %s, seed %d: the operation of %v is never answered", x.reads, seed, time.Duration(l.Since))
				}
			}
			longest, _ := r.Scalar("raft.outage_longest")
			if !x.served && longest < 1.5 {
				t.Errorf("reads %s, seed %d: at most %v s without an answer, want nearly 2", x.reads, seed, longest)
			}
		}
	}
}

// The checker finds a replica that takes writes all the same.
func TestReadOnlyMutant(t *testing.T) {
	for _, v := range run(t, gated(raft.WritesReadOnly, 1, "index", 0)).Violations {
		if v.Check == "read-only" {
			return
		}
	}
	t.Error("the mutant is not found")
}
