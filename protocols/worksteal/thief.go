package worksteal

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// stealer is the strategy's state on a node.
type stealer struct {
	task.Base
	config  *Config
	phase   phase
	number  uint32             // of the last request
	victims []protocols.NodeID // of the round: the first is asked, or was; then those to ask next
	askedAt protocols.Time     // when the first of them was
	vain    uint               // rounds in vain since this node had work
	alone   bool               // the last round found nobody to ask
	donor   protocols.NodeID   // who gave last
	given   bool               // somebody did
	peers   peers
}

// phase is what a thief does.
type phase uint8

const (
	working phase = iota // or waiting for tasks that enter
	asking
	resting
)

// Start lets the numbers of requests begin where those of an earlier life are far.
func (s *stealer) Start(env *protocols.Env, _ *task.Worker) { s.number = uint32(env.Rand.Uint64()) }

// Holds says that the strategy holds no tasks: it places what it is handed at once.
func (*stealer) Holds(func(*task.Task)) {}

// hungry reports whether the node should ask for tasks.
func hungry(w *task.Worker) bool { return !w.ReadOnly() && w.Free() > 0 && w.Waiting() == 0 }

// Idle begins a round.
func (s *stealer) Idle(env *protocols.Env, w *task.Worker) {
	if s.phase != asking && hungry(w) {
		s.begin(env, w)
	}
}

// Ran notes that there was work.
func (s *stealer) Ran(*protocols.Env, *task.Worker, *task.Task) { s.vain = 0 }

// begin chooses the victims of a round and asks the first.
func (s *stealer) begin(env *protocols.Env, w *task.Worker) {
	if s.phase == resting {
		env.StopTimer(protocols.Timer(restTimer, 0))
	}
	s.victims = s.choose(env, w)
	s.alone = len(s.victims) == 0
	s.ask(env, w)
}

// ask asks the first victim that is left.
func (s *stealer) ask(env *protocols.Env, w *task.Worker) {
	for len(s.victims) > 0 && !w.Alive(s.victims[0]) {
		s.victims = s.victims[1:]
	}
	if len(s.victims) == 0 {
		s.rest(env)
		return
	}
	s.phase, s.askedAt = asking, env.Now
	s.number++
	env.Observe(Asked, uint64(s.number), uint64(s.victims[0]))
	env.Send(s.victims[0], &request{s.number, uint32(w.Load()), w.Settings().Memory, w.Offers()})
	env.SetTimer(protocols.Timer(answerTimer, 0), s.config.Timeout)
}

// next goes on after a victim that gave nothing.
func (s *stealer) next(env *protocols.Env, w *task.Worker) {
	if !hungry(w) {
		s.stop()
		return
	}
	s.victims = s.victims[1:]
	s.ask(env, w)
}

// stop ends a round.
func (s *stealer) stop() { s.phase, s.victims = working, nil }

// rest waits for a while after a round in vain.
func (s *stealer) rest(env *protocols.Env) {
	s.stop()
	if s.config.Retry == 0 {
		return
	}
	d := backOff(s.config.Retry, s.config.RetryMax, s.vain)
	d -= time.Duration(env.Rand.Int64N(int64(d)/2 + 1))
	s.vain++
	s.phase = resting
	env.Observe(Rested, uint64(s.vain), uint64(d))
	env.SetTimer(protocols.Timer(restTimer, 0), d)
}

// backOff is the longest rest after so many rounds in vain before this one.
func backOff(first, most time.Duration, vain uint) time.Duration {
	if s := min(vain, 62); first <= most>>s {
		return first << s
	}
	return most
}

// onNone goes on, or notes that there is nobody left.
func (s *stealer) onNone(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *none) {
	s.note(env, from, m.load)
	if s.phase != asking || m.number != s.number || from != s.victims[0] {
		return
	}
	s.measure(env, from)
	env.StopTimer(protocols.Timer(answerTimer, 0))
	s.next(env, w)
}

// Given keeps a task; if it is of the victim that was asked, the round is over.
func (s *stealer) Given(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) {
	if s.phase == asking && from == s.victims[0] {
		s.measure(env, from)
		env.StopTimer(protocols.Timer(answerTimer, 0))
		env.Observe(Stole, uint64(s.number), uint64(from))
		s.stop()
		s.donor, s.given, s.vain = from, true, 0
		s.note(env, from, uint32(s.config.Threshold)+1) // it may have more: rather than one of which nothing is known
	}
	w.Keep(env, t)
}

// Expire goes on after a victim that is silent, or after a rest.
func (s *stealer) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	switch {
	case t.Name() == answerTimer && s.phase == asking:
		s.peers.forget(s.victims[0])
		s.next(env, w)
	case t.Name() == restTimer && s.phase == resting:
		s.phase = working
		if hungry(w) {
			s.begin(env, w)
		}
	}
}

// Failed forgets a peer, and waits no longer for its answer.
func (s *stealer) Failed(env *protocols.Env, w *task.Worker, peer protocols.NodeID) {
	s.peers.forget(peer)
	if s.phase == asking && s.victims[0] == peer {
		env.StopTimer(protocols.Timer(answerTimer, 0))
		s.next(env, w)
	}
}

// Hear stops what a read-only side must not do, and begins again afterwards, or
// when there is somebody to ask.
func (s *stealer) Hear(env *protocols.Env, w *task.Worker, e protocols.Event) {
	switch {
	case e.Kind == protocols.ReadOnlyOn && s.phase != working:
		env.StopTimer(protocols.Timer(answerTimer, 0))
		env.StopTimer(protocols.Timer(restTimer, 0))
		s.stop()
	case e.Kind == protocols.ReadOnlyOff, s.alone && (e.Kind == protocols.PeerUp || e.Kind == protocols.PeerBack):
		s.Idle(env, w)
	}
}
