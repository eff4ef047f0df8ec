package sim

import (
	"maps"
	"slices"
	"time"
)

// stream is the sender's end of an ordered, retransmitted link to one receiver.
// The head of its queue is tried until it passes; what follows waits behind it.
// A stream gives up after streamTries tries and drops what it holds, as a TCP
// connection is reset. Acknowledgements are not modelled: the sender knows the
// fate of a try when it makes it, and tries again after the timeout.
type stream struct {
	queue []segment
	tries int   // of the head so far
	last  int64 // when the last message arrives
}

// segment is a message in a stream, and when it was sent first.
type segment struct {
	outgoing
	at int64
}

const (
	streamTries = 12 // with 200 ms at first and doubling up to a minute: almost four minutes
	streamRetry = 200 * time.Millisecond
	streamBack  = time.Minute // a timeout is not doubled beyond this
)

// retry is the event at which a sender tries the head of a stream again.
type retry struct {
	mark
	to          uint32
	incarnation uint32
}

func (w *worker) streamSend(n *nodeState, id uint32, at int64, o *outgoing, r *route) {
	x := w.extras(id)
	if x.streams == nil {
		x.streams = make(map[uint32]*stream)
	}
	s := x.streams[o.to]
	if s == nil {
		s = new(stream)
		x.streams[o.to] = s
	}
	s.queue = append(s.queue, segment{*o, at})
	if len(s.queue) == 1 {
		w.streamPush(n, id, at, s, r)
	}
}

// streamPush tries the messages of a stream in order until one fails.
func (w *worker) streamPush(n *nodeState, id uint32, at int64, s *stream, r *route) {
	for len(s.queue) > 0 {
		if !w.streamTry(n, id, at, s, &s.queue[0], r) {
			return
		}
		s.tries = 0
		s.queue = s.queue[1:]
	}
	s.queue = nil
}

// streamTry makes one try of the head. If it fails, a later try is planned or
// the stream is reset.
func (w *worker) streamTry(n *nodeState, id uint32, at int64, s *stream, o *segment, r *route) bool {
	try := o.outgoing
	if s.tries > 0 {
		try.key = child(o.key, domainRetry, uint64(s.tries))
	}
	extra := w.degraded(id, &try)
	leaves, ok := w.uplink(n, id, at, &try, r, &extra)
	loss := either(w.lossOf(id, try.key, r, &extra), either(r.link.Corrupt, extra.corrupt))
	if ok && !w.k.cut(id, o.to) && !loss.Hit(word(try.key, domainLoss)) {
		arrives := leaves + w.k.net.latency(r, id, o.to, try.key) + extra.delay
		s.last = max(arrives, s.last+1)
		n.seq++
		w.carry(n, id, leaves, s.last, o)
		return true
	}
	s.tries++
	w.counts.retransmitted++
	if s.tries == streamTries {
		w.streamReset(id, at, s)
		return false
	}
	first := r.link.Retry
	if first <= 0 {
		first = streamRetry
	}
	wait := min(int64(first)<<(s.tries-1), int64(max(first, streamBack)))
	n.seq++
	w.put(&event{at: at + wait, seq: n.seq<<8 | internal, key: try.key, from: id, to: id,
		msg: &retry{to: o.to, incarnation: w.incarnation(n)}})
	return false
}

// carry puts the arrival of a segment into the future. Where nodes never
// restart, it is a message like any other.
func (w *worker) carry(n *nodeState, id uint32, leaves, arrives int64, o *segment) {
	if !w.k.restarts {
		w.deliver(o.at, arrives, id, n.seq, &o.outgoing, 0)
		return
	}
	if w.counts.latency != nil {
		w.counts.latency.Add(arrives - o.at)
	}
	w.put(&event{at: arrives, key: o.key, seq: n.seq<<8 | internal, from: id, to: o.to,
		msg: &carried{left: leaves, protocol: o.protocol, message: o.message}})
}

// land takes a segment at its receiver.
func (w *worker) land(e *event, c *carried) {
	whole := event{at: e.at, key: e.key, seq: e.seq&^0xff | uint64(c.protocol), from: e.from, to: e.to, msg: c.message}
	n := &w.k.states[e.to]
	if w.incarnation(n) > 0 && n.flags&nodeDown == 0 && c.left < w.extras(e.to).bootedAt {
		w.drop(&w.counts.drops.StreamReset, &whole, "stream reset")
		return
	}
	w.run(&whole)
}

// abandon counts what a crashed sender's streams hold.
func (w *worker) abandon(id uint32, at int64, streams map[uint32]*stream) {
	for _, to := range slices.Sorted(maps.Keys(streams)) {
		for i := range streams[to].queue {
			o := &streams[to].queue[i].outgoing
			w.counts.drops.Crash++
			w.counts.kinds[o.protocol][o.kind].Lost++
			w.traceLost(at, id, o, "crash of the sender")
		}
	}
}

func (w *worker) streamReset(id uint32, at int64, s *stream) {
	for i := range s.queue {
		o := &s.queue[i].outgoing
		w.counts.drops.StreamReset++
		w.counts.kinds[o.protocol][o.kind].Lost++
		w.traceLost(at, id, o, "stream reset")
	}
	*s = stream{last: s.last}
}

// streamRetry handles a retry event.
func (w *worker) streamRetry(e *event, r *retry) {
	n := &w.k.states[e.to]
	if w.incarnation(n) != r.incarnation || n.flags&nodeDown != 0 {
		return
	}
	if s := w.extras(e.to).streams[r.to]; s != nil && len(s.queue) > 0 {
		w.streamPush(n, e.to, e.at, s, w.k.net.route(e.to, r.to))
	}
}
