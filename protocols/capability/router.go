package capability

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

// router is the strategy's state on a node.
type router struct {
	task.Base
	config   *Config
	born     protocols.Time // when the node booted
	sequence uint64         // of what it said last of itself
	table    table
	doubts   doubts
	number   uint64 // of the last wait
	waiting  []*job // no place was found, in the order in which they came
	given    []*job // handed over, without an outcome; the oldest first
	takenIn  []order
}

// job is a task that this node looks for a place for.
type job struct {
	task      *task.Task
	threshold draw.Probability
	until     protocols.Time     // it is given up then; 0: never
	refused   []protocols.NodeID // by whom, since it waited last
	vain      uint               // times that no place was found
	number    uint64             // of its wait
	to        protocols.NodeID   // to whom it was given
	excused   bool               // who has failed, and broke no promise
}

// maxGiven bounds the hand-overs of which a node waits for the outcome.
const maxGiven = 1024

// Start lets the sequence begin beyond that of an earlier life.
func (s *router) Start(env *protocols.Env, w *task.Worker) {
	s.born, s.sequence = env.Now, uint64(max(env.Now, 0))
	if len(w.Members()) > 1 {
		env.SetTimer(protocols.Timer(roundTimer, 0), draws(env, s.config.Interval))
	}
}

// Holds lists the tasks that wait for a place.
func (s *router) Holds(each func(t *task.Task)) {
	for _, j := range s.waiting {
		each(j.task)
	}
}

// Submitted looks for a place. A task that enters a second time was not done by
// whoever took it.
func (s *router) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	if j := s.takeGiven(t.ID, nil); j != nil && !j.excused {
		s.blame(env, j.to)
	}
	s.place(env, w, s.newJob(env, t))
}

func (s *router) newJob(env *protocols.Env, t *task.Task) *job {
	j := &job{task: t, threshold: s.config.Threshold, until: t.Due()}
	if d := s.config.GiveUp; d > 0 && (j.until == 0 || env.Now+protocols.Time(d) < j.until) {
		j.until = env.Now + protocols.Time(d)
	}
	return j
}

// place hands a task to the best match with room, or lets it wait.
func (s *router) place(env *protocols.Env, w *task.Worker, j *job) {
	o := busy
	if !w.ReadOnly() {
		var to protocols.NodeID
		to, o = s.choose(env, w, j)
		if o == nobody && s.relax(env, j) {
			to, o = s.choose(env, w, j)
		}
		if o == found {
			s.route(env, w, j, to)
			return
		}
	}
	s.wait(env, w, j, o)
}

// route hands a task to a node.
func (s *router) route(env *protocols.Env, w *task.Worker, j *job, to protocols.NodeID) {
	env.Observe(Routed, j.task.ID, uint64(to))
	if to == env.Self {
		s.offered(env, w, j.task)
		w.Keep(env, j.task)
		return
	}
	if e := s.table.find(to); e != nil && e.room > 0 {
		e.room--
	}
	j.to, j.excused = to, false
	if len(s.given) == maxGiven {
		s.given = slices.Delete(s.given, 0, 1)
	}
	s.given = append(s.given, j)
	w.Give(env, to, j.task)
}

// takeGiven removes a task from those handed over, to a node if one is named; nil
// if it is not among them.
func (s *router) takeGiven(id uint64, to *protocols.NodeID) *job {
	at := slices.IndexFunc(s.given, func(j *job) bool { return j.task.ID == id && (to == nil || j.to == *to) })
	if at < 0 {
		return nil
	}
	j := s.given[at]
	s.given = slices.Delete(s.given, at, at+1)
	return j
}

// Returned looks for another place. Who did not answer is forgotten until it
// announces itself again.
func (s *router) Returned(env *protocols.Env, w *task.Worker, to protocols.NodeID, t *task.Task, refused bool) {
	j := s.takeGiven(t.ID, &to)
	if j == nil {
		j = s.newJob(env, t)
	}
	j.refused = append(j.refused, to)
	if e := s.table.find(to); e != nil && refused {
		e.room = 0
	} else if !refused {
		s.table.forget(to)
	}
	s.place(env, w, j)
}

// Failed forgets a peer. What it took it need not answer for.
func (s *router) Failed(_ *protocols.Env, _ *task.Worker, peer protocols.NodeID) {
	s.table.forget(peer)
	for _, j := range s.given {
		if j.to == peer {
			j.excused = true
		}
	}
}

// Receive handles what is the strategy's own.
func (s *router) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, message protocols.Message) {
	switch m := message.(type) {
	case *announce:
		s.onAnnounce(env, w, m)
	case *feedback:
		s.onFeedback(env, w, from, m)
	}
}

// Expire handles the strategy's timers.
func (s *router) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	switch t.Name() {
	case roundTimer:
		s.onRound(env, w)
	case retryTimer:
		s.onRetry(env, w, t.Argument())
	}
}

// Hear places what waits when writes are welcome again.
func (s *router) Hear(env *protocols.Env, w *task.Worker, e protocols.Event) {
	if e.Kind == protocols.ReadOnlyOff {
		s.again(env, w)
	}
}
