package task

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// entry is a task that another node has and this one, its origin, answers for.
type entry struct {
	task   *Task
	holder protocols.NodeID
	until  protocols.Time // the lease; renewed by whoever has the task
}

// report is word of a task for its origin, which has not acknowledged it.
type report struct {
	to   protocols.NodeID
	kind protocols.Kind
	id   uint64
}

// answersFor reports whether the node keeps account of a task that it gives away:
// of what entered here, if leases hold, and of parts in any case.
func (w *Worker) answersFor(env *protocols.Env, t *Task) bool {
	return t.Origin == env.Self && (w.Lease > 0 || t.Parent != 0)
}

func (w *Worker) entry(id uint64) (int, bool) {
	return slices.BinarySearchFunc(w.ledger, id, func(e *entry, id uint64) int { return cmp.Compare(e.task.ID, id) })
}

// lease notes that another node has the task.
func (w *Worker) lease(env *protocols.Env, t *Task, to protocols.NodeID) {
	until := env.Now + protocols.Time(w.Lease)
	at, known := w.entry(t.ID)
	if known {
		w.ledger[at].holder, w.ledger[at].until = to, until
		return
	}
	w.ledger = slices.Insert(w.ledger, at, &entry{t, to, until})
	w.setLease(env)
}

// adopt notes that a task is in hand that was handed over.
func (w *Worker) adopt(env *protocols.Env, t *Task) {
	if t.Origin == env.Self {
		if at, known := w.entry(t.ID); known { // it came home
			w.ledger = slices.Delete(w.ledger, at, at+1)
		}
		return
	}
	if w.Lease > 0 {
		w.foreign = append(w.foreign, t)
		w.setLease(env)
	}
}

// release notes that a task is not in hand any more.
func (w *Worker) release(t *Task) {
	if at := slices.Index(w.foreign, t); at >= 0 {
		last := len(w.foreign) - 1
		w.foreign[at] = w.foreign[last]
		w.foreign[last] = nil
		w.foreign = w.foreign[:last]
	}
}

// leaseParts is how often in the time of a lease those renew who have tasks.
const leaseParts = 3

// setLease makes sure that leases are looked at.
func (w *Worker) setLease(env *protocols.Env) {
	if !w.renewing && w.Lease > 0 {
		w.renewing = true
		env.SetTimer(protocols.Timer(leaseTimer, 0), w.Lease/leaseParts)
	}
}

// onLeases renews what came from others, and takes back what was not renewed.
// A side of a partition that must not write cannot tell who is gone.
func (w *Worker) onLeases(env *protocols.Env) {
	w.renewing = false
	w.renew(env)
	var over []*entry
	if !w.readOnly {
		w.ledger = slices.DeleteFunc(w.ledger, func(e *entry) bool {
			if e.until <= env.Now {
				over = append(over, e)
			}
			return e.until <= env.Now
		})
	}
	for _, e := range over {
		w.reclaim(env, e)
	}
	if len(w.ledger)+len(w.foreign) > 0 {
		w.setLease(env)
	}
}

// renew tells each origin which of its tasks are here.
func (w *Worker) renew(env *protocols.Env) {
	slices.SortFunc(w.foreign, func(a, b *Task) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.ID, b.ID))
	})
	for i := 0; i < len(w.foreign); {
		to, ids := w.foreign[i].Origin, []uint64(nil)
		for ; i < len(w.foreign) && w.foreign[i].Origin == to; i++ {
			ids = append(ids, w.foreign[i].ID)
		}
		env.Send(to, &Tally{kind: KindRenew, IDs: ids})
	}
}

// onRenew prolongs leases.
func (w *Worker) onRenew(env *protocols.Env, from protocols.NodeID, m *Tally) {
	for _, id := range m.IDs {
		if at, known := w.entry(id); known {
			w.ledger[at].holder, w.ledger[at].until = from, env.Now+protocols.Time(w.Lease)
		}
	}
}

// reclaim lets a task enter anew that is out of the ledger.
func (w *Worker) reclaim(env *protocols.Env, e *entry) {
	env.Observe(Reclaimed, e.task.ID, uint64(e.holder))
	w.to.Submitted(env, w, e.task)
}

// reclaimFrom takes back what a peer has that failed.
func (w *Worker) reclaimFrom(env *protocols.Env, peer protocols.NodeID) {
	var lost []*give
	w.gives = slices.DeleteFunc(w.gives, func(g *give) bool {
		if g.node == peer {
			lost = append(lost, g)
			env.StopTimer(protocols.Timer(giveTimer, uint64(g.message.Sequence)))
		}
		return g.node == peer
	})
	for _, g := range lost {
		w.giveBack(env, g)
	}
	var gone []*entry
	w.ledger = slices.DeleteFunc(w.ledger, func(e *entry) bool {
		if e.holder == peer {
			gone = append(gone, e)
		}
		return e.holder == peer
	})
	for _, e := range gone {
		w.reclaim(env, e)
	}
}
