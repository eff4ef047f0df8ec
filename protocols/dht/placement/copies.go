package placement

import (
	"cmp"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// ward is a copy of a task that another node has.
type ward struct {
	task  *task.Task
	owner protocols.NodeID
	round uint32 // of its owner's renewals, when it came
}

// holders are the nodes that shall have copies of a task of this node: the next live
// ones behind its key.
func (s *placer) holders(env *protocols.Env, w *task.Worker, t *task.Task) []protocols.NodeID {
	list := make([]protocols.NodeID, 0, s.Copies)
	s.ring.Behind(Key(t.ID), func(id protocols.NodeID) bool {
		if len(list) < s.Copies && id != env.Self && w.Alive(id) && !s.suspected(env, id, false) && !slices.Contains(list, id) {
			list = append(list, id)
		}
		return len(list) < s.Copies
	})
	return list
}

// copyTo sends copies.
func (s *placer) copyTo(env *protocols.Env, to []protocols.NodeID, tasks ...*task.Task) {
	if len(to) == 0 {
		return
	}
	for _, id := range to {
		if at, known := slices.BinarySearchFunc(s.fed, id, byNode); !known {
			s.fed = slices.Insert(s.fed, at, peer{node: id, heard: env.Now, kept: env.Now})
		}
	}
	env.Multicast(to, &message{kind: KindCopy, round: s.round, tasks: tasks})
}

// share is what a holder shall have copies of.
type share struct {
	peer
	ids []uint64
}

// renew tells each holder all that it shall have copies of, and those who were holders
// before that there is nothing left.
func (s *placer) renew(env *protocols.Env, w *task.Worker) {
	s.round++
	shares := make([]share, len(s.fed))
	for i, x := range s.fed {
		shares[i].peer = x
	}
	find := func(x share, id protocols.NodeID) int { return cmp.Compare(x.node, id) }
	for _, t := range s.mine {
		for _, id := range s.holders(env, w, t) {
			at, known := slices.BinarySearchFunc(shares, id, find)
			if !known {
				shares = slices.Insert(shares, at, share{peer: peer{node: id, heard: env.Now, kept: env.Now}})
			}
			shares[at].ids = append(shares[at].ids, t.ID)
		}
	}
	s.fed = s.fed[:0]
	for _, x := range shares {
		env.Send(x.node, &message{kind: KindKeep, round: s.round, ids: x.ids})
		if len(x.ids) > 0 {
			s.fed = append(s.fed, x.peer)
		}
	}
}

// ward is where a copy is, or belongs.
func (s *placer) ward(id uint64) (int, bool) {
	return slices.BinarySearchFunc(s.wards, id, func(x ward, id uint64) int { return cmp.Compare(x.task.ID, id) })
}

// drop forgets a copy.
func (s *placer) drop(env *protocols.Env, id uint64) {
	if at, held := s.ward(id); held {
		env.Observe(Dropped, id, uint64(s.wards[at].owner))
		s.wards = slices.Delete(s.wards, at, at+1)
	}
}

// onCopy holds copies, and finds tasks that are here, too.
func (s *placer) onCopy(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *message) {
	for _, t := range m.tasks {
		if s.knows(t.ID) {
			s.clash(env, w, from, t.ID)
			continue
		}
		at, held := s.ward(t.ID)
		if !held {
			s.wards = slices.Insert(s.wards, at, ward{task: t})
		}
		if !held || s.wards[at].owner != from {
			env.Observe(Copied, t.ID, uint64(from))
		}
		s.wards[at].owner, s.wards[at].round = from, m.round
		s.watch(env, from)
	}
	s.tick(env)
}

// another is by how much the rounds of two lives of a node differ at least: it begins
// with a random one.
const another = 1 << 16

// renewed compares the rounds of two messages of a node: above 0 if the second is
// later, and whether it is from another life of that node, between crashes.
func renewed(first, second uint32) (by int32, reborn bool) {
	by = int32(second - first)
	return by, by >= another || by <= -another
}

// onKeep drops the copies that the owner names no more, and says which lack. If the
// owner has crashed since and is back, it has forgotten these tasks: they are taken
// over, most of them to be handed to it.
func (s *placer) onKeep(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *message) {
	if at, watched := slices.BinarySearchFunc(s.owners, from, byNode); watched {
		s.owners[at].kept = env.Now
	}
	var lacks []uint64
	named := make([]uint64, 0, len(m.ids))
	for _, id := range m.ids {
		at, held := s.ward(id)
		switch {
		case s.knows(id):
			s.clash(env, w, from, id)
		case held && s.wards[at].owner == from:
			named = append(named, id)
			if by, reborn := renewed(s.wards[at].round, m.round); by > 0 || reborn {
				s.wards[at].round = m.round
			}
		default:
			lacks = append(lacks, id)
		}
	}
	slices.Sort(named)
	for _, x := range slices.Clone(s.wards) {
		if _, still := slices.BinarySearch(named, x.task.ID); still || x.owner != from {
			continue
		}
		switch by, reborn := renewed(x.round, m.round); {
		case reborn && w.ReadOnly(): // later
		case reborn:
			s.takeUp(env, w, x)
		case by > 0:
			s.drop(env, x.task.ID)
		}
	}
	env.Send(from, &message{kind: KindLack, ids: lacks})
}

// onLack sends copies again.
func (s *placer) onLack(env *protocols.Env, from protocols.NodeID, m *message) {
	var tasks []*task.Task
	for _, id := range m.ids {
		if at, here := s.own(id); here {
			tasks = append(tasks, s.mine[at])
		}
	}
	if len(tasks) > 0 {
		s.copyTo(env, []protocols.NodeID{from}, tasks...)
	}
}

// onSettled forgets copies of tasks that are done, and does not run them.
func (s *placer) onSettled(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *message) {
	for _, id := range m.ids {
		s.drop(env, id)
		s.yield(env, w, from, id)
		if _, here := s.own(id); !here {
			s.done.add(id)
		}
	}
}
