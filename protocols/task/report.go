package task

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// report tells the origins of a task in hand that it is done, or given up.
func (w *Worker) report(env *protocols.Env, t *Task, kind protocols.Kind) {
	w.release(t)
	w.tell(env, t, kind)
	for _, x := range w.takeSeconds([]*Task{t}) {
		w.release(x)
		w.tell(env, x, kind)
	}
}

// tell tells the origin of a task that it is over.
func (w *Worker) tell(env *protocols.Env, t *Task, kind protocols.Kind) {
	switch {
	case t.Origin == env.Self:
		w.over(env, t.ID, t, kind)
	case w.Lease > 0 || t.Parent != 0:
		w.reports = append(w.reports, report{t.Origin, kind, t.ID})
		env.Send(t.Origin, &Tally{kind: kind, IDs: []uint64{t.ID}})
		w.setReport(env)
	}
}

func (w *Worker) setReport(env *protocols.Env) {
	if !w.reporting {
		w.reporting = true
		env.SetTimer(protocols.Timer(reportTimer, 0), w.Acknowledge)
	}
}

// onReports repeats what was not acknowledged, but not to those who failed.
func (w *Worker) onReports(env *protocols.Env) {
	w.reporting = false
	w.reports = slices.DeleteFunc(w.reports, func(r report) bool { return !w.Alive(r.to) })
	slices.SortFunc(w.reports, func(a, b report) int {
		return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
	})
	for i := 0; i < len(w.reports); {
		first, ids := w.reports[i], []uint64(nil)
		for ; i < len(w.reports) && w.reports[i].to == first.to && w.reports[i].kind == first.kind; i++ {
			ids = append(ids, w.reports[i].id)
		}
		env.Send(first.to, &Tally{kind: first.kind, IDs: ids})
	}
	if len(w.reports) > 0 {
		w.setReport(env)
	}
}

// onReport hears that tasks are done or given up, whoever has done it. Of a task
// that was reclaimed meanwhile that counts, too; it is not called back.
func (w *Worker) onReport(env *protocols.Env, from protocols.NodeID, m *Tally) {
	for _, id := range m.IDs {
		var t *Task
		if at, known := w.entry(id); known {
			t = w.ledger[at].task
			w.ledger = slices.Delete(w.ledger, at, at+1)
			env.Observe(Reported, id, uint64(from))
		} else {
			t = w.doneUnderWay(env, id)
		}
		w.over(env, id, t, m.kind)
	}
	env.Send(from, &Tally{kind: KindReported, IDs: m.IDs})
}

// onReported forgets reports that arrived.
func (w *Worker) onReported(from protocols.NodeID, m *Tally) {
	w.reports = slices.DeleteFunc(w.reports, func(r report) bool {
		return r.to == from && slices.Contains(m.IDs, r.id)
	})
}

// over notes at the origin that a task is over. t is nil if it is not in the
// ledger any more.
func (w *Worker) over(env *protocols.Env, id uint64, t *Task, kind protocols.Kind) {
	if t == nil || t.Parent == 0 {
		w.strike(env, id)
	}
	switch {
	case t == nil:
		t = w.part(id)
	case t.Parent == 0:
		return
	}
	if t != nil {
		w.partOver(env, t, kind == KindReport)
	}
}
