package main

import (
	"context"
	"io"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"meshsim/protocols"
	"meshsim/report"
	"meshsim/scenarios"
	"meshsim/scenarios/sweep"
	"meshsim/sim"
)

// report puts the study in the words of package report.
func (r *running) report(ctx context.Context) *report.Study {
	s := r.scenario
	st := &report.Study{
		Name:        string(s.Name),
		Description: s.Description,
		Scenario:    s.Resolved(),
		Command:     r.again(s.Run.Seed, append(r.repeats(), r.diagramFlags()...)...),
		Next:        r.next(),
		Results:     r.study.Results,
		Planned:     s.Run.Repeat,
		Warmup:      s.Run.Warmup,
		Metrics:     s.MetricSpecs(),
		Headline:    headline(s),
		NodeName:    s.NodeName,
		Provenance: report.Provenance{Version: version(), Go: runtime.Version(), Platform: platform(),
			Workers: r.workers, Started: r.started},
	}
	for _, v := range r.study.Verdicts {
		st.Verdicts = append(st.Verdicts, report.Verdict{Part: v.Part, Property: v.Property,
			Outcome: report.Outcome(v.Outcome), Text: v.Text, Detail: v.Detail})
	}
	if p := r.study.Panic; p != nil {
		st.Panicked = p.Replication + 1
	}
	st.Violations = r.violations(ctx)
	st.Diagrams = append(r.windowDiagram(), r.diagrams...)
	st.Stuck = r.stuck()
	st.Attachments = r.kept()
	return st
}

// bundleFile has the runs themselves, for commands that compare and draw.
const bundleFile = "runs.jsonl"

// kept are the files that say what the runs yielded, for other commands.
func (r *running) kept() []report.Attachment {
	if r.dir == nil {
		return nil
	}
	s := *r.scenario
	s.Sweep = nil
	results := r.study.Results
	for len(results) > 1 && results[len(results)-1] == nil { // never begun
		results = results[:len(results)-1]
	}
	plan, err := sweep.NewPlan(&s, engine(), len(results))
	if err != nil {
		return failing(err)
	}
	records, err := plan.Records(results)
	if err != nil {
		return failing(err)
	}
	c := sweep.NewCollection(plan, []sweep.Results{{PlanPoint: &plan.Points[0], Records: records}})
	return []report.Attachment{
		{Name: sweep.IndexFile, Content: func(w io.Writer) error { return c.WriteIndex(w, bundleFile) }},
		{Name: bundleFile, Content: func(w io.Writer) error { return sweep.WriteBundle(w, records) }},
	}
}

// failing is the attachment that tells an error where files are written.
func failing(err error) []report.Attachment {
	return []report.Attachment{{Name: bundleFile, Content: func(io.Writer) error { return err }}}
}

// stuck is the replication that shows best what was not reached, counted from 1;
// 0 if all was.
func (r *running) stuck() int {
	for _, v := range r.study.Verdicts {
		if v.Part != "eventually" || v.Outcome != scenarios.Violated || !v.Shown {
			continue
		}
		for i, result := range r.study.Results {
			if result != nil && result.Seed == v.Seed {
				return i + 1
			}
		}
	}
	return 0
}

// headline names the metrics that the scenario expects something of, and what
// the whole took; nil, for the report's own choice, if it expects nothing.
func headline(s *scenarios.Scenario) []string {
	var names []string
	for _, e := range s.Expect.Eventually {
		text, _ := e.MarshalText() // never fails
		if words := strings.Fields(string(text)); len(words) > 0 {
			names = append(names, words[0])
		}
	}
	for _, t := range s.Expect.Thresholds {
		names = append(names, t.Key)
	}
	if names == nil {
		return nil
	}
	return append(names, "net.messages", "net.bytes", "net.latency_p99", "run.events")
}

// source names the scenario in a command that runs it again: where it came from
// standard input, that is the copy among the results.
func (r *running) source() (name string, set []string) {
	switch {
	case r.name != "-":
		return r.name, r.set
	case r.dir != nil:
		return filepath.Join(r.dir.Path, "scenario.yaml"), nil
	}
	return "-", r.set
}

