package task

import (
	"slices"

	"meshsim/protocols"
)

// give is a hand-over under way. The tasks stay in hand until the answer.
type give struct {
	message *Give
	node    protocols.NodeID
	tasks   []*Task
	tries   int
}

// taken is an answer that was given, for those who ask again.
type taken struct {
	from     protocols.NodeID
	sequence uint32
	refused  []uint64
}

// recentAnswers is how many answers a node remembers. A hand-over that is tried
// again after so many others is taken a second time.
const recentAnswers = 128

// Give hands tasks over to another node. What that node does not take, or does
// not answer for although it was asked several times, comes back by Returned of
// the strategy. A node that took tasks without its answer arriving has them, too:
// then they run twice.
func (w *Worker) Give(env *protocols.Env, to protocols.NodeID, tasks ...*Task) {
	tasks = append(tasks, w.takeSeconds(tasks)...)
	w.sequence++
	g := &give{&Give{w.sequence, tasks}, to, slices.Clone(tasks), 1}
	w.gives = append(w.gives, g)
	w.try(env, g)
}

func (w *Worker) try(env *protocols.Env, g *give) {
	env.Send(g.node, g.message)
	env.SetTimer(protocols.Timer(giveTimer, uint64(g.message.Sequence)), w.Acknowledge)
}

// take removes a hand-over from those under way.
func (w *Worker) takeGive(sequence uint32, from protocols.NodeID) *give {
	for i, g := range w.gives {
		if g.message.Sequence == sequence && g.node == from {
			w.gives = slices.Delete(w.gives, i, i+1)
			return g
		}
	}
	return nil
}

// onGive takes what the strategy accepts, and answers; again if asked again.
func (w *Worker) onGive(env *protocols.Env, from protocols.NodeID, m *Give) {
	for _, r := range w.recent {
		if r.from == from && r.sequence == m.Sequence {
			env.Send(from, &Tally{kind: KindTaken, Sequence: m.Sequence, IDs: r.refused})
			return
		}
	}
	var refused []uint64
	for _, t := range m.Tasks {
		if k, ok := w.to.(Knower); ok {
			if known, done := k.Knows(w, from, t); known {
				w.second(env, t, done)
				continue
			}
		}
		if !w.to.Accept(env, w, from, t) {
			refused = append(refused, t.ID)
			continue
		}
		env.Observe(Took, t.ID, uint64(from))
		w.adopt(env, t)
		w.to.Given(env, w, from, t)
	}
	if len(w.recent) == recentAnswers {
		w.recent = slices.Delete(w.recent, 0, recentAnswers/2)
	}
	w.recent = append(w.recent, taken{from, m.Sequence, refused})
	env.Send(from, &Tally{kind: KindTaken, Sequence: m.Sequence, IDs: refused})
}

// onTaken ends a hand-over.
func (w *Worker) onTaken(env *protocols.Env, from protocols.NodeID, m *Tally) {
	g := w.takeGive(m.Sequence, from)
	if g == nil {
		return
	}
	env.StopTimer(protocols.Timer(giveTimer, uint64(m.Sequence)))
	var back []*Task
	for _, t := range g.tasks {
		if slices.Contains(m.IDs, t.ID) {
			back = append(back, t)
		} else {
			w.gave(env, t, from)
		}
	}
	for _, t := range back {
		env.Observe(Returned, t.ID, uint64(from))
		w.to.Returned(env, w, from, t, true)
	}
}

// doneUnderWay finds a task in a hand-over under way, and takes it out: word that
// it is done has overtaken the answer.
func (w *Worker) doneUnderWay(env *protocols.Env, id uint64) *Task {
	for i, g := range w.gives {
		at := slices.IndexFunc(g.tasks, func(t *Task) bool { return t.ID == id })
		if at < 0 {
			continue
		}
		t := g.tasks[at]
		if g.tasks = slices.Delete(g.tasks, at, at+1); len(g.tasks) == 0 {
			env.StopTimer(protocols.Timer(giveTimer, uint64(g.message.Sequence)))
			w.gives = slices.Delete(w.gives, i, i+1)
		}
		env.Observe(Gave, id, uint64(g.node)) // it took the task, to have done it
		w.release(t)
		return t
	}
	return nil
}

// gave lets go of a task that another node has taken.
func (w *Worker) gave(env *protocols.Env, t *Task, to protocols.NodeID) {
	if w.Announce {
		env.Announce(protocols.Event{Kind: protocols.TaskPlaced, Node: to, ID: t.ID})
	}
	if w.answersFor(env, t) {
		env.Observe(Leased, t.ID, uint64(to))
		w.lease(env, t, to)
		return
	}
	env.Observe(Gave, t.ID, uint64(to))
	w.release(t)
}

// onGiveTimeout tries again, or takes the tasks back.
func (w *Worker) onGiveTimeout(env *protocols.Env, sequence uint32) {
	at := slices.IndexFunc(w.gives, func(g *give) bool { return g.message.Sequence == sequence })
	if at < 0 {
		return
	}
	g := w.gives[at]
	if g.tries < w.Tries {
		g.tries++
		w.try(env, g)
		return
	}
	w.gives = slices.Delete(w.gives, at, at+1)
	w.giveBack(env, g)
}

// Assume takes up a task of which the strategy has a copy, since the node has failed
// that had it. The caller must place it.
func (w *Worker) Assume(env *protocols.Env, from protocols.NodeID, t *Task) {
	env.Observe(Took, t.ID, uint64(from))
	w.adopt(env, t)
}

// Merge lets go of a second one of a task that is here, too, or is done: the node
// answers for it by the first.
func (w *Worker) Merge(env *protocols.Env, t *Task, done bool) {
	env.Observe(Leased, t.ID, uint64(env.Self))
	w.release(t)
	w.second(env, t, done)
}

// Giving reports whether a task, with the same origin, is being handed over to a node
// other than this one.
func (w *Worker) Giving(t *Task, but protocols.NodeID) bool {
	return slices.ContainsFunc(w.gives, func(g *give) bool {
		return g.node != but && slices.ContainsFunc(g.tasks, func(x *Task) bool { return x.ID == t.ID && x.Origin == t.Origin })
	})
}

// giveBack takes the tasks of a hand-over back that came to nothing.
func (w *Worker) giveBack(env *protocols.Env, g *give) {
	for _, t := range g.tasks {
		env.Observe(Returned, t.ID, uint64(g.node))
		w.to.Returned(env, w, g.node, t, false)
	}
}
