package task

import (
	"meshsim/protocols"
)

// onSubmit takes what enters from outside.
func (w *Worker) onSubmit(env *protocols.Env, m *Submit) {
	if m.check() != nil {
		return
	}
	id := m.id()
	env.Observe(Submitted, id, uint64(m.Tasks[0].At))
	if w.Announce {
		env.Announce(protocols.Event{Kind: protocols.TaskSubmitted, ID: id, Value: uint64(m.Tasks[0].Size)})
	}
	if w.readOnly {
		env.Observe(Rejected, id, uint64(ReadOnly))
		return
	}
	w.enter(env, m)
	w.admit(env, m)
}

// id is the job's, or the task's.
func (m *Submit) id() uint64 {
	if m.Job != 0 {
		return m.Job
	}
	return m.Tasks[0].ID
}

// admit lets the tasks of a submission enter.
func (w *Worker) admit(env *protocols.Env, m *Submit) {
	if m.Job == 0 {
		w.to.Submitted(env, w, m.Tasks[0].from(env.Self))
		return
	}
	j := &join{id: m.Job, after: m.After, parts: make([]*Task, len(m.Tasks))}
	for i, t := range m.Tasks {
		c := *t
		c.ID, c.Parent, c.Place, c.Origin = PartID(m.Job, i), m.Job, uint16(i), env.Self
		j.parts[i] = &c
	}
	w.open(env, j)
}

// from is the task with that origin; itself, if it has it.
func (t *Task) from(origin protocols.NodeID) *Task {
	if t.Origin == origin {
		return t
	}
	c := *t
	c.Origin = origin
	return &c
}
