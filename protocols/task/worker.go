package task

import (
	"fmt"
	"slices"
	"time"

	"meshsim/protocols"
)

// shared is what all nodes of a group have in common.
type shared struct {
	Config
	world  protocols.World
	offers Vector
}

func newShared(c Config, w protocols.World) *shared {
	c.Cores = max(c.Cores, 1)
	return &shared{c, w, NewVector(c.Capabilities)}
}

// Worker is what a node has of tasks, whatever the strategy: cores, a queue, the
// hand-overs under way, and the tasks that it answers for. Strategies are handed
// it with every call.
type Worker struct {
	*shared
	to         Strategy
	queue      queue
	cores      []run
	memory     int64 // that running tasks need
	running    int
	idle       bool // the strategy knows that nothing waits
	overloaded bool // and that too much does
	readOnly   bool
	renewing   bool // the lease timer is set
	reporting  bool // the report timer is set

	sequence uint32
	gives    []*give            // under way, in the order of their sequence
	recent   []taken            // hand-overs that were answered last
	failed   []protocols.NodeID // peers confirmed gone, ascending
	ledger   []*entry           // tasks that other nodes have and this one answers for, ascending by task
	joins    []*join            // tasks and jobs with parts that are not done, ascending
	reports  []report           // not acknowledged
	foreign  []*Task            // in hand, with an origin elsewhere, if leases hold
	seconds  []*Task            // of tasks in hand, but with another origin that waits for word, too
	journal  *journal           // nil: none
}

// begin boots the worker.
func (w *Worker) begin(env *protocols.Env, s Strategy) {
	w.to = s
	w.queue.discipline = disciplineOf(w.Queue.Discipline)
	w.cores = make([]run, w.Cores)
	w.sequence = uint32(env.Rand.Uint64())
}

// Members are the nodes that run the protocol, ascending; do not change them.
func (w *Worker) Members() []protocols.NodeID { return w.world.Members }

// Topology tells who knows whom.
func (w *Worker) Topology() protocols.Topology { return w.world.Topology }

// Settings is what the node was told.
func (w *Worker) Settings() *Config { return &w.Config }

// Waiting is the number of tasks in the queue.
func (w *Worker) Waiting() int { return w.queue.len() }

// Backlog is the size of all tasks in the queue.
func (w *Worker) Backlog() time.Duration { return w.queue.work }

// Running is the number of tasks that run.
func (w *Worker) Running() int { return w.running }

// Load is the number of tasks here, waiting or running.
func (w *Worker) Load() int { return w.queue.len() + w.running }

// Free is the number of cores that nothing runs on.
func (w *Worker) Free() int { return w.Cores - w.running }

// Offers are the capabilities of the node; do not change them.
func (w *Worker) Offers() Vector { return w.offers }

// ReadOnly reports whether this side of a partition must take no tasks.
func (w *Worker) ReadOnly() bool { return w.readOnly }

// Able reports whether the node could ever run the task.
func (w *Worker) Able(t *Task) bool {
	return (w.Memory == 0 || t.Memory <= w.Memory) && (len(t.Needs) == 0 || w.offers.Match(t.Needs) >= w.Match)
}

// Room reports whether the node may take the task now.
func (w *Worker) Room(t *Task) bool {
	return !w.readOnly && w.queue.len() < w.Queue.Limit && w.Able(t)
}

// Alive reports whether a peer is not known to have failed.
func (w *Worker) Alive(id protocols.NodeID) bool {
	_, gone := slices.BinarySearch(w.failed, id)
	return !gone
}

// down notes that a peer has failed; false if that is known.
func (w *Worker) down(id protocols.NodeID) bool {
	at, known := slices.BinarySearch(w.failed, id)
	if !known {
		w.failed = slices.Insert(w.failed, at, id)
	}
	return !known
}

func (w *Worker) up(id protocols.NodeID) {
	if at, known := slices.BinarySearch(w.failed, id); known {
		w.failed = slices.Delete(w.failed, at, at+1)
	}
}

// Sample draws up to n distinct members that are not known to have failed, self
// among them only if it may be; fewer if there are not as many. Two calls from
// the same place in a stream begin alike.
func (w *Worker) Sample(env *protocols.Env, n int, self bool) (list []protocols.NodeID) {
	members := w.world.Members
	most := min(n+len(w.failed)+1, len(members))
	places := env.Rand.Sample(make([]int, most), len(members))
	for _, i := range places {
		if id := members[i]; len(list) < n && (self || id != env.Self) && w.Alive(id) {
			list = append(list, id)
		}
	}
	return list
}

// Keep puts a task into the queue. Without room, or if the node could never run
// it, the task is rejected, and Keep returns false.
func (w *Worker) Keep(env *protocols.Env, t *Task) bool {
	switch {
	case w.Memory > 0 && t.Memory > w.Memory:
		w.Reject(env, t, TooLarge)
	case !w.Able(t):
		w.Reject(env, t, Unable)
	case w.queue.len() >= w.Queue.Limit && (w.running == w.Cores || w.queue.len() > 0):
		w.Reject(env, t, Full)
	default:
		w.queue.push(t)
		return true
	}
	return false
}

// Reject gives a task up for good.
func (w *Worker) Reject(env *protocols.Env, t *Task, why Reason) {
	env.Observe(Rejected, t.ID, uint64(why))
	w.report(env, t, KindGiveUp)
}

// Take removes from the queue the task that would run last; nil if none waits.
// The caller must place it.
func (w *Worker) Take() *Task { return w.queue.steal() }

// TakeIf removes the first task for which the strategy says so, beginning with
// the one that would run last; nil if there is none. The caller must place it.
func (w *Worker) TakeIf(wanted func(t *Task) bool) *Task {
	for n, i := w.queue.len(), 0; i < n; i++ {
		at := n - 1 - i
		if w.queue.discipline == lifo {
			at = i
		}
		if wanted(w.queue.at(at)) {
			return w.queue.remove(at)
		}
	}
	return nil
}

// has lists the tasks and jobs that the worker has or answers for.
func (w *Worker) has() (ids []uint64) {
	for i := range w.queue.len() {
		ids = append(ids, w.queue.at(i).ID)
	}
	for i := range w.cores {
		if t := w.cores[i].task; t != nil {
			ids = append(ids, t.ID)
		}
	}
	for _, g := range w.gives {
		for _, t := range g.tasks {
			ids = append(ids, t.ID)
		}
	}
	for _, e := range w.ledger {
		ids = append(ids, e.task.ID)
	}
	for _, j := range w.joins {
		ids = append(ids, j.id)
	}
	return ids
}

// waits says what keeps tasks from being done here.
func (w *Worker) waits() string {
	switch {
	case len(w.gives) > 0:
		return fmt.Sprintf("node %d to take %d tasks, after %d tries", w.gives[0].node, len(w.gives[0].tasks), w.gives[0].tries)
	case w.Load() > 0:
		return fmt.Sprintf("its cores, for %d tasks that run and %d that wait", w.running, w.queue.len())
	case len(w.ledger) > 0:
		return fmt.Sprintf("word of %d tasks that others have, first %v", len(w.ledger), w.ledger[0].task)
	case len(w.joins) > 0:
		return fmt.Sprintf("%d parts of %x", w.joins[0].missing, w.joins[0].id)
	}
	return ""
}
