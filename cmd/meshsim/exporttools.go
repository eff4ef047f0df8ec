package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"meshsim/protocols"
	"meshsim/report/export"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// shiviz writes a log with vector clocks.
type shiviz struct {
	*export.ShiViz
	x *exporting
}

// slowEvents are more than ShiViz draws in a few seconds.
const slowEvents = 5000

func beginShiViz(x *exporting, w io.Writer) (exporter, error) {
	return &shiviz{export.NewShiViz(w, x.nodes, x.scenario.NodeName, x.from, x.to), x}, nil
}

func (s *shiviz) finish(*sim.Result) error {
	switch log := s.x.log(); {
	case s.Events == 0:
		log.Warn("nothing happened: " + s.x.what())
	case s.Events > slowEvents:
		log.Warn(fmt.Sprintf("the log has %d events; beyond some %d ShiViz becomes slow: choose a shorter window or fewer nodes", s.Events, slowEvents))
	}
	if s.x.outFile == "" {
		s.x.log().Info("ShiViz reads this from a file; its first line is the parser's regular expression, for the log pasted in: " + export.ShiVizParser)
	}
	return internal(s.Close())
}

// perfetto writes a trace of track events.
type perfetto struct {
	*export.Perfetto
	x *exporting
}

func beginPerfetto(x *exporting, w io.Writer) (exporter, error) {
	return &perfetto{export.NewPerfetto(w, x.nodes, x.scenario.NodeName, x.from, x.to), x}, nil
}

func (p *perfetto) finish(r *sim.Result) error {
	if p.Events == 0 {
		p.x.log().Warn("nothing happened: " + p.x.what())
	}
	p.Finish(r, p.x.scenario.MetricSpecs())
	return internal(p.Close())
}

// openmetrics writes the figures; it needs no trace.
type openmetrics struct {
	export.OpenMetrics
	w io.Writer
}

func beginOpenMetrics(x *exporting, w io.Writer) (exporter, error) {
	if x.window.selector != "" {
		return nil, usage("--nodes: openmetrics writes the figures of the whole run, not of some nodes; leave it out")
	}
	epoch := time.Unix(0, 0)
	if x.epoch != "" {
		var err error
		if epoch, err = time.Parse(time.RFC3339, x.epoch); err != nil {
			return nil, usage("--epoch: %q is not a time; write it as 2026-01-31T12:00:00Z", x.epoch)
		}
	}
	if last := time.Unix(0, 1<<63-1).Add(-x.scenario.Run.Duration); epoch.After(last) || epoch.Before(time.Unix(0, 0)) {
		return nil, usage("--epoch: %s is outside 1970 to %d", x.epoch, last.Year()-1)
	}
	return &openmetrics{export.OpenMetrics{Specs: x.scenario.MetricSpecs(), From: x.from, To: x.to, Epoch: epoch.UnixNano(),
		Labels: []export.Label{{Name: "scenario", Value: string(x.scenario.Name)}, {Name: "seed", Value: decimal(x.scenario.Seed(x.replication))},
			{Name: "replication", Value: strconv.Itoa(x.replication)}}}, w}, nil
}

// Trace is never called.
func (*openmetrics) Trace([]sim.TraceEvent) {}

func (m *openmetrics) finish(r *sim.Result) error { return internal(m.Write(m.w, r)) }

// graphviz writes the overlay at instants.
type graphviz struct {
	*export.Graph
	x        *exporting
	w        io.Writer
	instants []protocols.Time
}

func beginGraphviz(x *exporting, w io.Writer) (exporter, error) {
	instants, err := x.instants()
	if err != nil {
		return nil, err
	}
	if len(x.nodes) >= export.SlowDrawn {
		x.log().Warn(fmt.Sprintf("laying out %d nodes takes Graphviz minutes; choose some with --nodes %s", len(x.nodes), x.scenario.Example(100)))
	}
	cfg, err := x.scenario.Config(x.replication)
	if err != nil {
		return nil, err
	}
	return &graphviz{export.NewGraph(x.nodes, x.scenario.NodeName, cfg.Topology), x, w, instants}, nil
}

// instants reads --at, and makes the run go on until the last of them.
func (x *exporting) instants() (list []protocols.Time, err error) {
	if x.window.from != "" || x.window.to != "" {
		return nil, usage("graphviz shows instants, not a window; write --at 5s,10s in place of --from and --to")
	}
	words := commaList(x.at)
	if words == nil {
		return []protocols.Time{protocols.Time(x.scenario.Run.Duration)}, nil
	}
	last := protocols.Time(0)
	for _, word := range words {
		at, err := strict.ParseDuration(word)
		switch {
		case err != nil:
			return nil, usage("--at: %w", err)
		case at < 0 || at > x.scenario.Run.Duration:
			return nil, usage("--at: %v is outside the run, 0s to %s", at, strict.FormatDuration(x.scenario.Run.Duration))
		}
		list, last = append(list, protocols.Time(at)), max(last, protocols.Time(at))
	}
	x.to = last + 1
	return list, nil
}

func (g *graphviz) finish(r *sim.Result) error {
	for _, at := range g.instants {
		if at > protocols.Time(r.End) && r.Ending != sim.EndCancelled && g.x.at != "" {
			g.x.log().Warn(fmt.Sprintf("the run is over at %v; what stands at %v is its end", r.End, time.Duration(at)))
		}
	}
	err := g.Write(g.w, g.x.title(), g.instants)
	if err != nil {
		return usage("%w", err)
	}
	return nil
}
