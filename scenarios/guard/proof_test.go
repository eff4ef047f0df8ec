package guard

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"meshsim/scenarios"
	"meshsim/scenarios/sweep"
)

// measured is a scenario of testdata/guarded with a seed, run: 20 replications.
func measured(t *testing.T, file string, seed uint64, set ...string) *Case {
	t.Helper()
	s, err := scenarios.Load(file, append(set, "run.seed="+strconv.FormatUint(seed, 10)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(s, nil, "v1", Asked{})
	if err != nil {
		t.Fatal(err)
	}
	study, err := scenarios.Run(context.Background(), c.Plan.Scenario, scenarios.Options{})
	if err != nil {
		t.Fatal(err)
	}
	records, err := c.Plan.Records(study.Results)
	if err != nil {
		t.Fatal(err)
	}
	c.take(records, study.Verdicts)
	return c
}

func guarded(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/guarded/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatal(err, files)
	}
	return files
}

// outcome counts what a whole check said.
type outcome struct{ violated, worse, undecided, better, comparisons int }

// checked runs all scenarios with two seeds and holds the second against the first.
func checked(t *testing.T, base, seed uint64, set ...string) (out outcome) {
	t.Helper()
	var cases []*Case
	for _, file := range guarded(t) {
		c := measured(t, file, seed, set...)
		c.Base = measured(t, file, base).Now
		cases = append(cases, c)
	}
	Judge(cases, 1)
	out.comparisons = Comparisons(cases)
	for _, c := range cases {
		for _, v := range c.Verdicts {
			if v.Outcome == scenarios.Violated {
				out.violated++
			}
		}
		for i := range c.Changes {
			switch c.Changes[i].Verdict {
			case Worse:
				out.worse++
			case Inconclusive, NoValue:
				out.undecided++
			case Better:
				out.better++
			}
		}
	}
	return out
}

// Nothing changed but the seeds, which have nothing in common, so that no pair has
// the same randomness: the hardest case. How often does a check of four scenarios,
// all metrics together, call an alarm? With
//
//	MESHSIM_LONG=1 go test ./scenarios/guard -run FalseAlarms -v
//
// 1000 checks are made, of 160,000 runs, in FIGURES. An alarm is a metric that is
// worse, or an expectation that is violated.
func TestFalseAlarms(t *testing.T) {
	n := 5
	if os.Getenv("MESHSIM_LONG") != "" {
		n = 1000
	}
	alarms, undecided, better, metrics, comparisons := 0, 0, 0, 0, 0
	for i := range n {
		out := checked(t, uint64(2*i+1), uint64(2*i+2))
		comparisons = out.comparisons
		if out.violated+out.worse > 0 {
			alarms++
		} else if out.undecided > 0 {
			undecided++
		}
		if out.better > 0 {
			better++
		}
		metrics += out.undecided
	}
	bound := clopperPearson(alarms, n, 0.95)
	t.Logf("%d checks of %d metrics: %d alarms, upper 95%% bound of the rate %.2f%%; %d more inconclusive, %d metrics in all; %d with one better",
		n, comparisons, alarms, 100*bound, undecided, metrics, better)
	if n == 1000 && bound >= 0.01 {
		t.Errorf("the rate of false alarms may be %.2f%%, at most 1%% is allowed", 100*bound)
	}
	if n < 1000 && alarms > 0 {
		t.Errorf("%d of %d checks call an alarm though nothing changed", alarms, n)
	}
}

// clopperPearson is the upper bound of a rate, one-sided.
func clopperPearson(k, n int, confidence float64) float64 {
	if k == n {
		return 1
	}
	return distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(confidence)
}

// At the bound, so few or fewer are just as unlikely as it says.
func TestClopperPearson(t *testing.T) {
	for _, k := range []int{0, 1, 4, 5} {
		bound := clopperPearson(k, 1000, 0.95)
		if p := (distuv.Binomial{N: 1000, P: bound}).CDF(float64(k)); math.Abs(p-0.05) > 1e-6 {
			t.Errorf("%d of 1000: the chance at %.6f is %.6f", k, bound, p)
		}
		if (bound < 0.01) != (k <= 4) {
			t.Errorf("%d of 1000: the bound is %.6f", k, bound)
		}
	}
}

// A protocol that sends a tenth more is caught, with the seeds of the baseline and
// with others; one that sends a hundredth more is not, within a margin of 5%.
func TestPlanted(t *testing.T) {
	const file = "testdata/guarded/rumors.yaml"
	for _, c := range []struct {
		interval string
		more     float64
		want     Verdict
	}{
		{"90909us", 0.10, Worse},
		{"99010us", 0.01, Within},
	} {
		for _, other := range []uint64{0, 1000} {
			for seed := uint64(1); seed <= 5; seed++ {
				now := measured(t, file, seed+other, "protocols.gossip.interval="+c.interval)
				now.Base = measured(t, file, seed).Now
				Judge([]*Case{now}, 1)
				ch := change(t, now, "net.messages")
				if got := ch.Relative.Value; math.Abs(got-c.more) > 0.02 {
					t.Errorf("interval %s: %.2f%% more messages, want %.0f%%", c.interval, 100*got, 100*c.more)
				}
				if ch.Verdict != c.want {
					t.Errorf("interval %s, seeds %d and %d: %s: %+.2f%% [%+.2f%%, %+.2f%%]", c.interval, seed, seed+other, ch.Verdict,
						100*ch.Relative.Value, 100*ch.Relative.Lo, 100*ch.Relative.Hi)
				}
				if now.Prints.Same() {
					t.Error("the fingerprints are the same")
				}
			}
		}
	}
}

func change(t *testing.T, c *Case, metric string) *Change {
	t.Helper()
	for i := range c.Changes {
		if c.Changes[i].Metric == metric {
			return &c.Changes[i]
		}
	}
	t.Fatalf("%s is not compared", metric)
	return nil
}

// A tenth more of everything that is sent, exactly, in one scenario of the
// directory: whatever its noise, the check calls that and nothing else.
func TestPlantedExactly(t *testing.T) {
	for at, file := range guarded(t) {
		var cases []*Case
		for i, f := range guarded(t) {
			c := measured(t, f, 7)
			c.Base = measured(t, f, 7).Now
			if i == at {
				m := c.Now.find(sweep.Column{Metric: "net.messages", Statistic: "value"})
				for k := range m.Values {
					m.Values[k] *= 1.1
				}
			}
			cases = append(cases, c)
		}
		Judge(cases, 1)
		for i, c := range cases {
			for k := range c.Changes {
				ch := &c.Changes[k]
				want := Same
				if i == at && ch.Metric == "net.messages" {
					want = Worse
				}
				if ch.Verdict != want {
					t.Errorf("%s planted: %s %s is %s, want %s", file, c.Scenario.Name, ch.Name(), ch.Verdict, want)
				}
			}
		}
	}
}
