package sim

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// nodeOrder is what a fault does to one node, an event of that node.
type nodeOrder struct {
	mark
	verb   orderVerb
	strike int // which stroke of which fault, unique in a run
	fault  *Fault
	key    uint64 // what is drawn derives from it

	corruption *protocols.Corruption // for Byzantine faults
	// For churn:
	until int64  // when the fault is over
	spell uint64 // how many up and down times were drawn before
	rest  int64  // the down time that follows, if it was drawn already
	row   []Span // the trace that the node follows
	span  int    // which session of the trace it is in or was in last
	begin int64  // when the trace began
}

type orderVerb uint8

const (
	orderCrash orderVerb = iota
	orderRestart
	orderPause
	orderResume
	orderClock
	orderClockBack
	orderChurnDown
	orderChurnUp
	orderCorrupt
	orderReform
	orderSpoil
	orderMend
)

// obey carries out an order.
func (w *worker) obey(e *event, o *nodeOrder) {
	n := &w.k.states[e.to]
	switch o.verb {
	case orderCrash:
		w.crash(n, e.to, e.at, o.strike, o.fault)
	case orderRestart:
		w.restart(n, e.to, e.at, o.strike)
	case orderPause:
		w.pause(n, e.to, e.at, o.strike)
	case orderResume:
		w.resume(n, e.to, e.at, o.strike)
	case orderClock:
		w.amendClock(n, e.to, e.at, o.fault.Clock, 1)
	case orderClockBack:
		w.amendClock(n, e.to, e.at, o.fault.Clock, -1)
	case orderChurnDown, orderChurnUp:
		w.churn(n, e, o)
	case orderCorrupt:
		w.corrupt(n, e.to, e.at, o)
	case orderReform:
		w.reform(n, e.to, e.at, o)
	case orderSpoil:
		w.spoil(n, e.to, e.at, o)
	case orderMend:
		w.mend(n, e.to, e.at, o)
	}
}

// crash stops a node, unless it is down already: then it stays down until both
// faults are over, and a lost disk is lost all the same.
func (w *worker) crash(n *nodeState, id uint32, at int64, strike int, f *Fault) {
	x := w.extras(id)
	if !slices.Contains(x.downBy, strike) {
		x.downBy = append(x.downBy, strike)
	}
	if n.flags&nodeDown != 0 {
		if f.loses() {
			x.disk.Crash(false)
		}
		return
	}
	n.flags |= nodeDown | nodeReborn
	x.incarnation++
	w.timers.stopAll(&n.timers)
	w.crashDisk(x, n, id, f)
	x.diskFree = at
	w.forget(&x.cpu)
	w.abandon(id, at, x.streams)
	x.up, x.down, x.lines, x.streams = line{}, line{}, nil, nil
	g := &w.k.groups[n.group]
	x.reborn = make([]protocols.Node, len(g.Stack))
	n.chain = link(n.chain, uint64(x.incarnation), at, uint64(id)<<32|3)
	w.observeNode(id, at, protocols.NodeDown, uint64(x.incarnation))
	w.traceNode(id, at, TraceCrash)
}

// forget empties a crashed node's queue.
func (w *worker) forget(c *cpu) {
	for i := range c.waiting {
		if e := &c.waiting[i]; e.msg != nil {
			w.drop(&w.counts.drops.Down, e, "down")
		}
	}
	*c = cpu{cores: c.cores, busy: c.busy}
}

// restart boots a crashed node over its disk, once no fault holds it down or
// paused.
func (w *worker) restart(n *nodeState, id uint32, at int64, strike int) {
	x := w.extras(id)
	x.downBy = without(x.downBy, strike)
	if n.flags&nodeDown == 0 || n.flags&nodePaused != 0 || len(x.downBy) > 0 {
		return
	}
	n.flags &^= nodeDown
	x.bootedAt = at
	g := &w.k.groups[n.group]
	for slot, p := range g.Stack {
		world := w.k.world(g.numbers[slot])
		world.Again = true
		x.reborn[slot] = p.New(world, []protocols.NodeID{protocols.NodeID(id)}).At(0)
	}
	w.observeNode(id, at, protocols.NodeUp, uint64(x.incarnation))
	w.boot(n, id, at)
}

