package heartbeat

import (
	"time"

	"meshsim/protocols"
)

// quality measures the quality of service of Chen, Toueg, Aguilera (section 2): how
// often and how long members are suspected that are up.
type quality struct {
	from, span    protocols.Time // the warmup; how far back a cause may lie
	watches       []watched      // by each member
	watchTime     int64          // microseconds for which pairs were watched
	mistakes      map[pair]mistake
	open          int // mistakes that go on
	count         int
	durations     []duration
	mistakeTime   int64 // microseconds
	falseFailures int
	causes        [causeCount]int
}

// watched is how many peers a member watches, and when it was late last.
type watched struct {
	peers        int
	since        protocols.Time
	late, lateBy protocols.Time
}

// mistake is a suspicion of a member that is up.
type mistake struct {
	at      protocols.Time
	parted  bool
	restart bool
}

// duration is a mistake from its beginning to its end. Those that a crash or the end of
// the run cuts off have none: the few of them would only make a mean undecided.
type duration struct{ from, to protocols.Time }

// The causes of mistakes.
const (
	byPartition = iota
	bySlowness
	byRestart
	byLoss
	causeCount
)

var causeMetrics = [causeCount]string{"mistakes_partition", "mistakes_slow", "mistakes_restart", "mistakes_loss"}

func newQuality(members int, warmup protocols.Time, span time.Duration) quality {
	q := quality{from: warmup, span: protocols.Time(span), watches: make([]watched, members), mistakes: map[pair]mistake{}}
	for i := range q.watches {
		q.watches[i].late = never
	}
	return q
}

// observe takes in what a member says of itself.
func (q *quality) observe(by int, o protocols.Observed) {
	w := &q.watches[by]
	switch o.Kind {
	case Watching:
		q.tick(w, o.At)
		w.peers = int(o.Value)
	case Late:
		w.late, w.lateBy = o.At, protocols.Time(o.Value)
	}
}

// tick counts the time for which a member has watched.
func (q *quality) tick(w *watched, at protocols.Time) {
	if from := max(w.since, q.from); at > from {
		q.watchTime += int64(w.peers) * int64((at-from)/1000)
	}
	w.since = at
}

// begin notes a mistake.
func (q *quality) begin(t *truth, by, of int, at protocols.Time) {
	p := pair{uint32(by), uint32(of)}
	if _, ok := q.mistakes[p]; ok {
		return
	}
	n := &t.nodes[of]
	q.mistakes[p] = mistake{at, t.parted || at-t.cut < q.span && t.cut != never, n.lives > 1 && at-n.since < q.span}
	q.open++
}

// end counts one that is over.
func (q *quality) end(t *truth, by, of int, at protocols.Time) { q.close(t, by, of, at, false) }

func (q *quality) close(t *truth, by, of int, at protocols.Time, cut bool) {
	p := pair{uint32(by), uint32(of)}
	m, ok := q.mistakes[p]
	if !ok {
		return
	}
	delete(q.mistakes, p)
	q.open--
	if at > q.from {
		q.mistakeTime += int64((at - max(m.at, q.from)) / 1000)
	}
	if m.at < q.from {
		return
	}
	q.count++
	q.causes[q.cause(t, by, of, m)]++
	if !cut {
		q.durations = append(q.durations, duration{m.at, at})
	}
}

// cause is why a mistake was made, as far as the truth tells.
func (q *quality) cause(t *truth, by, of int, m mistake) int {
	switch {
	case m.parted:
		return byPartition
	case q.slow(t, by, m.at) || q.slow(t, of, m.at):
		return bySlowness
	case m.restart:
		return byRestart
	}
	return byLoss
}

// slow reports whether a member was frozen, or late, not long before or at a time.
func (q *quality) slow(t *truth, place int, at protocols.Time) bool {
	n, w := &t.nodes[place], &q.watches[place]
	return n.frozen || n.thawed != never && at-n.thawed < q.span ||
		w.late != never && at-w.late < q.span && w.late-w.lateBy <= at
}

// down ends what a member held, and what was held of it: it is right now.
func (q *quality) down(t *truth, place int, at protocols.Time) {
	q.tick(&q.watches[place], at)
	q.watches[place].peers = 0
	for of, d := range t.doubts {
		if d != nil && (d.suspected.has(place) || d.failed.has(place)) {
			q.close(t, place, of, at, true)
		}
	}
	if d := t.doubts[place]; d != nil {
		d.suspected.each(func(by int) { q.close(t, by, place, at, true) })
	}
}

// over counts what goes on at the end of the run.
func (q *quality) over(t *truth, at protocols.Time) {
	for i := range q.watches {
		q.tick(&q.watches[i], at)
	}
	for of, d := range t.doubts {
		if d != nil {
			d.suspected.each(func(by int) { q.close(t, by, of, at, true) })
		}
	}
}
