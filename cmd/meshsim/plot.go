package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"meshsim/report/plots"
	"meshsim/scenarios/sweep"
)

// plotOptions are the flags of plot.
type plotOptions struct {
	sweepOptions
	metrics, statistics []string
	kind                string
	x, group            string
	only                []string
	out                 []string
	title               string
	log                 bool
	width, height       int // in millimetres; 0: as usual
}

func (a *app) plotCommand() *cobra.Command {
	var o plotOptions
	c := &cobra.Command{
		Use:   "plot RESULTS...",
		Short: "Draw a metric of any results: PNG, SVG, PDF",
		Long: `Draws a figure of a metric, from directories of results that run or sweep wrote. Of a
scenario, the runs that its store lacks are made first.

The kind of figure follows from the metric and from the number of fields in which the
results differ, or is named with --kind:

  series    over time: a curve for each point, with the 95% interval of its mean
  cdf       the share of items, or of runs, that came out at most so large
  box       a box plot for each point, over its runs
  points    estimates with 95% intervals along a field; bars are the same from 0
  heatmap   two fields; the points that tie with the best are outlined
  pareto    two metrics, the points that no other beats in both joined
  scaling   a field of numbers, or nodes, on logarithmic axes, with the fitted slope

Several results are compared side by side: they differ in a field called results.
The same results give the same bytes on one machine.`,
		Example: `  meshsim plot meshsim-out/quickstart --metric gossip.coverage
  meshsim plot meshsim-out/tuned --metric gossip.convergence_time --out figure3.pdf
  meshsim plot meshsim-out/tuned --metric net.latency --statistic p99 --x fanout --log
  meshsim plot meshsim-out/tuned --metric gossip.convergence_time --metric net.messages
  meshsim plot meshsim-out/tuned --metric gossip.coverage --only interval=2s
  meshsim plot small medium large --metric net.messages --kind scaling --x nodes`,
		GroupID: groupShow,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("meshsim plot needs results: a directory that run or sweep wrote, as in: meshsim plot meshsim-out/quickstart --metric gossip.coverage")
			}
			return nil
		},
		ValidArgsFunction: a.completeSources,
		RunE:              func(c *cobra.Command, args []string) error { return a.plot(c.Context(), args, &o) },
	}
	o.plotFlags(c)
	return c
}

func (o *plotOptions) plotFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.metrics, "metric", nil, "draw `NAME`, as in --metric gossip.coverage; two of them against one another")
	f.StringArrayVar(&o.statistics, "statistic", nil, "`STATISTIC` of the metric within a run: last, mean, min or max of a series; mean, min, max or any percentile of items, as in --statistic p95")
	var words []string
	for _, k := range plots.Kinds {
		words = append(words, string(k))
	}
	f.Var(&word{&o.kind, words}, "kind", "`KIND` of figure, in place of the one that suits: "+strings.Join(words, ", ")+", as in --kind box")
	f.StringVar(&o.x, "x", "", "`FIELD` along the x axis, as in --x fanout; nodes is one, too")
	f.StringVar(&o.group, "group", "", "`FIELD` with a curve for each of its values, or of the y axis of a heat map, as in --group interval")
	f.StringArrayVar(&o.only, "only", nil, "draw points with these values alone: `FIELD=VALUE[,VALUE...]`, as in --only fanout=3,4")
	f.StringArrayVar(&o.out, "out", nil, "write to `FILE`, which ends in .png, .svg or .pdf, as in --out figure.pdf; as often as wanted")
	f.StringVar(&o.title, "title", "", "`TEXT` above the figure in place of what it shows, as in --title 'Figure 3'; none with --title ''")
	f.BoolVar(&o.log, "log", false, "values on a logarithmic axis")
	f.Var(&count{&o.width, 60, 400}, "width", "of the figure in `MM`, as in --width 88 for one column of a paper; below 106 without what the metric means")
	f.Var(&count{&o.height, 40, 1000}, "height", "of the figure in `MM`, as in --height 60")
	f.BoolVar(&o.json, "json", false, "print the numbers that are drawn as JSON")
	o.choice.flags(c)
	f.Lookup("set").Usage = "of a scenario: change a field, or sweep it by several values: `PATH=VALUE[,VALUE...]`, as in --set protocols.gossip.fanout=2,3,4"
	f.Lookup("seed").Usage = "of a scenario: seed `N` in place of run.seed, as in --seed 7"
	f.Var(&count{&o.repeat, 1, mostRepeats}, "repeat", "of a scenario: `N` replications of each point, as in --repeat 30")
	coresFlag(f, &o.workers, "of a scenario: use `N` cores, as in --workers 8")
	f.StringVar(&o.store, "store", "", "of a scenario: keep runs in `DIR`, as in --store /shared/runs")
	for _, name := range []string{"width", "height", "repeat"} {
		f.Lookup(name).DefValue = "0"
	}
	o.outDir = "meshsim-out"
	c.MarkFlagDirname("store")
	completeWords(c, "kind", words...)
	c.RegisterFlagCompletionFunc("metric", completeMetric)
}

func (a *app) plot(ctx context.Context, args []string, o *plotOptions) error {
	if err := o.checkOut(); err != nil {
		return err
	}
	var all []named
	for _, arg := range args {
		if err := a.checkResults(arg); err != nil {
			return err
		}
		c, err := a.results(ctx, arg, &o.sweepOptions, 1)
		if err != nil {
			return err
		}
		all = append(all, named{arg, c})
	}
	d, k, err := a.plotData(all, o)
	if err != nil {
		return err
	}
	look := o.look()
	look.Kind, look.Untitled = k, o.changed("title") && o.title == ""
	p, err := plots.Draw(d, look)
	if err != nil {
		return err
	}
	files, err := a.writePlot(p, o.files(d, k))
	if err != nil {
		return internal(err)
	}
	if o.json {
		return a.plotJSON(d, p, files)
	}
	a.tellPlot(p, files)
	return nil
}

// checkResults refuses a directory that holds no results, and says where some are.
func (a *app) checkResults(arg string) error {
	info, err := os.Stat(arg)
	if _, ok := resultsDir(arg); err != nil || !info.IsDir() || ok || inLibrary(arg) {
		return nil
	}
	below, _ := filepath.Glob(filepath.Join(arg, "*", "latest", sweep.IndexFile))
	if len(below) == 0 {
		return usage("%s holds no results; name a directory that meshsim run or meshsim sweep wrote, as in meshsim-out/quickstart", arg)
	}
	var dirs []string
	for _, file := range below[:min(len(below), mostNamed)] {
		dirs = append(dirs, filepath.Dir(filepath.Dir(file)))
	}
	return usage("%s holds no results, but directories of results; write %s", arg, orList(dirs))
}

// look is how the figure shall be, but for its kind.
func (o *plotOptions) look() plots.Options {
	return plots.Options{X: o.x, Group: o.group, Title: o.title, Log: o.log,
		Width: points(o.width), Height: points(o.height)}
}

// points of 1/72 inch.
func points(millimetres int) float64 { return float64(millimetres) * 72 / 25.4 }
