package balance

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// plan is the configuration with its levels of work ahead.
type plan struct {
	Config
	high, low, shed time.Duration
}

// balancer is the strategy's state on a node.
type balancer struct {
	task.Base
	*plan
	heavy   bool
	next    int    // neighbour to be told
	peers   []peer // ascending
	cooling []cooling
}

// cooling is a task that must stay for a time. They ascend by task.
type cooling struct {
	task  uint64
	until protocols.Time
}

// Start begins the rounds, at a time of the interval drawn at random.
func (s *balancer) Start(env *protocols.Env, _ *task.Worker) {
	env.SetTimer(protocols.Timer(roundTimer, 0), time.Duration(env.Rand.Int64N(int64(s.Interval))))
}

// Expire makes a round: it reports, and migrates what is too much.
func (s *balancer) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	if t.Name() != roundTimer {
		return
	}
	env.SetTimer(t, s.Interval)
	s.forget(env.Now)
	s.watch(env, w)
	if s.heavy && !w.ReadOnly() {
		s.migrate(env, w)
	}
	s.tell(env, w)
}

// watch tells whether the load is too high, with hysteresis.
func (s *balancer) watch(env *protocols.Env, w *task.Worker) {
	switch ahead := w.Ahead(env.Now); {
	case !s.heavy && ahead > s.high:
		s.heavy = true
		env.Observe(Heavy, 0, uint64(ahead))
	case s.heavy && ahead <= s.shed:
		s.heavy = false
		env.Observe(Relieved, 0, uint64(ahead))
	}
}

// migrate hands tasks over, each to the less loaded of two light peers drawn at
// random: if all heavy nodes took the least loaded, which all know, they would make
// it heavy before it could say so (Mitzenmacher, "How Useful Is Old Information?",
// TPDS 11(1), 2000).
func (s *balancer) migrate(env *protocols.Env, w *task.Worker) {
	list := s.light(env, w)
	moves := make([][]*task.Task, len(list))
	open := slices.Clone(list)
	for n := 0; n < s.Batch && len(open) > 0 && w.Ahead(env.Now) > s.shed; {
		p := open[env.Rand.IntN(len(open))]
		if q := open[env.Rand.IntN(len(open))]; byLoad(q, p) < 0 {
			p = q
		}
		ahead := w.Ahead(env.Now)
		t := w.TakeIf(func(t *task.Task) bool { return !s.cools(t, env.Now) && s.worth(w, ahead, t, p) })
		if t == nil {
			open = slices.Delete(open, slices.Index(open, p), slices.Index(open, p)+1)
			continue
		}
		p.ahead += p.share(t)
		if p.ahead >= s.low {
			open = slices.Delete(open, slices.Index(open, p), slices.Index(open, p)+1)
		}
		at := slices.Index(list, p)
		moves[at] = append(moves[at], t)
		n++
	}
	for i, tasks := range moves {
		for _, t := range tasks {
			env.Observe(Migrating, t.ID, uint64(list[i].node))
		}
		if len(tasks) > 0 {
			w.Give(env, list[i].node, tasks...)
		}
	}
}

// share is how much more work a task is for all cores of a node.
func (l *load) share(t *task.Task) time.Duration {
	return l.speed.Takes(t.Size) / time.Duration(l.cores)
}

// worth reports whether the peer would take the task, and end it sooner than this
// node with so much ahead, the time on the wire included.
func (s *balancer) worth(w *task.Worker, ahead time.Duration, t *task.Task, p *peer) bool {
	if s.Refuse && p.ahead > 0 && p.ahead+p.share(t) > s.shed {
		return false
	}
	own := load{cores: uint32(w.Cores), speed: w.Speed}
	here := ahead - own.share(t) + w.Speed.Takes(t.Size)
	there := p.ahead + p.speed.Takes(t.Size)
	return there < here && s.wire(t.Bytes) < here-there
}

// Accept takes a task that leaves the node below the level to which it would shed
// load itself; with nothing to do, any that it has room for.
func (s *balancer) Accept(env *protocols.Env, w *task.Worker, _ protocols.NodeID, t *task.Task) bool {
	own := load{cores: uint32(w.Cores), speed: w.Speed}
	ahead := w.Ahead(env.Now)
	return w.Room(t) && (!s.Refuse || ahead == 0 && w.Load() == 0 || ahead+own.share(t) <= s.shed)
}

// Given keeps a task, which must not migrate again soon.
func (s *balancer) Given(env *protocols.Env, w *task.Worker, _ protocols.NodeID, t *task.Task) {
	s.cool(env, t)
	w.Keep(env, t)
}

// Returned keeps a task that could not migrate, and leaves the peer alone: until
// its next report if it refused, else for a time that doubles.
func (s *balancer) Returned(env *protocols.Env, w *task.Worker, to protocols.NodeID, t *task.Task, refused bool) {
	if at, known := s.find(to); known {
		p := &s.peers[at]
		switch {
		case refused:
			p.ahead = never
		case p.shun <= env.Now: // once, for all tasks of a hand-over
			p.shun = env.Now + protocols.Time(s.Interval)<<min(p.failures, 6)
			p.failures++
		}
	}
	if !refused { // the peer may have it, too
		s.cool(env, t)
	}
	env.Observe(Kept, t.ID, uint64(to))
	w.Keep(env, t)
}

// cool notes that a task must stay.
func (s *balancer) cool(env *protocols.Env, t *task.Task) {
	at, known := s.cold(t.ID)
	if !known {
		s.cooling = slices.Insert(s.cooling, at, cooling{task: t.ID})
	}
	s.cooling[at].until = env.Now + protocols.Time(s.CoolDown)
}

func (s *balancer) cools(t *task.Task, now protocols.Time) bool {
	at, known := s.cold(t.ID)
	return known && s.cooling[at].until > now
}

func (s *balancer) cold(id uint64) (int, bool) {
	return slices.BinarySearchFunc(s.cooling, id, func(c cooling, id uint64) int { return cmp.Compare(c.task, id) })
}

// Holds says that the strategy holds no tasks: it places what it is handed at once.
func (*balancer) Holds(func(*task.Task)) {}
