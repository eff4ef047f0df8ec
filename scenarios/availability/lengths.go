package availability

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Lengths is a sample of lengths of sessions or downtimes, rounded to a
// resolution, some of them censored.
type Lengths struct {
	Resolution time.Duration
	N          int     // lengths, censored ones included
	Censored   int     // of these are lower bounds
	classes    []class // ascending
	total      float64 // of all weights
}

// class holds the lengths within half a resolution of k resolutions. The first
// one, k = 1, begins at 0.
type class struct {
	k               int64
	ended, censored float64 // weights
}

// begin, middle and end bound a class, in seconds. A lower bound of a length is
// exact enough at its class's middle.
func (l *Lengths) begin(c class) float64 {
	if c.k == 1 {
		return 0
	}
	return float64((float64(c.k) - 0.5) * l.Resolution.Seconds())
}

func (l *Lengths) middle(c class) float64 { return float64(float64(c.k) * l.Resolution.Seconds()) }
func (l *Lengths) end(c class) float64    { return float64((float64(c.k) + 0.5) * l.Resolution.Seconds()) }

type length struct {
	d        time.Duration
	censored bool
	weight   float64
}

func newLengths(resolution time.Duration, list []length) *Lengths {
	l := &Lengths{Resolution: resolution, N: len(list)}
	byLength := func(a, b length) int { return cmp.Compare(a.k(resolution), b.k(resolution)) }
	slices.SortStableFunc(list, byLength)
	for _, x := range list {
		k := x.k(resolution)
		if n := len(l.classes); n == 0 || l.classes[n-1].k != k {
			l.classes = append(l.classes, class{k: k})
		}
		c := &l.classes[len(l.classes)-1]
		if x.censored {
			l.Censored++
			c.censored += x.weight
		} else {
			c.ended += x.weight
		}
		l.total += x.weight
	}
	return l
}

func (x length) k(resolution time.Duration) int64 {
	return max(int64((x.d+resolution/2)/resolution), 1)
}

// Lengths returns the lengths of the sessions and of the downtimes between them
// in a trace that was probed once every resolution, for fitting.
//
// A session that was on when the measurement of its node began is left out: it
// had begun at some time before, and long sessions are more likely to be met so.
// What was still on at the end is kept as censored: it would have lasted at
// least as long. A session that ends within a resolution of the end of the trace
// was still on; if a node's last session ended before that, the downtime after
// it is the censored one. Sessions that begin within the measurement are a fair
// sample of all sessions, so no other correction is needed.
//
// With byNode each node counts alike, however many sessions it had; otherwise
// each session does.
func (t *Trace) Lengths(resolution time.Duration, byNode bool) (up, down *Lengths) {
	if resolution <= 0 {
		panic("availability: Lengths needs a resolution above 0")
	}
	var ups, downs []length
	for _, row := range t.Rows {
		u, d := t.lengthsOf(row, resolution)
		if byNode {
			share(u)
			share(d)
		}
		ups, downs = append(ups, u...), append(downs, d...)
	}
	return newLengths(resolution, ups), newLengths(resolution, downs)
}

func (t *Trace) lengthsOf(row Row, resolution time.Duration) (up, down []length) {
	for i, s := range row.Up {
		last := i == len(row.Up)-1
		on := last && s.End > t.End-resolution
		if i > 0 {
			up = append(up, length{s.End - s.Start, on, 1})
		}
		switch {
		case !last:
			down = append(down, length{row.Up[i+1].Start - s.End, false, 1})
		case !on:
			down = append(down, length{t.End - s.End, true, 1})
		}
	}
	return up, down
}

// share gives a node's lengths a weight of 1 in all.
func share(list []length) {
	for i := range list {
		list[i].weight = 1 / float64(len(list))
	}
}

// survival is the estimate of Kaplan and Meier (1958) of the share of lengths
// that exceed each class.
func (l *Lengths) survival() []float64 {
	s, atRisk := 1.0, l.total
	all := make([]float64, len(l.classes))
	for i, c := range l.classes {
		// What is censored in a class is taken to have ended after it.
		if atRisk > 0 {
			s = float64(s * math.Max(1-c.ended/atRisk, 0))
		}
		all[i] = s
		atRisk -= c.ended + c.censored
	}
	return all
}

// Mean is the mean length by Kaplan and Meier's estimate up to the longest
// length, which is too short if that is censored.
func (l *Lengths) Mean() time.Duration {
	sum, s, at := 0.0, 1.0, 0.0
	survival := l.survival()
	for i, c := range l.classes {
		sum += float64(s * (l.middle(c) - at))
		s, at = survival[i], l.middle(c)
	}
	return time.Duration(sum * 1e9)
}
