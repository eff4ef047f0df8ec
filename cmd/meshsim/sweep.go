package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshsim/scenarios"
	"meshsim/scenarios/strict"
	"meshsim/scenarios/sweep"
)

// sweepOptions are the flags of sweep.
type sweepOptions struct {
	choice
	workers           int
	outDir, store     string
	shard, engine     string
	submit            submitOptions
	json, noReport    bool
	allowInconclusive bool
}

func (a *app) sweepCommand() *cobra.Command {
	var o sweepOptions
	c := &cobra.Command{
		Use:   "sweep SCENARIO",
		Short: "Run a scenario at many points, and go on after whatever ended it",
		Long: `Runs a scenario at the points of its sweep, or at those that --set with several
values names, and prints what became of each. Replication i has the same seed at every
point, so that points can be compared. The directory that the last lines name has all
of it as tables, and as a page with charts and the comparison with the baseline.

Each run is kept in the store when it is done. A sweep that was ended, by Ctrl-C, a
crash or a full disk, goes on when the same command is typed again; results are the
same bytes as if nothing had happened, for any number of cores or shards.

Shards are made on any number of machines that share a store, and put together by
meshsim merge. --submit writes what Slurm or Kubernetes need for that, and submits it;
submitted again it makes what is missing.`,
		Example: `  meshsim sweep gossip.yaml
  meshsim sweep quickstart --set protocols.gossip.fanout=2,3,4 --repeat 10
  meshsim sweep gossip.yaml --store /shared/runs --shard 2/8
  meshsim sweep gossip.yaml --store /shared/runs --shard auto
  meshsim sweep gossip.yaml --submit slurm --shards 64 --dry-run`,
		GroupID:           groupRun,
		Args:              a.oneScenario,
		ValidArgsFunction: a.completeScenario,
		RunE:              func(c *cobra.Command, args []string) error { return a.sweep(c.Context(), args[0], &o) },
	}
	o.flags(c)
	f := c.Flags()
	f.StringVar(&o.shard, "shard", "", "make one `PART` of the runs, as in --shard 2/8; auto asks the environment of Slurm, Kubernetes and others, auto/8 where it does not tell how many")
	completeWords(c, "shard", "auto")
	f.BoolVar(&o.noReport, "no-report", false, "write no files but the store's")
	f.BoolVar(&o.allowInconclusive, "allow-inconclusive", false, "let expectations that cannot be decided pass: exit code 0 instead of 5")
	f.StringVar(&o.engine, "engine", "", "run nothing unless this is meshsim `VERSION`, as in --engine v1.2.3: shards of one sweep must be made by the same")
	o.submit.flags(c)
	return c
}

func (o *sweepOptions) flags(c *cobra.Command) {
	o.choice.flags(c)
	f := c.Flags()
	f.Lookup("set").Usage = "change a field, as often as wanted, or sweep it by several values: `PATH=VALUE[,VALUE...]`, as in --set protocols.gossip.fanout=2,3,4"
	f.Var(&count{&o.repeat, 1, mostRepeats}, "repeat", "`N` replications of each point in place of what the scenario says, as in --repeat 30")
	f.Lookup("repeat").DefValue = "0"
	coresFlag(f, &o.workers, "use `N` cores, as in --workers 8; the results are the same")
	f.StringVar(&o.outDir, "out", defaultOut, "put the results below `DIR`, as in --out results")
	f.StringVar(&o.store, "store", "", "keep runs in `DIR`, as in --store /shared/runs; without it in store, beside the results")
	f.BoolVar(&o.json, "json", false, "print sweep.json in place of the text")
	c.MarkFlagDirname("out")
	c.MarkFlagDirname("store")
}

// defaultOut is where results are unless the user says so.
const defaultOut = "meshsim-out"

// sweeping is one sweep of the command.
type sweeping struct {
	*app
	*sweepOptions
	name    string // as typed
	started time.Time
	shard   sweep.Shard
	plan    *sweep.Plan
	store   *sweep.Store
}

// planned reads the scenario and lists the runs.
func (a *app) planned(name string, o *sweepOptions) (*sweeping, error) {
	overrides, err := o.swept()
	if err != nil {
		return nil, err
	}
	s, err := a.load(name, overrides)
	if err != nil {
		return nil, err
	}
	if err := o.checkSet(s); err != nil {
		return nil, err
	}
	plan, err := sweep.NewPlan(s, engine(), o.repeat)
	if err != nil {
		return nil, err
	}
	return &sweeping{app: a, sweepOptions: o, name: name, started: a.now(), plan: plan}, nil
}

