package worksteal

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// New describes the protocol of tasks with work stealing. It panics if Validate
// finds a problem in either configuration.
func New(c task.Config, s Config) *protocols.Protocol {
	if p := s.Validate(); p != nil {
		panic("worksteal: " + p[0].Error())
	}
	return task.New(c, task.Parts[stealer]{
		New:          func(protocols.World) stealer { return stealer{config: &s} },
		Kinds:        []string{"request", "none"},
		Timers:       []string{"answer", "rest"},
		Observations: observationNames,
		Decode:       decode,
		Checkers:     checkers,
		Metrics:      metrics,
		Probe:        func(protocols.ProbeConfig) protocols.Probe { return probe{} },
	})
}
