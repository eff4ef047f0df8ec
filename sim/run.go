package sim

import "time"

// Run runs a Config to its end. The error says what is wrong with the Config;
// everything that happens in the mesh is in the Result.
func Run(cfg Config) (*Result, error) {
	k, err := newKernel(&cfg)
	if err != nil {
		return nil, err
	}
	r := k.run()
	if k.err != nil {
		return nil, k.err
	}
	return r, nil
}

func (k *kernel) run() *Result {
	k.start()
	k.control() // a fault at time 0 finds no node running yet
	k.boot()
	for k.now < k.end && k.stopped == "" && k.err == nil {
		k.runUntil(min(k.timeline.next(), k.end))
		k.control()
	}
	return k.finish()
}

// start sets the nodes up and plans what the Config declares.
func (k *kernel) start() {
	for id := range k.states {
		k.workerOf(uint32(id)).setUp(uint32(id))
	}
	if k.cfg.Mode == Ordered {
		k.toOrdered(int64(len(k.states)))
	}
	k.planFaults()
	if k.cfg.Sample > 0 {
		k.planSamples(0)
	}
}

// boot starts all nodes at time 0 but those that a fault took down by then: they
// boot when it is over. Like what is scripted it comes first at its instant, so
// nobody sees a node handle what enters at time 0 before it has started.
func (k *kernel) boot() {
	k.booted = true
	for id := range k.states {
		if n := &k.states[id]; n.flags&nodeDown == 0 {
			w := k.workerOf(uint32(id))
			k.scripted++
			w.place = place{from: scripted, seq: k.scripted<<8 | internal}
			w.boot(n, uint32(id), 0)
		}
	}
}

// control does what is planned for this instant. All events before it have run.
func (k *kernel) control() {
	k.flush()
	if k.stopped != "" {
		return
	}
	k.timeline.do(k.now)
	k.inject(min(k.timeline.next(), k.end))
	if k.cfg.Progress != nil {
		k.cfg.Progress(time.Duration(k.now), k.events())
	}
	if k.cancelled() && k.now < k.end {
		k.stopped = EndCancelled
	}
}

func (k *kernel) cancelled() bool {
	select {
	case <-k.cfg.Cancel:
		return true
	default:
		return false
	}
}

// runUntil runs all events before until, in pieces, between which the kernel
// may change its way of running. The pieces leave no trace in the result.
func (k *kernel) runUntil(until int64) {
	for done := false; !done; {
		start := k.now
		var n int
		n, done = k.runPiece(until)
		k.now = k.reached(until, done)
		k.adapt(n, k.now-start)
		if k.recorded() > flushLimit {
			k.flush()
		}
		if k.cancelled() {
			k.flush() // what has happened counts
			if k.stopped == "" {
				k.stopped = EndCancelled
			}
			return
		}
	}
}

// Sizes of a piece.
const (
	pieceEvents  = 1 << 15
	pieceWindows = 16
)

// runPiece runs some of the events before until.
func (k *kernel) runPiece(until int64) (n int, done bool) {
	switch {
	case k.ordered != nil:
		return k.runOrdered(until, pieceEvents)
	case len(k.workers) > 1 && k.pace.together:
		return k.runTogether(until, pieceWindows)
	}
	return k.runAlone(until, pieceWindows)
}

// runAlone runs windows on the caller's goroutine.
func (k *kernel) runAlone(until int64, windows int) (n int, done bool) {
	for range windows {
		slot := k.nextWindow()
		if slot >= never || slot<<k.shift >= until {
			return n, true
		}
		for _, w := range k.workers {
			n += w.runSlot(slot, until)
		}
		if (slot+1)<<k.shift >= until {
			return n, true
		}
	}
	return n, false
}

// nextWindow is the first window that may hold events.
func (k *kernel) nextWindow() int64 {
	slot := int64(never)
	for _, w := range k.workers {
		slot = min(slot, w.nextSlot())
	}
	return slot
}

// reached is the time before which all events have run.
func (k *kernel) reached(until int64, done bool) int64 {
	if done {
		for _, w := range k.workers {
			w.limit = until
		}
		return until
	}
	if o := k.ordered; o != nil {
		return o.limit
	}
	return min(until, k.nextWindow()<<k.shift)
}

// pace remembers how dense events are, to choose the way of running.
type pace struct {
	together bool
	events   int64 // of the pieces since the last choice
	time     int64
}

// A window pays from so many events on, for each of a worker's blocks and for
// the meeting of several workers.
const (
	windowEvents   = 4
	windowPerBlock = 4
	togetherEvents = 512
)

// adapt chooses how to run on, by the density of events so far. Both ways give
// the same bytes.
func (k *kernel) adapt(n int, elapsed int64) {
	p := &k.pace
	p.events += int64(n)
	p.time += elapsed
	if p.events < pieceEvents/4 || p.time <= 0 {
		return
	}
	window := int64(1) << k.shift
	perWindow, _ := mulDiv(p.events, window, p.time)
	perSecond, _ := mulDiv(p.events, billion, p.time)
	p.events, p.time = 0, 0
	p.together = perWindow >= togetherEvents
	least := int64(windowEvents + windowPerBlock*len(k.owners))
	wide := perWindow >= least || k.ordered != nil && 2*perWindow >= least
	switch {
	case k.cfg.Mode == Ordered || k.cfg.Mode == Auto && !wide:
		if k.ordered == nil || k.ordered.misfit(perSecond) {
			k.toOrdered(perSecond)
		}
	case k.ordered != nil:
		k.toWindowed()
	}
}

func (k *kernel) events() uint64 {
	n := uint64(0)
	for _, w := range k.workers {
		n += w.counts.events
	}
	return n
}

func (k *kernel) recorded() int {
	n := 0
	for _, w := range k.workers {
		n += len(w.records.observed) + len(w.records.traced)
	}
	return n
}
