package sim

import (
	"testing"
	"time"

	"meshsim/protocols"
)

// chunks counts all chunks of events that a run holds, full or free.
func (k *kernel) chunks() int {
	n := 0
	count := func(l *chunk) { // of a list
		for ; l != nil; l = l.next {
			n++
		}
	}
	calendars := func(c *calendar) {
		for i := range c.near {
			count(c.near[i])
			count(c.page[i])
		}
		count(c.spent[0].first)
		count(c.spent[1].first)
	}
	for _, w := range k.workers {
		count(w.pool.free)
		for _, c := range w.out {
			calendars(c)
		}
	}
	if k.ordered != nil {
		calendars(k.ordered.calendar)
	}
	return n
}

// A load that flows one way, from one worker's nodes to another's, takes no more
// memory as time goes by.
func TestChunksGoBackToTheirOwner(t *testing.T) {
	const n = 512
	c := meshOf(n, &script{
		start: func(env *protocols.Env) {
			if env.Self < n/2 {
				env.SetTimer(0, time.Duration(env.Self)*1000)
			}
		},
		expire: func(env *protocols.Env, _ protocols.TimerID) {
			env.Send(env.Self+n/2, &packet{})
			env.SetTimer(0, ms)
		}}, ms)
	c.Duration = time.Hour
	for _, v := range []way{{mode: Windowed, workers: 1}, {mode: Windowed, workers: 2}, {mode: Windowed, workers: 3}, {mode: Ordered, workers: 3}} {
		for _, together := range []bool{false, true} {
			d := c
			d.Mode, d.Workers = v.mode, v.workers
			d.Groups = []Group{{Name: "all", Count: n, Stack: []*protocols.Protocol{c.Groups[0].Stack[0]}}}
			k := newTestKernel(t, &d)
			k.pace.together = together
			k.start()
			k.boot()
			k.runUntil(int64(100 * ms))
			before := k.chunks()
			k.runUntil(int64(300 * ms))
			if after := k.chunks(); after > before+before/5+16 {
				t.Errorf("%v, together %v: %d chunks after 0.1s, %d after 0.3s", v, together, before, after)
			}
		}
	}
}
