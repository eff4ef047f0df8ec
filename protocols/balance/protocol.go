package balance

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// New describes the protocol of tasks with load balancing. It panics if Validate
// finds a problem in either configuration.
func New(c task.Config, b Config) *protocols.Protocol {
	return task.New(c, parts[balancer](b, func(s balancer) balancer { return s }))
}

// parts are what the strategy adds, for states of type S.
func parts[S any](b Config, of func(balancer) S) task.Parts[S] {
	if p := b.Validate(); p != nil {
		panic("balance: " + p[0].Error())
	}
	plan := &plan{Config: b, high: b.level(b.High), low: b.level(b.Low), shed: b.level(b.High - b.Hysteresis)}
	return task.Parts[S]{
		New:          func(protocols.World) S { return of(balancer{plan: plan}) },
		Kinds:        []string{"load"},
		Timers:       []string{"round"},
		Observations: observationNames,
		Decode:       decode,
		Lies:         lies,
		Alter:        alter,
		Checkers:     checkersOf(b.CoolDown),
		Metrics:      metrics,
		Probe:        func(protocols.ProbeConfig) protocols.Probe { return probe{} },
	}
}

// What nodes observe beside what all strategies do.
const (
	Migrating = task.OwnObservation + iota // a task is handed over: the task, to whom
	Kept                                   // it came back, and stays: the task, from whom
	Heavy                                  // the load is above high: 0, nanoseconds of work ahead
	Relieved                               // and is below high by the hysteresis again: the same
)

var observationNames = []string{"migrating", "kept", "heavy", "relieved"}

// roundTimer is the one timer: the next report, and look at the load, are due.
const roundTimer = task.OwnTimer
