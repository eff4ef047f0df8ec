package raft_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/client"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// Raft stands no liars: each lie breaks a property in some run, none a replica.
func TestLies(t *testing.T) {
	for _, c := range []struct {
		lie   string
		nodes sim.Selector
		on    protocols.Behaviour
	}{
		{"equivocate", sim.Selector{Observed: "raft.leader"}, &byzantine.Equivocate{Name: "equivocate", Sides: 2}},
		{"double-vote", sim.Selector{From: ids(0, 2)}, &byzantine.Lie{Name: "double-vote"}},
		{"false-ack", sim.Selector{From: ids(0, 1)}, &byzantine.Lie{Name: "false-ack"}},
		{"false-reply", sim.Selector{Observed: "raft.leader"}, &byzantine.Lie{Name: "false-reply"}},
	} {
		t.Run(c.lie, func(t *testing.T) {
			broken := map[string]int{}
			for seed := range uint64(20) {
				for _, v := range run(t, lied(seed, c.nodes, c.on)).Violations {
					broken[v.Check]++
				}
			}
			t.Logf("violations %v", broken)
			if len(broken) == 0 {
				t.Error("no property is broken")
			}
		})
	}
}

// lied is a storm of five replicas, some of which lie.
func lied(seed uint64, who sim.Selector, how protocols.Behaviour) sim.Config {
	k, load := raft.Default(), client.Default()
	k.PreVote, k.CheckQuorum, k.MaxBatch = false, false, 2
	load.Closed.Concurrency, load.Keys.Count, load.Timeout, load.Closed.Think = 3, 5, 300*time.Millisecond, 10*time.Millisecond
	wrapped := func(c raft.Config) *protocols.Protocol { return byzantine.Wrap(raft.New(c), nil) }
	c := clusterOf(wrapped, k, nil, 5, 0)
	k.Replicas, k.Client = ids(0, 5), load
	c.Groups = append(c.Groups, sim.Group{Name: "clients", Count: 3, Stack: []*protocols.Protocol{wrapped(k)}})
	storm(&c, 5)
	c.Seed, c.Duration, c.Stop.Violation = seed, 15*time.Second, true
	c.Faults = append(c.Faults, sim.Fault{Name: "lies", At: 800 * time.Millisecond, Byzantine: &sim.Byzantine{Nodes: who, Behaviour: how}})
	return c
}
