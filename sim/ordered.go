package sim

// ordered is the other way to run the same events: one global order, one
// goroutine. It needs no lookahead, so it is the faster way where the smallest
// latency is far below the gap that a window needs.
type ordered struct {
	calendar *calendar
	current  []event // the running slot's events, in order
	near     eventHeap
	limit    int64
	order    order
}

// orderedSlot is the number of events that a slot should hold: few enough to
// sort at once, enough for their nodes' states to be loaded together.
const orderedSlot = 12

func (o *ordered) put(pool *chunkPool, e *event) {
	if e.at < o.limit {
		o.near.push(o.order, e)
		return
	}
	o.calendar.put(pool, e)
}

// runOrdered runs events before until in the global order, at most about limit
// of them. It returns how many ran and whether that is all.
func (k *kernel) runOrdered(until int64, limit int) (n int, done bool) {
	o := k.ordered
	w0 := k.workers[0]
	for n < limit {
		slot := o.calendar.next()
		if slot >= never || slot<<o.calendar.shift >= until {
			o.limit = until
			return n, true
		}
		o.calendar.advance(&w0.pool, slot)
		o.calendar.took()
		o.limit = min((slot+1)<<o.calendar.shift, until)
		n += k.runOrderedSlot(o, w0, slot)
		if o.limit >= until {
			return n, true
		}
	}
	return n, false
}

func (k *kernel) runOrderedSlot(o *ordered, w0 *worker, slot int64) int {
	cur := o.current[:0]
	for l := o.calendar.take(slot); l != nil; {
		for i := range l.ev[:l.n] {
			if e := &l.ev[i]; e.at < o.limit {
				cur = append(cur, *e)
				k.fetch(e.to)
			} else {
				o.calendar.put(&w0.pool, e)
			}
		}
		l, l.next, w0.pool.free = l.next, w0.pool.free, l
	}
	o.order.sort(cur)
	n := len(cur)
	for i := range cur {
		for len(o.near) > 0 && o.order.less(&o.near[0], &cur[i]) {
			n += k.runNear(o)
		}
		k.workerOf(cur[i].to).run(&cur[i])
	}
	for len(o.near) > 0 {
		n += k.runNear(o)
	}
	clear(cur)
	o.current = cur[:0]
	return n
}

func (k *kernel) runNear(o *ordered) int {
	e := o.near.pop(o.order)
	k.workerOf(e.to).run(&e)
	return 1
}

// orderedShift is the width of slots that hold [orderedSlot] events each.
func orderedShift(eventsPerSecond int64) uint {
	return uint(floorLog2(max(orderedSlot*billion/max(eventsPerSecond, 1), 1)))
}

// misfit reports whether the slots are far from the best width for the rate.
func (o *ordered) misfit(eventsPerSecond int64) bool {
	best, now := orderedShift(eventsPerSecond), o.calendar.shift
	return max(best, now)-min(best, now) > 2
}

// toOrdered moves all events to one calendar whose slots suit the rate.
func (k *kernel) toOrdered(eventsPerSecond int64) {
	o := &ordered{calendar: newCalendar(orderedShift(eventsPerSecond)), limit: k.now, order: k.order}
	o.calendar.startAt(k.now)
	pool := &k.workers[0].pool
	move := func(e *event) { o.calendar.put(pool, e) }
	for _, w := range k.workers {
		for _, c := range w.out {
			c.drain(pool, move)
		}
		w.limit = k.now
	}
	if k.ordered != nil {
		k.ordered.calendar.drain(pool, move)
	}
	k.ordered = o
}

// toWindowed moves all events back to the workers' calendars.
func (k *kernel) toWindowed() {
	o := k.ordered
	k.ordered = nil
	for _, w := range k.workers {
		w.limit = k.now
		for i := range w.out {
			w.out[i] = newCalendar(k.shift)
			w.out[i].startAt(k.now)
		}
	}
	o.calendar.drain(&k.workers[0].pool, func(e *event) {
		w := k.workerOf(e.to)
		w.out[w.id].put(&w.pool, e)
	})
}
