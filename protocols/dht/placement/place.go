package placement

import (
	"cmp"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

// placeKey is the root of the keys of all tasks.
const placeKey = 0x7461736b73 // "tasks"

// Key is where a task belongs on the ring.
func Key(id uint64) uint64 { return draw.Derive(placeKey, id) }

// hellos is to how many nodes behind each of its places a node says hello: the first
// may be down.
const hellos = 2

// Start says hello after a crash: those behind have what belongs here.
func (s *placer) Start(env *protocols.Env, w *task.Worker) {
	s.round = uint32(env.Rand.Uint64())
	if !s.again {
		return
	}
	var behind []protocols.NodeID
	for v := range s.Virtual {
		n := 0
		s.ring.Behind(dht.Place(dht.Peer{Node: env.Self, Virtual: uint16(v)}), func(id protocols.NodeID) bool {
			if id != env.Self {
				n++
				if !slices.Contains(behind, id) {
					behind = append(behind, id)
				}
			}
			return n < hellos
		})
	}
	env.Multicast(behind, &message{kind: KindHello})
}

// usable reports whether a node may be given tasks, as far as this one knows.
func (s *placer) usable(env *protocols.Env, w *task.Worker, id protocols.NodeID) bool {
	return id == env.Self || w.Alive(id) && !s.suspected(env, id, true)
}

// responsible is the first live node at or behind a key. Without room for the task
// the node looks beyond itself, and if there is nobody, it is itself.
func (s *placer) responsible(env *protocols.Env, w *task.Worker, t *task.Task) protocols.NodeID {
	to := env.Self
	s.ring.Behind(Key(t.ID), func(id protocols.NodeID) bool {
		if !s.usable(env, w, id) || id == env.Self && !w.Room(t) {
			return true
		}
		to = id
		return false
	})
	return to
}

// place runs a task here, if it belongs here, or hands it on. What is here already is
// not made a second one.
func (s *placer) place(env *protocols.Env, w *task.Worker, t *task.Task) {
	if to := s.responsible(env, w, t); to != env.Self {
		env.Observe(Forwarded, t.ID, uint64(to))
		w.Give(env, to, t)
		return
	}
	if s.knows(t.ID) {
		env.Observe(Merged, t.ID, uint64(env.Self))
		_, here := s.own(t.ID)
		w.Merge(env, t, !here)
		return
	}
	if !w.Keep(env, t) {
		return
	}
	at, _ := s.own(t.ID)
	s.mine = slices.Insert(s.mine, at, t)
	env.Observe(Owned, t.ID, Key(t.ID))
	s.copyTo(env, s.holders(env, w, t), t)
	s.tick(env)
}

// own is where one of the node's own tasks is, or belongs.
func (s *placer) own(id uint64) (int, bool) {
	return slices.BinarySearchFunc(s.mine, id, func(t *task.Task, id uint64) int { return cmp.Compare(t.ID, id) })
}

// Submitted places a task that entered.
func (s *placer) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) { s.place(env, w, t) }

// Given places a task that was handed over.
func (s *placer) Given(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) {
	s.heard(env, from)
	s.drop(env, t.ID)
	s.place(env, w, t)
}

// Returned places a task that another node did not take: who refuses it is passed over
// for a while, as is who does not answer.
func (s *placer) Returned(env *protocols.Env, w *task.Worker, to protocols.NodeID, t *task.Task, refused bool) {
	s.suspect(env, to, refused)
	s.place(env, w, t)
}

// Ran lets go of the copies of a task, but of one that forks not before its parts are
// done.
func (s *placer) Ran(env *protocols.Env, w *task.Worker, t *task.Task) {
	if !t.Forks() {
		s.Joined(env, w, t, true)
	}
}

// Joined lets go of the copies of a task that is over. If a part of it was rejected,
// the next renewal names it no more.
func (s *placer) Joined(env *protocols.Env, w *task.Worker, t *task.Task, done bool) {
	at, here := s.own(t.ID)
	if !here {
		return
	}
	s.mine = slices.Delete(s.mine, at, at+1)
	if !done {
		return
	}
	s.done.add(t.ID)
	if to := s.holders(env, w, t); len(to) > 0 {
		env.Multicast(to, &message{kind: KindSettled, ids: []uint64{t.ID}})
	}
}

// release takes a task that waits here out of the node's own, nil if it runs.
func (s *placer) release(w *task.Worker, id uint64) *task.Task {
	t := w.TakeIf(func(t *task.Task) bool { return t.ID == id })
	if t == nil {
		return nil
	}
	if at, here := s.own(id); here {
		s.mine = slices.Delete(s.mine, at, at+1)
	}
	return t
}

// handOver gives a node that has come what waits here and belongs to it.
func (s *placer) handOver(env *protocols.Env, w *task.Worker, to protocols.NodeID) {
	var lot []*task.Task
	for _, t := range slices.Clone(s.mine) {
		if s.responsible(env, w, t) != to || s.release(w, t.ID) == nil {
			continue
		}
		env.Observe(HandedOver, t.ID, uint64(to))
		lot = append(lot, t)
	}
	if len(lot) > 0 {
		w.Give(env, to, lot...)
	}
}
