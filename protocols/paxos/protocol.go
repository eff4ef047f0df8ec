package paxos

import "meshsim/protocols"

// New describes Paxos with this configuration. It panics if Validate finds a
// problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("paxos: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "paxos",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			return newNodes(&shared{c, w.Members, len(w.Members)/2 + 1}, len(ids))
		},
		Decode:   decode,
		Checkers: checkers,
		Probe:    func(c protocols.ProbeConfig) protocols.Probe { return newProbe(c) },
		Metrics:  metrics,
	}
}

// newNodes makes the states side by side.
func newNodes(s *shared, n int) protocols.Nodes {
	states := make([]node, n)
	for i := range states {
		states[i].shared = s
	}
	return protocols.NodesOf(states)
}
