package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/client"
)

// New describes pBFT with this configuration. It panics if Validate finds a
// problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("pbft: " + p[0].Error())
	}
	var load *client.Plan
	if c.Client != nil {
		load = client.NewPlan(*c.Client, base)
	}
	return &protocols.Protocol{
		Name:         "pbft",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			return newNodes(newCluster(c, w.Members), load, ids)
		},
		Decode:   decode,
		Lies:     lies,
		Alter:    c.alter,
		Checkers: checkersOf(c),
		Probe:    func(p protocols.ProbeConfig) protocols.Probe { return newProbe(c, p) },
		Metrics:  metrics,
	}
}

// newNodes makes replicas of those who are, and clients of the others.
func newNodes(c *cluster, load *client.Plan, ids []protocols.NodeID) protocols.Nodes {
	replicas := 0
	for _, id := range ids {
		if _, ok := c.place(id); ok {
			replicas++
		}
	}
	states, nodes := make([]replica, replicas), protocols.NodeList{}
	for _, id := range ids {
		if _, ok := c.place(id); ok {
			r := &states[0]
			states = states[1:]
			r.init(c, id)
			nodes = append(nodes, r)
		} else {
			nodes = append(nodes, newAsker(c, load))
		}
	}
	return nodes
}
