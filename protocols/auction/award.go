package auction

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// winner is who was awarded the task last.
func (a *auction) winner() *ranked { return &a.ranking[a.choice] }

// award gives the task to the first of the ranking, from a place on, who may have
// it still.
func (s *state) award(env *protocols.Env, w *task.Worker, a *auction, from int) {
	for a.choice = from; a.choice < len(a.ranking); a.choice++ {
		to := a.winner().node
		if to == env.Self && w.Room(a.task) || to != env.Self && w.Alive(to) && !w.ReadOnly() {
			s.give(env, w, a)
			return
		}
	}
	s.vain(env, w, a)
}

// give awards the task to whoever is chosen.
func (s *state) give(env *protocols.Env, w *task.Worker, a *auction) {
	r := a.winner()
	env.Observe(Awarded, a.task.ID, uint64(r.node))
	if a.choice > 0 {
		env.Observe(Ranked, a.task.ID, uint64(r.node))
	}
	if len(a.task.Needs) > 0 {
		env.Observe(Fit, a.task.ID, uint64(r.match))
	}
	s.remember(env, w, a)
	if r.node == env.Self {
		w.Keep(env, a.task)
		return
	}
	w.Give(env, r.node, a.task)
}

// vain ends a round without a winner: the task is announced again later, or stays.
func (s *state) vain(env *protocols.Env, w *task.Worker, a *auction) {
	env.Observe(Vain, a.task.ID, uint64(a.round))
	able, room := w.Able(a.task), len(s.open) < s.config.Open
	switch {
	case room && (w.ReadOnly() && !able || !w.ReadOnly() && a.round < s.config.Rounds):
		s.rest(env, w, a)
	case able:
		w.Keep(env, a.task)
	default:
		w.Reject(env, a.task, task.Unplaced)
	}
}

// Returned goes on with the next best. A bid that was not meant is held against the
// bidder, silence is not: the network may be at fault.
func (s *state) Returned(env *protocols.Env, w *task.Worker, to protocols.NodeID, t *task.Task, refused bool) {
	a := s.takeAward(t.ID)
	if refused {
		s.learn(env, to, 0)
	}
	if a == nil { // so many awards were open that it is not remembered
		s.vain(env, w, s.newAuction(t))
		return
	}
	s.award(env, w, a, a.choice+1)
}

// Ran tells the auctioneer, who is where the task entered.
func (s *state) Ran(env *protocols.Env, _ *task.Worker, t *task.Task) {
	if t.Origin == env.Self {
		s.onOutcome(env, env.Self, t.ID)
		return
	}
	env.Send(t.Origin, &outcome{t.ID})
}

// onOutcome compares how long a task took with what the bid had promised.
func (s *state) onOutcome(env *protocols.Env, from protocols.NodeID, id uint64) {
	at, known := s.awardOf(id)
	if !known || s.awards[at].winner().node != from {
		return
	}
	a := s.awards[at]
	s.awards = slices.Delete(s.awards, at, at+1)
	s.learn(env, from, kept(s.fair(a), time.Duration(env.Now-a.awarded)))
}

// fair is the time after which a promise is broken: messages take time, too.
func (s *state) fair(a *auction) time.Duration { return a.winner().promise + s.config.Deadline }

// patience is after how many times what was promised an award is overdue. Until it
// is acknowledged or comes back some time may pass before that.
const patience = 4

// maxAwards bounds the awards without outcome that a node remembers. Of further
// ones it learns nothing, and a refusal lets the task be announced anew.
const maxAwards = 4096

// remember notes an award, until its outcome.
func (s *state) remember(env *protocols.Env, w *task.Worker, a *auction) {
	if len(s.awards) == maxAwards {
		return
	}
	a.awarded = env.Now
	a.overdue = env.Now + protocols.Time(time.Duration(w.Tries)*min(w.Acknowledge, maxDeadline)+patience*s.fair(a))
	at, known := s.awardOf(a.task.ID)
	if known {
		s.awards[at] = a
	} else {
		s.awards = slices.Insert(s.awards, at, a)
	}
	if s.sweep == 0 || a.overdue < s.sweep {
		s.sweepAt(env, a.overdue)
	}
}

func (s *state) sweepAt(env *protocols.Env, at protocols.Time) {
	s.sweep = at
	env.SetTimer(protocols.Timer(overdueTimer, 0), time.Duration(at-env.Now))
}

func (s *state) awardOf(id uint64) (int, bool) {
	return slices.BinarySearchFunc(s.awards, id, func(a *auction, id uint64) int { return cmp.Compare(a.task.ID, id) })
}

// takeAward removes the award of a task, nil if there is none.
func (s *state) takeAward(id uint64) *auction {
	at, known := s.awardOf(id)
	if !known {
		return nil
	}
	a := s.awards[at]
	s.awards = slices.Delete(s.awards, at, at+1)
	return a
}

// onOverdue holds awards against their winners that are long overdue, and looks
// again when the next one is, but not all the time.
func (s *state) onOverdue(env *protocols.Env) {
	s.sweep = 0
	next := protocols.Time(0)
	s.awards = slices.DeleteFunc(s.awards, func(a *auction) bool {
		if a.overdue <= env.Now {
			s.learn(env, a.winner().node, 0)
			return true
		}
		if next == 0 || a.overdue < next {
			next = a.overdue
		}
		return false
	})
	if next != 0 {
		s.sweepAt(env, max(next, env.Now+protocols.Time(s.config.Deadline)))
	}
}
