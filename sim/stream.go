package sim

import "time"

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
		w.deliver(o.at, s.last, id, n.seq, &o.outgoing, 0)
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
