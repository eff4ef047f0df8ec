package worksteal

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// Receive handles what is the strategy's own.
func (s *stealer) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, message protocols.Message) {
	switch m := message.(type) {
	case *request:
		s.onRequest(env, w, from, m)
	case *none:
		s.onNone(env, w, from, m)
	}
}

// onRequest gives what the thief can run, or says that there is nothing.
func (s *stealer) onRequest(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *request) {
	var lot []*task.Task
	if !w.ReadOnly() {
		n := share(s.config, w.Waiting(), w.Load())
		lot = cut(w, n, func(t *task.Task) bool {
			return (m.memory == 0 || t.Memory <= m.memory) && (len(t.Needs) == 0 || m.offers.Match(t.Needs) >= w.Match)
		})
	}
	s.note(env, from, m.load+uint32(len(lot)))
	if len(lot) == 0 {
		env.Send(from, &none{m.number, uint32(w.Load())})
		return
	}
	for _, t := range lot {
		env.Observe(Yielded, t.ID, uint64(from))
	}
	w.Give(env, from, lot...)
}

// share is the number of tasks that a victim gives, of so many that wait, and so
// many that wait or run. It keeps one less than the threshold.
func share(c *Config, waiting, load int) int {
	n := min(waiting, load-(c.Threshold-1))
	if c.Share == half {
		return max(min(n, (waiting+1)/2, c.Most), 0)
	}
	return max(min(n, 1), 0)
}

// cut takes up to n tasks from the top of the deque. They are in the order in
// which a deque must be handed them to be ordered like this one.
func cut(w *task.Worker, n int, wanted func(*task.Task) bool) (lot []*task.Task) {
	for len(lot) < n {
		t := w.TakeIf(wanted)
		if t == nil {
			break
		}
		lot = append(lot, t)
	}
	if w.Settings().Queue.Discipline != "lifo" {
		slices.Reverse(lot)
	}
	return lot
}