// checkSet refuses a value of a field that the scenario sweeps: each point has one
// of its own, so it would change nothing.
func (o *sweepOptions) checkSet(s *scenarios.Scenario) error {
	if s.Sweep == nil {
		return nil
	}
	fields := append(s.Sweep.Matrix.Keys(), s.Sweep.Zip.Keys()...)
	for _, set := range o.set {
		path, value, _ := strings.Cut(set, "=")
		if v, err := strict.ParseLiterals(set, value, 1); err == nil && len(v) < 2 && slices.Contains(fields, path) {
			return usage("--set %s changes nothing, since the sweep gives %s its values; to make these points alone write --set %s", shell(set), path, shell("sweep.where="+path+" = "+value))
		}
	}
	return nil
}

// swept are the overrides; those with several values become a sweep.
func (o *sweepOptions) swept() ([]string, error) {
	var list, matrix []string
	for i, set := range o.set {
		path, values, _ := strings.Cut(set, "=")
		if v, err := strict.ParseLiterals(set, values, i+1); err == nil && len(v) > 1 {
			matrix = append(matrix, fmt.Sprintf("%q: [%s]", path, values))
			continue
		}
		list = append(list, set)
	}
	if matrix != nil {
		list = append(list, "sweep={matrix: {"+strings.Join(matrix, ", ")+"}}")
	}
	if o.changed("seed") {
		list = append(list, fmt.Sprintf("run.seed=%d", o.seed))
	}
	return list, nil
}

func (a *app) sweep(ctx context.Context, name string, o *sweepOptions) error {
	if err := o.checkSubmit(name); err != nil {
		return err
	}
	w, err := a.planned(name, o)
	if err != nil {
		return err
	}
	if err := w.checkEngine(); err != nil {
		return err
	}
	if o.submit.to != "" {
		return w.handOver(ctx)
	}
	if w.shard, err = shardOf(o.shard, a.getenv); err != nil {
		return err
	}
	if w.shard.Count > 1 && o.store == "" {
		return usage("a shard needs a store that is merged later; write --store DIR")
	}
	if err := w.openStore(); err != nil {
		return err
	}
	out, err := w.work(ctx)
	if err != nil {
		return internal(fmt.Errorf("%w; what was stored is kept: free what is missing and write the same command again", err))
	}
	if w.shard.Count > 1 {
		return w.tellShard(ctx, out)
	}
	return w.finish(interrupted(ctx), out)
}

// checkEngine refuses to make runs that could not be put together with those of
// the version that is wanted.
func (w *sweeping) checkEngine() error {
	switch {
	case w.sweepOptions.engine == "" || w.sweepOptions.engine == w.plan.Engine:
		return nil
	case w.submit.to == kubernetes: // it is that of the image
		w.plan.Engine = w.sweepOptions.engine
		return nil
	}
	return usage("--engine: this is meshsim %s, not %s; use the same program for all shards of a sweep", w.plan.Engine, w.sweepOptions.engine)
}

func (w *sweeping) openStore() (err error) {
	w.store, err = sweep.OpenStore(w.storeDir())
	return err
}

// storeDir is where the store is: beside the results unless the user says so.
func (w *sweeping) storeDir() string {
	if w.sweepOptions.store != "" {
		return w.sweepOptions.store
	}
	return filepath.Join(w.outDir, string(w.plan.Scenario.Name), "store")
}

// work makes the runs that are missing.
func (w *sweeping) work(ctx context.Context) (*sweep.Outcome, error) {
	m := w.startMeter()
	defer m.end()
	return w.plan.Make(ctx, w.store, w.shard, sweep.Options{Workers: w.workers,
		Warn: func(err error) { w.log().Warn(err.Error()) },
		Progress: func(p sweep.Progress) {
			m.update(p.Share, fmt.Sprintf("%d of %d runs", p.Done, p.Runs))
		}})
}

// engine is the version that runs are kept under. Of a build that its version
// does not tell from others it is the digest of the program.
func engine() string {
	v := version()
	if !strings.Contains(v, "+dirty") && !strings.Contains(v, "-modified") && v != "devel" && v != "unknown" {
		return v
	}
	path, err := os.Executable()
	if err != nil {
		return v
	}
	f, err := os.Open(path)
	if err != nil {
		return v
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return v
	}
	return fmt.Sprintf("%s %x", v, h.Sum(nil)[:8])
}