// command is a command on the scenario, as the user changed it.
func (r *running) command(verb string, flags ...string) string {
	name, set := r.source()
	words := []string{"meshsim", verb, name}
	for _, s := range set {
		words = append(words, "--set", s)
	}
	return shell(append(words, flags...)...)
}

// again is the command that runs the scenario again with a seed, which it names
// even where it is the scenario's.
func (r *running) again(seed uint64, flags ...string) string {
	return r.command("run", append([]string{"--seed", decimal(seed)}, flags...)...)
}

// repeats is the flag for the number of replications, if the user gave it.
func (r *running) repeats() []string {
	if r.repeat == 0 {
		return nil
	}
	return []string{"--repeat", decimal(uint64(r.repeat))}
}

// next is the command that a user may want now.
func (r *running) next() string {
	var flags []string
	if r.changed("seed") {
		flags = []string{"--seed", decimal(r.seed)}
	}
	repeat := r.scenario.Run.Repeat
	switch broken, seed := r.broken(); {
	case r.name == "-" && r.dir == nil, r.study.Finished() < repeat && !broken:
		return "" // there is nothing to run again, or all of it
	case broken:
		return r.again(seed, "--repeat", "1", "--trace")
	case r.study.Outcome() == scenarios.Undecided && repeat < 100:
		return r.command("run", append(flags, "--repeat", decimal(uint64(max(30, 4*repeat))))...)
	case r.scenario.Sweep != nil:
		return r.command("sweep", flags...)
	case repeat == 1:
		return r.command("run", append(flags, "--repeat", "30")...)
	}
	return r.command("verify", flags...)
}

// broken reports whether an expectation was violated, and the seed of a run that
// shows it: the first one with a property broken, else that of the first verdict.
func (r *running) broken() (bool, uint64) {
	for _, res := range r.study.Results {
		if res != nil && len(res.Violations) > 0 {
			return true, res.Seed
		}
	}
	for _, v := range r.study.Verdicts {
		if v.Outcome == scenarios.Violated && v.Shown {
			return true, v.Seed
		}
	}
	return false, 0
}

// explained is how many violations are looked into: finding what led to one
// takes a run with a trace.
const explained = 5

// violations lists what was violated, the first ones with what led to them.
func (r *running) violations(ctx context.Context) []report.Violation {
	list := []report.Violation{}
	for i, res := range r.study.Results {
		if res == nil {
			continue
		}
		for _, v := range res.Violations {
			out := report.Violation{Replication: i, Seed: res.Seed, Violation: v,
				Command: r.again(res.Seed, "--repeat", "1", "--trace")}
			if len(list) < explained && !interrupted(ctx) {
				out.Events = r.ledTo(ctx, i, v)
			}
			list = append(list, out)
		}
	}
	return list
}

// ledTo runs a replication again up to a violation and returns what caused it or,
// where that is a timer of the node, what the node saw last.
func (r *running) ledTo(ctx context.Context, replication int, v sim.Violation) []string {
	if v.Node == protocols.External {
		return nil // no event is to blame
	}
	until := protocols.Time(v.At)
	causes, seen := &report.Causes{Of: v.Cause, Until: until}, &report.Recorder{Node: v.Node, Until: until}
	if !r.until(ctx, replication, until, causes, seen) {
		return nil
	}
	r.drawChain(ctx, replication, v, causes.Chain())
	if chain := causes.Lines(r.scenario.NodeName); len(chain) > 1 {
		return chain
	}
	return seen.Lines(r.scenario.NodeName)
}

// until runs a replication again for tracers, up to an instant, and reports
// whether it could.
func (r *running) until(ctx context.Context, replication int, until protocols.Time, to ...sim.Tracer) bool {
	cfg, err := r.scenario.Config(replication)
	if err != nil {
		return false // it was made before
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cfg.Workers, cfg.Cancel = r.workers, ctx.Done()
	cfg.Trace = &untilTracer{to: to, until: until, stop: cancel}
	_, err = sim.Run(cfg)
	return err == nil
}

// untilTracer ends a run once its trace has passed an instant.
type untilTracer struct {
	to    []sim.Tracer
	until protocols.Time
	stop  func()
}

// Trace passes events on.
func (u *untilTracer) Trace(events []sim.TraceEvent) {
	for _, t := range u.to {
		t.Trace(events)
	}
	if events[len(events)-1].At > u.until {
		u.stop()
	}
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }
