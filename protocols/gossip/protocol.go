package gossip

import (
	"slices"

	"meshsim/protocols"
)

// New describes gossip with this configuration. It panics if Validate finds a
// problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("gossip: " + p[0].Error())
	}
	f := newFunction(c.Aggregation)
	return &protocols.Protocol{
		Name:         "gossip",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New:          func(w protocols.World, ids []protocols.NodeID) protocols.Nodes { return newNodes(c, w, ids) },
		Decode:       decode,
		Lies:         lies,
		Alter: func(_ *protocols.Env, lie uint8, variant uint64, m protocols.Message) protocols.Message {
			return f.alter(lie, variant, m)
		},
		Probe:    func(pc protocols.ProbeConfig) protocols.Probe { return newProbe(c, pc) },
		Checkers: slices.Concat(checkers, keeping),
		Metrics:  slices.Concat(rumorMetrics, recoveryMetrics, refusalMetrics, stateMetrics, aggregateMetrics),
	}
}

// newNodes makes the states side by side.
func newNodes(c Config, w protocols.World, ids []protocols.NodeID) protocols.Nodes {
	s := newShared(c, w)
	states := make([]node, len(ids))
	for i := range states {
		states[i] = node{shared: s, batch: nothing}
	}
	return protocols.NodesOf(states)
}

func newShared(c Config, w protocols.World) *shared {
	s := &shared{Config: c, world: w, synchronous: c.Phase == "synchronous", k: uint8(c.K)}
	switch {
	case c.Peers == "neighbours" && w.Topology != nil:
		s.peers = neighbours
	case c.Peers == "membership":
		s.peers = membership
	}
	switch c.Mode {
	case "pull":
		s.mode = pulling
	case "push-pull":
		s.mode = pushPull
	}
	switch c.Interest {
	case "die":
		s.interest, s.k = counted, 1
	case "counter":
		s.interest = counted
	case "coin":
		s.interest = coin
	}
	s.pushSum = c.Aggregation != nil && c.Aggregation.Exchange == "push-sum"
	s.function = newFunction(c.Aggregation)
	if m := w.Members; len(m) > 0 {
		s.unbroken = int(m[len(m)-1]-m[0]) == len(m)-1
	}
	s.retained = uint32((c.Retention + c.Interval - 1) / c.Interval)
	return s
}
