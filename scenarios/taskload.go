package scenarios

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"meshsim/protocols/task"
	"meshsim/scenarios/jobs"
)

// mulProbability is a product of two numbers in units of 2^-64.
func mulProbability(a, b uint64) uint64 {
	hi, _ := bits.Mul64(a, b)
	return hi
}

// checkSubmit reports tasks that no node can run, and fields without effect.
func (c *compiler) checkSubmit(s *Submission, path string) {
	needs := task.NewVector(s.Needs)
	able, room, fastest := len(needs) == 0, s.Memory == 0, task.Speed(1)
	ordered := map[string]bool{} // disciplines of queues
	for i := range c.Nodes {
		t := c.Nodes[i].Value.Protocols.Value.Task
		if t == nil {
			continue
		}
		fastest = max(fastest, t.Speed)
		ordered[t.Queue.Discipline] = true
		able = able || task.NewVector(t.Capabilities).Match(needs) >= t.Match
		room = room || t.Memory == 0 || int64(s.Memory) <= t.Memory
	}
	if !able {
		c.Report(path+".needs", "no node offers enough of %s; write it among the task.capabilities of a group", words(s.Needs))
	}
	if !room {
		c.Report(path+".memory", "no node has that much; write less, or a larger task.memory for a group")
	}
	if s.Trace != nil && (s.Rate.Count > 0 || s.Burst > 1 || s.Diurnal != nil) {
		c.Report(path+".trace", "stands beside a rate, a burst or diurnal, and has times of its own; write one of them")
	}
	if s.Diurnal != nil && s.Rate.Count == 0 {
		c.Report(path+".diurnal", "needs a rate, which is the highest")
	}
	c.warnSubmit(s, path, fastest, ordered)
}

// warnSubmit warns of what most likely is not meant.
func (c *compiler) warnSubmit(s *Submission, path string, fastest task.Speed, ordered map[string]bool) {
	least := fastest.Takes(s.Size)
	if s.Deadline > 0 && s.Deadline < least && s.Trace == nil {
		c.Warn(path+".deadline", "%v is shorter than the fastest node needs for a task of mean size, %v, so that most are late; write more", s.Deadline, least)
	}
	if s.Priority > 0 && !ordered["priority"] {
		c.Warn(path+".priority", "no queue looks at it; write task.queue: {discipline: priority}, or leave it out")
	}
	if c.Written(path+".tail") && s.Sizes != "pareto" {
		c.Warn(path+".tail", "means nothing to sizes: %s; leave it out, or write sizes: pareto", s.Sizes)
	}
	if s.Trace == nil {
		return
	}
	for _, key := range []string{"size", "sizes"} {
		if c.Written(path + "." + key) {
			c.Warn(path+"."+key, "means nothing beside a trace, which has sizes of its own; leave it out")
		}
	}
}

func words(list []task.Capability) string {
	var all []string
	for _, c := range list {
		b, _ := c.MarshalText()
		all = append(all, string(b))
	}
	return strings.Join(all, ", ")
}

// jobsOf reads the trace of an entry, nil if it has none.
func (c *compiler) jobsOf(l *Traffic, path string) (list []traced) {
	tr := l.Submit.Trace
	if tr == nil {
		return nil
	}
	all, err := jobs.Lookup(tr.Jobs)
	if err != nil {
		c.Report(path+".trace.jobs", "%v", err)
		return nil
	}
	stop := min(l.Stop, c.Run.Duration)
	list = []traced{}
	for _, j := range all {
		at := l.Start + time.Duration(mulDivWide(int64(j.At), int64(tr.Time), 1000))
		if at >= stop || l.Submit.Count > 0 && len(list) == l.Submit.Count {
			break
		}
		size := time.Duration(mulDivWide(j.Bytes*8, int64(time.Second), int64(tr.Bandwidth)))
		list = append(list, traced{at, min(max(size, 1), tr.Longest)})
	}
	return list
}

// mulDivWide is a·b/c rounded down, at most a century of nanoseconds.
func mulDivWide(a, b, c int64) int64 {
	const most = 100 * 365 * 24 * int64(time.Hour)
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return most
	}
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(min(q, uint64(most)))
}

// text tells what enters.
func (s *Submission) text() string {
	what, when := fmt.Sprintf("tasks of %v, %s", s.Size, s.Sizes), s.Flow.text()
	switch {
	case s.Trace != nil:
		what, when = "tasks like the jobs of "+s.Trace.Jobs, "as recorded"
	case s.DAG != nil:
		what = fmt.Sprintf("jobs (%s) of %s", s.DAG.Kind, what)
	}
	if s.Rate.Count == 0 && s.Trace == nil {
		when = fmt.Sprintf("%d at once", max(s.Count, 1)*s.Burst)
	}
	return fmt.Sprintf("submit %s to %s, %s", what, selectorText(s.To), when)
}

// submitted is about how many tasks an entry lets in, and their size.
func (l *Traffic) submitted(duration time.Duration) float64 {
	s := l.Submit
	switch {
	case s.Trace != nil:
		return 5894
	case s.Rate.Count == 0:
		return float64(max(s.Count, 1) * s.Burst)
	}
	n := seconds(max(min(l.Stop, duration)-l.Start, 0)) * float64(s.Rate.Count) / seconds(s.Rate.Per)
	if s.Count > 0 {
		n = min(n, float64(s.Count))
	}
	return float64(n * float64(s.Burst))
}
