package main

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sort"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// A way is one of the ways to run a scenario. All must give the same.
type way struct {
	name    string
	mode    sim.Mode
	workers int
	wire    bool
}

// waysToRun are those that verify compares. The first is what the others are
// compared with; the second differs in nothing, and shows what comes and goes.
func waysToRun(workers int) []way {
	several := fmt.Sprintf("%d workers", workers)
	return []way{
		{"in windows, 1 worker", sim.Windowed, 1, false},
		{"the same again", sim.Windowed, 1, false},
		{"in windows, " + several, sim.Windowed, workers, false},
		{"in global order", sim.Ordered, 1, false},
		{"through the wire, 1 worker", sim.Windowed, 1, true},
		{"through the wire, " + several, sim.Windowed, workers, true},
	}
}

// verification compares runs of one replication.
type verification struct {
	config func() (sim.Config, error) // afresh for each run, since workloads have state
	name   func(protocols.NodeID) string
}

// run runs in one way. add may change the configuration.
func (v *verification) run(ctx context.Context, w way, add func(*sim.Config)) (*sim.Result, error) {
	cfg, err := v.configure(ctx, w)
	if err != nil {
		return nil, err
	}
	add(&cfg)
	return w.run(cfg)
}

func (v *verification) configure(ctx context.Context, w way) (sim.Config, error) {
	cfg, err := v.config()
	cfg.Mode, cfg.Workers, cfg.Wire, cfg.Cancel = w.mode, w.workers, w.wire, ctx.Done()
	return cfg, err
}

// run runs a configuration. What panics is a failure of this way.
func (w way) run(cfg sim.Config) (r *sim.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			text, _ := panicked(p)
			r, err = nil, internal(fmt.Errorf("%s: internal error: %s", w.name, text))
		}
	}()
	return sim.Run(cfg)
}

// difference says in what two results differ, "" if in nothing. What they cost
// is no matter, nor what one of them was not asked for.
func difference(a, b *sim.Result) string {
	switch {
	case a.End != b.End || a.Ending != b.Ending:
		return fmt.Sprintf("one ended at %v (%s), the other at %v (%s)", a.End, a.Ending, b.End, b.Ending)
	case a.Fingerprint != b.Fingerprint:
		return fmt.Sprintf("the fingerprints are %016x and %016x", a.Fingerprint, b.Fingerprint)
	case a.Events != b.Events:
		return fmt.Sprintf("there are %d and %d events", a.Events, b.Events)
	case a.Payload != b.Payload && a.Payload != 0 && b.Payload != 0:
		return "messages of the same kind and size have other bytes"
	}
	left, right := comparable(a), comparable(b)
	for i := range left {
		if !reflect.DeepEqual(left[i].value, right[i].value) {
			return "the same events gave other " + left[i].name
		}
	}
	return ""
}

type part struct {
	name  string
	value any
}

// comparable lists the parts of a result that follow from its events.
func comparable(r *sim.Result) []part {
	samples := slices.Clone(r.Samples)
	for i := range samples {
		if math.IsNaN(samples[i].Connected) {
			samples[i].Connected = -1 // NaN differs from itself
		}
	}
	return []part{{"checkpoints", r.Checkpoints}, {"samples", samples}, {"counts of messages", r.Kinds}, {"counts of drops", r.Drops},
		{"figures of the protocols", r.Figures}, {"latencies", r.Latency}, {"counts of nodes", r.PerNode},
		{"violations", r.Violations}, {"spans of faults", r.Spans}}
}

// together is until when two runs were alike: the last checkpoint at which they
// were. It is found by bisection, since what differs once stays different.
func together(a, b *sim.Result) time.Duration {
	n := min(len(a.Checkpoints), len(b.Checkpoints))
	first := sort.Search(n, func(i int) bool { return a.Checkpoints[i] != b.Checkpoints[i] })
	if first == 0 {
		return 0
	}
	return a.Checkpoints[first-1].At
}
