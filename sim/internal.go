package sim

import "meshsim/protocols"

// mark makes a type one of the kernel's own messages. They never leave the
// kernel, so they have no wire form.
type mark struct{}

func (mark) Kind() protocols.Kind     { return 0 }
func (mark) Size() int                { return 0 }
func (mark) AppendTo(b []byte) []byte { return b }

// departure is the event at which the messages of a call leave, when it has
// paid for its CPU time and its disk has synced.
type departure struct {
	mark
	incarnation uint32
	sends       []outgoing
}

// arrival is a message that has passed the receiver's downlink.
type arrival struct {
	mark
	from     uint32
	protocol uint8
	message  protocols.Message
}

// carried is a message that arrives by a stream. It belongs to the connection
// that stood when it left; a receiver that has restarted since knows nothing of
// that one.
type carried struct {
	mark
	left     int64
	protocol uint8
	message  protocols.Message
}

// damaged is a message with a bit that flips on the way.
type damaged struct {
	mark
	protocol uint8
	message  protocols.Message
}

// wakeup is the event at which a core is free for a call that waits.
type wakeup struct{ mark }

// synced is the event at which a disk has done what it promised.
type synced struct {
	mark
	incarnation uint32
}

// internal handles the kernel's own events.
func (w *worker) internal(e *event) {
	switch m := e.msg.(type) {
	case *departure:
		w.depart(e, m)
	case *arrival:
		w.arrive(&event{at: e.at, key: e.key, seq: uint64(m.protocol), from: m.from, to: e.to, msg: m.message}, true)
	case *carried:
		w.land(e, m)
	case *damaged:
		w.repair(e, m)
	case *wakeup:
		w.wake(e.to, e.at)
	case *synced:
		if n := &w.k.states[e.to]; w.incarnation(n) == m.incarnation {
			x := w.extras(e.to)
			x.disk.Complete(x.lies())
		}
	case *retry:
		w.streamRetry(e, m)
	case *nodeOrder:
		w.obey(e, m)
	default:
		panic("sim: an event of a type that the kernel does not know")
	}
}

// departure returns an empty departure.
func (w *worker) departure(incarnation uint32) *departure {
	if n := len(w.free); n > 0 {
		d := w.free[n-1]
		w.free = w.free[:n-1]
		d.incarnation = incarnation
		return d
	}
	return &departure{incarnation: incarnation}
}

// depart sends what waited; if the node crashed meanwhile, it is lost.
func (w *worker) depart(e *event, d *departure) {
	n := &w.k.states[e.to]
	alive := w.incarnation(n) == d.incarnation && n.flags&nodeDown == 0
	for i := range d.sends {
		if o := &d.sends[i]; alive {
			w.send(n, e.to, e.at, o)
		} else {
			w.counts.drops.Crash++
			w.counts.kinds[o.protocol][o.kind].Lost++
			w.traceLost(e.at, e.to, o, "crash of the sender")
		}
	}
	clear(d.sends)
	d.sends = d.sends[:0]
	w.free = append(w.free, d)
}

// repair flips a bit of a message's wire form and hands on what its protocol's
// Decode makes of it, if anything.
func (w *worker) repair(e *event, d *damaged) {
	b := d.message.AppendTo(nil)
	whole := event{at: e.at, key: e.key, seq: e.seq&^0xff | uint64(d.protocol), from: e.from, to: e.to, msg: d.message}
	if len(b) == 0 {
		w.drop(&w.counts.drops.Corrupt, &whole, "corrupt")
		return
	}
	s := draws(e.key, domainCorrupt)
	s.Uint64() // the first word said that there is damage
	bit := s.IntN(min(len(b), 1<<28) * 8)
	b[bit/8] ^= 1 << (bit % 8)
	m, err := w.k.table.protocols[d.protocol].Decode(b)
	if err != nil {
		w.drop(&w.counts.drops.Corrupt, &whole, "corrupt")
		return
	}
	whole.msg = m
	w.run(&whole)
}

// sync starts the disk's work if the call asked for it, and returns when what
// the call sends may depart: after all syncs that the node has asked for.
func (w *worker) sync(n *nodeState, id uint32, end int64) int64 {
	if n.extras < 0 {
		x := w.extras(id)
		x.disk, w.scratch = w.scratch, protocols.Disk{}
		w.env.Disk = &x.disk
	}
	x := w.more[n.extras]
	if !x.diskUsed {
		x.diskUsed = true
		w.disks = append(w.disks, x)
	}
	written, ok := x.disk.TakeSync()
	if ok {
		w.counts.syncs++
		w.counts.written += uint64(written)
		took := w.k.groups[n.group].syncTime(x, written)
		if took == 0 && x.disk.Syncing() == 1 {
			x.disk.Complete(x.lies())
			return max(end, x.diskFree)
		}
		x.diskFree = min(max(end, x.diskFree)+took, never)
		n.seq++
		w.put(&event{at: x.diskFree, seq: n.seq<<8 | internal, from: id, to: id,
			msg: &synced{incarnation: w.incarnation(n)}})
	}
	return max(end, x.diskFree)
}

// drop counts a message that does not reach its protocol.
func (w *worker) drop(counter *uint64, e *event, why string) {
	*counter++
	if e.from == external {
		w.counts.missed++
	}
	if w.k.tracer == nil {
		return
	}
	p, kind := e.protocol(), uint8(e.msg.Kind())
	w.trace(TraceEvent{At: protocols.Time(e.at), What: TraceDrop, Node: protocols.NodeID(e.to), Peer: protocols.NodeID(e.from),
		Protocol: w.k.protocolName(p), Name: w.k.kindName(p, kind) + ": " + why, Size: e.msg.Size(), Key: e.key})
}
