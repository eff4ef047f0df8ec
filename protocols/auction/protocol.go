package auction

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// New describes the protocol of tasks with auctions. It panics if Validate finds a
// problem in either configuration.
func New(c task.Config, a Config) *protocols.Protocol {
	return task.New(c, parts(a, func(s state) state { return s }))
}

// parts are what the strategy adds to the protocol; of makes the strategy of its
// state.
func parts[S any](a Config, of func(state) S) task.Parts[S] {
	if p := a.Validate(); p != nil {
		panic("auction: " + p[0].Error())
	}
	r := newRule(&a)
	return task.Parts[S]{
		New:          func(protocols.World) S { return of(state{config: &a, rule: r}) },
		Kinds:        []string{"announce", "bid", "pass", "outcome"},
		Timers:       []string{"deadline", "retry", "overdue"},
		Observations: observationNames,
		Decode:       decode,
		Lies:         lies,
		Alter:        alter,
		Checkers:     checkers,
		Metrics:      metrics,
		Probe:        func(c protocols.ProbeConfig) protocols.Probe { return &probe{expected: len(c.Byzantine) > 0} },
	}
}

// state is the strategy's state on a node.
type state struct {
	task.Base
	config *Config
	rule   *rule
	last   uint64         // number of the latest round
	open   []*auction     // asking or resting, ascending by number
	awards []*auction     // awarded and without outcome, ascending by task
	sweep  protocols.Time // the overdue timer is set for then; 0: it is not set
	peers  peers
}

// Start lets the numbers of rounds begin where those of an earlier life are far.
func (s *state) Start(env *protocols.Env, _ *task.Worker) { s.last = env.Rand.Uint64() >> 16 }

// Receive handles what is the strategy's own.
func (s *state) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, message protocols.Message) {
	switch m := message.(type) {
	case *announce:
		s.onAnnounce(env, w, from, m)
	case *bid:
		s.onAnswer(env, w, from, m.number, m)
	case *pass:
		s.onAnswer(env, w, from, m.number, nil)
	case *outcome:
		s.onOutcome(env, from, m.task)
	}
}

// Expire ends a round, begins one, or looks for awards that are overdue.
func (s *state) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	if t.Name() == overdueTimer {
		s.onOverdue(env)
		return
	}
	switch a := s.find(t.Argument()); {
	case a == nil:
	case t.Name() == deadlineTimer && a.asking():
		s.close(env, w, a)
	case t.Name() == retryTimer && !a.asking() && !w.ReadOnly():
		s.begin(env, w, a)
	}
}

// Holds lists the tasks that have no place yet.
func (s *state) Holds(each func(t *task.Task)) {
	for _, a := range s.open {
		each(a.task)
	}
}

// Failed waits no longer for the bids of a peer.
func (s *state) Failed(env *protocols.Env, w *task.Worker, peer protocols.NodeID) {
	for _, a := range slices.Clone(s.open) {
		s.answer(env, w, a, peer, nil)
	}
}

// Hear begins again with what waited for the end of read-only mode, or for
// somebody to ask.
func (s *state) Hear(env *protocols.Env, w *task.Worker, e protocols.Event) {
	up := e.Kind == protocols.PeerUp || e.Kind == protocols.PeerBack
	if !up && e.Kind != protocols.ReadOnlyOff || w.ReadOnly() {
		return
	}
	for _, a := range slices.Clone(s.open) {
		if !a.asking() && (a.alone || !up) {
			env.StopTimer(protocols.Timer(retryTimer, a.number))
			s.begin(env, w, a)
		}
	}
}
