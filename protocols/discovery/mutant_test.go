package discovery_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/discovery"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// A mutant is a correct node with a fault around it, or with another configuration
// than the checkers know of.
type mutant struct {
	protocols.Node
	config func(c *discovery.Config)
	deaf   []protocols.Kind // it does not hear these
	mute   []protocols.Kind // nor say those
	naive  bool             // takes every signature for right
	credit bool             // believes in slander
}

func (n *mutant) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	for _, k := range n.deaf {
		if m.Kind() == k {
			return
		}
	}
	if p, ok := m.(*discovery.Peers); ok && n.credit {
		for _, r := range p.Reports {
			if r.Score <= -100 {
				discovery.Catch(n.Node, env, r.Node)
			}
		}
	}
	crypto := env.Crypto
	if n.naive {
		env.Crypto = yes{crypto}
	}
	n.Node.Receive(env, from, m)
	env.Crypto = crypto
	n.after(env)
}

func (n *mutant) Expire(env *protocols.Env, t protocols.TimerID) {
	n.Node.Expire(env, t)
	n.after(env)
}

func (n *mutant) after(env *protocols.Env) {
	kept := env.Sends[:0]
	for _, s := range env.Sends {
		said := true
		for _, k := range n.mute {
			said = said && s.Message.Kind() != k
		}
		if said {
			kept = append(kept, s)
		}
	}
	env.Sends = kept
}

// yes takes every signature for right.
type yes struct{ protocols.Crypto }

func (yes) Verify(protocols.NodeID, protocols.Digest, *protocols.Signature) bool { return true }

// protocol has nodes like this one.
func (n mutant) protocol() *protocols.Protocol {
	c := seeded()
	p := discovery.New(c)
	if n.config != nil {
		n.config(&c)
	}
	make := discovery.New(c).New
	p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		var list protocols.NodeList
		nodes := make(w, ids)
		for i := range nodes.Len() {
			m := n
			m.Node = nodes.At(i)
			list = append(list, &m)
		}
		return list
	}
	return p
}

// The checkers find each mutant.
func TestMutants(t *testing.T) {
	for _, tc := range []struct {
		name, check string
		mutant      mutant
		lie         string
	}{
		{"knows no bound", "degree-bound", mutant{config: func(c *discovery.Config) { c.DegreeMax = 8 }}, ""},
		{"believes in links for ever", "symmetric", mutant{config: func(c *discovery.Config) { c.Timeout = 10 * time.Minute },
			deaf: []protocols.Kind{discovery.KindDisconnect}}, ""},
		{"does not look for new neighbours", "connected", mutant{mute: []protocols.Kind{discovery.KindNeighbour, discovery.KindWalk}}, ""},
		{"believes what has expired", "fresh", mutant{config: func(c *discovery.Config) { c.Skew = time.Hour }}, "stale"},
		{"does not verify", "unforged", mutant{naive: true}, "forge"},
		{"believes in slander", "good-name", mutant{credit: true}, "slander"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var c sim.Config
			if tc.lie != "" {
				c = lied(tc.mutant.protocol(), 1, tc.lie)
			} else {
				c = mesh(tc.mutant.protocol(), 1, 150, 6*time.Minute)
				c.Faults = []sim.Fault{crash(30*time.Second, sim.Selector{From: ids(3, 150), Share: draw.Ratio(7, 10)})}
			}
			c.Stop.Violation = true
			v := run(t, c).Violations
			if len(v) == 0 || v[0].Check != tc.check {
				t.Errorf("violations %+v, want one of %s", v, tc.check)
			}
		})
	}
}
