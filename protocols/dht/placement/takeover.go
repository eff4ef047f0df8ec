package placement

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// takeOver runs the tasks of a node that failed, those for which this node is
// responsible now. The others are handed to who is, if that has had time and has not
// taken them over.
func (s *placer) takeOver(env *protocols.Env, w *task.Worker, from protocols.NodeID, late bool) {
	for _, c := range slices.Clone(s.wards) {
		if c.owner != from || !late && s.responsible(env, w, c.task) != env.Self {
			continue
		}
		s.takeUp(env, w, c)
	}
}

// takeUp makes a task of a copy.
func (s *placer) takeUp(env *protocols.Env, w *task.Worker, c ward) {
	s.drop(env, c.task.ID)
	if w.Giving(c.task, protocols.External) {
		return // it is in hand
	}
	env.Observe(TookOver, c.task.ID, uint64(c.owner))
	w.Assume(env, c.owner, c.task)
	s.place(env, w, c.task)
}

// Failed takes the word of a failure detector.
func (s *placer) Failed(env *protocols.Env, w *task.Worker, peer protocols.NodeID) {
	if at, watched := slices.BinarySearchFunc(s.owners, peer, byNode); watched && !w.ReadOnly() {
		s.owners[at].heard, s.owners[at].asked = env.Now-protocols.Time(s.Patience), asks
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
