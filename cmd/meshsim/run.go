package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"meshsim/report"
	"meshsim/report/spacetime"
	"meshsim/report/unit"
	"meshsim/scenarios"
)

// runOptions are the flags of run.
type runOptions struct {
	choice
	workers           int
	outDir            string
	json              bool
	trace             string
	noReport          bool
	diagram           string
	diagramNodes      string
	allowInconclusive bool
}

func (a *app) runCommand() *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "Run a scenario: verdicts, numbers, report",
		Long: `Runs all replications of a scenario and prints what became of its expectations and
the most important numbers. Everything else is in the directory that the last lines
name: report.html, plots, metrics.csv, summary.json, the scenario with all defaults,
and the command that runs it again.

A scenario is a file, - for standard input, or, where there is no such file, one of
the library. Its seed decides every draw: the same scenario gives the same bytes.
Ctrl-C keeps what has finished.`,
		Example: `  meshsim run quickstart
  meshsim run gossip.yaml --seed 7
  meshsim run gossip.yaml --set protocols.gossip.fanout=4 --set network.default.loss=5%
  meshsim run gossip.yaml --repeat 30 --workers 8 --out results
  meshsim run gossip.yaml --json --no-report | jq .outcome
  meshsim run gossip.yaml --repeat 1 --trace=messages`,
		GroupID:           groupRun,
		Args:              a.oneScenario,
		ValidArgsFunction: a.completeScenario,
		RunE:              func(c *cobra.Command, args []string) error { return a.run(c.Context(), args[0], &o) },
	}
	o.flags(c)
	return c
}

func (o *runOptions) flags(c *cobra.Command) {
	o.choice.flags(c)
	f := c.Flags()
	f.Var(&count{&o.repeat, 1, mostRepeats}, "repeat", "`N` replications in place of run.repeat, as in --repeat 30")
	f.Lookup("repeat").DefValue = "0"
	coresFlag(f, &o.workers, "use `N` cores, for replications side by side or within one, as in --workers 8; the results are the same")
	f.StringVar(&o.outDir, "out", defaultOut, "put the results below `DIR`, as in --out results")
	f.BoolVar(&o.json, "json", false, "print summary.json in place of the text")
	f.Var(newWord(&o.trace, "off", "all", "messages"), "trace", "write trace.jsonl with these `EVENTS`: all, or messages alone, as in --trace=messages")
	f.Lookup("trace").NoOptDefVal = "all"
	f.StringVar(&o.diagram, "diagram", "", "show who sent what to whom in the `WINDOW` FROM..TO of the first run, as in --diagram 5s..5200ms")
	f.StringVar(&o.diagramNodes, "diagram-nodes", "", "the `NODES` of the diagram, as in --diagram-nodes core-0..core-9; all if left out")
	f.BoolVar(&o.noReport, "no-report", false, "write no files")
	f.BoolVar(&o.allowInconclusive, "allow-inconclusive", false, "let expectations that cannot be decided pass: exit code 0 instead of 5")
	c.MarkFlagDirname("out")
	completeWords(c, "trace", "all", "messages")
}

// running is one run of the command.
type running struct {
	*app
	*runOptions
	name     string // as typed
	scenario *scenarios.Scenario
	started  time.Time
	dir      *report.Dir // nil with --no-report
	traces   *traces
	window   *spacetime.Recorder // what --diagram asks for; may be nil
	diagrams []report.Diagram    // of what led to violations
	study    *scenarios.Study
}

func (a *app) run(ctx context.Context, name string, o *runOptions) error {
	s, err := a.load(name, o.overrides())
	if err != nil {
		return err
	}
	for _, w := range s.Warnings() {
		a.log().Warn(w.Error())
	}
	r := &running{app: a, runOptions: o, name: name, scenario: s, started: a.now()}
	if err := r.open(); err != nil {
		return err
	}
	defer r.tidy()
	if err := r.work(ctx); err != nil {
		return err
	}
	st := r.report(ctx)
	saved := r.save(st)
	if err := r.print(st); err != nil && r.out.err == nil { // exit tells the others
		return internal(err)
	}
	if p := r.study.Panic; p != nil {
		text, stack := panicked(p.Text)
		r.tellPanic(text, stack, r.again(p.Seed, "--repeat", "1"))
	}
	return withCode(r.code(saved))
}

