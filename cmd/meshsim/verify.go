package main

import (
	"context"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"meshsim/scenarios"
	"meshsim/sim"
)

func (a *app) verifyCommand() *cobra.Command {
	var choice choice
	workers, replication := max(2, runtime.GOMAXPROCS(0)), 0
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify SCENARIO",
		Short: "Check that a scenario is the same in every way of running",
		Long: `Runs one replication of a scenario several times: twice in the same way, with one
and with several workers, in windows and in global order, and in wire mode, where
each message is encoded and decoded on its way. All must give the same events,
observations and figures.

If they do not, verify names the first event that differs, on both sides, and ends
with exit code 4. What usually is behind it: a walk over a map, state that nodes or
runs share, a message that was changed after it was sent, a codec that loses a field.`,
		Example: `  meshsim verify gossip.yaml
  meshsim verify quickstart --seed 7 --workers 8
  meshsim verify gossip.yaml --replication 12`,
		GroupID:           groupRun,
		Args:              a.oneScenario,
		ValidArgsFunction: a.completeScenario,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := a.load(args[0], choice.overrides())
			if err != nil {
				return err
			}
			if repeat := s.Run.Repeat; replication >= repeat {
				return usage("--replication: %d is outside 0 to %d, the replications of the scenario", replication, repeat-1)
			}
			return a.verify(c.Context(), s, replication, workers, asJSON)
		},
	}
	choice.flags(c)
	c.Flags().Var(&count{&workers, 2, 64}, "workers", "compare 1 worker with `N`, as in --workers 8")
	c.Flags().Lookup("workers").DefValue = "all cores"
	c.Flags().Var(&count{&replication, 0, 99_999}, "replication", "verify replication `N`, counted from 0, as in --replication 12; run gives the seeds")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON in place of the text")
	return c
}

// verify compares all ways to run a replication.
func (a *app) verify(ctx context.Context, s *scenarios.Scenario, replication, workers int, asJSON bool) error {
	show := &verifyText{app: a}
	if asJSON {
		show.entry = &verifyEntry{Seed: s.Seed(replication), Replication: replication, Ways: []wayEntry{}}
		defer func() { a.printJSON(show.entry) }()
	} else if replication > 0 {
		a.print("replication %d, seed %d\n", replication, s.Seed(replication))
	}
	v := &verification{config: func() (sim.Config, error) { return s.Config(replication) }, name: s.NodeName}
	return show.compareWays(ctx, v, waysToRun(workers))
}

// compareWays runs all ways and tells of each how it compares with the first.
func (t *verifyText) compareWays(ctx context.Context, v *verification, ways []way) error {
	m := t.startMeter()
	defer m.end()
	var results []*sim.Result
	for i, w := range ways {
		r, err := v.run(ctx, w, func(c *sim.Config) {
			c.Progress = func(at time.Duration, events uint64) {
				m.update((float64(i)+share(at, c.Duration))/float64(len(ways)), w.name)
			}
		})
		switch {
		case err != nil:
			return err
		case interrupted(ctx):
			return errInterrupted
		}
		results = append(results, r)
		t.way(w, r)
		if k, what := firstDifferent(results); what != "" {
			m.end()
			return t.tellDifference(ctx, v, ways[k], w, together(results[k], r), what)
		}
	}
	t.identical(results[0].Fingerprint)
	return nil
}

// share is the part of a run that is over.
func share(at, duration time.Duration) float64 { return at.Seconds() / max(duration, 1).Seconds() }

// firstDifferent compares the last result with those before.
func firstDifferent(results []*sim.Result) (k int, what string) {
	last := len(results) - 1
	for k := range last {
		if what := difference(results[k], results[last]); what != "" {
			return k, what
		}
	}
	return 0, ""
}

// tellDifference names the first event at which two ways differ.
func (t *verifyText) tellDifference(ctx context.Context, v *verification, x, y way, until time.Duration, what string) error {
	t.different("different: %q and %q; %s\n", x.name, y.name, what)
	const tries = 3 // what comes and goes may need another
	for range tries {
		d, err := v.diverge(ctx, x, y)
		if err != nil {
			return err
		}
		if d != nil {
			t.different("%s", d.text(x, y, v.name))
			return withCode(exitInternal)
		}
	}
	t.different("  no event differs when they are run again; they were alike until %v at least.\n"+
		"  What comes and goes hints at a walk over a map, or at state that runs share.\n", until)
	return withCode(exitInternal)
}
