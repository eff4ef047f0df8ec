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
func (j *judge) eventually(e *Eventually) Verdict {
	var all []waiting
	idle := 0
	for _, r := range j.runs {
		w := j.waitings(e, r)
		if len(w) == 0 {
			idle++
		}
		all = append(all, w...)
	}
	if len(all) == 0 {
		return Verdict{Outcome: Undecided, Text: "there was nothing to reach it"}
	}
	var in, late, open int
	var slowest time.Duration
	var details []string
	var first uint64
	for _, w := range all {
		switch {
		case w.reached && (!e.timely || w.after <= e.within):
			in++
			slowest = max(slowest, w.after)
			continue
		case e.timely && (w.reached || w.watched >= e.within):
			if late++; late == 1 {
				first = w.seed
			}
		default:
			open++
		}
		if len(details) < 100 {
			details = append(details, w.tell())
		}
	}
	text := fmt.Sprintf("%d of %d, the slowest after %v", in, len(all), slowest.Round(time.Millisecond))
	if idle > 0 {
		text += fmt.Sprintf("; in %d of %d runs there was nothing to reach it", idle, len(j.runs))
	}
	switch {
	case late > 0:
		return Verdict{Outcome: Violated, Text: fmt.Sprintf("%d of %d came too late or not at all", late, len(all)), Detail: few(details)}.shown(first)
	case open > 0:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("%d of %d had not reached it when the run ended, too early to tell", open, len(all)), Detail: few(details)}
	}
	return Verdict{Outcome: Holds, Text: text}
}

func (w *waiting) tell() string {
	if w.reached {
		return fmt.Sprintf("seed %d, %s: after %v", w.seed, w.what, w.after.Round(time.Millisecond))
	}
	return fmt.Sprintf("seed %d, %s: not within the %v left", w.seed, w.what, w.watched.Round(time.Millisecond))
}

// waitings lists what is to reach the level in a run: the items of a metric that
// has them, else the run itself, from its start.
func (j *judge) waitings(e *Eventually, r *sim.Result) []waiting {
	metric := e.name.text
	if levels := j.s.base.Goals[metric]; slices.Contains(levels, e.value.number) {
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
