package task

import (
	"math"
	"time"
)

// Ahead is for how long all cores together have work: what waits, and what is
// left of what runs, save the slices that have begun.
func (w *Worker) Ahead() time.Duration {
	all := w.Speed.takes(w.queue.work)
	for i := range w.cores {
		if w.cores[i].task != nil {
			all += min(w.cores[i].left, math.MaxInt64-all)
		}
	}
	if w.queue.len() == 0 {
		all-- // nothing takes 1ns, too
	}
	return all / time.Duration(w.Cores)
}

// Takes is how long a core of that speed is busy with a size, at least 1ns.
func (s Speed) Takes(size time.Duration) time.Duration { return s.takes(size) }
