package worksteal

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// Submitted keeps the task, and pushes some if there are too many.
func (s *stealer) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	w.Keep(env, t)
	s.push(env, w)
}

// Overloaded pushes tasks.
func (s *stealer) Overloaded(env *protocols.Env, w *task.Worker) { s.push(env, w) }

// Returned keeps the task, and believes no more that the peer wants any.
func (s *stealer) Returned(env *protocols.Env, w *task.Worker, to protocols.NodeID, t *task.Task, _ bool) {
	s.peers.forget(to)
	w.Keep(env, t)
}

// push hands half of what this node has more to the peer that has least, again
// until the queue is short enough or nobody is known to have next to nothing.
func (s *stealer) push(env *protocols.Env, w *task.Worker) {
	high := w.Settings().Queue.High
	if !s.config.Distribute || high == 0 || w.ReadOnly() {
		return
	}
	for w.Waiting() > high {
		p := s.peers.underused(env.Now-protocols.Time(s.config.Fresh), s.config.Threshold, w)
		if p == nil {
			return
		}
		n := min((w.Load()-int(p.load))/2, w.Waiting(), s.config.Most)
		lot := cut(w, n, func(*task.Task) bool { return true })
		if len(lot) == 0 {
			return
		}
		p.load += uint32(len(lot))
		for _, t := range lot {
			env.Observe(Pushed, t.ID, uint64(p.id))
		}
		w.Give(env, p.id, lot...)
	}
}
