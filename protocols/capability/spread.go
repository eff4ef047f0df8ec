package capability

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// room is how many more tasks this node would take.
func (s *router) room(w *task.Worker) int {
	if w.ReadOnly() {
		return 0
	}
	return min(max(w.Settings().Cores*s.config.Backlog-w.Load(), 0), maxRoom)
}

// tell counts a statement of this node about itself.
func (s *router) tell(env *protocols.Env, w *task.Worker) (sequence uint64, room uint32) {
	s.sequence++
	room = uint32(s.room(w))
	env.Observe(Announced, s.sequence, uint64(room))
	return s.sequence, room
}

// onRound tells a few others what this node offers, and what it knows.
func (s *router) onRound(env *protocols.Env, w *task.Worker) {
	s.table.expire(env.Now, s.config.Expire)
	env.SetTimer(protocols.Timer(roundTimer, 0), s.config.Interval)
	to := s.listeners(env, w)
	if len(to) == 0 {
		return
	}
	own := announcement{id: env.Self, memory: w.Settings().Memory, offers: w.Offers()}
	own.sequence, own.room = s.tell(env, w)
	m := &announce{list: []announcement{own}}
	for _, i := range s.news(env.Now) {
		e := &s.table.list[i]
		e.sent++
		a := e.announcement
		a.age = time.Duration(ticks(e.old(env.Now))) * tick
		m.list = append(m.list, a)
	}
	env.Multicast(to, m)
}

// news are the places of the entries to pass on: those that were least often, of
// equal ones the youngest.
func (s *router) news(now protocols.Time) (places []int) {
	list := s.table.list
	for i := range list {
		if list[i].sent < s.config.Rounds {
			places = append(places, i)
		}
	}
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(list[a].sent, list[b].sent), cmp.Compare(list[a].old(now), list[b].old(now)), cmp.Compare(a, b))
	})
	return places[:min(len(places), s.config.Batch-1)]
}

// listeners draws whom to tell.
func (s *router) listeners(env *protocols.Env, w *task.Worker) (list []protocols.NodeID) {
	if s.config.Spread == sample {
		return w.Sample(env, s.config.Fanout, false)
	}
	near, members := w.Topology(), w.Members()
	for i := range near.Degree(env.Self) {
		id := near.Neighbour(env.Self, i)
		if _, member := slices.BinarySearch(members, id); member && w.Alive(id) {
			list = append(list, id)
		}
	}
	env.Rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(len(list), s.config.Fanout)]
}

// onAnnounce takes up what is new. Whoever has room again is given what waits.
func (s *router) onAnnounce(env *protocols.Env, w *task.Worker, m *announce) {
	for _, a := range m.list {
		if _, member := slices.BinarySearch(w.Members(), a.id); !member || a.id == env.Self || a.age >= s.config.Expire || !w.Alive(a.id) {
			continue
		}
		if e := s.table.learn(a, env.Now, s.config.Table); e != nil {
			s.serve(env, w, e)
		}
	}
}
