package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"meshsim/scenarios/guard"
	"meshsim/scenarios/strict"
	"meshsim/scenarios/sweep"
)

// checkOptions are the flags of check.
type checkOptions struct {
	choice
	workers           int
	baseline          string
	update, pinned    bool
	margins, metrics  []string
	budget            time.Duration
	shard, store      string
	junit             string
	json              bool
	allowInconclusive bool
}

func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check DIR|SCENARIO...",
		Short: "Guard scenarios in CI: did this change break or slow something?",
		Long: `Runs scenarios, all of a directory or those that are named, and holds them against
what they expect and against a baseline: NAME.baseline.json beside NAME.yaml, which
--update writes and which belongs in version control.

Same fingerprints: the same events happened, and nothing else is asked. If they
changed, metrics are compared run by run, since replication i has the same seed: those
that the scenario expects something of, messages and bytes, and --metric. One is worse
if that is shown beyond its margin, 5% unless chosen, at 99.9% for all metrics of the
check together; it passes if it is shown at 95% not to be worse by the margin; else
more runs are needed, and the check is inconclusive, which is not a pass. Margins are
kept in the baseline and may be edited there. A check needs runs to tell noise from a
change: 10 to 20 a scenario, by run.repeat or --repeat.

In GitHub Actions it also annotates the scenarios and writes the job summary.`,
		Example: `  meshsim check scenarios --repeat 20 --update  # write what holds now
  meshsim check scenarios                       # exit code 0: nothing broke, nothing is slower
  meshsim check gossip.yaml --margin 2% --margin net.bytes=10%
  meshsim check scenarios --junit report.xml --budget 5m
  meshsim check scenarios --shard auto          # a part of them, by the CI's variables`,
		GroupID:           groupShow,
		ValidArgsFunction: a.completeScenarios,
		RunE:              func(c *cobra.Command, args []string) error { return a.check(c.Context(), args, &o) },
	}
	o.flags(c)
	return c
}

func (o *checkOptions) flags(c *cobra.Command) {
	o.choice.flags(c)
	f := c.Flags()
	f.Var(&count{&o.repeat, 1, mostRepeats}, "repeat", "`N` replications in place of as many as the baseline has, as in --repeat 20")
	f.Lookup("repeat").DefValue = "0"
	coresFlag(f, &o.workers, "use `N` cores, as in --workers 8; the results are the same")
	f.StringVar(&o.baseline, "baseline", "", "keep baselines below `DIR` in place of beside the scenarios, as in --baseline ci/baselines")
	f.BoolVar(&o.update, "update", false, "write what is measured now as the baseline, and say what changed")
	f.BoolVar(&o.pinned, "pinned", false, "a changed fingerprint is a violation, too")
	f.StringArrayVar(&o.margins, "margin", nil, "the change for the worse that does not matter, of all metrics or of one: `[METRIC=]MARGIN`, as in --margin net.bytes=10%; a part of the baseline, or an amount such as 20ms")
	f.StringArrayVar(&o.metrics, "metric", nil, "also guard `METRIC`, with a statistic within a run or without, as in --metric \"net.latency p99\"")
	f.Var(&span{&o.budget}, "budget", "begin no run that is unlikely to end within `TIME`, as in --budget 5m; then the check is inconclusive")
	f.StringVar(&o.shard, "shard", "", "check one `PART` of the scenarios, as in --shard 2/8; auto asks the environment of CI systems and others")
	f.StringVar(&o.store, "store", "", "keep runs in `DIR`, so that a check that was ended goes on, as in --store runs")
	f.StringVar(&o.junit, "junit", "", "write JUnit XML to `FILE`, as in --junit report.xml")
	f.BoolVar(&o.json, "json", false, "print JSON in place of the text")
	f.BoolVar(&o.allowInconclusive, "allow-inconclusive", false, "let what cannot be decided pass: exit code 0 instead of 5")
	c.MarkFlagDirname("baseline")
	c.MarkFlagDirname("store")
	completeWords(c, "shard", "auto")
}

