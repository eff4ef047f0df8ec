package dht_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/protocoltest"
	"meshsim/sim"
)

// rewrite is a mutant that changes what it sends: f returns nil for what it does not
// send at all.
func rewrite(f func(self protocols.NodeID, m *dht.Message) *dht.Message) func(p *protocols.Protocol) *protocols.Protocol {
	return func(p *protocols.Protocol) *protocols.Protocol {
		return protocoltest.Wrap(p, func(env *protocols.Env) {
			kept := env.Sends[:0]
			for _, s := range env.Sends {
				c := *s.Message.(*dht.Message)
				if m := f(env.Self, &c); m != nil {
					s.Message = m
					kept = append(kept, s)
				}
			}
			env.Sends = kept
		})
	}
}

// spoilt is a node that something is done to before each message.
type spoilt struct {
	protocols.Node
	before func(n protocols.Node, env *protocols.Env)
}

func (n *spoilt) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	n.before(n.Node, env)
	n.Node.Receive(env, from, m)
}

// spoil is a mutant with another state.
func spoil(before func(n protocols.Node, env *protocols.Env)) func(p *protocols.Protocol) *protocols.Protocol {
	return func(p *protocols.Protocol) *protocols.Protocol {
		q := *p
		q.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes := p.New(w, ids)
			list := make([]spoilt, nodes.Len())
			for i := range list {
				list[i] = spoilt{nodes.At(i), before}
			}
			return protocols.NodesOf(list)
		}
		return &q
	}
}

// namesItself is the answer to all lookups that it is asked for.
func namesItself(self protocols.NodeID, m *dht.Message) *dht.Message {
	if m.Kind() == dht.KindStep {
		m.Flag, m.Peers = true, []dht.Peer{{Node: self}}
	}
	return m
}

// neverNotifies does not tell its successor that it is there.
func neverNotifies(_ protocols.NodeID, m *dht.Message) *dht.Message {
	if m.Kind() == dht.KindNotify {
		return nil
	}
	return m
}

// keepsRange tells who joins that it has all its keys, and sends none.
func keepsRange(_ protocols.NodeID, m *dht.Message) *dht.Message {
	if m.Kind() == dht.KindTransfer && m.Flag {
		m.Items = nil
	}
	return m
}

// makesNoCopies sends copies without anything in them.
func makesNoCopies(_ protocols.NodeID, m *dht.Message) *dht.Message {
	if m.Kind() == dht.KindTransfer && !m.Flag {
		m.Items = nil
	}
	return m
}

// Every checker passes over a correct mesh in which nodes crash and come back, and
// each mutant is found out by those that are meant to.
func TestMutants(t *testing.T) {
	const n = 30
	widens := func(x protocols.Node, _ *protocols.Env) { dht.Widen(x, ids(0, n)) }
	for _, c := range []struct {
		name   string
		mutate func(p *protocols.Protocol) *protocols.Protocol
		config func(c *dht.Config) // what would mend the fault is off
		found  []string
	}{
		{"correct", func(p *protocols.Protocol) *protocols.Protocol { return p }, nil, nil},
		{"a node that names itself", rewrite(namesItself), nil, []string{"lookup-consistency"}},
		{"a node that never notifies", rewrite(neverNotifies), func(c *dht.Config) { c.Merge = 0 }, []string{"lookup-consistency", "ring"}},
		{"a successor that answers for a range that is not its own", spoil(widens), nil, []string{"lookup-consistency", "ownership"}},
		{"a successor that hands nothing over", rewrite(keepsRange), func(c *dht.Config) { c.Repair = 0 }, []string{"reads"}},
		{"an owner that makes no copies", rewrite(makesNoCopies), nil, []string{"copies", "durability"}},
		{"a node that loses keys", spoil(dht.Forget), nil, []string{"durability"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := dht.Default()
			if c.config != nil {
				c.config(&k)
			}
			m := mesh(c.mutate(dht.New(k)), 1, n, 300*time.Second)
			m.Faults = []sim.Fault{crash(60*time.Second, 20*time.Second, sim.Selector{From: ids(5, 9)})}
			m.Workload = []sim.Workload{keys(n, 200, 5*time.Second, 290*time.Second, 250*time.Millisecond),
				lookups(n, 5*time.Second, 290*time.Second, 250*time.Millisecond)}
			var found []string
			r := run(t, m)
			for _, v := range r.Violations {
				t.Log(v.Check, v.At, v.Text)
				found = append(found, v.Check)
			}
			slices.Sort(found)
			found = slices.Compact(found)
			for _, name := range c.found {
				if !slices.Contains(found, name) {
					t.Errorf("found by %v, want %v", found, c.found)
				}
			}
			if c.found == nil && found != nil {
				t.Errorf("found by %v, although it is correct", found)
			}
		})
	}
}
