package sim

import (
	"fmt"
	"math/bits"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// maxAnnouncements bounds the local events that one call may set off.
const maxAnnouncements = 1 << 16

// announcement is a local event on its way to the other protocols of the node.
type announcement struct {
	event protocols.Event
	by    int8   // place of the announcer in the stack
	key   uint64 // causal key
	cause uint64 // key of the call that announced it
}

// finish carries out what a call asked for, and what the local events ask for
// that it set off. end is when the charge for the call is paid; it returns when
// the CPU is done with it all.
func (w *worker) finish(n *nodeState, id uint32, start, end int64, protocol uint8, key uint64) int64 {
	end = w.effects(n, id, start, end, protocol, key)
	w.traceWork(end - start)
	if len(w.env.Announcements) == 0 {
		return end
	}
	w.announce(w.k.groups[n.group].slots[protocol], key)
	return w.tell(n, id, start, end)
}

// tell lets the node's protocols hear what was announced, and what that sets
// off.
func (w *worker) tell(n *nodeState, id uint32, start, end int64) int64 {
	g := &w.k.groups[n.group]
	for i := 0; i < len(w.heard); i++ {
		a := w.heard[i]
		n.chain = link(n.chain, a.key, start, uint64(a.event.Kind)<<32^uint64(a.event.Node)^a.event.ID<<8^draw.Mix(a.event.Value))
		for _, slot := range g.hearers {
			if slot != a.by {
				end = w.hear(n, id, start, end, g, slot, a)
			}
		}
		if len(w.heard) > maxAnnouncements {
			panic("sim: the protocols of a node announce to one another without end")
		}
	}
	clear(w.heard)
	w.heard = w.heard[:0]
	return end
}

// announce queues the local events of the call that just returned.
func (w *worker) announce(by int8, parent uint64) {
	for i, e := range w.env.Announcements {
		occurrence := 0
		for _, b := range w.env.Announcements[:i] {
			if b.Kind == e.Kind && b.ID == e.ID && b.Node == e.Node {
				occurrence++
			}
		}
		label := draw.Mix(uint64(e.Kind)<<32|uint64(e.Node)) ^ draw.Mix(e.ID) + uint64(occurrence)
		key := child(parent, domainAnnounce, label)
		w.heard = append(w.heard, announcement{e, by, key, parent})
	}
}

// hear calls Hear of one protocol.
func (w *worker) hear(n *nodeState, id uint32, start, end int64, g *group, slot int8, a announcement) int64 {
	protocol := g.numbers[slot]
	key := child(a.key, domainAnnounce, w.k.table.labels[protocol])
	node := w.begin(n, id, start, protocol, key)
	if w.k.tracer != nil {
		w.traceCall(TraceEvent{At: protocols.Time(start), What: TraceHear, Node: protocols.NodeID(id), Peer: a.event.Node,
			Protocol: w.k.protocolName(protocol), Name: a.event.Kind.String(), Key: key, Cause: a.cause, Item: a.event.ID, Value: a.event.Value})
	}
	node.(protocols.Hearer).Hear(&w.env, a.event)
	done := w.effects(n, id, start, end, protocol, key)
	w.traceWork(done - end)
	w.announce(slot, key)
	return done
}

// effects carries out the observations, timers and sends of one call.
func (w *worker) effects(n *nodeState, id uint32, start, end int64, protocol uint8, key uint64) int64 {
	env := &w.env
	end = min(end+min(int64(env.Busy), never), never)
	if len(env.Observations) > 0 {
		w.observe(n, id, start, protocol, key)
	}
	if len(env.Timers) > 0 {
		w.setTimers(n, id, end, protocol, key)
	}
	depart := end
	if env.Disk.Used() {
		depart = w.sync(n, id, end)
	}
	if len(env.Sends) > 0 {
		w.sends(n, id, start, depart, protocol, key)
	}
	return end
}

// setTimers carries out the timer wishes of a call that ends at end.
func (w *worker) setTimers(n *nodeState, id uint32, end int64, protocol uint8, parent uint64) {
	single := len(w.env.Timers) == 1
	if !single {
		w.same.begin(len(w.env.Timers))
	}
	for _, op := range w.env.Timers {
		occurrence := 0
		if !single {
			occurrence = w.same.count(uint64(op.Timer))
		}
		if op.After < 0 {
			w.timers.stop(&n.timers, protocol, op.Timer)
			continue
		}
		after := min(int64(op.After), never)
		if n.flags&nodeSkewed != 0 {
			after = w.more[n.extras].clock.elapse(after)
		}
		n.seq++
		t := timerSlot{deadline: end + after, seq: n.seq<<8 | uint64(protocol),
			key: child(parent, domainTimer, draw.Mix(uint64(op.Timer))+uint64(occurrence))}
		if slot, hint := w.timers.set(&n.timers, op.Timer, t); hint {
			w.put(&event{at: t.deadline, seq: t.seq, key: uint64(slot), from: id, to: id})
		}
	}
}

// sends gives the messages of a call to the network, now or when they depart.
func (w *worker) sends(n *nodeState, id uint32, start, depart int64, protocol uint8, parent uint64) {
	env := &w.env
	counts := w.counts.kinds[protocol]
	single := len(env.Sends) == 1
	if !single {
		w.same.begin(len(env.Sends))
	}
	var later *departure
	if depart > start {
		later = w.departure(w.incarnation(n))
	}
	chain := n.chain
	for i := range env.Sends {
		s := &env.Sends[i]
		kind, size := uint8(s.Message.Kind()), s.Message.Size()
		if int(kind) >= len(counts) {
			panic(fmt.Sprintf("sim: %s sends a message of kind %d, but lists %d", w.k.protocolName(protocol), kind, len(counts)))
		}
		c := &counts[kind]
		c.Sent++
		c.Bytes += uint64(size)
		if w.counts.perNode != nil {
			w.counts.sent(id, size)
		}
		occurrence := 0
		if !single {
			occurrence = w.same.count(uint64(s.To)<<8 | uint64(kind))
		}
		key := child(parent, domainSend, sendLabel(uint32(s.To), kind, occurrence))
		chain = (chain^key)*0xd6e8feb86659fd93 + uint64(size)
		o := outgoing{to: uint32(s.To), protocol: protocol, kind: kind, size: size, key: key, cause: parent, message: s.Message}
		if later != nil {
			later.sends = append(later.sends, o)
		} else {
			w.send(n, id, start, &o)
		}
	}
	n.chain = chain
	if later != nil {
		n.seq++
		w.put(&event{at: depart, seq: n.seq<<8 | internal, key: parent, from: id, to: id, msg: later})
	}
}

// outgoing is a message that leaves a node.
type outgoing struct {
	to       uint32
	protocol uint8
	kind     uint8
	size     int
	key      uint64
	cause    uint64 // key of the call that sends it
	message  protocols.Message
}

// occurrences counts equal wishes within one call. Short calls compare; long
// ones keep a table that is stamped, not cleared.
type occurrences struct {
	seen  []uint64 // the wishes so far, for short calls
	short bool
	table []occurrence
	stamp uint64
}

type occurrence struct{ what, stamp, n uint64 }

const shortCall = 12

func (o *occurrences) begin(n int) {
	o.seen = o.seen[:0]
	o.short = n <= shortCall
	if o.short {
		return
	}
	if len(o.table) < 2*n {
		o.table = make([]occurrence, 1<<bits.Len(uint(4*n)))
	}
	o.stamp++
}

// count returns how many wishes of the call came before for the same thing.
func (o *occurrences) count(what uint64) int {
	if !o.short {
		return o.lookup(what)
	}
	n := 0
	for _, s := range o.seen {
		if s == what {
			n++
		}
	}
	o.seen = append(o.seen, what)
	return n
}

func (o *occurrences) lookup(what uint64) int {
	mask := uint64(len(o.table) - 1)
	for h := draw.Mix(what); ; h++ {
		e := &o.table[h&mask]
		if e.stamp != o.stamp {
			e.what, e.stamp, e.n = what, o.stamp, 1
			return 0
		}
		if e.what == what {
			e.n++
			return int(e.n - 1)
		}
	}
}
