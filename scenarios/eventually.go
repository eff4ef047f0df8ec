package scenarios

import (
	"fmt"
	"slices"
	"time"

	"meshsim/sim"
)

// A waiting is something that is to reach a level: an item, or a whole run.
type waiting struct {
	seed    uint64
	what    string
	after   time.Duration
	reached bool
	watched time.Duration // how long it was followed
}

// eventually asks whether everything reached the level in time. What had less
// time than the expectation gives is undecided.
func (j *judge) eventually(e *Eventually, at int) Verdict {
	var sum Reaching
	idle := 0
	var first uint64
	for _, r := range j.runs {
		w := &r.Eventually[at]
		if w.All == 0 {
			idle++
		}
		if w.Late > 0 && sum.Late == 0 {
			first = r.Seed
		}
		sum.add(w)
	}
	if sum.All == 0 {
		return Verdict{Outcome: Undecided, Text: "there was nothing to reach it"}
	}
	text := fmt.Sprintf("%d of %d, the slowest after %v", sum.In, sum.All, sum.Slowest.Round(time.Millisecond))
	if idle > 0 {
		text += fmt.Sprintf("; in %d of %d runs there was nothing to reach it", idle, len(j.runs))
	}
	switch open := sum.All - sum.In - sum.Late; {
	case sum.Late > 0:
		return Verdict{Outcome: Violated, Text: fmt.Sprintf("%d of %d came too late or not at all", sum.Late, sum.All), Detail: few(sum.Missed)}.shown(first)
	case open > 0:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("%d of %d had not reached it when the run ended, too early to tell", open, sum.All), Detail: few(sum.Missed)}
	}
	return Verdict{Outcome: Holds, Text: text}
}

// mostTold bounds what is kept of things that did not reach their level.
const mostTold = 100

// add counts another run's.
func (w *Reaching) add(o *Reaching) {
	w.All, w.In, w.Late = w.All+o.All, w.In+o.In, w.Late+o.Late
	w.Slowest = max(w.Slowest, o.Slowest)
	w.Missed = append(w.Missed, o.Missed[:min(len(o.Missed), mostTold-len(w.Missed))]...)
}

// reaching is what became of what was to reach the level in a run.
func (s *Scenario) reaching(e *Eventually, r *sim.Result) Reaching {
	var out Reaching
	for _, w := range s.waitings(e, r) {
		out.All++
		switch {
		case w.reached && (!e.timely || w.after <= e.within):
			out.In++
			out.Slowest = max(out.Slowest, w.after)
			continue
		case e.timely && (w.reached || w.watched >= e.within):
			out.Late++
		}
		if len(out.Missed) < mostTold {
			out.Missed = append(out.Missed, w.tell())
		}
	}
	return out
}

func (w *waiting) tell() string {
	if w.reached {
		return fmt.Sprintf("seed %d, %s: after %v", w.seed, w.what, w.after.Round(time.Millisecond))
	}
	return fmt.Sprintf("seed %d, %s: not within the %v left", w.seed, w.what, w.watched.Round(time.Millisecond))
}

// waitings lists what is to reach the level in a run: the items of a metric that
// has them, else the run itself, from its start.
func (s *Scenario) waitings(e *Eventually, r *sim.Result) []waiting {
	metric := e.name.text
	if levels := s.base.Goals[metric]; slices.Contains(levels, e.value.number) {
		var out []waiting
		for _, it := range r.Reached(metric, e.value.number) {
			out = append(out, waiting{seed: r.Seed, what: fmt.Sprintf("begun at %v", time.Duration(it.Since)),
				after: it.After, reached: it.OK, watched: r.End - time.Duration(it.Since)})
		}
		return out
	}
	w := waiting{seed: r.Seed, what: "the run", watched: r.End}
	for _, p := range r.Series(metric) {
		if e.compare(p.Value) {
			w.reached, w.after = true, time.Duration(p.At)
			break
		}
	}
	return []waiting{w}
}
