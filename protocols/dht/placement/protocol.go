package placement

import (
	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/task"
)

// New describes the protocol of tasks that are placed by consistent hashing. It
// panics if Validate finds a problem in either configuration.
func New(c task.Config, d Config) *protocols.Protocol {
	if p := d.Validate(); p != nil {
		panic("placement: " + p[0].Error())
	}
	return task.New(c, parts(d, func(p placer) placer { return p }))
}

// parts are what the strategy adds; state makes that of a node.
func parts[S any](d Config, state func(p placer) S) task.Parts[S] {
	return task.Parts[S]{
		New: func(w protocols.World) S {
			return state(placer{shared: &shared{Config: d, ring: dht.NewRing(w.Members, d.Virtual)}, again: w.Again})
		},
		Kinds:        kindNames,
		Timers:       []string{"renew", "ask"},
		Observations: observationNames,
		Decode:       decode,
		Checkers:     checkersOf(d),
		Metrics:      metrics,
		Probe:        func(protocols.ProbeConfig) protocols.Probe { return probe{} },
	}
}

// shared is what all nodes have in common.
type shared struct {
	Config
	ring *dht.Ring
}

// placer is the strategy's state on a node.
type placer struct {
	task.Base
	*shared
	again    bool
	mine     []*task.Task // that belong here and have not run to their end, ascending
	wards    []ward       // copies for others, ascending
	owners   []peer       // of these copies, ascending
	fed      []peer       // who may have copies of this node's tasks, ascending
	suspects []suspect
	done     recent // tasks that are over
	round    uint32 // renewals so far
	ticking  bool   // the renew timer is set
	asking   bool   // the ask timer is set
	ticked   protocols.Time
}

// Holds says that the strategy places what it is handed at once.
func (*placer) Holds(func(*task.Task)) {}

// Knows reports whether a task is here, or done, or is on its way to another node than
// the one that has it, too.
func (s *placer) Knows(w *task.Worker, from protocols.NodeID, t *task.Task) (known, done bool) {
	_, here := s.own(t.ID)
	done = !here && s.done.has(t.ID)
	return here || done || w.Giving(t, from), done
}

func (s *placer) knows(id uint64) bool {
	_, here := s.own(id)
	return here || s.done.has(id)
}
