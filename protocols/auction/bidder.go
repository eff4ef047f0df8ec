package auction

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// onAnnounce bids, or passes.
func (s *state) onAnnounce(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *announce) {
	t := &task.Task{Size: m.size, Memory: m.memory, Needs: m.needs}
	if !w.Room(t) {
		env.Send(from, &pass{m.number})
		return
	}
	b := offer(w, t)
	b.number = m.number
	env.Send(from, &b)
}

// offer is the honest bid of a node for a task.
func offer(w *task.Worker, t *task.Task) bid {
	c := w.Settings()
	free := 1000 * w.Free() / c.Cores
	if c.Memory > 0 {
		free = (free + int(w.FreeMemory()>>10*1000/max(c.Memory>>10, 1))) / 2
	}
	return bid{
		match:     uint16(thousandths(w.Offers().Match(t.Needs))),
		load:      uint16(1000 * c.Cores / (c.Cores + w.Load())),
		resources: uint16(min(free, 1000)),
		promise:   promise(w, t),
	}
}

// promise is how long the task would take from now on: its turn comes when the
// cores have shared what waits, and what runs is half done.
func promise(w *task.Worker, t *task.Task) time.Duration {
	c := w.Settings()
	before := (w.Backlog() + time.Duration(w.Running())*t.Size/2) / time.Duration(c.Cores)
	if w.Free() > 0 {
		before = 0
	}
	return min((before+t.Size)/time.Duration(c.Speed)*1000+time.Millisecond, 1<<62)
}

// Accept takes an award if there is room still.
func (s *state) Accept(_ *protocols.Env, w *task.Worker, _ protocols.NodeID, t *task.Task) bool {
	return w.Room(t)
}

// Given keeps the task, and remembers who awarded it.
func (s *state) Given(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) {
	if w.Keep(env, t) {
		if len(s.won) == maxAwards {
			s.won = s.won[1:]
		}
		s.won = append(s.won, won{t.ID, from})
	}
}

// Ran tells the auctioneer.
func (s *state) Ran(env *protocols.Env, _ *task.Worker, t *task.Task) {
	for i, x := range s.won {
		if x.task == t.ID {
			s.won = append(s.won[:i:i], s.won[i+1:]...)
			env.Send(x.by, &outcome{t.ID})
			return
		}
	}
}
