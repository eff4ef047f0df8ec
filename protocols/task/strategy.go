package task

import (
	"slices"

	"meshsim/protocols"
)

// Strategy decides where tasks run. Its methods are called one at a time, with
// the Env of the call and the node's Worker, to which they give their wishes.
// Embed [Base] for what a strategy leaves as it is.
//
// Whoever is handed a task by one of the methods marked * must place it: with
// Keep, Give or Reject of the Worker, in the call or in a later one. Until then
// the node answers for it.
type Strategy interface {
	// Start boots the strategy; the Worker has started.
	Start(env *protocols.Env, w *Worker)
	// Submitted hands over * a task that entered here: from outside, or as a part
	// of another that ran here, or because its lease ran out.
	Submitted(env *protocols.Env, w *Worker, t *Task)
	// Accept decides whether to take a task that another node wants to give.
	Accept(env *protocols.Env, w *Worker, from protocols.NodeID, t *Task) bool
	// Given hands over * a task that was accepted.
	Given(env *protocols.Env, w *Worker, from protocols.NodeID, t *Task)
	// Returned hands over * a task that this node could not give away.
	Returned(env *protocols.Env, w *Worker, to protocols.NodeID, t *Task, refused bool)
	// Ran says that a task ran here to its end.
	Ran(env *protocols.Env, w *Worker, t *Task)
	// Joined says that a task which ran here and forked is over: done with all its
	// parts, or a part was rejected.
	Joined(env *protocols.Env, w *Worker, t *Task, done bool)
	// Idle says that a core has become free and nothing waits; once at boot, too.
	Idle(env *protocols.Env, w *Worker)
	// Overloaded says that more tasks wait than queue.high, once until they do not.
	Overloaded(env *protocols.Env, w *Worker)
	// Failed says that a peer is confirmed to have failed. Hand-overs to it come
	// back by Returned, and what it leased by Submitted, after this.
	Failed(env *protocols.Env, w *Worker, peer protocols.NodeID)

	// Receive, Expire and Hear get what is the strategy's own, or what it hears
	// from other protocols on the node.
	Receive(env *protocols.Env, w *Worker, from protocols.NodeID, m protocols.Message)
	Expire(env *protocols.Env, w *Worker, t protocols.TimerID)
	Hear(env *protocols.Env, w *Worker, e protocols.Event)
}

// A Holder is a [Strategy] that says which tasks it was handed and has not placed
// yet. Only its nodes can be held to account for tasks that they forget; one that
// places each task in the call that hands it over holds none.
type Holder interface {
	Holds(each func(t *Task))
}

// A Knower is a [Strategy] that knows which tasks are here, or are done. Such a task
// is not taken a second time when it is handed over; the giver lets go of it, and the
// origin that it names is told when it is done, whatever that of the first is.
type Knower interface {
	Knows(w *Worker, from protocols.NodeID, t *Task) (known, done bool)
}

// Base is a strategy in which every node keeps its tasks and takes what it is
// given if it has room.
type Base struct{}

// Start does nothing.
func (Base) Start(*protocols.Env, *Worker) {}

// Submitted keeps the task.
func (Base) Submitted(env *protocols.Env, w *Worker, t *Task) { w.Keep(env, t) }

// Accept takes what there is room for.
func (Base) Accept(_ *protocols.Env, w *Worker, _ protocols.NodeID, t *Task) bool { return w.Room(t) }

// Given keeps the task.
func (Base) Given(env *protocols.Env, w *Worker, _ protocols.NodeID, t *Task) { w.Keep(env, t) }

// Returned keeps the task.
func (Base) Returned(env *protocols.Env, w *Worker, _ protocols.NodeID, t *Task, _ bool) {
	w.Keep(env, t)
}

// Ran does nothing.
func (Base) Ran(*protocols.Env, *Worker, *Task) {}

// Joined does nothing.
func (Base) Joined(*protocols.Env, *Worker, *Task, bool) {}

// Idle does nothing.
func (Base) Idle(*protocols.Env, *Worker) {}

// Overloaded does nothing.
func (Base) Overloaded(*protocols.Env, *Worker) {}

// Failed does nothing.
func (Base) Failed(*protocols.Env, *Worker, protocols.NodeID) {}

// Receive does nothing.
func (Base) Receive(*protocols.Env, *Worker, protocols.NodeID, protocols.Message) {}

// Expire does nothing.
func (Base) Expire(*protocols.Env, *Worker, protocols.TimerID) {}

// Hear does nothing.
func (Base) Hear(*protocols.Env, *Worker, protocols.Event) {}

// Parts are what a strategy adds to the protocol. Its kinds of messages are
// numbered from [OwnKind] on, its timers from [OwnTimer], its observations from
// [OwnObservation]. What it does not have is left out.
type Parts[S any] struct {
	New          func(w protocols.World) S // the state of a node that is new, copied for each
	Kinds        []string
	Timers       []string
	Observations []string
	Decode       func(b []byte) (protocols.Message, error) // of messages of its own kinds
	Lies         []protocols.LieSpec
	Alter        func(env *protocols.Env, lie uint8, variant uint64, m protocols.Message) protocols.Message
	Checkers     []protocols.CheckerSpec
	Metrics      []protocols.MetricSpec
	Probe        func(c protocols.ProbeConfig) protocols.Probe // must ignore kinds that it does not want
}

// pointer is a pointer to the state of a strategy.
type pointer[S any] interface {
	*S
	Strategy
}

// New describes the protocol with a strategy: its name is task, whatever the
// strategy. It panics if Validate finds a problem in the configuration.
func New[S any, P pointer[S]](c Config, parts Parts[S]) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("task: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "task",
		Kinds:        slices.Concat(kindNames, parts.Kinds),
		Timers:       slices.Concat(timerNames, parts.Timers),
		Observations: slices.Concat(observationNames, parts.Observations),
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			return newNodes[S, P](newShared(c, w), parts.New(w), len(ids))
		},
		Decode: func(b []byte) (protocols.Message, error) {
			if len(b) > 0 && b[0] >= byte(OwnKind) && parts.Decode != nil {
				return parts.Decode(b)
			}
			return decode(b)
		},
		Lies:     parts.Lies,
		Alter:    parts.Alter,
		Checkers: slices.Concat(checkersOf(), parts.Checkers),
		Metrics:  slices.Concat(metrics, parts.Metrics),
		Probe: func(pc protocols.ProbeConfig) protocols.Probe {
			p := newProbe(c, pc)
			if parts.Probe == nil {
				return p
			}
			return &both{p, parts.Probe(pc)}
		},
	}
}

// newNodes makes the states side by side.
func newNodes[S any, P pointer[S]](s *shared, state S, n int) protocols.Nodes {
	states := make([]node[S, P], n)
	for i := range states {
		states[i].shared, states[i].strategy = s, state
	}
	return protocols.NodesOf(states)
}
