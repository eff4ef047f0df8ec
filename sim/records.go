package sim

import (
	"fmt"
	"slices"
	"time"

	"meshsim/protocols"
)

// place is where an event stands in the total order.
type place struct {
	at   int64
	seq  uint64
	from uint32
	n    uint32 // how many records the event made before
}

func (o order) lessPlace(a, b *place) bool {
	switch {
	case a.at != b.at:
		return a.at < b.at
	case a.from == b.from && a.seq == b.seq:
		return a.n < b.n
	}
	return o.tied(a.at, a.from, a.seq, b.from, b.seq)
}

func (o order) comparePlace(a, b *place) int {
	switch {
	case o.lessPlace(a, b):
		return -1
	case o.lessPlace(b, a):
		return 1
	}
	return 0
}

// records is what a worker's nodes observed, and the trace, since the last
// flush. They are put in the total order when they are delivered.
type records struct {
	observed []observed
	traced   []traced
}

type observed struct {
	place
	node     uint32
	protocol uint8  // internal: the kernel's own
	cause    uint64 // key of the call
	protocols.Observation
}

type traced struct {
	place
	TraceEvent
}

// flushLimit is the number of records after which they are delivered before the
// next control instant. It is no part of the result: the order is the same.
const flushLimit = 1 << 15

// nextPlace is the place of the running event's next record.
func (w *worker) nextPlace() place {
	p := w.place
	w.place.n++
	return p
}

// observe counts a call's observations, adds them to the node's chain, and keeps
// those that somebody wants.
func (w *worker) observe(n *nodeState, id uint32, at int64, protocol uint8, key uint64) {
	totals, wanted := w.counts.observed[protocol], w.k.wanted[protocol]
	chain := n.chain
	for i := range w.env.Observations {
		o := &w.env.Observations[i]
		chain = (chain^o.Key)*0xd6e8feb86659fd93 + o.Value ^ uint64(o.Kind)<<56
		if int(o.Kind) >= len(totals) {
			panic(fmt.Sprintf("sim: %s observes kind %d, but lists %d", w.k.protocolName(protocol), o.Kind, len(totals)))
		}
		t := &totals[o.Kind]
		t.Count++
		t.Sum += o.Value
		if wanted>>(o.Kind&63)&1 != 0 {
			p := w.nextPlace()
			p.at = at
			w.records.observed = append(w.records.observed, observed{p, id, protocol, key, *o})
		}
	}
	n.chain = chain
	if w.k.tracer != nil {
		w.traceObservations(id, at, protocol, key)
	}
}

func (w *worker) traceObservations(id uint32, at int64, protocol uint8, key uint64) {
	p := w.k.table.protocols[protocol]
	for _, o := range w.env.Observations {
		w.trace(TraceEvent{At: protocols.Time(at), What: TraceObserve, Node: protocols.NodeID(id), Protocol: p.Name,
			Name: nameAt(p.Observations, int(o.Kind)), Item: o.Key, Value: o.Value, Cause: key})
	}
}

// observeNode records an observation of the kernel's own.
func (w *worker) observeNode(id uint32, at int64, kind protocols.ObservationKind, value uint64) {
	p := w.nextPlace()
	w.records.observed = append(w.records.observed, observed{p, id, internal, 0, protocols.Observation{Kind: kind, Value: value}})
}

// observeMesh records what holds of the mesh as a whole, first at its instant.
func (k *kernel) observeMesh(kind protocols.ObservationKind, at int64) {
	k.scripted++
	p := place{at: at, from: scripted, seq: k.scripted << 8}
	r := &k.workers[0].records
	r.observed = append(r.observed, observed{p, uint32(protocols.External), internal, 0, protocols.Observation{Kind: kind}})
}

func (w *worker) trace(e TraceEvent) {
	w.records.traced = append(w.records.traced, traced{w.nextPlace(), e})
}

// traceCall notes that a call begins, and traceWork how much CPU time it took.
func (w *worker) traceCall(e TraceEvent) {
	w.calling = len(w.records.traced)
	w.trace(e)
}

func (w *worker) traceWork(took int64) {
	if w.k.tracer != nil {
		w.records.traced[w.calling].Work = time.Duration(took)
	}
}

func (w *worker) traceNode(id uint32, at int64, what TraceKind) {
	if w.k.tracer != nil {
		w.trace(TraceEvent{At: protocols.Time(at), What: what, Node: protocols.NodeID(id), Protocol: protocols.NodeProtocol})
	}
}

