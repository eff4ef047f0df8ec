package heartbeat_test

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/heartbeat"
)

// A mutant is a correct node with a fault around it.
type mutant struct {
	protocols.Node
	deaf func(m protocols.Message) bool                                // it does not hear these
	mute func(t protocols.TimerID) bool                                // these timers do nothing
	says func(o protocols.Observation) (instead protocols.Observation) // what it observes
}

func (n *mutant) Start(env *protocols.Env) {
	n.Node.Start(env)
	n.after(env)
}

func (n *mutant) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	if n.deaf != nil && n.deaf(m) {
		return
	}
	n.Node.Receive(env, from, m)
	n.after(env)
}

func (n *mutant) Expire(env *protocols.Env, t protocols.TimerID) {
	if n.mute != nil && n.mute(t) {
		return
	}
	n.Node.Expire(env, t)
	n.after(env)
}

func (n *mutant) Hear(env *protocols.Env, e protocols.Event) {
	n.Node.(protocols.Hearer).Hear(env, e)
	n.after(env)
}

func (n *mutant) after(env *protocols.Env) {
	for i, o := range env.Observations {
		if n.says != nil {
			env.Observations[i] = n.says(o)
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

// watching names timers by what they are for.
func named(name string) func(t protocols.TimerID) bool {
	timers := heartbeat.New(heartbeat.Default()).Timers
	return func(t protocols.TimerID) bool { return timers[t.Name()] == name }
}

// The checkers find each mutant.
func TestMutants(t *testing.T) {
	quorum := func(c *heartbeat.Config) { c.Quorum = 3 }
	for _, c := range []struct {
		name, check string
		config      heartbeat.Config
		protocol    func(p *protocols.Protocol) *protocols.Protocol
	}{
		{"never suspects", "completeness", variants[0].config, mutant{mute: named("watch")}.with},
		{"never suspects, all", "completeness", variants[1].config, mutant{mute: named("watch")}.with},
		{"never suspects, swim", "completeness", variants[4].config, mutant{says: func(o protocols.Observation) protocols.Observation {
			if o.Kind == heartbeat.Suspected || o.Kind == heartbeat.Failed {
				o.Kind = heartbeat.Trusted
			}
			return o
		}}.with},
		{"does not pass verdicts on", "completeness", variants[0].config, mutant{deaf: func(m protocols.Message) bool {
			return m.Kind() == heartbeat.KindVerdict
		}}.with},
		{"confirms without quorum", "quorum", with(quorum), func(p *protocols.Protocol) *protocols.Protocol {
			q := *heartbeat.New(with(func(c *heartbeat.Config) { c.Quorum = 1 }))
			q.Checkers = p.Checkers
			return &q
		}},
		{"takes suspicion for failure", "quorum", with(quorum), mutant{says: func(o protocols.Observation) protocols.Observation {
			if o.Kind == heartbeat.Suspected {
				o.Kind = heartbeat.Failed
			}
			return o
		}}.with},
		{"never forgives", "accuracy", variants[0].config, mutant{says: func(o protocols.Observation) protocols.Observation {
			if o.Kind == heartbeat.Trusted {
				o.Kind = heartbeat.Suspected
			}
			return o
		}}.with},
		{"never forgives, swim", "accuracy", variants[4].config, mutant{says: func(o protocols.Observation) protocols.Observation {
			if o.Kind == heartbeat.Trusted {
				o.Kind = heartbeat.Suspected
			}
			return o
		}}.with},
		{"invents incarnations", "incarnation", variants[0].config, mutant{says: func(o protocols.Observation) protocols.Observation {
			if o.Kind == heartbeat.Failed {
				o.Value += 5
			}
			return o
		}}.with},
		{"does not begin new incarnations", "incarnation", variants[4].config, mutant{says: func(o protocols.Observation) protocols.Observation {
			if o.Kind == heartbeat.Incarnated {
				o.Value = 1
			}
			return o
		}}.with},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(5) {
				config := mesh(c.protocol(heartbeat.New(c.config)), seed, 12)
				for _, v := range run(t, config).Violations {
					if v.Check == c.check {
						return
					}
				}
			}
			t.Errorf("no run violates %s", c.check)
		})
	}
}
