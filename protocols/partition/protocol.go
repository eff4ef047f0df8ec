package partition

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// New describes partition handling with this configuration. It panics if Validate
// finds a problem in it.
func New(c Config) *protocols.Protocol { return describe(c, honest) }

func describe(c Config, m mutant) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("partition: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "partition",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			s := newShared(c, w.Members, m)
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
		Probe:    func(pc protocols.ProbeConfig) protocols.Probe { return newProbe(pc) },
		Metrics:  metrics,
	}
}

// shared is what all nodes have in common.
type shared struct {
	Config
	members []protocols.NodeID
	n       int
	needed  int // members of a side that may write
	lasts   time.Duration
	stride  int // from one peer to the next in the order of probing
	mutant  mutant
}

func newShared(c Config, members []protocols.NodeID, m mutant) *shared {
	n := len(members)
	s := &shared{Config: c, members: members, n: n, needed: c.quorum(n), lasts: c.permit(), stride: strideFor(n - 1), mutant: m}
	switch m {
	case countsItself:
		s.needed = 1
	case trustsDrift:
		s.lasts = c.Lease
	}
	return s
}

// strideFor is a number without a common divisor with n, near its golden section:
// steps of it visit all of 0 … n-1, near ones far from one another in time.
func strideFor(n int) int {
	for s := n * 5 / 8; s > 1; s-- {
		a, b := n, s
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return s
		}
	}
	return 1
}

// place is a node's place among the members; ok is false if it is none.
func (s *shared) place(id protocols.NodeID) (place int, ok bool) {
	if s.n == 0 {
		return 0, false
	}
	if i := int(id) - int(s.members[0]); i >= 0 && i < s.n && s.members[i] == id {
		return i, true // they mostly stand in a row
	}
	return slices.BinarySearch(s.members, id)
}

// toOthers sends a message to all other members.
func (n *node) toOthers(env *protocols.Env, m protocols.Message) {
	for place, id := range n.members {
		if place != n.self {
			env.Send(id, m)
		}
	}
}