// open makes the directory of the results before anything is computed.
func (r *running) open() error {
	if mode := r.scenario.Metrics.Trace; r.trace == "off" && mode != "" {
		r.trace = mode
	}
	if err := r.watch(); err != nil {
		return err
	}
	if r.noReport {
		if r.trace != "off" {
			return usage("a trace needs a directory to be written to; leave out --no-report, or the trace")
		}
		return nil
	}
	if r.outDir == "" {
		return usage("--out names no directory; write --out results, or --no-report to write nothing")
	}
	dir, err := report.CreateDir(r.outDir, string(r.scenario.Name), r.started, r.scenario.Run.Seed)
	if err != nil {
		return fmt.Errorf("%w with --out", err)
	}
	r.dir = dir
	return nil
}

// tidy removes the directory of the results if nothing came into it.
func (r *running) tidy() {
	if r.dir != nil {
		os.Remove(r.dir.Path)
		os.Remove(filepath.Dir(r.dir.Path))
	}
}

// work runs all replications.
func (r *running) work(ctx context.Context) error {
	r.traces = &traces{dir: r.dir, one: r.scenario.Run.Repeat == 1, mode: r.trace}
	m := r.startMeter()
	defer m.end()
	o := scenarios.Options{Workers: r.workers, Progress: func(p scenarios.Progress) { m.update(p.Share, progressText(r.scenario, p)) }}
	if r.trace != "off" || r.window != nil {
		o.Trace = r.tracer
	}
	r.log().Debug("begin", "scenario", r.name, "runs", r.scenario.Run.Repeat, "seed", r.scenario.Run.Seed, "workers", r.workers)
	study, err := scenarios.Run(ctx, r.scenario, o)
	if err != nil {
		return err
	}
	r.study = study
	m.end()
	r.tellCost()
	return nil
}

// tellCost says what the runs took, on a terminal: it differs from run to run.
func (r *running) tellCost() {
	level := slog.LevelDebug
	if r.terminal(r.err.Writer) {
		level = slog.LevelInfo
	}
	var events uint64
	for _, res := range r.study.Results {
		if res != nil {
			events += res.Events
		}
	}
	seconds := max(r.now().Sub(r.started), 1).Seconds()
	r.log().Log(context.Background(), level, fmt.Sprintf("%s events in %s, %s",
		unit.Text("1", float64(events)), unit.Text("s", seconds), unit.Text("1/s", float64(events)/seconds)))
}

func progressText(s *scenarios.Scenario, p scenarios.Progress) string {
	events := unit.Text("1", float64(p.Events)) + " events"
	if p.Runs > 1 {
		return fmt.Sprintf("%d of %d runs, %s", p.Done, p.Runs, events)
	}
	at := time.Duration(p.Share * float64(s.Run.Duration))
	return fmt.Sprintf("%s of %s, %s", unit.Text("s", at.Seconds()), unit.Text("s", s.Run.Duration.Seconds()), events)
}

// save writes the files and traces; an error says where they are instead.
func (r *running) save(st *report.Study) error {
	trouble := r.traces.close()
	if r.dir != nil {
		if err := st.Save(r.dir); err != nil {
			trouble = append(trouble, err)
		}
	}
	for _, err := range trouble {
		r.log().Error(err.Error())
	}
	if len(trouble) > 0 {
		return trouble[0]
	}
	return nil
}

// print writes what standard output shows.
func (r *running) print(st *report.Study) error {
	if r.json {
		return st.Summary(r.out)
	}
	o := report.TextOptions{ASCII: r.ascii(), Color: r.colored()}
	if r.dir != nil {
		if path := filepath.Join(r.dir.Path, "report.html"); exists(path) {
			o.Report = path
		}
	}
	return st.Text(r.out, o)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// code is the exit code of what was found.
func (r *running) code(saved error) int {
	code := exitHolds
	switch r.study.Outcome() {
	case scenarios.Violated:
		code = exitViolated
	case scenarios.Undecided:
		if !r.allowInconclusive {
			code = exitInconclusive
		}
	}
	if saved != nil {
		code = worse(code, exitInternal)
	}
	switch {
	case r.study.Panic != nil:
		code = worse(code, exitInternal)
	case r.study.Finished() < r.scenario.Run.Repeat:
		code = exitInterrupted
	}
	return code
}
