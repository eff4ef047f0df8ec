package auction

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// New describes the protocol of tasks with auctions. It panics if Validate finds a
// problem in either configuration.
func New(c task.Config, a Config) *protocols.Protocol {
	if p := a.Validate(); p != nil {
		panic("auction: " + p[0].Error())
	}
	return task.New(c, task.Parts[state]{
		New:          func(protocols.World) state { return state{config: &a} },
		Kinds:        []string{"announce", "bid", "pass", "outcome"},
		Timers:       []string{"deadline", "retry"},
		Observations: observationNames,
		Decode:       decode,
		Lies:         lies,
		Alter:        alter,
		Checkers:     checkers,
		Metrics:      metrics,
		Probe:        func(protocols.ProbeConfig) protocols.Probe { return probe{} },
	})
}

// state is the strategy's state on a node.
type state struct {
	task.Base
	config *Config
	last   uint32     // number of a round
	open   []*auction // under way
	awards []*award   // without an outcome, oldest first
	won    []won      // tasks here that others awarded, oldest first
	peers  peers
}

// auction is a task that has no place yet.
type auction struct {
	task   *task.Task
	round  int    // from 1
	number uint32 // of the round, on the node
	asked  []protocols.NodeID
	bids   []ranked
	passed []protocols.NodeID
}

// ranked is a bid with its score.
type ranked struct {
	node    protocols.NodeID
	score   int // in millionths
	below   bool
	promise time.Duration
}

// award is a task that was given to a winner.
type award struct {
	task    *task.Task
	round   int
	winner  ranked
	next    []ranked // second best, and so on
	at      protocols.Time
	overdue protocols.Time // the outcome counts as bad from then on
}

// won is a task, and who awarded it.
type won struct {
	task uint64
	by   protocols.NodeID
}

// Start lets the numbers of rounds begin where those of an earlier life are far.
func (s *state) Start(env *protocols.Env, _ *task.Worker) { s.last = uint32(env.Rand.Uint64()) }

// Submitted auctions the task.
func (s *state) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	if len(s.open) >= s.config.Open || w.ReadOnly() && w.Able(t) {
		w.Keep(env, t)
		return
	}
	s.sweep(env)
	a := &auction{task: t}
	s.open = append(s.open, a)
	s.begin(env, w, a)
}

// begin announces the task, once more.
func (s *state) begin(env *protocols.Env, w *task.Worker, a *auction) {
	s.last++
	a.round++
	a.number, a.asked, a.bids, a.passed = s.last, s.audience(env, w), nil, nil
	env.Observe(Announced, a.task.ID, uint64(len(a.asked)))
	if w.Room(a.task) {
		s.enter(env, a, env.Self, offer(w, a.task))
	}
	if len(a.asked) == 0 || w.ReadOnly() {
		s.close(env, w, a)
		return
	}
	env.Multicast(a.asked, &announce{a.number, a.task.Size, a.task.Memory, a.task.Needs})
	env.SetTimer(protocols.Timer(deadlineTimer, uint64(a.number)), s.config.Deadline)
}

// audience are the nodes that hear of a task.
func (s *state) audience(env *protocols.Env, w *task.Worker) (list []protocols.NodeID) {
	if s.config.Announce == sample {
		return w.Sample(env, s.config.Sample, false)
	}
	if s.config.Announce == all {
		for _, id := range w.Members() {
			if id != env.Self && w.Alive(id) {
				list = append(list, id)
			}
		}
		return list
	}
	for i := range w.Topology().Degree(env.Self) {
		id := w.Topology().Neighbour(env.Self, i)
		if _, runs := slices.BinarySearch(w.Members(), id); runs && id != env.Self && w.Alive(id) {
			list = append(list, id)
		}
	}
	return list
}

// enter scores a bid.
func (s *state) enter(env *protocols.Env, a *auction, from protocols.NodeID, b bid) {
	mark := 1000 // a node knows what it can do itself
	if from != env.Self {
		mark = s.peers.mark(from, env.Now, s.config.Forgive)
	}
	a.bids = append(a.bids, ranked{from, score(&s.config.Weights, &b, mark), mark < thousandths(s.config.Floor), b.promise})
}

