package task

import (
	"cmp"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// join is a task that spawned children, or a job from outside, with parts that
// are not done. The parts that wait for others are kept here until those are.
type join struct {
	id      uint64
	task    *Task // the parent; nil: a job
	parts   []*Task
	after   [][]uint16 // of each part: which must be done before; nil: none of any
	done    []bool
	missing int
}

// PartID is the identity of a part of a task or job.
func PartID(parent uint64, place int) uint64 { return max(draw.Derive(parent, uint64(place)+1), 1) }

func (w *Worker) join(id uint64) (int, bool) {
	return slices.BinarySearchFunc(w.joins, id, func(j *join, id uint64) int { return cmp.Compare(j.id, id) })
}

// fork spawns the children of a task that ran here; all are ready.
func (w *Worker) fork(env *protocols.Env, t *Task) {
	j := &join{id: t.ID, task: t, parts: make([]*Task, t.Width)}
	for i := range j.parts {
		c := *t
		c.ID, c.Parent, c.Place, c.Origin, c.Depth = PartID(t.ID, i), t.ID, uint16(i), env.Self, t.Depth-1
		j.parts[i] = &c
	}
	w.open(env, j)
}

// open begins a join, and lets all parts enter that are ready. A parent that ran
// here twice has its parts done once.
func (w *Worker) open(env *protocols.Env, j *join) {
	at, known := w.join(j.id)
	if known {
		return
	}
	j.done, j.missing = make([]bool, len(j.parts)), len(j.parts)
	w.joins = slices.Insert(w.joins, at, j)
	for i, t := range j.parts {
		if j.after == nil || len(j.after[i]) == 0 {
			w.spawn(env, j, t)
		}
	}
}

// spawn lets a part enter.
func (w *Worker) spawn(env *protocols.Env, j *join, t *Task) {
	env.Observe(Spawned, t.ID, t.Parent)
	if j.after != nil {
		for _, p := range j.after[t.Place] {
			env.Observe(Depends, t.ID, j.parts[p].ID)
		}
	}
	w.to.Submitted(env, w, t)
}

// partOver notes that a part is over: others may be ready now, or the whole is
// done. A part that was given up is the end of it.
func (w *Worker) partOver(env *protocols.Env, t *Task, done bool) {
	at, known := w.join(t.Parent)
	if !known || w.joins[at].done[t.Place] {
		return
	}
	j := w.joins[at]
	j.done[t.Place] = true
	j.missing--
	if !done || j.missing == 0 {
		w.joins = slices.Delete(w.joins, at, at+1)
		w.joined(env, j, done)
		return
	}
	for i := int(t.Place) + 1; i < len(j.parts) && j.after != nil; i++ {
		if _, waited := slices.BinarySearch(j.after[i], t.Place); waited && j.ready(i) {
			w.spawn(env, j, j.parts[i])
		}
	}
}

// part finds a part by its identity, nil if none has it. Cost: that of looking at
// all; only word that comes late asks.
func (w *Worker) part(id uint64) *Task {
	for _, j := range w.joins {
		for _, t := range j.parts {
			if t.ID == id {
				return t
			}
		}
	}
	return nil
}

// ready reports whether all that the part waits for is done.
func (j *join) ready(part int) bool {
	for _, p := range j.after[part] {
		if !j.done[p] {
			return false
		}
	}
	return true
}

// joined ends a task with all its parts, or a job.
func (w *Worker) joined(env *protocols.Env, j *join, done bool) {
	switch {
	case j.task == nil && done:
		env.Observe(Done, j.id, uint64(j.parts[0].At))
		w.strike(env, j.id)
	case j.task == nil:
		env.Observe(Rejected, j.id, uint64(PartRejected))
		w.strike(env, j.id)
	case done:
		w.done(env, j.task)
		w.to.Joined(env, w, j.task, true)
	default:
		w.Reject(env, j.task, PartRejected)
		w.to.Joined(env, w, j.task, false)
	}
}
