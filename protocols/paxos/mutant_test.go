package paxos_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/paxos"
	"meshsim/sim"
)

// A mutant is a correct node with a fault around it: what it reads is altered on
// the way in, what it sends on the way out.
type mutant struct {
	protocols.Node
	start func(env *protocols.Env)
	in    func(m *paxos.Message) *paxos.Message
	out   func(m *paxos.Message) *paxos.Message
}

func (n *mutant) Start(env *protocols.Env) {
	if n.start != nil {
		n.start(env)
	}
	n.Node.Start(env)
	n.after(env)
}

func (n *mutant) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	if n.in != nil {
		m = n.in(m.(*paxos.Message))
	}
	n.Node.Receive(env, from, m)
	n.after(env)
}

func (n *mutant) Expire(env *protocols.Env, t protocols.TimerID) {
	n.Node.Expire(env, t)
	n.after(env)
}

func (n *mutant) Hear(env *protocols.Env, e protocols.Event) {
	n.Node.(protocols.Hearer).Hear(env, e)
	n.after(env)
}

func (n *mutant) after(env *protocols.Env) {
	for i, s := range env.Sends {
		if n.out != nil {
			env.Sends[i].Message = n.out(s.Message.(*paxos.Message))
		}
	}
}

// with wraps each node of p.
func (n mutant) with(p *protocols.Protocol) *protocols.Protocol {
	q := *p
	q.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := p.New(w, ids)
		mutants := make([]mutant, nodes.Len())
		for i := range mutants {
			mutants[i] = n
			mutants[i].Node = nodes.At(i)
		}
		return protocols.NodesOf(mutants)
	}
	return &q
}

// duel lets two proposers fight over the vote of node 2, which crashes again and
// again for a moment: the smallest mesh in which what it forgets can matter.
func duel(m mutant, seed uint64) sim.Config {
	k := paxos.Default()
	k.Retry = 100 * time.Millisecond
	c := mesh(m.with(paxos.New(k)), seed, 3, 0)
	c.Duration, c.Stop.Violation = 10*time.Second, true
	c.Faults = []sim.Fault{{Name: "crash", At: time.Second, For: time.Millisecond, Every: 40 * time.Millisecond,
		Crash: &sim.Crash{Nodes: sim.Selector{From: []protocols.NodeID{2}}}}}
	return c
}

// The checkers find each mutant in some seed.
func TestMutants(t *testing.T) {
	for _, c := range []struct {
		name, check string
		mutant      mutant
	}{
		{"forgets its promise at a crash", "agreement", mutant{
			start: func(env *protocols.Env) { paxos.ForgetPromise(env.Disk) }}},
		{"forgets at a crash what it accepted", "agreement", mutant{
			start: func(env *protocols.Env) { env.Disk.Remove(paxos.File) }}},
		{"proposes its own value whatever was accepted", "agreement", mutant{
			in: func(m *paxos.Message) *paxos.Message {
				if m.Kind() == paxos.KindPromise {
					return paxos.With(m, m.Kind(), 0, nil)
				}
				return m
			}}},
		{"learns from one acceptor", "agreement", mutant{
			in: func(m *paxos.Message) *paxos.Message {
				if m.Kind() == paxos.KindAccepted {
					return paxos.With(m, paxos.KindDecided, 0, m.Value)
				}
				return m
			}}},
		{"proposes what nobody asked for", "validity", mutant{
			out: func(m *paxos.Message) *paxos.Message {
				if m.Kind() == paxos.KindAccept {
					return paxos.With(m, m.Kind(), 0, []byte("mine"))
				}
				return m
			}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(2000) {
				for _, v := range run(t, duel(c.mutant, seed)).Violations {
					if v.Check == c.check {
						return
					}
					t.Errorf("seed %d violates %s, not %s: %s", seed, v.Check, c.check, v.Text)
				}
			}
			t.Errorf("no run violates %s", c.check)
		})
	}
}
