package capability

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// draws is a time up to a longest one.
func draws(env *protocols.Env, longest time.Duration) time.Duration {
	return time.Duration(env.Rand.Int64N(int64(longest) + 1))
}

// backOff is the longest wait after so many in vain before this one.
func backOff(first, most time.Duration, vain uint) time.Duration {
	if s := min(vain, 62); first <= most>>s {
		return first << s
	}
	return most
}

// settled reports whether the node is up for long enough to know others.
func (s *router) settled(env *protocols.Env) bool {
	return env.Now-s.born >= protocols.Time(s.config.Expire)
}

// relax lowers the threshold of a task for which nobody is known, if it has
// waited for somebody.
func (s *router) relax(env *protocols.Env, j *job) bool {
	c := s.config
	if c.Fallback != relax || j.vain == 0 || j.threshold <= c.Floor || !s.settled(env) {
		return false
	}
	// Percentages are rounded down to units of 2^-64: one more, so that what stands
	// at 50% is met by a half.
	j.threshold -= min(c.Step+1, j.threshold-c.Floor)
	env.Observe(Relaxed, j.task.ID, uint64(j.threshold))
	return true
}

// wait puts a task aside for which there is no place, or gives it up.
func (s *router) wait(env *protocols.Env, w *task.Worker, j *job, o outlook) {
	switch {
	case j.until > 0 && env.Now >= j.until:
		w.Reject(env, j.task, task.Unplaced)
		return
	case o == nobody && s.config.Fallback == reject && s.settled(env):
		w.Reject(env, j.task, task.Unable)
		return
	}
	d := backOff(s.config.Retry, s.config.RetryMax, j.vain)
	d -= draws(env, d/2)
	if j.until > 0 {
		d = min(d, time.Duration(j.until-env.Now))
	}
	s.number++
	j.refused, j.number = nil, s.number
	j.vain++
	s.waiting = append(s.waiting, j)
	env.Observe(Waits, j.task.ID, uint64(d))
	env.SetTimer(protocols.Timer(retryTimer, j.number), d)
}

// onRetry looks again for a place.
func (s *router) onRetry(env *protocols.Env, w *task.Worker, number uint64) {
	at := slices.IndexFunc(s.waiting, func(j *job) bool { return j.number == number })
	if at < 0 {
		return
	}
	j := s.waiting[at]
	s.waiting = slices.Delete(s.waiting, at, at+1)
	s.place(env, w, j)
}

// again looks for places for all that waits.
func (s *router) again(env *protocols.Env, w *task.Worker) {
	list := s.waiting
	s.waiting = nil
	for _, j := range list {
		env.StopTimer(protocols.Timer(retryTimer, j.number))
		s.place(env, w, j)
	}
}

// serve gives what waits to a node that has room again, the oldest first.
func (s *router) serve(env *protocols.Env, w *task.Worker, e *entry) {
	id := e.id
	s.pick(env, w, id, func(j *job) bool {
		e := s.table.find(id)
		return e != nil && e.room > 0 && (e.memory == 0 || j.task.Memory <= e.memory) && s.fit(env, e, j).match >= j.threshold
	})
}

// serveSelf does so for this node.
func (s *router) serveSelf(env *protocols.Env, w *task.Worker) {
	s.pick(env, w, env.Self, func(j *job) bool {
		return s.room(w) > 0 && s.fits(w, j.task) && w.Offers().Match(j.task.Needs) >= j.threshold
	})
}

// pick routes to a node what waits and is wanted.
func (s *router) pick(env *protocols.Env, w *task.Worker, to protocols.NodeID, wanted func(j *job) bool) {
	if w.ReadOnly() {
		return
	}
	for i := 0; i < len(s.waiting); {
		j := s.waiting[i]
		if !wanted(j) {
			i++
			continue
		}
		s.waiting = slices.Delete(s.waiting, i, i+1)
		env.StopTimer(protocols.Timer(retryTimer, j.number))
		s.route(env, w, j, to)
	}
}
