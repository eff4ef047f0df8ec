package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"meshsim/scenarios/sweep"
)

func (a *app) mergeCommand() *cobra.Command {
	var o sweepOptions
	var from []string
	c := &cobra.Command{
		Use:   "merge SCENARIO",
		Short: "Put the shards of a sweep together",
		Long: `Reads the runs of a sweep from the store, or the stores, that its shards wrote, and
prints and writes what a sweep on one machine would have. The scenario and --set are
those of the sweep. Runs that are missing are named, with the command that makes them;
runs of another version of meshsim are not mixed in; two results for one run are an
error of determinism.

A file of a store is one line. So a store that has to travel can be one file: --from
takes what  cat shard-1/??/*.json > shard-1.jsonl  makes of it, too.`,
		Example: `  meshsim merge gossip.yaml --store /shared/runs
  meshsim merge gossip.yaml --store runs --from shard-1 --from shard-2.jsonl`,
		GroupID:           groupRun,
		Args:              a.oneScenario,
		ValidArgsFunction: a.completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return a.merge(args[0], &o, from) },
	}
	o.flags(c)
	f := c.Flags()
	f.StringArrayVar(&from, "from", nil, "also take the runs of the store, or of the file of runs, at `PATH` into --store, as often as wanted, as in --from shard-1")
	f.BoolVar(&o.noReport, "no-report", false, "write no files but the store's")
	f.BoolVar(&o.allowInconclusive, "allow-inconclusive", false, "let expectations that cannot be decided pass: exit code 0 instead of 5")
	f.MarkHidden("workers")
	return c
}

func (a *app) merge(name string, o *sweepOptions, from []string) error {
	w, err := a.planned(name, o)
	if err != nil {
		return err
	}
	if dir := w.storeDir(); len(from) == 0 && !isDir(dir) {
		return usage("there is no store %q; write --store DIR with the one that the shards wrote, or --from PATH for each that they left", dir)
	}
	if err := w.openStore(); err != nil {
		return err
	}
	out := &sweep.Outcome{}
	warn := func(err error) { w.log().Warn(err.Error() + "; it counts as missing") }
	if out.Differ, err = w.plan.Gather(w.store, from, warn); err != nil {
		return err
	}
	results, err := w.plan.CollectOnly(w.store, nil)
	if err != nil {
		return internal(err)
	}
	missing := sweep.Missing(results)
	if len(missing) == 0 || len(out.Differ) > 0 {
		return w.finish(false, out)
	}
	others, err := w.plan.Others(append([]string{w.store.Dir}, from...))
	if err != nil {
		return internal(err)
	}
	if len(others) > 0 {
		return usage("the stores hold runs of other versions of meshsim: %s; this is %s, and lacks %d runs: merge with the version that made them, or sweep again with this one", sweep.EnginesText(others), w.plan.Engine, len(missing))
	}
	w.tellMissing(missing)
	return withCode(exitInconclusive)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// mostMissing points are named.
const mostMissing = 10

// tellMissing names what is missing, point by point: one that always fails shows as
// such.
func (w *sweeping) tellMissing(missing []sweep.Run) {
	w.log().Error(fmt.Sprintf("%d of %d runs are missing in %s", len(missing), len(w.plan.Runs()), filepath.Clean(w.store.Dir)))
	told := 0
	for len(missing) > 0 {
		var of []int
		point := missing[0].Point
		for len(missing) > 0 && missing[0].Point == point {
			of, missing = append(of, missing[0].Replication), missing[1:]
		}
		what := "replication"
		if len(of) > 1 {
			what = "replications"
		}
		w.log().Error(fmt.Sprintf("missing: %s, %s %s", point.Name, what, ranges(of)))
		if told++; told == mostMissing && len(missing) > 0 {
			w.log().Error(fmt.Sprintf("… and %d runs of other points", len(missing)))
			break
		}
	}
	w.log().Error("to make them: " + w.next("sweep"))
}
