package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/scenarios"
	"meshsim/sim"
)

// exportOptions are the flags of export.
type exportOptions struct {
	choice
	format      string
	outFile     string
	replication int
	workers     int
	window      window
	at          string // instants, for graphviz
	epoch       string // for openmetrics
}

func (a *app) exportCommand() *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export SCENARIO",
		Short: "Write a run for other tools: traces, metrics, diagrams",
		Long: `Runs one replication of a scenario again, with a trace, and writes it for people or
for another tool. A run is the same each time, so nothing needs to have been stored.
The scenario is a file, one of the library, or a directory of results.

  jsonl        the trace, one event a line, as run --trace writes it
  csv          the same as a table
  shiviz       a log with vector clocks for https://bestchai.bitbucket.io/shiviz
  perfetto     a trace for https://ui.perfetto.dev: nodes as tracks, messages as flows
  openmetrics  the series and figures, with times, for Prometheus and Grafana
  graphviz     who knows whom, and the state of nodes and links, at instants (--at)
  spacetime    a space-time diagram as SVG: who sent what to whom, and when`,
		Example: `  meshsim export raft-leader-crash --format spacetime --from 5s --to 5300ms --nodes replicas --out election.svg
  meshsim export raft-leader-crash --format perfetto --out trace.perfetto
  meshsim export quickstart --format csv --from 5s --to 5200ms --nodes core-0,edge-7 | column -s, -t
  meshsim export meshsim-out/gossip/latest --format openmetrics --replication 3
  meshsim export partition-heal --format graphviz --at 5s,15s --nodes eu-0..eu-9,us-0..us-9 --out overlay.dot && dot -Tsvg -O overlay.dot`,
		GroupID:           groupShow,
		Args:              a.oneScenario,
		ValidArgsFunction: a.completeScenario,
		RunE:              func(c *cobra.Command, args []string) error { return a.export(c.Context(), args[0], &o) },
	}
	o.flags(c)
	return c
}

func (o *exportOptions) flags(c *cobra.Command) {
	names := formatNames()
	f := c.Flags()
	f.Var(newWord(&o.format, names...), "format", "`FORMAT` to write, as in --format spacetime")
	f.StringVar(&o.outFile, "out", "", "write to `FILE` in place of standard output, as in --out trace.jsonl")
	o.window.flags(c)
	f.StringVar(&o.at, "at", "", "graphviz: the `INSTANTS` to show, as in --at 5s,10s; the end if left out")
	f.StringVar(&o.epoch, "epoch", "", "openmetrics: the `TIME` at which the run begins, as in --epoch 2026-01-31T12:00:00Z; 1970 if left out")
	f.Var(&count{&o.replication, 0, 99_999}, "replication", "export replication `N`, counted from 0, as in --replication 12")
	o.choice.flags(c)
	coresFlag(f, &o.workers, "use `N` cores, as in --workers 8; the output is the same")
	c.MarkFlagFilename("out")
	completeWords(c, "format", names...)
}

// exporting is one run of the command.
type exporting struct {
	*app
	*exportOptions
	scenario *scenarios.Scenario
	how      *format
	from, to protocols.Time
	nodes    []protocols.NodeID // nil: all
}

func (a *app) export(ctx context.Context, name string, o *exportOptions) error {
	s, err := a.load(inResults(name), o.overrides())
	if err != nil {
		return err
	}
	x := &exporting{app: a, exportOptions: o, scenario: s, how: formatOf(o.format)}
	if err := x.check(); err != nil {
		return err
	}
	out, err := a.create(o.outFile)
	if err != nil {
		return err
	}
	defer out.discard()
	w, err := x.how.begin(x, out)
	if err != nil {
		return err
	}
	r, err := x.run(ctx, w)
	if err == nil {
		err = x.ended(r)
	}
	if err == nil {
		err = w.finish(r)
	}
	if err != nil {
		return err
	}
	return out.keep()
}

// inResults is the scenario in a directory of results; any other name is as it
// was.
func inResults(name string) string {
	if info, err := os.Stat(name); err == nil && info.IsDir() && exists(filepath.Join(name, "scenario.yaml")) {
		return filepath.Join(name, "scenario.yaml")
	}
	return name
}

// check looks whether the format can have what the flags ask for.
func (x *exporting) check() (err error) {
	if n := x.scenario.Run.Repeat; x.replication >= n {
		return usage("--replication: %d is outside 0 to %d, the replications of the scenario", x.replication, n-1)
	}
	if x.how.binary && x.outFile == "" && x.terminal(x.out.Writer) {
		return usage("%s is not text; write it to a file with --out trace.%s", x.how.name, x.how.name)
	}
	if x.at != "" && x.format != "graphviz" {
		return usage("--at belongs to --format graphviz; for %s write --from and --to", x.format)
	}
	if x.epoch != "" && x.format != "openmetrics" {
		return usage("--epoch belongs to --format openmetrics; leave it out")
	}
	if x.from, x.to, err = x.window.times(x.scenario, x.how.whole); err != nil {
		return err
	}
	x.nodes, err = x.window.nodes(x.scenario, x.how.name, x.how.most)
	return err
}

// run makes the run, up to the end of the window.
func (x *exporting) run(ctx context.Context, to sim.Tracer) (*sim.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o := scenarios.Options{Workers: x.workers}
	if !x.how.quiet {
		tracer := &untilTracer{to: []sim.Tracer{to}, until: x.to, stop: cancel}
		if x.to >= protocols.Time(x.scenario.Run.Duration) {
			tracer.stop = func() {}
		}
		o.Trace = func(int) sim.Tracer { return tracer }
	}
	m := x.startMeter()
	defer m.end()
	r, p, err := scenarios.Replicate(ctx, x.scenario, x.replication, o)
	switch {
	case p != nil:
		text, stack := panicked(p.Text)
		x.tellPanic(text, stack, x.commandLine())
		return nil, withCode(exitInternal)
	case err != nil:
		return nil, err
	case interrupted(ctx):
		return nil, errInterrupted
	}
	return r, nil
}

// ended tells of a run that was over before the window, or within it.
func (x *exporting) ended(r *sim.Result) error {
	if r.Ending == sim.EndCancelled {
		return nil
	}
	end := protocols.Time(r.End)
	why := map[sim.Ending]string{sim.EndReached: "all goals were reached", sim.EndViolation: "a property was violated"}[r.Ending]
	switch {
	case why == "":
	case end <= x.from:
		return usage("the run is over at %v, since %s; write an earlier --from than %v", r.End, why, time.Duration(x.from))
	case end < x.to && x.window.to != "" && !x.how.quiet:
		x.log().Warn(fmt.Sprintf("the run is over at %v, since %s; the rest of the window is empty", r.End, why))
	}
	return nil
}

// title says what was exported.
func (x *exporting) title() string {
	nodes := fmt.Sprintf("%d nodes", x.scenario.Plan().Nodes)
	if x.nodes != nil && len(x.nodes) < x.scenario.Plan().Nodes {
		nodes = fmt.Sprintf("%d of %s", len(x.nodes), nodes)
	}
	return fmt.Sprintf("%s: %s, seed %d", x.scenario.Name, nodes, x.scenario.Seed(x.replication))
}

// commaList is the words between commas.
func commaList(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	words := strings.Split(text, ",")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return words
}
