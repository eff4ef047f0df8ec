package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/report"
	"meshsim/report/spacetime"
	"meshsim/sim"
)

// watch makes the recorder of the window that --diagram names.
func (r *running) watch() error {
	switch {
	case r.diagram == "" && r.diagramNodes != "":
		return usage("--diagram-nodes needs a window, as in --diagram 5s..5200ms")
	case r.diagram == "":
		return nil
	case r.noReport:
		return usage("the diagram is part of report.html; leave out --no-report, or write it alone: meshsim export %s --format spacetime", r.name)
	}
	w, err := parseSpan(r.diagram)
	if err != nil {
		return usage("--diagram: %w", err)
	}
	from, to, err := w.times(r.scenario, false)
	if err != nil {
		return err
	}
	w.selector = r.diagramNodes
	nodes, err := w.nodes(r.scenario, "a diagram", spacetime.MaxNodes)
	if err != nil {
		return err
	}
	r.window = spacetime.NewRecorder(nodes, from, to)
	return nil
}

// diagramFlags are the flags of the diagram, as the user gave them.
func (r *running) diagramFlags() (flags []string) {
	if r.diagram != "" {
		flags = []string{"--diagram", r.diagram}
	}
	if r.diagramNodes != "" {
		flags = append(flags, "--diagram-nodes", r.diagramNodes)
	}
	return flags
}

// tracer is what a replication is traced for.
func (r *running) tracer(replication int) sim.Tracer {
	var to several
	if r.trace != "off" {
		if t := r.traces.open(replication); t != nil {
			to = append(to, t)
		}
	}
	if replication == 0 && r.window != nil {
		to = append(to, r.window)
	}
	if to == nil {
		return nil
	}
	return to
}

// several are tracers that get the same.
type several []sim.Tracer

// Trace passes events on.
func (s several) Trace(events []sim.TraceEvent) {
	for _, t := range s {
		t.Trace(events)
	}
}

// windowDiagram draws what --diagram asked for.
func (r *running) windowDiagram() []report.Diagram {
	if r.window == nil {
		return nil
	}
	d := r.window.Diagram("", "", r.scenario.NodeName)
	if d.Empty() {
		r.log().Warn(fmt.Sprintf("nothing happens in the window %s of the diagram", r.diagram))
		return nil
	}
	seed := r.scenario.Seed(0)
	d.Title = fmt.Sprintf("Run 1 (seed %d), %s", seed, spanText(d))
	return []report.Diagram{{Title: d.Title, SVG: d.Inline()}}
}

// hundredth of a millisecond: finer than the axis of a diagram.
const hundredth = 10 * time.Microsecond

func spanText(d *spacetime.Diagram) string {
	from, to := d.Window()
	return fmt.Sprintf("%v to %v", time.Duration(from).Round(hundredth), time.Duration(to).Round(hundredth))
}

const (
	drawnChains  = 3                     // violations whose chain is drawn; each takes a run
	leastLead    = 10 * time.Millisecond // before a chain, and all of one that has no length
	fewNodes     = 8                     // are all shown
	drawAttempts = 3                     // to find a window with room for what it holds
)

// drawChain draws what led to a violation: the nodes of the chain, from its
// beginning on, with its messages standing out. If there are more messages than a
// diagram shows, it begins later.
func (r *running) drawChain(ctx context.Context, replication int, v sim.Violation, chain []sim.TraceEvent) {
	if len(r.diagrams) == drawnChains || len(chain) == 0 || r.dir == nil {
		return
	}
	nodes, keys := r.concerned(chain, v.Node)
	end := protocols.Time(v.At)
	lead := max(end-chain[0].At, protocols.Time(leastLead))
	lead += lead / 10
	for range drawAttempts {
		w := spacetime.NewRecorder(nodes, max(end-lead, 0), end+max(lead/50, 1))
		if interrupted(ctx) || !r.until(ctx, replication, end, w) {
			return
		}
		d := w.Diagram("", "", r.scenario.NodeName)
		d.Chain = keys
		shown, omitted := d.Messages()
		if omitted == 0 {
			d.Title = fmt.Sprintf("What led to the violation of %s.%s in run %d, %s", v.Protocol, v.Check, replication+1, spanText(d))
			r.diagrams = append(r.diagrams, report.Diagram{Title: d.Title, SVG: d.Inline()})
			return
		}
		lead = max(1, lead/protocols.Time(shown+omitted)*protocols.Time(shown)/2)
	}
}

// concerned are the nodes to show, all if they are few, and the keys of the
// messages of a chain.
func (r *running) concerned(chain []sim.TraceEvent, at protocols.NodeID) (nodes []protocols.NodeID, keys []uint64) {
	nodes = []protocols.NodeID{at}
	for i := range chain {
		nodes = append(nodes, chain[i].Node)
		if chain[i].What == sim.TraceSend {
			keys = append(keys, chain[i].Key)
		}
	}
	if all, err := r.scenario.Select([]string{"all"}); err == nil && len(all) <= fewNodes {
		return all, keys
	}
	slices.Sort(nodes)
	return slices.Compact(nodes), keys
}
