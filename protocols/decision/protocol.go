package decision

import "meshsim/protocols"

// New describes decisions with this configuration. It panics if Validate finds a
// problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("decision: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "decision",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			s := newShared(c, w)
			states := make([]node, len(ids))
			for i := range states {
				states[i].shared = s
			}
			return protocols.NodesOf(states)
		},
		Decode:   decode,
		Lies:     lies,
		Alter:    alter,
		Checkers: checkers(c),
		Probe:    func(pc protocols.ProbeConfig) protocols.Probe { return newProbe(c, pc) },
		Metrics:  metrics,
	}
}