// score weighs the marks of a bid, in millionths.
func score(w *Weights, b *bid, performance int) int {
	return thousandths(w.Match)*int(b.match) + thousandths(w.Load)*int(b.load) +
		thousandths(w.Performance)*performance + thousandths(w.Resources)*int(b.resources)
}

// find returns the auction with a round of that number, nil if it is over.
func (s *state) find(number uint32) *auction {
	for _, a := range s.open {
		if a.number == number {
			return a
		}
	}
	return nil
}

// onAnswer notes a bid, or with nil a pass, and closes when all are there.
func (s *state) onAnswer(env *protocols.Env, w *task.Worker, from protocols.NodeID, number uint32, b *bid) {
	a := s.find(number)
	if a == nil || !slices.Contains(a.asked, from) || slices.Contains(a.passed, from) {
		return
	}
	a.passed = append(a.passed, from)
	if b != nil {
		env.Observe(Bid, a.task.ID, uint64(from))
		s.enter(env, a, from, *b)
	}
	if len(a.passed) == len(a.asked) {
		env.StopTimer(protocols.Timer(deadlineTimer, uint64(number)))
		s.close(env, w, a)
	}
}

// close ends a round: who bid is ranked. Bids below the floor come last.
func (s *state) close(env *protocols.Env, w *task.Worker, a *auction) {
	a.asked = nil // what comes now is late
	slices.SortStableFunc(a.bids, func(x, y ranked) int {
		if x.below != y.below && x.below {
			return 1
		} else if x.below != y.below {
			return -1
		}
		return cmp.Compare(y.score, x.score)
	})
	s.award(env, w, a, a.bids)
}

// award gives the task to the first of a ranking who has not failed. With none it
// is announced again later, or stays.
func (s *state) award(env *protocols.Env, w *task.Worker, a *auction, ranking []ranked) {
	for i, r := range ranking {
		if r.node != env.Self && (w.ReadOnly() || !w.Alive(r.node)) || r.node == env.Self && !w.Able(a.task) {
			continue
		}
		env.Observe(Awarded, a.task.ID, uint64(r.node))
		s.drop(a)
		if r.node == env.Self {
			w.Keep(env, a.task)
			return
		}
		s.remember(&award{a.task, a.round, r, ranking[i+1:], env.Now, env.Now + protocols.Time(4*r.promise+10*s.config.Deadline)})
		w.Give(env, r.node, a.task)
		return
	}
	s.vain(env, w, a)
}

// vain ends a round without a winner.
func (s *state) vain(env *protocols.Env, w *task.Worker, a *auction) {
	env.Observe(Vain, a.task.ID, uint64(a.round))
	if a.round < s.config.Rounds || w.ReadOnly() && !w.Able(a.task) {
		if !slices.Contains(s.open, a) {
			s.open = append(s.open, a)
		}
		env.SetTimer(protocols.Timer(retryTimer, uint64(a.number)), backOff(s.config.Retry, s.config.RetryMax, a.round-1))
		return
	}
	s.drop(a)
	if w.Able(a.task) {
		w.Keep(env, a.task)
		return
	}
	w.Reject(env, a.task, task.Unplaced)
}

// backOff is the wait after so many waits before this one.
func backOff(first, most time.Duration, before int) time.Duration {
	if s := min(before, 62); first <= most>>s {
		return first << s
	}
	return most
}

// drop forgets an auction.
func (s *state) drop(a *auction) {
	s.open = slices.DeleteFunc(s.open, func(x *auction) bool { return x == a })
}

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
		s.onOutcome(env, from, m)
	}
}

// Expire closes a round, or begins one.
func (s *state) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	a := s.find(uint32(t.Argument()))
	switch {
	case a == nil:
	case t.Name() == deadlineTimer:
		s.close(env, w, a)
	case t.Name() == retryTimer:
		s.begin(env, w, a)
	}
}
