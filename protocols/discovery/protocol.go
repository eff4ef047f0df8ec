package discovery

import "meshsim/protocols"

// New describes discovery with this configuration. It panics if Validate finds a
// problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("discovery: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "discovery",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			return newNodes(&shared{c, w, c.View == "full"}, len(ids))
		},
		Decode:   decode,
		Lies:     lies,
		Alter:    c.alter,
		Checkers: checkersOf(c),
		Probe:    func(p protocols.ProbeConfig) protocols.Probe { return newProbe(c, p) },
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
