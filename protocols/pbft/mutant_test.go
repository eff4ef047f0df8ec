package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// mutated makes mutants of all nodes of a mesh.
func mutated(c sim.Config, mutate func(protocols.Node) protocols.Node) sim.Config {
	for i := range c.Groups {
		p := *c.Groups[i].Stack[0]
		inner := p.New
		p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes := inner(w, ids)
			var list protocols.NodeList
			for i := range nodes.Len() {
				list = append(list, mutate(nodes.At(i)))
			}
			return list
		}
		c.Groups[i].Stack = []*protocols.Protocol{&p}
	}
	return c
}

func honest(n protocols.Node) protocols.Node { return n }

// lossy is a cluster under load in which everything is late or lost at times.
func lossy(k pbft.Config, seed uint64) sim.Config {
	return rough(mesh(k, seed, 4, 2, busy(40)), 4)
}

// inventor lets the primary of the first view propose a request of its own.
func inventor(k pbft.Config) func(c sim.Config) sim.Config {
	return func(c sim.Config) sim.Config {
		for i := range c.Groups {
			p := *c.Groups[i].Stack[0]
			p.Alter = func(env *protocols.Env, _ uint8, _ uint64, m protocols.Message) protocols.Message {
				if m, ok := m.(*pbft.PrePrepare); ok {
					return pbft.Invent(k, env, m)
				}
				return nil
			}
			c.Groups[i].Stack[0] = &p
		}
		return corrupted(c, &byzantine.Lie{Name: "equivocate"}, 0)
	}
}

// lie makes replicas Byzantine.
func lie(b protocols.Behaviour, liars ...protocols.NodeID) func(c sim.Config) sim.Config {
	return func(c sim.Config) sim.Config { return corrupted(c, b, liars...) }
}

// crashes lets three of four replicas crash together, again and again.
func crashes(c sim.Config) sim.Config {
	for i := range 60 {
		c.Faults = append(c.Faults, sim.Fault{Name: fmt.Sprint("all crash ", i), At: 1100*time.Millisecond + time.Duration(i)*170*time.Millisecond,
			For: 10 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 4), Count: 3}}})
	}
	return c
}

// The checkers find each mutant in some seed; in the same meshes correct replicas
// are never found at fault.
func TestMutants(t *testing.T) {
	k := quick(pbft.Signatures)
	final := k
	final.Tentative = false
	reads := k
	reads.ReadOnly = true
	for _, x := range []struct {
		mutant, check string
		config        pbft.Config
		around        func(c sim.Config) sim.Config
	}{
		{"quorum one short", "certificates", k, nil},
		{"quorum one short", "agreement", k, lie(&byzantine.Equivocate{Name: "equivocate", Sides: 2}, 0)},
		{"view change without the prepared set", "agreement", k, nil},
		{"accepts a bad new-view", "agreement", k, lie(&byzantine.Lie{Name: "bad-new-view"}, 1)},
		{"skips the watermark", "watermarks", k, nil},
		{"collects an unstable checkpoint", "checkpoints", k, nil},
		{"forgets at a crash what it accepted", "agreement", k, crashes},
		{"executes before it has committed", "agreement", k, nil},
		{"takes any request", "validity", k, inventor(k)},
		{"believes one reply", "replies", final, lie(&byzantine.Lie{Name: "false-reply"}, 1)},
		{"believes one reply", "linearizable", final, lie(&byzantine.Lie{Name: "false-reply"}, 1)},
		{"reads without a quorum", "linearizable", reads, nil},
	} {
		t.Run(x.mutant+" "+x.check, func(t *testing.T) {
			around := x.around
			if around == nil {
				around = func(c sim.Config) sim.Config { return c }
			}
			for seed := range uint64(4) {
				violations(t, "correct replicas", run(t, around(mutated(lossy(x.config, seed), honest))))
			}
			for seed := range uint64(400) {
				c := around(mutated(lossy(x.config, seed), pbft.Mutants[x.mutant]))
				c.Stop.Violation = true
				c.Checks = only(c.Checks, x.check)
				if len(run(t, c).Violations) > 0 {
					t.Logf("found at seed %d", seed)
					return
				}
			}
			t.Error("nobody has found it")
		})
	}
}

// only keeps one check.
func only(all []sim.Check, name string) []sim.Check {
	for _, c := range all {
		if c.Spec.Name == name {
			return []sim.Check{c}
		}
	}
	panic("no check is called " + name)
}
