package task

import (
	"slices"

	"meshsim/protocols"
)

// A task that forks may run at two nodes: its copy is taken over, and the first owner
// lives, or the parts outlive it. Both spawn the same parts, each as their origin. A
// part is one task all the same, and whoever has it tells both origins that it is over.

// second takes note of a task that is handed over while it is here, or done: if another
// origin than that of the first waits for it, that will be told, or is.
func (w *Worker) second(env *protocols.Env, t *Task, done bool) {
	if done {
		w.tell(env, t, KindReport)
		return
	}
	first := w.hand(t.ID)
	if first == nil || first.Origin == t.Origin {
		return
	}
	same := func(x *Task) bool { return x.ID == t.ID && x.Origin == t.Origin }
	if !slices.ContainsFunc(w.seconds, same) {
		w.adopt(env, t)
		w.seconds = append(w.seconds, t)
	}
}

// takeSeconds takes out the seconds of some tasks: they go where those go.
func (w *Worker) takeSeconds(firsts []*Task) (list []*Task) {
	w.seconds = slices.DeleteFunc(w.seconds, func(x *Task) bool {
		found := slices.ContainsFunc(firsts, func(t *Task) bool { return t.ID == x.ID })
		if found {
			list = append(list, x)
		}
		return found
	})
	return list
}

// hand finds a task that waits or runs here, or has run and waits for its parts; nil
// if none does. Cost: that of looking at all; only what is handed over twice asks.
func (w *Worker) hand(id uint64) *Task {
	for i := range w.queue.len() {
		if t := w.queue.at(i); t.ID == id {
			return t
		}
	}
	for _, r := range w.cores {
		if r.task != nil && r.task.ID == id {
			return r.task
		}
	}
	if at, known := w.join(id); known {
		return w.joins[at].task
	}
	return nil
}