// completeScenarios offers as many scenarios as wanted.
func (a *app) completeScenarios(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.completeScenario(c, nil, word)
}

// span is a flag that takes a time.
type span struct{ value *time.Duration }

func (s *span) String() string {
	if *s.value == 0 {
		return ""
	}
	return s.value.String()
}

// Type is what pflag calls the kind of value.
func (s *span) Type() string { return "duration" }

// Set takes a time with its unit.
func (s *span) Set(text string) error {
	d, err := strict.ParseDuration(text)
	if err != nil || d <= 0 {
		return errors.New("is no time; write a number above 0 and a unit")
	}
	*s.value = d
	return nil
}

// checking is one check of the command.
type checking struct {
	*app
	*checkOptions
	args     []string // as typed
	started  time.Time
	shard    sweep.Shard
	subjects []*subject
	wall     time.Duration
}

func (a *app) check(ctx context.Context, args []string, o *checkOptions) error {
	k := &checking{app: a, checkOptions: o, args: args, started: a.now()}
	asked, err := k.asked()
	if err != nil {
		return err
	}
	if err := k.find(); err != nil {
		return err
	}
	if err := k.plan(asked); err != nil {
		return err
	}
	if err := k.measure(ctx); err != nil {
		return internal(err)
	}
	k.wall = a.now().Sub(k.started)
	k.judge(ctx)
	saved := k.tell(k.table())
	return withCode(k.code(interrupted(ctx), saved))
}

// asked reads the flags that hold for all scenarios.
func (k *checking) asked() (asked guard.Asked, err error) {
	asked = guard.Asked{Repeat: k.repeat, Metrics: k.metrics}
	for _, text := range k.margins {
		if err := asked.Margins.Add(text); err != nil {
			return asked, usage("--margin: %v", err)
		}
	}
	k.shard, err = shardOf(k.checkOptions.shard, k.getenv)
	return asked, err
}

// cases are those of the scenarios that could be planned.
func (k *checking) cases() (cases []*guard.Case) {
	for _, s := range k.subjects {
		if s.held != nil {
			cases = append(cases, s.held)
		}
	}
	return cases
}

// measure makes the runs and reads what they yield.
func (k *checking) measure(ctx context.Context) error {
	dir := k.checkOptions.store
	if dir == "" {
		made, err := os.MkdirTemp("", "meshsim-check-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		dir = made
	}
	store, err := sweep.OpenStore(dir)
	if err != nil {
		return err
	}
	m := k.startMeter()
	defer m.end()
	err = guard.Make(ctx, k.cases(), guard.Making{Store: store, Workers: k.workers, Budget: k.budget, Now: k.now,
		Warn:     func(err error) { k.log().Warn(err.Error()) },
		Progress: func(share float64, done, runs int) { m.update(share, fmt.Sprintf("%d of %d runs", done, runs)) }})
	for _, c := range k.cases() {
		if err == nil {
			err = c.Collect(store)
		}
	}
	return err
}

// judge compares, writes baselines if that is asked for, and says what was found.
func (k *checking) judge(ctx context.Context) {
	guard.Judge(k.cases(), k.shard.Count)
	for _, s := range k.subjects {
		if s.held != nil {
			s.findings = append(s.findings, k.findings(s)...)
		}
		if s.held != nil && k.update {
			s.findings = append(s.findings, k.hold(s))
		}
		s.place()
	}
}

// code is the exit code of what was found.
func (k *checking) code(cut bool, saved error) int {
	code := exitHolds
	for _, s := range k.subjects {
		for _, f := range s.findings {
			if f.code != exitInconclusive || !k.allowInconclusive {
				code = worse(code, f.code)
			}
		}
	}
	if saved != nil {
		code = worse(code, exitInternal)
	}
	if cut {
		code = exitInterrupted
	}
	return code
}
