package auction

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

// auction is a task that has no place yet, or one whose winner has not run it yet.
type auction struct {
	task   *task.Task
	number uint64 // of the latest round, on this node
	round  int    // from 1
	alone  bool   // there was nobody to ask

	asked   []asked // while bids are waited for: ascending by node
	missing int     // how many of them have not answered
	ties    uint64  // decides between equal bids

	ranking []ranked // the best first, once the round is over
	choice  int      // of them: who won
	awarded protocols.Time
	overdue protocols.Time // the outcome counts as bad from then on
}

// asked is a node that heard of a task.
type asked struct {
	node     protocols.NodeID
	answered bool
}

func (a *auction) asking() bool { return a.missing > 0 }

// Submitted auctions the task. If it was awarded before, nothing came of that.
func (s *state) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	if old := s.takeAward(t.ID); old != nil {
		s.learn(env, old.winner().node, 0)
	}
	if len(s.open) >= s.config.Open || w.ReadOnly() && w.Able(t) {
		w.Keep(env, t)
		return
	}
	a := s.newAuction(t)
	if w.ReadOnly() {
		s.vain(env, w, a)
		return
	}
	s.begin(env, w, a)
}

// newAuction is one that has not begun.
func (s *state) newAuction(t *task.Task) *auction {
	s.last++
	return &auction{task: t, number: s.last}
}

// begin announces the task, once more.
func (s *state) begin(env *protocols.Env, w *task.Worker, a *auction) {
	s.drop(a)
	s.last++
	a.number, a.ties, a.ranking = s.last, env.Rand.Uint64(), nil
	a.round++
	to := s.audience(env, w)
	if a.alone = len(to) == 0; a.alone {
		s.close(env, w, a)
		return
	}
	env.Observe(Announced, a.task.ID, uint64(len(to)))
	env.Multicast(to, &announce{a.number, a.task.ID, a.task.Size, a.task.Memory, a.task.Needs})
	env.SetTimer(protocols.Timer(deadlineTimer, a.number), s.config.Deadline)
	a.missing = len(to)
	for _, id := range to {
		a.asked = append(a.asked, asked{node: id})
	}
	s.enter(a)
}

// audience are the nodes that hear of a task, ascending.
func (s *state) audience(env *protocols.Env, w *task.Worker) (list []protocols.NodeID) {
	switch s.config.Announce {
	case sample:
		list = w.Sample(env, s.config.Sample, false)
	case all:
		list = slices.Clone(w.Members())
	default:
		for i := range w.Topology().Degree(env.Self) {
			if id := w.Topology().Neighbour(env.Self, i); isMember(w, id) {
				list = append(list, id)
			}
		}
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(id protocols.NodeID) bool { return id == env.Self || !w.Alive(id) })
}

func isMember(w *task.Worker, id protocols.NodeID) bool {
	_, runs := slices.BinarySearch(w.Members(), id)
	return runs
}

// onAnswer notes a bid, or with nil a pass.
func (s *state) onAnswer(env *protocols.Env, w *task.Worker, from protocols.NodeID, number uint64, b *bid) {
	if a := s.find(number); a != nil {
		s.answer(env, w, a, from, b)
	}
}

// answer notes that no more is to be expected of a node, and closes the round when
// all have answered.
func (s *state) answer(env *protocols.Env, w *task.Worker, a *auction, from protocols.NodeID, b *bid) {
	i, known := slices.BinarySearchFunc(a.asked, from, func(x asked, id protocols.NodeID) int { return cmp.Compare(x.node, id) })
	if !known || a.asked[i].answered {
		return
	}
	a.asked[i].answered = true
	a.missing--
	if b != nil {
		env.Observe(Bid, a.task.ID, uint64(from))
		s.rank(env, a, from, b)
	}
	if a.missing == 0 {
		env.StopTimer(protocols.Timer(deadlineTimer, a.number))
		s.close(env, w, a)
	}
}

// rank scores a bid.
func (s *state) rank(env *protocols.Env, a *auction, from protocols.NodeID, b *bid) {
	past := s.peers.mark(from, env.Now, s.config.Forgive)
	a.ranking = append(a.ranking, ranked{from, b.match, s.rule.score(b, a.task.Size, past), past < s.rule.floor, draw.Derive(a.ties, uint64(from)), b.promise})
}

// close ends a round, with a bid of the auctioneer's own.
func (s *state) close(env *protocols.Env, w *task.Worker, a *auction) {
	s.drop(a)
	a.asked, a.missing = nil, 0 // what comes now is late
	if w.Room(a.task) {
		b := offer(env, w, a.task)
		s.rank(env, a, env.Self, &b)
	}
	slices.SortFunc(a.ranking, compareRanked)
	s.award(env, w, a, 0)
}

// rest waits before the task is announced again. On a read-only side there is no
// timer: it waits until writes are welcome.
func (s *state) rest(env *protocols.Env, w *task.Worker, a *auction) {
	s.enter(a)
	if w.ReadOnly() {
		return
	}
	d := backOff(s.config.Retry, s.config.RetryMax, max(a.round-1, 0))
	d -= time.Duration(env.Rand.Int64N(int64(d)/2 + 1))
	env.SetTimer(protocols.Timer(retryTimer, a.number), d)
}

// backOff is the longest wait after so many waits before this one.
func backOff(first, most time.Duration, before int) time.Duration {
	if s := min(before, 62); first <= most>>s {
		return first << s
	}
	return most
}

// place is where the auction with a number stands among those under way, or would.
func (s *state) place(number uint64) (int, bool) {
	return slices.BinarySearchFunc(s.open, number, func(a *auction, number uint64) int { return cmp.Compare(a.number, number) })
}

// find returns the auction with a number, nil if it is not under way.
func (s *state) find(number uint64) *auction {
	if at, ok := s.place(number); ok {
		return s.open[at]
	}
	return nil
}

// enter puts an auction among those under way.
func (s *state) enter(a *auction) {
	at, _ := s.place(a.number)
	s.open = slices.Insert(s.open, at, a)
}

// drop takes it out, if it is there.
func (s *state) drop(a *auction) {
	if at, ok := s.place(a.number); ok && s.open[at] == a {
		s.open = slices.Delete(s.open, at, at+1)
	}
}
