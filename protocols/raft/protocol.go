package raft

import (
	"meshsim/protocols"
	"meshsim/protocols/client"
)

// New describes Raft with this configuration: replicas of a cluster or, with
// Config.Client, clients of one. It panics if Validate finds a problem in it.
func New(c Config) *protocols.Protocol { return describe(c, honest) }

func describe(c Config, m mutant) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("raft: " + p[0].Error())
	}
	var plan *client.Plan
	if c.Client != nil {
		plan = client.NewPlan(*c.Client, base)
	}
	return &protocols.Protocol{
		Name:         "raft",
		Kinds:        kindNames[:],
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			return newNodes(&shared{Config: c, nodes: w.Nodes, replicas: replicasOf(&c, w.Members), lease: c.leaseFor(m), plan: plan, mutant: m}, len(ids))
		},
		Decode:   decode,
		Lies:     lies,
		Alter:    alter,
		Checkers: checkers,
		Probe:    func(pc protocols.ProbeConfig) protocols.Probe { return newProbe(c.Client, pc) },
		Metrics:  metrics,
	}
}

func replicasOf(c *Config, all []protocols.NodeID) []protocols.NodeID {
	if c.Replicas != nil {
		return c.Replicas
	}
	return all
}

// newNodes makes the states side by side.
func newNodes(s *shared, n int) protocols.Nodes {
	states := make([]node, n)
	for i := range states {
		states[i].shared = s
	}
	return protocols.NodesOf(states)
}
