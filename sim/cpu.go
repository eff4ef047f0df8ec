package sim

import "time"

// cpu is a node's cores and the calls that wait for one. Calls start in the
// order in which they came.
type cpu struct {
	free     []int64 // when each core is free
	waiting  []event
	messages int  // that wait; the others are timers
	woken    bool // a wakeup is on its way
	cores    int
	busy     int64 // time of all calls so far, in all lives of the node
}

// cpuUse is how many cores belong to nodes whose calls have taken CPU time, how
// much that was, and which share of its cores the busiest has used.
func (k *kernel) cpuUse(at int64) (cores int, sum time.Duration, most float64) {
	for _, w := range k.workers {
		for _, x := range w.more {
			if c := &x.cpu; c.busy > 0 {
				cores, sum = cores+c.cores, sum+time.Duration(c.busy)
				most = max(most, share(c.busy, int64(c.cores)*at))
			}
		}
	}
	return cores, sum, most
}

// arrive takes a message that reached a node which may be down, paused, busy or
// behind a downlink. passed says that it has passed the downlink.
func (w *worker) arrive(e *event, passed bool) {
	n := &w.k.states[e.to]
	if n.flags&nodePiped != 0 && !passed {
		if w.downlink(n, e) {
			return
		}
	}
	switch {
	case n.flags&nodeDown != 0:
		w.drop(&w.counts.drops.Down, e, "down")
	case n.flags&(nodePaused|nodeCostly) != 0:
		w.queue(e)
	default:
		if end := w.receive(e, e.at, e.at); end > e.at {
			w.occupy(e.to, e.at, end)
		}
	}
}

// downlink puts the message behind what the receiver's line still has to take.
// It returns false if the line is infinite: the message is here.
func (w *worker) downlink(n *nodeState, e *event) bool {
	p := w.k.groups[n.group].Downlink
	if p.BitsPerSecond == 0 {
		return false
	}
	done, ok := w.extras(e.to).down.take(p, e.at, e.msg.Size())
	if !ok {
		w.drop(&w.counts.drops.QueueFull, e, "queue full")
		return true
	}
	n.seq++
	w.put(&event{at: done, key: e.key, seq: n.seq<<8 | internal, from: e.to, to: e.to,
		msg: &arrival{from: e.from, protocol: e.protocol(), message: e.msg}})
	return true
}

// queue lets a call wait for a core, or starts it if one is free.
func (w *worker) queue(e *event) {
	n := &w.k.states[e.to]
	c := &w.extras(e.to).cpu
	limit := w.k.groups[n.group].CPU.Queue
	if limit > 0 && c.messages >= limit && e.msg != nil {
		w.drop(&w.counts.drops.QueueFull, e, "CPU queue full")
		return
	}
	if len(c.waiting) == 0 && n.flags&nodePaused == 0 && w.core(n, c, e.at) >= 0 {
		w.start(n, c, e, e.at)
		return
	}
	c.waiting = append(c.waiting, *e)
	if e.msg != nil {
		c.messages++
	}
	w.plan(n, e.to, c)
}

// core returns a core that is free at time at, or -1.
func (w *worker) core(n *nodeState, c *cpu, at int64) int {
	for i, f := range c.each(w.k.groups[n.group].CPU.Cores) {
		if f <= at {
			return i
		}
	}
	return -1
}

// each is when each core is free.
func (c *cpu) each(n int) []int64 {
	if c.free == nil {
		c.free = make([]int64, max(1, n))
		c.cores = len(c.free)
	}
	return c.free
}

// start runs a call that waited, or did not have to. A timer that was stopped or
// set again meanwhile does not stand any more.
func (w *worker) start(n *nodeState, c *cpu, e *event, at int64) {
	i, end := w.core(n, c, at), at
	if e.msg != nil {
		end = w.receive(e, at, at+w.k.groups[n.group].CPU.cost(e.msg.Size()))
	} else if slot := uint32(e.key); w.timers.at(&n.timers, slot).seq == e.seq {
		end = w.expire(n, e.to, at, slot)
	}
	if end > at {
		n.flags |= nodeCostly // what comes meanwhile queues, also if the scenario charges nothing
		c.free[i] = end
		c.busy += end - at
	}
}

// plan makes sure that a wakeup comes when a core is free for what waits.
func (w *worker) plan(n *nodeState, id uint32, c *cpu) {
	if c.woken || n.flags&nodePaused != 0 || len(c.waiting) == 0 {
		return
	}
	at := int64(never)
	for _, f := range c.each(w.k.groups[n.group].CPU.Cores) {
		at = min(at, f)
	}
	c.woken = true
	n.seq++
	w.put(&event{at: max(at, w.place.at), seq: n.seq<<8 | internal, from: id, to: id, msg: &wakeup{}})
}

// wake starts what waits, as far as cores are free.
func (w *worker) wake(id uint32, at int64) {
	n := &w.k.states[id]
	c := &w.extras(id).cpu
	c.woken = false
	for len(c.waiting) > 0 && n.flags&(nodePaused|nodeDown) == 0 && w.core(n, c, at) >= 0 {
		e := c.waiting[0]
		c.waiting[0] = event{}
		c.waiting = c.waiting[1:]
		if e.msg != nil {
			c.messages--
		}
		w.start(n, c, &e, at)
	}
	w.plan(n, id, c)
}

// occupy makes a core busy for a call that asked for more time than the
// scenario charges; from then on the node's calls queue.
func (w *worker) occupy(id uint32, at, end int64) {
	n := &w.k.states[id]
	c := &w.extras(id).cpu
	n.flags |= nodeCostly
	i := max(0, w.core(n, c, at))
	c.free[i] = end
	c.busy += end - at
}
