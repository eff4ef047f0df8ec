package placement

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// peer is a node that this one watches: an owner of whose tasks it holds copies, or a
// holder of copies of its own.
type peer struct {
	node  protocols.NodeID
	heard protocols.Time // when something came from it last
}

// watch begins to watch an owner, from now on.
func (s *placer) watch(env *protocols.Env, id protocols.NodeID) {
	at, known := slices.BinarySearchFunc(s.owners, id, byNode)
	if !known {
		s.owners = slices.Insert(s.owners, at, peer{id, env.Now})
	}
}

func byNode(x peer, id protocols.NodeID) int { return cmp.Compare(x.node, id) }

// tick makes sure that the node renews and watches.
func (s *placer) tick(env *protocols.Env) {
	if !s.ticking {
		s.ticking, s.ticked = true, env.Now
		env.SetTimer(protocols.Timer(renewTimer, 0), s.Renew)
	}
}

// Expire renews what others hold, and looks for owners that are silent.
func (s *placer) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	if t != protocols.Timer(renewTimer, 0) || !s.ticking {
		return
	}
	s.ticking = false
	if env.Now-s.ticked > protocols.Time(2*s.Renew) || w.ReadOnly() {
		s.pardon(env) // it was away itself, or cannot tell who is gone
	}
	for _, x := range s.fed {
		if env.Now-x.heard >= protocols.Time(s.Patience) {
			s.suspect(env, x.node, false)
		}
	}
	s.renew(env, w)
	s.owners = slices.DeleteFunc(s.owners, func(x peer) bool {
		return !slices.ContainsFunc(s.wards, func(c ward) bool { return c.owner == x.node })
	})
	for _, x := range slices.Clone(s.owners) {
		switch silent := time.Duration(env.Now - x.heard); {
		case silent >= s.Patience:
			s.suspect(env, x.node, false)
			s.takeOver(env, w, x.node, silent >= 2*s.Patience)
		case silent >= s.Renew+s.Renew/2:
			env.Send(x.node, &message{kind: KindAsk})
		}
	}
	if len(s.mine)+len(s.wards)+len(s.fed) > 0 {
		s.tick(env)
	}
}

// pardon lets the time until now count for no silence.
func (s *placer) pardon(env *protocols.Env) {
	for i := range s.owners {
		s.owners[i].heard = env.Now
	}
	for i := range s.fed {
		s.fed[i].heard = env.Now
	}
}

// takeOver runs the tasks of a node that failed, those for which this node is
// responsible now. The others are handed to who is, if that has had time and has not
// taken them over.
func (s *placer) takeOver(env *protocols.Env, w *task.Worker, from protocols.NodeID, late bool) {
	for _, c := range slices.Clone(s.wards) {
		if c.owner != from || !late && s.responsible(env, w, c.task) != env.Self {
			continue
		}
		s.drop(env, c.task.ID)
		if w.Giving(c.task, protocols.External) {
			continue // it is in hand
		}
		env.Observe(TookOver, c.task.ID, uint64(from))
		w.Assume(env, from, c.task)
		s.place(env, w, c.task)
	}
}

// Failed takes the word of a failure detector.
func (s *placer) Failed(env *protocols.Env, w *task.Worker, peer protocols.NodeID) {
	if at, watched := slices.BinarySearchFunc(s.owners, peer, byNode); watched && !w.ReadOnly() {
		s.owners[at].heard = env.Now - protocols.Time(s.Patience)
		s.takeOver(env, w, peer, false)
	}
}

// Receive handles what is the strategy's own.
func (s *placer) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, x protocols.Message) {
	m, ok := x.(*message)
	if !ok {
		return
	}
	s.heard(env, from)
	switch m.kind {
	case KindCopy:
		s.onCopy(env, w, from, m)
	case KindKeep:
		s.onKeep(env, w, from, m)
	case KindLack:
		s.onLack(env, from, m)
	case KindSettled:
		s.onSettled(env, w, from, m)
	case KindRuns:
		for _, id := range m.ids {
			s.yield(env, w, from, id)
		}
	case KindAsk:
		s.answer(env, w, from)
	case KindHello:
		s.handOver(env, w, from)
	}
}

// answer tells one holder all that it shall have copies of.
func (s *placer) answer(env *protocols.Env, w *task.Worker, to protocols.NodeID) {
	var ids []uint64
	for _, t := range s.mine {
		if slices.Contains(s.holders(env, w, t), to) {
			ids = append(ids, t.ID)
		}
	}
	s.round++
	env.Send(to, &message{kind: KindKeep, round: s.round, ids: ids})
}

// Hear takes up who is back, and forgives the silence of a time without a majority.
func (s *placer) Hear(env *protocols.Env, w *task.Worker, e protocols.Event) {
	switch e.Kind {
	case protocols.PeerBack, protocols.PeerUp:
		if e.Node != env.Self {
			s.heard(env, e.Node)
			s.handOver(env, w, e.Node)
		}
	case protocols.ReadOnlyOff:
		s.pardon(env)
	}
}

// suspect is a node that is passed over for some time: it did not answer, or refused.
type suspect struct {
	node  protocols.NodeID
	until protocols.Time
	full  bool // it refused, so that it lives says nothing
}

// maxSuspects bounds the list; the oldest is replaced.
const maxSuspects = 64

// suspect passes a node over: two renewals long if it refused, else ten patiences or
// until it is heard.
func (s *placer) suspect(env *protocols.Env, id protocols.NodeID, refused bool) {
	rest := 10 * s.Patience
	if refused {
		rest = 2 * s.Renew
	}
	s.suspects = slices.DeleteFunc(s.suspects, func(x suspect) bool { return x.node == id || x.until <= env.Now })
	if len(s.suspects) == maxSuspects {
		s.suspects = slices.Delete(s.suspects, 0, 1)
	}
	s.suspects = append(s.suspects, suspect{id, env.Now + protocols.Time(rest), refused})
}

// suspected reports whether a node is passed over; who refused only as an owner.
func (s *placer) suspected(env *protocols.Env, id protocols.NodeID, owner bool) bool {
	return slices.ContainsFunc(s.suspects, func(x suspect) bool { return x.node == id && x.until > env.Now && (owner || !x.full) })
}

// heard notes that a node lives.
func (s *placer) heard(env *protocols.Env, from protocols.NodeID) {
	if at, watched := slices.BinarySearchFunc(s.owners, from, byNode); watched {
		s.owners[at].heard = env.Now
	}
	if at, watched := slices.BinarySearchFunc(s.fed, from, byNode); watched {
		s.fed[at].heard = env.Now
	}
	s.suspects = slices.DeleteFunc(s.suspects, func(x suspect) bool { return x.node == from && !x.full })
}
