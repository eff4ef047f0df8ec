package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"

	"meshsim/protocols"
	"meshsim/report"
	"meshsim/sim"
)

// A divergence is the first event at which two runs differ.
type divergence struct {
	before      []sim.TraceEvent // the last events of its node that both have
	left, right *sim.TraceEvent  // nil: this run has ended
	note        string           // what differs, where the events look alike
}

// diverge runs two ways side by side, compares their traces event by event, and
// stops at the first difference; nil if there is none. The traces are not kept.
func (v *verification) diverge(ctx context.Context, a, b way) (*divergence, error) {
	ctx, cancel := context.WithCancel(ctx)
	left, right := v.trace(ctx, a), v.trace(ctx, b)
	defer right.drain()
	defer left.drain()
	defer cancel()
	recent := new(history)
	for {
		x, y := left.next(), right.next()
		if err := cmp.Or(left.failure(), right.failure()); err != nil {
			return nil, err
		}
		if ctx.Err() != nil || x == nil && y == nil {
			return nil, context.Cause(ctx)
		}
		if note, same := alike(x, y); !same {
			return &divergence{before: recent.of(x, y), left: clone(x), right: clone(y), note: note}, nil
		}
		recent.add(x)
	}
}

// clone keeps an event longer than its trace.
func clone(e *sim.TraceEvent) *sim.TraceEvent {
	if e == nil {
		return nil
	}
	c := *e
	return &c
}

// alike compares two events. Where they look the same for people it notes what
// differs.
func alike(x, y *sim.TraceEvent) (note string, same bool) {
	if x == nil || y == nil {
		return "", false
	}
	a, b := *x, *y
	a.Message, b.Message = nil, nil
	if a != b {
		a.Key, a.Cause, b.Key, b.Cause = 0, 0, 0, 0
		if a == b {
			note = fmt.Sprintf("the causal keys are %016x and %016x: the events come from different calls", x.Key, y.Key)
		}
		return note, false
	}
	if x.Message == nil || y.Message == nil {
		return "", true
	}
	p, q := x.Message.AppendTo(nil), y.Message.AppendTo(nil)
	if bytes.Equal(p, q) {
		return "", true
	}
	at := 0
	for at < len(p) && at < len(q) && p[at] == q[at] {
		at++
	}
	return fmt.Sprintf("the messages differ from byte %d on", at), false
}

// history remembers the last events of the whole run.
type history struct {
	events [4096]sim.TraceEvent
	n      int
}

func (h *history) add(e *sim.TraceEvent) {
	h.events[h.n%len(h.events)] = *e
	h.n++
}

// of returns the last few events of the node to which one of the events belongs.
func (h *history) of(x, y *sim.TraceEvent) []sim.TraceEvent {
	const few = 4
	if x == nil {
		x = y
	}
	var list []sim.TraceEvent
	for i := h.n - 1; i >= max(0, h.n-len(h.events)) && len(list) < few; i-- {
		if e := &h.events[i%len(h.events)]; e.Node == x.Node {
			list = append([]sim.TraceEvent{*e}, list...)
		}
	}
	return list
}

// text tells a divergence to people.
func (d *divergence) text(a, b way, name func(protocols.NodeID) string) string {
	var t strings.Builder
	if len(d.before) > 0 {
		t.WriteString("  before it, in both:\n")
		for i := range d.before {
			t.WriteString("    " + line(&d.before[i], name) + "\n")
		}
	}
	fmt.Fprintf(&t, "  %s:\n    %s\n", a.name, line(d.left, name))
	fmt.Fprintf(&t, "  %s:\n    %s\n", b.name, line(d.right, name))
	if d.note != "" {
		t.WriteString("  " + d.note + "\n")
	}
	return t.String()
}

// line is an event in words.
func line(e *sim.TraceEvent, name func(protocols.NodeID) string) string {
	if e == nil {
		return "nothing more happens"
	}
	one := report.Recorder{Node: e.Node, Until: e.At}
	one.Trace([]sim.TraceEvent{*e})
	return one.Lines(name)[0]
}

// tracing is a run whose trace is read while it runs, batch by batch: the run
// waits until a batch was read.
type tracing struct {
	ctx     context.Context
	batches chan []sim.TraceEvent
	read    chan struct{}
	batch   []sim.TraceEvent
	at      int
	ended   bool
	err     error // set before the end
}

// failure is why the run ended early, nil if it did not.
func (t *tracing) failure() error {
	if !t.ended {
		return nil
	}
	return t.err
}

// trace starts a run.
func (v *verification) trace(ctx context.Context, w way) *tracing {
	t := &tracing{ctx: ctx, batches: make(chan []sim.TraceEvent), read: make(chan struct{})}
	cfg, err := v.configure(ctx, w)
	cfg.Trace, t.err = t, err
	go func() {
		defer close(t.batches)
		if t.err == nil {
			_, t.err = w.run(cfg)
		}
	}()
	return t
}

// Trace hands a batch over.
func (t *tracing) Trace(events []sim.TraceEvent) {
	select {
	case t.batches <- events:
	case <-t.ctx.Done():
		return
	}
	select {
	case <-t.read:
	case <-t.ctx.Done():
	}
}

// next returns the next event, valid until the call after; nil at the end.
func (t *tracing) next() *sim.TraceEvent {
	for t.at == len(t.batch) {
		if t.batch != nil {
			select {
			case t.read <- struct{}{}:
			case <-t.ctx.Done():
				return nil
			}
		}
		batch, ok := <-t.batches
		t.batch, t.at = batch, 0
		if !ok {
			t.ended = true
			return nil
		}
	}
	t.at++
	return &t.batch[t.at-1]
}

// drain waits for the end of a run that was cancelled.
func (t *tracing) drain() {
	for range t.batches {
	}
}
