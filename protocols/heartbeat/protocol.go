package heartbeat

import "meshsim/protocols"

// The names of timers.
const (
	intervalTimer  uint8 = iota // the next interval, or period of SWIM, begins
	watchTimer                  // of a peer: it is overdue
	inquestTimer                // of a peer: it has not answered the question whether it is alive
	pingTimer                   // SWIM: the target has not answered directly
	relayTimer                  // SWIM: of a ping for somebody else: it was not answered
	suspicionTimer              // SWIM: of a peer: it has not refuted
	syncTimer                   // SWIM: the next exchange of all that is known
)

var timerNames = []string{"interval", "watch", "inquest", "ping", "relay", "suspicion", "sync"}

// New describes failure detection with this configuration. It panics if Validate
// finds a problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("heartbeat: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "heartbeat",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New:          func(w protocols.World, ids []protocols.NodeID) protocols.Nodes { return newNodes(c, w, len(ids)) },
		Decode:       decode,
		Lies:         lies,
		Alter:        alter,
		Checkers:     checkers(c),
		Probe:        func(pc protocols.ProbeConfig) protocols.Probe { return newProbe(c, pc) },
		Metrics:      metrics,
	}
}

// newNodes makes the states side by side.
func newNodes(c Config, w protocols.World, n int) protocols.Nodes {
	s := newShared(c, w)
	if c.Detector == "swim" {
		states := make([]prober, n)
		for i := range states {
			states[i].shared = s
		}
		return protocols.NodesOf(states)
	}
	states := make([]beater, n)
	for i := range states {
		states[i].shared = s
	}
	return protocols.NodesOf(states)
}
