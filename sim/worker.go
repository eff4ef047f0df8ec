package sim

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// worker runs the calls of its nodes: those of a contiguous range of blocks.
// Whatever it writes is its own; what it shares with others it only reads while
// a segment runs.
type worker struct {
	k       *kernel
	id      int
	env     protocols.Env
	scratch protocols.Disk // of nodes that have not used theirs yet
	pool    chunkPool
	timers  timerPool
	more    []*extras
	disks   []*extras // of nodes that have used theirs
	near    eventHeap // own events before limit
	limit   int64     // end of the slot that is running
	round   uint      // windows so far, the same for all workers
	place   place     // of the event that is running
	block   blockRunner

	// out holds what this worker's nodes made, by receiving worker; unused while
	// the mesh runs in one global order.
	out []*calendar

	heard   []announcement // local events that wait to be heard
	same    occurrences
	counts  counters
	records records
	calling int // the line of the trace that tells of the running call
	free    []*departure
	wire    []byte // scratch of wire mode
	rewired []byte
	_       [64]byte // workers' hot fields share no cache line
}

// put adds an event to the future. Those before the running slot's end must be
// the running node's own, unless the mesh runs in one global order.
func (w *worker) put(e *event) {
	k := w.k
	switch {
	case e.at >= k.end:
		return // the run is over by then
	case k.ordered != nil:
		k.ordered.put(&k.workers[0].pool, e) // where its chunks are given back
	case e.at < w.limit:
		if e.from != e.to {
			panic("sim: a message arrives sooner than the lookahead allows")
		}
		w.near.push(k.order, e)
	default:
		w.out[k.owner(e.to)].put(&w.pool, e)
	}
}

// patience is how many calls a worker makes before it asks whether the user has
// lost his: a window can be long, and a node can set its timers to 0 for ever.
const patience = 1 << 14

// run handles an event whose time has come.
func (w *worker) run(e *event) {
	if w.counts.events%patience == 0 && w.k.cancelled() {
		return // now and until the window is over: no call is counted any more
	}
	w.place = place{at: e.at, seq: e.seq, from: e.from}
	switch {
	case e.msg == nil:
		w.hint(e)
	case e.protocol() == internal:
		w.internal(e)
	case w.k.states[e.to].flags&nodeSlow != 0:
		w.arrive(e, false)
	default:
		if end := w.receive(e, e.at, e.at); end > e.at {
			w.occupy(e.to, e.at, end)
		}
	}
}

// hint looks whether a timer is due.
func (w *worker) hint(e *event) {
	slot := uint32(e.key)
	n := &w.k.states[e.to]
	t := w.timers.at(&n.timers, slot)
	switch t.due(e.at, e.seq) {
	case hintLater:
		w.put(&event{at: t.deadline, seq: t.seq, key: e.key, from: e.to, to: e.to})
	case hintDue:
		if n.flags&(nodePaused|nodeCostly) != 0 {
			w.queue(e)
			return
		}
		if end := w.expire(n, e.to, e.at, slot); end > e.at {
			w.occupy(e.to, e.at, end)
		}
	}
}

// expire calls Expire for a timer that is due. It returns when the CPU is done.
func (w *worker) expire(n *nodeState, id uint32, at int64, slot uint32) int64 {
	t := w.timers.at(&n.timers, slot)
	protocol, timer, key := uint8(t.seq), w.timers.timer(&n.timers, slot), t.key
	w.timers.disarm(&n.timers, slot)
	node := w.begin(n, id, at, protocol, key)
	n.chain = link(n.chain, key, at, uint64(id)<<32|uint64(protocol)<<8|1)
	if w.k.tracer != nil {
		w.traceCall(TraceEvent{At: protocols.Time(at), What: TraceExpire, Node: protocols.NodeID(id), Key: key,
			Protocol: w.k.protocolName(protocol), Name: w.k.timerName(protocol, timer), Item: timer.Argument()})
	}
	node.Expire(&w.env, timer)
	return w.finish(n, id, at, at, protocol, key)
}

// receive hands a message to its protocol, in a call that starts at start; the
// scenario's charge for it lasts until end. It returns when the CPU is done.
func (w *worker) receive(e *event, start, end int64) int64 {
	m, protocol, id := e.msg, e.protocol(), e.to
	kind := uint8(m.Kind())
	n := &w.k.states[id]
	if w.k.cfg.Wire {
		m = w.rewire(protocol, m)
	}
	node := w.begin(n, id, start, protocol, e.key)
	if node == nil {
		w.drop(&w.counts.drops.NoProtocol, e, "no protocol "+w.k.protocolName(protocol))
		return start
	}
	n.chain = link(n.chain, e.key, start, uint64(e.from)<<32|uint64(protocol)<<16|uint64(kind)<<8)
	w.counts.kinds[protocol][kind].Delivered++
	if e.from == external {
		w.counts.injected++
	} else if w.counts.perNode != nil {
		w.counts.received(id, m.Size())
	}
	if w.k.tracer != nil {
		w.traceCall(TraceEvent{At: protocols.Time(start), What: TraceDeliver, Node: protocols.NodeID(id),
			Peer: protocols.NodeID(e.from), Protocol: w.k.protocolName(protocol),
			Name: w.k.kindName(protocol, kind), Size: m.Size(), Key: e.key, Message: m})
	}
	node.Receive(&w.env, protocols.NodeID(e.from), m)
	return w.finish(n, id, start, end, protocol, e.key)
}

// begin prepares the Env of a call; nil if the node lacks the protocol.
func (w *worker) begin(n *nodeState, id uint32, at int64, protocol uint8, key uint64) protocols.Node {
	g := &w.k.groups[n.group]
	slot := g.slots[protocol]
	if slot < 0 {
		return nil
	}
	now, disk := at, &w.scratch
	if n.extras >= 0 {
		x := w.more[n.extras]
		now, disk = x.clock.read(at), &x.disk
	}
	w.env.Costs = g.Crypto
	w.env.Reset(protocols.NodeID(id), protocols.Time(now), key^uint64(domainCall), disk)
	w.counts.events++
	if n.flags&nodeReborn != 0 {
		return w.more[n.extras].reborn[slot]
	}
	return g.nodes[slot].At(int(id - g.start))
}

// link adds a call to a node's chain of fingerprints.
func link(chain, key uint64, at int64, what uint64) uint64 {
	return draw.Mix(chain ^ key ^ uint64(at)*0x9e3779b97f4a7c15 ^ what*0xc2b2ae3d27d4eb4f)
}
