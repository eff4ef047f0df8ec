package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"meshsim/report/comparison"
	"meshsim/scenarios/sweep"
)

// compareOptions are the flags of compare.
type compareOptions struct {
	sweepOptions
	metrics, costs, margins []string
	confidence              float64
	baseline, warmup        string
	format                  string
}

func (a *app) compareCommand() *cobra.Command {
	var o compareOptions
	c := &cobra.Command{
		Use:   "compare SCENARIO|RESULTS ...",
		Short: "Say which point, scenario or result is better, by how much and at what cost",
		Long: `Compares the points of a sweep with its baseline, or several scenarios or results with
the first: the difference and its interval, the share of runs in which each is better,
a p-value adjusted for the number of comparisons, and a verdict: better or worse by
more than the margin, equivalent within it, or inconclusive, with the number of runs
that may decide. Costs stand beside. Of a sweep it names the points that tie with the
best, and those that no other beats in both the first metric and the costs.

Runs are paired by their seeds: replication i has the same randomness everywhere. A
run in which something did not finish counts as worse than all that did.

RESULTS is a directory that run or sweep wrote. Runs of scenarios are kept in the
store, as sweep keeps them, and made only if they are not there. The exit code tells
whether the comparison could be made, not how it ended.`,
		Example: `  meshsim compare quickstart --set protocols.gossip.fanout=2,3,4
  meshsim compare gossip.yaml --margin 5% --metric gossip.convergence_time:p95
  meshsim compare before.yaml after.yaml --repeat 30
  meshsim compare results/before results/after --format markdown
  meshsim compare results/before results/after --format html > compare.html
  meshsim compare gossip.yaml --format benchstat > b && benchstat -col /fanout -ignore /seed b
  meshsim compare raft.yaml --set protocols.raft.batch=1,8 --metric raft.throughput:mean --warmup auto`,
		GroupID: groupShow,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("%s needs a scenario with a sweep, or two scenarios or results, as in: %s quickstart --set protocols.gossip.fanout=3,4", c.CommandPath(), c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: a.completeSources,
		RunE:              func(c *cobra.Command, args []string) error { return a.compare(c.Context(), args, &o) },
	}
	o.flags(c)
	f := c.Flags()
	f.Lookup("json").Usage = "print JSON, as --format json does"
	f.StringArrayVar(&o.metrics, "metric", nil, "compare `METRIC[:STATISTIC]` in place of what the scenario expects something of, as often as wanted, as in --metric gossip.convergence_time:p95")
	f.StringArrayVar(&o.costs, "cost", nil, "show `METRIC[:STATISTIC]` as a cost in place of messages and bytes, as often as wanted, as in --cost net.bytes")
	f.StringArrayVar(&o.margins, "margin", nil, "the largest difference that does not matter: `SIZE` is a share of the base, as in --margin 5%, or, of one metric, METRIC=5% or METRIC=20ms (default 1%)")
	o.confidence = 0.95
	f.Var(&shareFlag{&o.confidence, 0.5, 0.9999}, "confidence", "`LEVEL` of intervals, and of all verdicts together, as in --confidence 99%")
	f.Lookup("confidence").DefValue = "95%"
	f.StringVar(&o.baseline, "baseline", "", "compare with the `POINT` of that name, or that value of the only field, as in --baseline fanout=3; without it the sweep's baseline, or the first")
	f.StringVar(&o.warmup, "warmup", "", "leave out what is earlier than `TIME` of series, as in --warmup 5s; auto finds the end of the warm-up by MSER-5; without it run.warmup")
	f.Var(newWord(&o.format, "text", "json", "csv", "markdown", "benchstat", "html"), "format", "print text, json, csv, markdown, benchstat, or html, a page with charts: `FORMAT`, as in --format markdown")
	c.RegisterFlagCompletionFunc("metric", completeMetric)
	c.RegisterFlagCompletionFunc("cost", completeMetric)
	completeWords(c, "format", "text", "json", "csv", "markdown", "benchstat", "html")
	completeWords(c, "warmup", "auto")
	return c
}

// completeSources offers scenarios and directories of results.
func (a *app) completeSources(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.completeScenario(c, nil, word)
}

// completeMetric offers the names of all metrics.
func completeMetric(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	entries, err := listMetrics()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, e := range entries {
		names = append(names, cobra.CompletionWithDesc(e.name, e.doc))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) compare(ctx context.Context, args []string, o *compareOptions) error {
	margins, err := parseMargins(o.margins)
	if err != nil {
		return err
	}
	least := 1
	if len(args) == 1 {
		least = 2
	}
	var list []*sweep.Collection
	for _, name := range args {
		c, err := a.results(ctx, name, &o.sweepOptions, least)
		if err != nil {
			return err
		}
		list = append(list, c)
	}
	k := &comparing{compareOptions: o, args: args, list: list}
	metrics, err := k.choose(margins)
	if err != nil {
		return err
	}
	sides, err := k.sides(metrics)
	if err != nil {
		return err
	}
	t, err := comparison.New(metrics, sides, comparison.Options{Confidence: o.confidence})
	if err != nil {
		return usage("%v", err)
	}
	if o.json {
		o.format = "json"
	}
	if o.format == "text" {
		a.print("%s\n\n", dots(k.heading(t), a.ascii()))
	}
	for _, note := range k.notes {
		a.log().Warn(note)
	}
	write := map[string]func(io.Writer) error{"json": t.JSON, "csv": t.CSV, "markdown": t.Markdown, "benchstat": t.Benchstat,
		"html": func(w io.Writer) error { return k.html(w, a, t) },
		"text": func(w io.Writer) error { return t.Text(w, comparison.TextOptions{Color: a.colored()}) }}[o.format]
	if err := write(a.out); err != nil && a.out.err == nil {
		return internal(err)
	}
	return nil
}

// alone refuses a scenario that has no other beside it.
func alone(name string) error {
	return usage("%s alone has nothing to be compared with; sweep it, as in --set protocols.gossip.fanout=3,4, or name another scenario or results", name)
}

// parseMargins reads --margin: by metric, "" for all.
func parseMargins(list []string) (map[string]margin, error) {
	margins := map[string]margin{"": {Margin: comparison.Margin{Size: 0.01, OfBase: true}}}
	for _, text := range list {
		metric, size, ok := strings.Cut(text, "=")
		if !ok {
			metric, size = "", text
		}
		m, err := parseMargin(size)
		if err != nil {
			return nil, usage("--margin: %q %v", text, err)
		}
		if metric == "" && !m.OfBase && m.Size != 0 {
			return nil, usage("--margin: %q fits one metric only; write a share, as in --margin 5%%, or --margin METRIC=%s", text, size)
		}
		margins[metric] = m
	}
	return margins, nil
}

// comparing is one comparison of the command.
type comparing struct {
	*compareOptions
	args   []string
	list   []*sweep.Collection
	chosen []chosen
	notes  []string
}

// heading says what is compared, and how many runs there are.
func (k *comparing) heading(t *comparison.Table) string {
	return fmt.Sprintf("compare %s · %s", k.name(), k.size(t))
}

func (k *comparing) name() string {
	if len(k.list) > 1 {
		return strings.Join(k.args, " · ")
	}
	return k.list[0].Name
}

func (k *comparing) size(t *comparison.Table) string {
	runs := "no common seeds"
	if n := len(t.Seeds); n == 1 {
		runs = fmt.Sprintf("1 run each, seed %d", t.Seeds[0])
	} else if n > 1 {
		runs = fmt.Sprintf("%d runs each from seed %d", n, t.Seeds[0])
	}
	return fmt.Sprintf("%d sides · %s", len(t.Sides), runs)
}
