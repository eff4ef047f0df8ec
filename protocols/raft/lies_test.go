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

// followed notes whom replicas take for the leader.
type followed struct{ leaders }

func (f *followed) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{raft.Followed}
}

// Who says that its log is empty is not elected, and that is all that happens.
// What liars observe is not believed, so the others tell whom they follow.
func TestShortLog(t *testing.T) {
	follow := func(lie string, seed uint64) (liars int) {
		c := lied(seed, sim.Selector{From: ids(0, 2)}, &byzantine.Lie{Name: lie})
		seen := &followed{}
		check := seen.check()
		check.Spec.New = func(protocols.ProbeConfig) protocols.Checker { return seen }
		c.Checks, c.Duration, c.Stop.Violation = append(c.Checks, check), 15*time.Second, false
		for _, v := range run(t, c).Violations {
			if lie == "short-log" {
				t.Errorf("seed %d: %s: %s", seed, v.Check, v.Text)
			}
		}
		for _, o := range seen.seen {
			if o.Key < 2 && o.At > protocols.Time(2*time.Second) {
				liars++
			}
		}
		return liars
	}
	for seed := range uint64(5) {
		if n := follow("short-log", seed); n > 0 {
			t.Errorf("seed %d: %d times a replica follows one that says that its log is empty", seed, n)
		}
		if follow("false-reply", seed) == 0 {
			t.Errorf("seed %d: no replica ever follows one of the first two, so this proves nothing", seed)
		}
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