func (w *worker) pause(n *nodeState, id uint32, at int64, strike int) {
	x := w.extras(id)
	x.pausedBy = append(x.pausedBy, strike)
	if n.flags&nodePaused != 0 {
		return
	}
	n.flags |= nodePaused
	n.chain = link(n.chain, 0, at, uint64(id)<<32|4)
	w.observeNode(id, at, protocols.NodePaused, 0)
	w.traceNode(id, at, TracePause)
}

func (w *worker) resume(n *nodeState, id uint32, at int64, strike int) {
	x := w.extras(id)
	x.pausedBy = without(x.pausedBy, strike)
	if n.flags&nodePaused == 0 || len(x.pausedBy) > 0 {
		return
	}
	n.flags &^= nodePaused
	n.chain = link(n.chain, 0, at, uint64(id)<<32|5)
	w.observeNode(id, at, protocols.NodeResumed, 0)
	w.traceNode(id, at, TraceResume)
	w.restart(n, id, at, strike) // if it was to restart meanwhile
	w.wake(id, at)               // what waited comes before what arrives now
}

func without(list []int, x int) []int {
	return slices.DeleteFunc(list, func(y int) bool { return y == x })
}

// amendClock puts a clock fault in force or, with sign -1, takes it back. A
// change of drift moves the deadlines of the timers that are set: they count on
// the node's clock.
func (w *worker) amendClock(n *nodeState, id uint32, at int64, f *ClockFault, sign int64) {
	x := w.extras(id)
	n.flags |= nodeSkewed
	offset := sign * int64(f.Offset)
	if sign > 0 {
		offset += int64(f.Step)
	}
	old := x.clock
	x.clock = old.amended(at, offset, sign*f.DriftPPB)
	n.chain = link(n.chain, uint64(offset), at, uint64(f.DriftPPB)<<8|6)
	if f.DriftPPB == 0 {
		return
	}
	for slot, ok := uint32(firstSlot), true; ok; ok = slot != noSlot {
		t := w.timers.at(&n.timers, slot)
		if t.armed() && t.deadline > at {
			t.deadline = at + x.clock.elapse(old.read(t.deadline)-old.read(at))
			if t.deadline < t.hint {
				t.hint = t.deadline
				w.put(&event{at: t.deadline, seq: t.seq, key: uint64(slot), from: id, to: id})
			}
		}
		slot = t.next
	}
}

// churn takes a node down or up on its own schedule, and plans the next change.
func (w *worker) churn(n *nodeState, e *event, o *nodeOrder) {
	if o.verb == orderChurnDown {
		w.crash(n, e.to, e.at, o.strike, o.fault)
	} else {
		w.restart(n, e.to, e.at, o.strike)
	}
	next, at, ok := o.next(e.at)
	if !ok || at >= o.until {
		return
	}
	n.seq++
	w.put(&event{at: at, seq: n.seq<<8 | internal, from: e.to, to: e.to, msg: next})
}

// next is the change that follows o on a node, and when.
func (o *nodeOrder) next(at int64) (*nodeOrder, int64, bool) {
	n := *o
	n.verb = orderChurnDown + orderChurnUp - o.verb
	if o.fault.Churn.Sessions != nil {
		return n.nextInTrace(at)
	}
	if o.rest > 0 {
		n.rest = 0
		return &n, at + o.rest, true
	}
	d := o.fault.Churn.Session
	if n.verb == orderChurnUp {
		d = o.fault.Churn.Downtime
	}
	r := draw.New(draw.Derive(o.key, o.spell))
	n.spell++
	return &n, at + max(d.Sample(&r), 1), true
}

// nextInTrace reads when the change comes off the row of sessions.
func (o *nodeOrder) nextInTrace(at int64) (*nodeOrder, int64, bool) {
	if o.verb == orderChurnDown { // ends the session that just began
		return o, max(o.begin+int64(o.row[o.span].End), at+1), true
	}
	o.span++
	if o.span >= len(o.row) {
		return nil, 0, false
	}
	return o, max(o.begin+int64(o.row[o.span].Start), at+1), true
}
