package placement

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// clash makes one of two tasks: another node has one, too, that is or was here. Who
// has it behind the other on the ring hands it back while it waits; if it runs, or ran
// already, the other is told.
func (s *placer) clash(env *protocols.Env, w *task.Worker, other protocols.NodeID, id uint64) {
	if _, here := s.own(id); !here {
		env.Send(other, &message{kind: KindSettled, ids: []uint64{id}})
		return
	}
	if s.nearer(env.Self, other, id) && s.waits(w, id) {
		at, _ := s.own(id)
		s.copyTo(env, []protocols.NodeID{other}, s.mine[at])
		return
	}
	if !s.yield(env, w, other, id) {
		env.Send(other, &message{kind: KindRuns, ids: []uint64{id}})
	}
}

// yield hands a task that waits here to another node that has it, too, or ran it. It
// reports whether it did.
func (s *placer) yield(env *protocols.Env, w *task.Worker, to protocols.NodeID, id uint64) bool {
	if _, here := s.own(id); !here {
		return false
	}
	t := s.release(w, id)
	if t == nil {
		return false
	}
	env.Observe(Merged, id, uint64(to))
	w.Give(env, to, t)
	return true
}

// waits reports whether a task waits here, and does not run yet.
func (*placer) waits(w *task.Worker, id uint64) bool {
	found := false
	w.TakeIf(func(t *task.Task) bool {
		found = found || t.ID == id
		return false
	})
	return found
}

// nearer reports whether the first of two nodes comes first behind a task's key.
func (s *placer) nearer(a, b protocols.NodeID, id uint64) (first bool) {
	s.ring.Behind(Key(id), func(n protocols.NodeID) bool {
		first = n == a
		return n != a && n != b
	})
	return first
}

// maxRecent is how many tasks that are over a node remembers.
const maxRecent = 1024

// recent are the tasks that were over last.
type recent struct {
	ids []uint64 // a ring
	at  int
}

func (r *recent) add(id uint64) {
	switch {
	case r.has(id):
	case len(r.ids) < maxRecent:
		r.ids = append(r.ids, id)
	default:
		r.ids[r.at] = id
		r.at = (r.at + 1) % maxRecent
	}
}

func (r *recent) has(id uint64) bool { return slices.Contains(r.ids, id) }
