package capability

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// order is a task that another node routed here.
type order struct {
	task uint64
	from protocols.NodeID
}

// Accept takes what matches and there is room for. The router is told which room
// is left.
func (s *router) Accept(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) bool {
	s.offered(env, w, t)
	why := taken
	switch {
	case w.ReadOnly():
		why = readOnly
	case !w.Able(t):
		why = unable
	case s.room(w) == 0 || !w.Room(t):
		why = full
	}
	m := &feedback{kind: KindAnswer, task: t.ID, reason: why}
	m.sequence, m.room = s.tell(env, w)
	if why == taken {
		m.room-- // it is not in the queue yet
	} else {
		env.Observe(Refused, t.ID, uint64(why))
	}
	env.Send(from, m)
	return why == taken
}

// offered tells how well this node matches a task that needs something.
func (s *router) offered(env *protocols.Env, w *task.Worker, t *task.Task) {
	if len(t.Needs) > 0 {
		env.Observe(Offered, t.ID, uint64(w.Offers().Match(t.Needs)))
	}
}

// Given keeps a task.
func (s *router) Given(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) {
	if w.Keep(env, t) {
		if len(s.takenIn) == maxGiven {
			s.takenIn = slices.Delete(s.takenIn, 0, 1)
		}
		s.takenIn = append(s.takenIn, order{t.ID, from})
	}
}

// Ran tells the router that a task ran, and places what waits for room here.
func (s *router) Ran(env *protocols.Env, w *task.Worker, t *task.Task) {
	s.serveSelf(env, w)
	at := slices.IndexFunc(s.takenIn, func(o order) bool { return o.task == t.ID })
	if at < 0 {
		return
	}
	to := s.takenIn[at].from
	s.takenIn = slices.Delete(s.takenIn, at, at+1)
	m := &feedback{kind: KindOutcome, task: t.ID}
	m.sequence, m.room = s.tell(env, w)
	env.Send(to, m)
}

// onFeedback hears what became of a task, and how much room there is now.
func (s *router) onFeedback(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *feedback) {
	switch {
	case m.kind == KindOutcome:
		if s.takeGiven(m.task, &from) != nil {
			s.doubts.change(from, -1, env.Now, s.config.Forgive)
		}
	case m.reason == unable && s.gave(m.task, from):
		s.blame(env, from)
	}
	if e := s.table.say(from, m.sequence, m.room, env.Now); e != nil && w.Alive(from) {
		s.serve(env, w, e)
	}
}

// gave reports whether a task was handed to a node.
func (s *router) gave(id uint64, to protocols.NodeID) bool {
	return slices.ContainsFunc(s.given, func(j *job) bool { return j.task.ID == id && j.to == to })
}

// blame notes that a node did not keep what it claimed.
func (s *router) blame(env *protocols.Env, id protocols.NodeID) {
	env.Observe(Doubted, uint64(id), uint64(s.doubts.change(id, 1, env.Now, s.config.Forgive)))
}
