package task

import (
	"math"
	"time"

	"meshsim/protocols"
)

// Ahead is for how long all cores together have work at a time: what waits, and
// what is left of what runs, its slices under way included.
func (w *Worker) Ahead(now protocols.Time) time.Duration {
	all := time.Duration(0)
	if w.queue.len() > 0 {
		all = w.Speed.takes(w.queue.work)
	}
	for i := range w.cores {
		if r := &w.cores[i]; r.task != nil {
			all += min(r.left+time.Duration(max(r.until-now, 0)), math.MaxInt64-all)
		}
	}
	return all / time.Duration(w.Cores)
}

// Takes is how long a core of that speed is busy with a size, at least 1ns.
func (s Speed) Takes(size time.Duration) time.Duration { return s.takes(size) }