func (w *worker) traceSend(id uint32, at int64, o *outgoing) {
	w.trace(TraceEvent{At: protocols.Time(at), What: TraceSend, Node: protocols.NodeID(id), Peer: protocols.NodeID(o.to),
		Protocol: w.k.protocolName(o.protocol), Name: w.k.kindName(o.protocol, o.kind), Size: o.size, Key: o.key, Cause: o.cause, Message: o.message})
}

// flush delivers what was recorded so far to checkers, probes, roles and the
// tracer. After a violation that stops the run, the rest is discarded.
func (k *kernel) flush() {
	all := k.gathered[:0]
	for _, w := range k.workers {
		all = append(all, w.records.observed...)
		w.records.observed = w.records.observed[:0]
	}
	slices.SortFunc(all, func(a, b observed) int { return k.order.comparePlace(&a.place, &b.place) })
	for i := range all {
		if k.stopped != "" {
			break
		}
		k.deliver(&all[i])
	}
	k.gathered = all[:0]
	k.flushTrace()
}

func (k *kernel) flushTrace() {
	if k.tracer == nil {
		return
	}
	var all []traced
	for _, w := range k.workers {
		all = append(all, w.records.traced...)
		w.records.traced = w.records.traced[:0]
	}
	slices.SortFunc(all, func(a, b traced) int { return k.order.comparePlace(&a.place, &b.place) })
	lines := make([]TraceEvent, len(all))
	for i := range all {
		lines[i] = all[i].TraceEvent
	}
	if len(lines) > 0 {
		k.tracer.Trace(lines)
	}
}

// deliver shows one observation to all who want it.
func (k *kernel) deliver(r *observed) {
	o := protocols.Observed{At: protocols.Time(r.at), Node: protocols.NodeID(r.node), Protocol: protocols.NodeProtocol, Observation: r.Observation}
	if r.protocol != internal {
		o.Protocol = k.protocolName(r.protocol)
		k.roles.observe(r.protocol, &o)
	} else {
		k.countLive(o.Kind)
	}
	liar := k.deceives(r)
	for i := range k.checks {
		c := &k.checks[i]
		if c.failed || liar || !c.wants(r) {
			continue
		}
		if r.protocol != internal {
			c.observed++
		}
		if text := c.checker.Observe(o); text != "" {
			k.violate(c, o, text, r.cause)
		}
	}
	for i := range k.probes {
		if p := &k.probes[i]; p.wants(r) {
			p.probe.Observe(o)
		}
	}
}

func (k *kernel) countLive(kind protocols.ObservationKind) {
	switch kind {
	case protocols.NodeUp:
		k.live++
	case protocols.NodeDown:
		k.live--
	}
}

// finishChecks lets the checkers say what only the whole run tells, unless it
// was cut off.
func (k *kernel) finishChecks() {
	if k.stopped != EndCancelled && k.stopped != EndViolation {
		k.audit()
	}
	for i := range k.checks {
		c := &k.checks[i]
		total := CheckTotal{Protocol: c.protocol, Check: c.name, Observed: c.observed}
		if f, ok := c.checker.(protocols.Finisher); ok && !c.failed && k.stopped != EndCancelled {
			violation, undecided := f.Finish(protocols.Time(k.now))
			total.Undecided = undecided
			if violation != "" {
				k.violate(c, protocols.Observed{At: protocols.Time(k.now), Node: protocols.External}, violation, 0)
			}
		}
		if t, ok := c.checker.(protocols.Tallier); ok {
			total.Observed = t.Tally()
		}
		if v, ok := c.checker.(protocols.Viewer); ok && c.failed {
			total.View = v.View()
		}
		k.result.Checks = append(k.result.Checks, total)
	}
}

// audit shows nodes to the checkers that ask for it.
func (k *kernel) audit() {
	for i := range k.checks {
		c := &k.checks[i]
		a, asks := c.checker.(protocols.Auditor)
		number, known := k.table.number(c.protocol)
		if !asks || !known || c.failed {
			continue
		}
		for _, id := range k.table.members[number] {
			if n := &k.states[id]; n.flags&nodeDown == 0 {
				a.Audit(id, k.nodeAt(n, uint32(id), int(k.groups[n.group].slots[number])))
			}
		}
	}
}

func (k *kernel) violate(c *watch, o protocols.Observed, text string, cause uint64) {
	c.failed = true
	k.result.Violations = append(k.result.Violations, Violation{Protocol: c.protocol, Check: c.name,
		At: time.Duration(o.At), Node: o.Node, Text: text, Cause: cause})
	if k.cfg.Stop.Violation {
		k.stopped = EndViolation
	}
}
