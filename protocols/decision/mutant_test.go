package decision_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// mutant is a correct node with a fault around it.
type mutant struct {
	protocols.Node
	start func(n protocols.Node, env *protocols.Env)
	hear  func(n protocols.Node, env *protocols.Env, e protocols.Event) protocols.Event
}

func (m *mutant) Start(env *protocols.Env) {
	if m.start != nil {
		m.start(m.Node, env)
	}
	m.Node.Start(env)
}

func (m *mutant) Hear(env *protocols.Env, e protocols.Event) {
	if m.hear != nil {
		e = m.hear(m.Node, env, e)
	}
	m.Node.(protocols.Hearer).Hear(env, e)
}

// The checkers find each mutant in some seed, and nothing in the honest node
// under the same faults.
func TestMutants(t *testing.T) {
	const voters = 5
	rush := func(need int) func(n protocols.Node, env *protocols.Env) {
		return func(n protocols.Node, _ *protocols.Env) { decision.Rush(n, need) }
	}
	for _, c := range []struct {
		name   string
		checks []string // one of them finds it
		mutant mutant
	}{
		{"honest", nil, mutant{}},
		{"forgets its vote at a crash", []string{"once"}, mutant{start: func(_ protocols.Node, env *protocols.Env) {
			env.Disk.Remove(decision.File)
		}}},
		{"takes two votes for a quorum", []string{"certified", "agreement"}, mutant{start: rush(2)}},
		{"believes a verdict without its signatures", []string{"certified", "agreement"}, mutant{hear: func(n protocols.Node, env *protocols.Env, e protocols.Event) protocols.Event {
			if data, ok := decision.Turn(e.Data); ok && env.Self%2 == 0 {
				decision.Trust(n)
				e.Data = data
			}
			return e
		}}},
		{"proposes what nobody asked for", []string{"validity"}, mutant{hear: func(_ protocols.Node, env *protocols.Env, e protocols.Event) protocols.Event {
			if env.Self == 2 {
				env.Announce(protocols.Event{Kind: protocols.Propose, Data: decision.Phantom(env)})
			}
			return e
		}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := map[string]int{}
			for seed := range uint64(300) {
				if c.checks == nil && seed == 60 || c.checks != nil && len(found) > 0 {
					break
				}
				for _, v := range run(t, disturbed(c.mutant, seed, voters)).Violations {
					found[v.Check]++
				}
			}
			total := 0
			for _, name := range c.checks {
				total += found[name]
			}
			if c.checks == nil && len(found) > 0 || c.checks != nil && total == 0 {
				t.Errorf("found %v, want %v", found, c.checks)
			}
		})
	}
}

// disturbed is a mesh of mutants in which voters crash again and again for a moment.
func disturbed(m mutant, seed uint64, voters int) sim.Config {
	k := decision.Default()
	k.Reject, k.Poll = draw.Ratio(1, 3), time.Second
	p := onSequencer(k, func(n protocols.Node) protocols.Node {
		x := m
		x.Node = n
		return &x
	})
	c := mesh([]*protocols.Protocol{p}, seed, voters, 0, 6)
	c.Faults = []sim.Fault{{Name: "crash", At: 3 * time.Second, For: 20 * time.Millisecond, Every: 400 * time.Millisecond,
		Crash: &sim.Crash{Nodes: sim.Selector{From: ids(voters)[1:], Count: 1}}}}
	return c
}
