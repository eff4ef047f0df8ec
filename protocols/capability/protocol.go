package capability

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// New describes the protocol of tasks with capability routing. Nodes run what
// matches to the least threshold that a router may come down to, if c demands
// more. It panics if Validate finds a problem in either configuration.
func New(c task.Config, s Config) *protocols.Protocol {
	if p := s.Validate(); p != nil {
		panic("capability: " + p[0].Error())
	}
	c.Match = min(c.Match, s.Least())
	return task.New(c, task.Parts[router]{
		New:          func(protocols.World) router { return router{config: &s} },
		Kinds:        []string{"announce", "answer", "outcome"},
		Timers:       []string{"round", "retry"},
		Observations: observationNames,
		Decode:       decode,
		Lies:         lies,
		Alter:        alter,
		Checkers:     checkersOf(&s),
		Metrics:      metrics,
		Probe:        func(protocols.ProbeConfig) protocols.Probe { return &probe{} },
	})
}
