package main

import (
	"fmt"
	"slices"
	"sync"

	"meshsim/report"
	"meshsim/sim"
)

// traces writes the traces of a study: trace.jsonl, or with several replications
// trace-0.jsonl and so on. A trace that cannot be written does not stop the run.
type traces struct {
	dir   *report.Dir
	one   bool // replication
	mode  string
	mu    sync.Mutex
	files []traceFile
	errs  []error
}

type traceFile struct {
	name   string
	file   *report.File
	writer *report.TraceWriter
}

// open begins the trace of a replication.
func (t *traces) open(replication int) sim.Tracer {
	name := "trace.jsonl"
	if !t.one {
		name = fmt.Sprintf("trace-%d.jsonl", replication)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	f, err := t.dir.Open(name)
	if err != nil {
		t.errs = append(t.errs, fmt.Errorf("%s: %w", name, err))
		return nil
	}
	w := report.NewTraceWriter(f)
	t.files = append(t.files, traceFile{name, f, w})
	if t.mode == "messages" {
		return &messageTracer{to: w}
	}
	return w
}

// close ends all traces. It returns what could not be written.
func (t *traces) close() []error {
	for _, f := range t.files {
		err := f.writer.Close()
		if err != nil {
			f.file.Abort()
		} else {
			err = f.file.Close()
		}
		if err != nil {
			t.errs = append(t.errs, fmt.Errorf("%s: %w", f.name, err))
		}
	}
	t.files = nil
	return t.errs
}

// messageTracer passes on what happens to messages.
type messageTracer struct {
	to   sim.Tracer
	kept []sim.TraceEvent
}

// Trace takes events.
func (m *messageTracer) Trace(events []sim.TraceEvent) {
	m.kept = append(m.kept[:0], events...)
	m.kept = slices.DeleteFunc(m.kept, func(e sim.TraceEvent) bool {
		return e.What != sim.TraceSend && e.What != sim.TraceDeliver && e.What != sim.TraceDrop && e.What != sim.TraceDuplicate
	})
	m.to.Trace(m.kept)
}
