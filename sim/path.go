package sim

import "meshsim/protocols/draw"

// sendSpecial is send for links that do more than delay and lose, for nodes
// with lines of finite rate, and while faults disturb the network.
func (w *worker) sendSpecial(n *nodeState, id uint32, at int64, o *outgoing, r *route) {
	if r.link.Stream {
		w.streamSend(n, id, at, o, r)
		return
	}
	n.seq++
	seq := n.seq
	extra := w.degraded(id, o)
	leaves, ok := w.uplink(n, id, at, o, r, &extra)
	switch {
	case !ok:
		w.counts.drops.QueueFull++
		w.counts.kinds[o.protocol][o.kind].Lost++
		w.traceLost(at, id, o, "queue full")
	case w.k.cut(id, o.to):
		w.counts.drops.Partition++
		w.counts.kinds[o.protocol][o.kind].Lost++
		w.traceLost(at, id, o, "partition")
	case w.lossOf(id, o.key, r, &extra).Hit(word(o.key, domainLoss)):
		w.lose(at, id, o)
	default:
		w.pass(n, id, at, leaves, seq, o, r, &extra)
	}
}

// pass puts a message that is not lost on its way, and perhaps a second copy. It
// was sent at time at and has left the sender's lines at leaves.
func (w *worker) pass(n *nodeState, id uint32, at, leaves int64, seq uint64, o *outgoing, r *route, extra *degradation) {
	arrives := leaves + w.k.net.latency(r, id, o.to, o.key) + extra.delay
	l := r.link
	if l.Reorder != 0 && l.Reorder.Hit(word(o.key, domainHold)) {
		hold := draw.New(child(o.key, domainHold, 1))
		arrives += int64(hold.Uint64() % uint64(max(int64(l.ReorderBy), 1)))
	}
	corrupt := either(l.Corrupt, extra.corrupt)
	w.deliver(at, arrives, id, seq, o, corrupt)
	if either(l.Duplicate, extra.duplicate).Hit(word(o.key, domainCopy)) {
		copied := *o
		copied.key = child(o.key, domainCopy, 1)
		n.seq++
		w.counts.kinds[o.protocol][o.kind].Duplicated++
		w.traceDuplicate(at, id, &copied, o.key)
		again := leaves + w.k.net.latency(r, id, o.to, copied.key) + extra.delay
		w.deliver(at, again, id, n.seq, &copied, corrupt)
	}
}

// deliver puts the arrival of a message that was sent at time at into the future.
func (w *worker) deliver(at, arrives int64, id uint32, seq uint64, o *outgoing, corrupt draw.Probability) {
	if w.counts.latency != nil {
		w.counts.latency.Add(arrives - at)
	}
	e := event{at: arrives, key: o.key, seq: seq<<8 | uint64(o.protocol), from: id, to: o.to, msg: o.message}
	if corrupt.Hit(word(o.key, domainCorrupt)) {
		e.seq = seq<<8 | internal
		e.msg = &damaged{protocol: o.protocol, message: o.message}
	}
	w.put(&e)
}

// either is the probability that at least one of two independent things
// happens: 1 - (1-a)(1-b).
func either(a, b draw.Probability) draw.Probability {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	case a == draw.Always || b == draw.Always:
		return draw.Always
	}
	return draw.Probability(^mulHigh(^uint64(a), ^uint64(b)))
}

// lossOf is the probability that the link loses this message.
func (w *worker) lossOf(id uint32, key uint64, r *route, extra *degradation) draw.Probability {
	p := r.link.Loss.P
	if r.link.Loss.GilbertElliott {
		p = w.burst(id, key, r)
	}
	return either(p, extra.loss)
}

// burst moves the sender's Gilbert–Elliott state of a rule on by one message and
// returns the loss probability in the state that the message meets.
func (w *worker) burst(id uint32, key uint64, r *route) draw.Probability {
	x := w.extras(id)
	if x.bursts == nil {
		x.bursts = make([]bool, len(w.k.net.routes))
	}
	l := &r.link.Loss
	bad := x.bursts[r.rule]
	move := l.ToBad
	if bad {
		move = l.ToGood
	}
	if move.Hit(word(key, domainBurst)) {
		bad = !bad
		x.bursts[r.rule] = bad
	}
	if bad {
		return l.Bad
	}
	return l.P
}

// line is a FIFO queue in front of a line of finite rate. All that it needs to
// know is when the line will have sent what it took.
type line struct{ free int64 }

// take returns when a message of that size that comes at time at has been sent;
// ok is false if the queue is full.
func (l *line) take(p Pipe, at int64, size int) (done int64, ok bool) {
	start := max(at, l.free)
	if p.QueueBytes > 0 && start > at {
		waiting, _ := mulDiv(start-at, p.BitsPerSecond, 8*billion)
		if waiting+int64(size) > p.QueueBytes {
			return 0, false
		}
	}
	l.free = min(start+p.transmission(size), never)
	return l.free, true
}

// uplink returns when the sender's lines have sent the message; ok is false if
// a queue is full.
func (w *worker) uplink(n *nodeState, id uint32, at int64, o *outgoing, r *route, extra *degradation) (leaves int64, ok bool) {
	leaves, ok = at, true
	if p := extra.pipe(w.k.groups[n.group].Uplink); p.BitsPerSecond > 0 {
		leaves, ok = w.extras(id).up.take(p, leaves, o.size)
	}
	if p := extra.pipe(r.link.Pipe); ok && p.BitsPerSecond > 0 {
		x := w.extras(id)
		if x.lines == nil {
			x.lines = make([]line, len(w.k.net.routes))
		}
		leaves, ok = x.lines[r.rule].take(p, leaves, o.size)
	}
	return leaves, ok
}
