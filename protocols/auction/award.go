package auction

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// remember notes an award; the oldest makes room for it.
func (s *state) remember(a *award) {
	if len(s.awards) == maxAwards {
		s.awards = slices.Delete(s.awards, 0, 1)
	}
	s.awards = append(s.awards, a)
}

// take removes the award of a task to a node, nil if it is forgotten.
func (s *state) take(id uint64, to protocols.NodeID) *award {
	for i, a := range s.awards {
		if a.task.ID == id && a.winner.node == to {
			s.awards = slices.Delete(s.awards, i, i+1)
			return a
		}
	}
	return nil
}

// learn takes an outcome into what is known of a node.
func (s *state) learn(env *protocols.Env, id protocols.NodeID, mark int) {
	env.Observe(Learned, uint64(id), uint64(s.peers.learn(id, env.Now, mark, s.config)))
}

// Returned goes on with the second best. A bid that was not meant is held against
// the bidder, silence is not: the network may be at fault.
func (s *state) Returned(env *protocols.Env, w *task.Worker, to protocols.NodeID, t *task.Task, refused bool) {
	if refused {
		s.learn(env, to, 0)
	}
	old := s.take(t.ID, to)
	if old == nil {
		s.Submitted(env, w, t)
		return
	}
	a := &auction{task: t, round: old.round}
	s.last++
	a.number = s.last
	if len(old.next) > 0 {
		env.Observe(Ranked, t.ID, uint64(old.next[0].node))
	}
	s.award(env, w, a, old.next)
}

// onOutcome compares how long a task took with what the bid had promised.
func (s *state) onOutcome(env *protocols.Env, from protocols.NodeID, m *outcome) {
	if a := s.take(m.task, from); a != nil {
		s.learn(env, from, outcomeMark(a.winner.promise, s.config.Deadline, time.Duration(env.Now-a.at)))
	}
}

// sweep marks awards that are long overdue.
func (s *state) sweep(env *protocols.Env) {
	s.awards = slices.DeleteFunc(s.awards, func(a *award) bool {
		if a.overdue > env.Now {
			return false
		}
		s.learn(env, a.winner.node, 0)
		return true
	})
}
