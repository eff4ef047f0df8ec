package task

import (
	"time"

	"meshsim/protocols"
)

// run is a core and the task that runs on it.
type run struct {
	task  *Task          // nil: the core is free
	left  time.Duration  // of core time, for which no slice has begun
	until protocols.Time // when the slice under way ends
}

// Execution charges the node's CPU: a call asks for the time of a slice, which
// keeps one core of the node until the call ends, and sets a timer for that end.
// What else comes to the node meanwhile waits for a core, so the longest slice
// is the longest that a node with no core to spare is silent. What a call sends
// leaves at its end, too: one that sends, or sets other timers, must not work.
// So a slice begins in the call that caused it only if that call does nothing
// else; otherwise a timer that is due at once makes a call of its own for it.

// settle is the end of every call: what can run begins to.
func (w *Worker) settle(env *protocols.Env) {
	started, last := 0, 0
	for w.running < w.Cores {
		t := w.next()
		if t == nil {
			if w.idle || w.queue.len() > 0 {
				break
			}
			w.idle = true
			w.to.Idle(env, w)
			continue
		}
		if started > 0 {
			w.begins(env, last)
		}
		last = w.start(env, t)
		started++
	}
	w.watchQueue(env)
	switch quiet := len(env.Sends)+len(env.Timers)+len(env.Announcements) == 0 && env.Busy == 0; {
	case started > 0 && quiet:
		w.slice(env, last)
	case started > 0:
		w.begins(env, last)
	}
}

// begins lets the task of a core begin in a call of its own.
func (w *Worker) begins(env *protocols.Env, core int) {
	env.SetTimer(protocols.Timer(runTimer, uint64(core)), 0)
}

// watchQueue tells the strategy when too much waits.
func (w *Worker) watchQueue(env *protocols.Env) {
	over := w.Queue.High > 0 && w.queue.len() > w.Queue.High
	if over && !w.overloaded {
		w.overloaded = true
		w.to.Overloaded(env, w)
		return
	}
	w.overloaded = over
}

// next takes the task that may run now: the first of the queue, if its memory is
// free.
func (w *Worker) next() *Task {
	t := w.queue.pop()
	if t != nil && w.Memory > 0 && w.memory+t.Memory > w.Memory {
		w.queue.unpop(t)
		return nil
	}
	return t
}

// start puts a task on a free core, and returns which.
func (w *Worker) start(env *protocols.Env, t *Task) (core int) {
	for w.cores[core].task != nil {
		core++
	}
	w.cores[core] = run{task: t, left: w.Speed.takes(t.Size)}
	w.running++
	w.memory += t.Memory
	w.idle = false
	env.Observe(Started, t.ID, t.asked())
	if len(t.Needs) > 0 {
		able := uint64(0)
		if w.offers.Match(t.Needs) >= w.Match {
			able = 1
		}
		env.Observe(Matched, t.ID, able)
	}
	return core
}

// slice runs the task of a core for a while.
func (w *Worker) slice(env *protocols.Env, core int) {
	r := &w.cores[core]
	d := r.left
	if w.Slice > 0 && !w.Spare {
		d = min(d, w.Slice)
	}
	r.left -= d
	r.until = env.Now + protocols.Time(d)
	env.Work(d)
	env.SetTimer(protocols.Timer(runTimer, uint64(core)), 0)
}

// onRun begins the next slice of a core's task, or ends the task.
func (w *Worker) onRun(env *protocols.Env, core int) {
	if core >= len(w.cores) || w.cores[core].task == nil {
		return
	}
	if w.cores[core].left > 0 {
		w.slice(env, core)
		return
	}
	t := w.cores[core].task
	w.cores[core] = run{}
	w.running--
	w.memory -= t.Memory
	w.idle = false
	w.ran(env, t)
}

// ran is told what ran here to its end.
func (w *Worker) ran(env *protocols.Env, t *Task) {
	env.Observe(Ran, t.ID, uint64(w.Speed.takes(t.Size)))
	if t.Forks() {
		w.fork(env, t)
	} else {
		w.done(env, t)
	}
	w.to.Ran(env, w, t)
}

// done notes that a task in hand, and all its parts, are done.
func (w *Worker) done(env *protocols.Env, t *Task) {
	env.Observe(Done, t.ID, t.asked())
	if due := t.Due(); due > 0 && env.Now > due {
		env.Observe(Late, t.ID, uint64(env.Now-due))
	}
	if w.Announce {
		env.Announce(protocols.Event{Kind: protocols.TaskDone, Node: env.Self, ID: t.ID})
	}
	w.report(env, t, KindReport)
}

// asked is what observations tell of when a task was asked for.
func (t *Task) asked() uint64 {
	if t.Parent != 0 {
		return 0
	}
	return uint64(t.At)
}
