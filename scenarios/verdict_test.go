package scenarios

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// judged is a scenario that expects one thing, and the verdict on given results.
func judged(t *testing.T, expect string, results ...*sim.Result) Verdict {
	t.Helper()
	s := mustParse(t, small, fmt.Sprintf("run.repeat=%d", len(results)), "run.warmup=2s", "metrics.record=[latency, per-node, connectivity]", "expect="+expect)
	verdicts := Evaluate(s, results)
	if len(verdicts) != 1 {
		t.Fatalf("%d verdicts", len(verdicts))
	}
	return verdicts[0]
}

// ended is a result without figures that ran to its end.
func ended() *sim.Result {
	return &sim.Result{Seed: 7, Nodes: 40, End: 12 * time.Second, Ending: sim.EndDuration, Figures: map[string]protocols.Figures{}}
}

func withReached(items ...protocols.Reached) *sim.Result {
	r := ended()
	r.Figures["gossip"] = protocols.Figures{Reached: items}
	return r
}

func reached(since, after time.Duration, ok bool) protocols.Reached {
	return protocols.Reached{Metric: "coverage", Level: 0.99, Since: protocols.Time(since), After: after, OK: ok}
}

func check(t *testing.T, name string, v Verdict, want Outcome, text string) {
	t.Helper()
	if v.Outcome != want || !strings.Contains(v.Text+"\n"+v.Detail, text) {
		t.Errorf("%s: %s, %q, %q; want %s with %q", name, v.Outcome, v.Text, v.Detail, want, text)
	}
}

func TestEventuallyVerdicts(t *testing.T) {
	const s = time.Second
	const expect = "{eventually: [gossip.coverage >= 99% within 5s]}"
	cut := withReached(reached(3*s, 1*s, true))
	cut.Ending = sim.EndCancelled
	for _, c := range []struct {
		name   string
		runs   []*sim.Result
		want   Outcome
		saying string
	}{
		{"in time", []*sim.Result{withReached(reached(3*s, 4*s, true)), withReached(reached(3*s, 5*s, true))}, Holds, "2 of 2, the slowest after 5s"},
		{"too late", []*sim.Result{withReached(reached(3*s, 4*s, true), reached(3*s, 5001*time.Millisecond, true))}, Violated, "seed 7, begun at 3s: after 5.001s"},
		{"never, with all its time", []*sim.Result{withReached(reached(7*s, 0, false))}, Violated, "1 of 1 came too late or not at all"},
		{"not yet", []*sim.Result{withReached(reached(7*s+1, 0, false))}, Undecided, "too early to tell"},
		{"violated outweighs undecided", []*sim.Result{withReached(reached(8*s, 0, false), reached(3*s, 6*s, true))}, Violated, "1 of 2"},
		{"nothing to reach it", []*sim.Result{withReached()}, Undecided, "nothing"},
		{"another level", []*sim.Result{withReached(protocols.Reached{Metric: "coverage", Level: 0.5, OK: true})}, Undecided, "nothing"},
		{"a run that was cut short", []*sim.Result{withReached(reached(3*s, 4*s, true)), cut}, Undecided, "only 1 of 2 runs finished"},
		{"one run without items", []*sim.Result{withReached(reached(3*s, 4*s, true)), withReached()}, Holds, "in 1 of 2 runs there was nothing"},
		{"a violation needs no other run", []*sim.Result{withReached(reached(3*s, 6*s, true)), nil}, Violated, "1 of 1"},
	} {
		check(t, c.name, judged(t, expect, c.runs...), c.want, c.saying)
	}
	check(t, "without a time, never", judged(t, "{eventually: [gossip.coverage >= 99%]}", withReached(reached(0, 0, false))), Undecided, "too early")
	check(t, "without a time, late", judged(t, "{eventually: [gossip.coverage >= 99%]}", withReached(reached(3*s, 8*s, true))), Holds, "8s")
}

// samples is a result with a row for each value of run.live.
func samples(live ...int) *sim.Result {
	r := ended()
	for i, n := range live {
		r.Samples = append(r.Samples, sim.SampleRow{At: time.Duration(i) * time.Second, Live: n, Connected: math.NaN()})
	}
	return r
}

func TestEventuallyWithoutItems(t *testing.T) {
	const expect = "{eventually: [run.live < 30 within 2s]}"
	check(t, "in time", judged(t, expect, samples(40, 40, 29, 40)), Holds, "after 2s")
	check(t, "too late", judged(t, expect, samples(40, 40, 40, 29)), Violated, "the run: after 3s")
	check(t, "never", judged(t, expect, samples(40, 40, 40)), Violated, "not within")
	early := samples(40, 40)
	early.End = time.Second
	check(t, "ended before", judged(t, expect, early), Undecided, "too early")
}

func TestSometimesVerdicts(t *testing.T) {
	felt := samples(40, 25, 40)
	felt.Samples[1].Partitioned = 1
	felt.Samples[2].Degraded = 2
	for expect, want := range map[string]Outcome{
		"partitioned": Holds, "churning": Violated, "degraded and partitioned": Violated, "degraded or partitioned": Holds,
		"partitioned and run.live < 30": Holds, "degraded and run.live < 30": Violated, "not partitioned and run.live < 30": Violated,
		"not (partitioned or degraded)": Holds, "run.live <= 25 and run.live >= 25": Holds, "run.live < 25": Violated,
		"net.connectivity < 50%":                             Violated, // has no value, and that is not below
		"not net.connectivity < 50%":                         Holds,
		"churning or degraded and run.live > 39":             Holds,
		"(churning or degraded) and run.live < 39":           Violated,
		"run.availability < 63% and run.availability > 0.62": Holds,
	} {
		check(t, expect, judged(t, fmt.Sprintf("{sometimes: [%q]}", expect), felt), want, "")
	}
	check(t, "in one of the runs", judged(t, "{sometimes: [partitioned]}", samples(40), felt, samples(40)), Holds, "in 1 of 3 runs")
	check(t, "in none", judged(t, "{sometimes: [partitioned]}", samples(40), samples(40)), Violated, "in no sample of 2 runs")
	check(t, "in one so far", judged(t, "{sometimes: [partitioned]}", felt, nil), Holds, "in the run")
	check(t, "in none so far", judged(t, "{sometimes: [partitioned]}", samples(40), nil), Undecided, "in none of the 1 runs that finished")
}

func TestViolatedVerdicts(t *testing.T) {
	bad := ended()
	bad.Ending = sim.EndViolation
	bad.Violations = []sim.Violation{{Protocol: "gossip", Check: "validity", At: 3 * time.Second, Node: 5, Text: "rumor 1/2 was never published"}}
	const expect = "{violated: [validity]}"
	check(t, "broken", judged(t, expect, ended(), bad), Holds, "in 1 of 2 runs, as it should be")
	check(t, "broken before the rest ran", judged(t, expect, bad, nil), Holds, "as it should be")
	check(t, "held", judged(t, expect, ended(), ended()), Violated, "though it should not")
	check(t, "held so far", judged(t, expect, ended(), nil), Undecided, "in the 1 runs that finished")
	bad.Checks = []sim.CheckTotal{{Protocol: "gossip", Check: "no-duplicates", Observed: 1}}
	s := mustParse(t, small, "expect={always: [no-duplicates], violated: [validity]}")
	if v := Evaluate(s, []*sim.Result{bad}); v[0].Outcome != Holds || v[1].Outcome != Holds {
		t.Errorf("a run that ended as expected gives %v", v)
	}
}

func TestAlwaysVerdicts(t *testing.T) {
	bad := ended()
	bad.Ending = sim.EndViolation
	bad.Violations = []sim.Violation{{Protocol: "gossip", Check: "validity", At: 3 * time.Second, Node: 5, Text: "rumor 1/2 was never published"}}
	other := ended()
	other.Ending = sim.EndViolation
	other.Violations = []sim.Violation{{Protocol: "gossip", Check: "no-duplicates"}}
	seen := func(n uint64, undecided string) *sim.Result {
		r := ended()
		r.Checks = []sim.CheckTotal{{Protocol: "gossip", Check: "validity", Observed: n, Undecided: undecided}}
		return r
	}
	const expect = "{always: [validity]}"
	check(t, "holds", judged(t, expect, seen(3, ""), seen(0, "")), Holds, "in 2 of 2 runs")
	check(t, "nothing happened", judged(t, expect, seen(0, ""), seen(0, "")), Undecided, "nothing happened")
	check(t, "no end", judged(t, expect, seen(3, ""), seen(3, "too many orders")), Undecided, "could not be decided in 1 of 2 runs")
	check(t, "violated", judged(t, expect, ended(), bad), Violated, "seed 7, 3s, a-5: rumor 1/2 was never published")
	check(t, "cut short by another", judged(t, expect, ended(), other), Undecided, "1 of 2 runs ended early")
	check(t, "nothing ran", judged(t, expect, nil), Undecided, "")
}

// scalars are results with one value each of gossip.deliveries.
func scalars(values ...float64) (out []*sim.Result) {
	for _, v := range values {
		r := ended()
		r.Figures["gossip"] = protocols.Figures{Scalars: []protocols.Point{{Metric: "deliveries", Value: v}}}
		out = append(out, r)
	}
	return out
}

// items are results with the values of gossip.rounds; negative ones had not
// finished.
func items(runs ...[]float64) (out []*sim.Result) {
	for _, values := range runs {
		r := ended()
		var list []protocols.Item
		for _, v := range values {
			list = append(list, protocols.Item{Metric: "rounds", Value: math.Abs(v), Censored: v < 0})
		}
		r.Figures["gossip"] = protocols.Figures{Items: list}
		out = append(out, r)
	}
	return out
}

func TestThresholdsOfScalars(t *testing.T) {
	of := func(bound string) string { return "{thresholds: {gossip.deliveries: [" + bound + "]}}" }
	// Mean 10, standard deviation 1, n = 4: the t interval is 10 ± 3.182·1/2.
	four := func() []*sim.Result { return scalars(9, 9, 11, 11) } // standard deviation 1.1547: ± 1.837
	check(t, "bound above the interval", judged(t, of("mean < 11.84"), four()...), Holds, "mean 10 [8.163, 11.84]; 4 runs")
	check(t, "bound inside the interval", judged(t, of("mean < 11.83"), four()...), Undecided, "more runs are needed")
	check(t, "bound below the interval", judged(t, of("mean < 8.16"), four()...), Violated, "mean 10")
	check(t, "at least, holds", judged(t, of("mean > 8.16"), four()...), Holds, "")
	check(t, "at least, violated", judged(t, of("mean >= 11.84"), four()...), Violated, "")
	check(t, "a quantile with too few runs", judged(t, of("p95 < 100"), four()...), Undecided, "p95 11 [11, ∞]")
	check(t, "extremes as they are", judged(t, of("max <= 11"), four()...), Holds, "max 11; over 4 runs, as they are")
	check(t, "extremes violated", judged(t, of("max < 11"), four()...), Violated, "")
	check(t, "minimum", judged(t, of("min > 9"), four()...), Violated, "min 9")
	check(t, "one run", judged(t, of("mean < 11"), scalars(10)...), Holds, "one run, so no interval")
	check(t, "one run, violated", judged(t, of("mean < 10"), scalars(10)...), Violated, "one run")
	check(t, "only one finished", judged(t, of("max < 11"), scalars(10)[0], nil), Undecided, "only 1 of 2 runs finished")
	check(t, "a run without a value", judged(t, of("mean < 11"), scalars(10)[0], ended()), Undecided, "1 of 2 runs have no value")
	check(t, "no value at all", judged(t, of("mean < 11"), ended(), ended()), Undecided, "no run has a value")
}

func TestThresholdsOfItems(t *testing.T) {
	of := func(bound string) string { return "{thresholds: {gossip.rounds: [" + bound + "]}}" }
	alike := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	// The quantile is taken within each run: two equal runs leave no doubt.
	check(t, "a quantile of each run", judged(t, of("p90 < 9.5"), items(alike, alike)...), Holds, "p90 9 [9, 9]; 2 runs")
	check(t, "the mean of each run", judged(t, of("mean < 5.5"), items(alike, alike)...), Violated, "mean 5.5")
	check(t, "the largest of all", judged(t, of("max <= 10"), items(alike, alike)...), Holds, "max 10")
	// One item that had not finished is above all others.
	open := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, -4}
	check(t, "a quantile below what had not finished", judged(t, of("p90 < 9.5"), items(open, open)...), Holds, "")
	check(t, "a quantile among what had not finished", judged(t, of("p95 < 100"), items(open, open)...), Undecided, "2 of 2 runs had not finished")
	check(t, "an extreme that had not finished", judged(t, of("max < 100"), items(open, open)...), Undecided, "some had not finished")
	check(t, "an extreme that is too large already", judged(t, of("max < 8"), items(open, open)...), Violated, "max at least 9")
	check(t, "a mean with what had not finished", judged(t, of("mean < 100"), items(open, open)...), Undecided, "had not finished")
	check(t, "a mean that is too large already", judged(t, of("mean < 4"), items(open, open)...), Violated, "too much already")
	check(t, "at least, whatever comes", judged(t, of("max > 8"), items(open, open)...), Holds, "")
}

// Where a run has one item, its quantile is that item: the quantile is of the
// runs. Of 60 runs, 20 take 2 and 40 take 1; their mean is 4/3.
func TestThresholdsOfSingleItems(t *testing.T) {
	of := func(bound string) string { return "{thresholds: {gossip.rounds: [" + bound + "]}}" }
	var runs [][]float64
	for i := range 60 {
		runs = append(runs, []float64{float64(1 + i%3/2)})
	}
	check(t, "a quantile above the mean", judged(t, of("p90 < 1.9"), items(runs...)...), Violated, "p90 2 [2, 2]; 60 runs")
	check(t, "a quantile below the mean", judged(t, of("p25 <= 1"), items(runs...)...), Holds, "p25 1 [1, 1]")
	check(t, "the mean stays the mean", judged(t, of("mean < 1.6"), items(runs...)...), Holds, "mean 1.333")
	check(t, "too few runs for the quantile", judged(t, of("p95 < 9"), items(runs[:4]...)...), Undecided, "more runs are needed")
	check(t, "two items in a run", judged(t, of("p90 < 1.9"), items(append(runs, []float64{1, 1})...)...), Holds, "p90 1.328")
}

func TestThresholdsOfSeries(t *testing.T) {
	of := func(bound string) string { return "{thresholds: {run.live: [" + bound + "]}}" }
	r := func() []*sim.Result { return []*sim.Result{samples(5, 5, 40, 30, 20), samples(5, 5, 40, 30, 20)} }
	check(t, "after the warmup", judged(t, of("min >= 20"), r()...), Holds, "min 20")
	check(t, "the last one", judged(t, of("final < 20.5"), r()...), Holds, "final 20")
	check(t, "the mean over time", judged(t, of("mean > 29.9"), r()...), Holds, "mean 30")
	check(t, "a quantile over time", judged(t, of("p50 > 30"), r()...), Violated, "p50 30")
}

func TestWorstOutcome(t *testing.T) {
	of := func(list ...Outcome) (out []Verdict) {
		for _, o := range list {
			out = append(out, Verdict{Outcome: o})
		}
		return out
	}
	for _, c := range []struct {
		verdicts []Verdict
		want     Outcome
	}{{nil, Holds}, {of(Holds, Holds), Holds}, {of(Holds, Undecided), Undecided}, {of(Undecided, Violated, Holds), Violated}} {
		if got := Worst(c.verdicts); got != c.want {
			t.Errorf("worst of %v is %s", c.verdicts, got)
		}
	}
}

// What does not hold comes with the seed of a run that shows it.
func TestVerdictsNameARun(t *testing.T) {
	seeded := func(runs []*sim.Result) []*sim.Result {
		for i, r := range runs {
			r.Seed = uint64(100 + i)
		}
		return runs
	}
	late, early := func() *sim.Result { return withReached(reached(1e9, 6e9, true)) }, func() *sim.Result { return withReached(reached(1e9, 2e9, true)) }
	for _, c := range []struct {
		name, expect string
		runs         []*sim.Result
		seed         uint64 // 0: none
	}{
		{"late", "{eventually: [gossip.coverage >= 99% within 5s]}", []*sim.Result{early(), late(), late()}, 101},
		{"in time", "{eventually: [gossip.coverage >= 99% within 5s]}", []*sim.Result{early(), early()}, 0},
		{"too large", "{thresholds: {gossip.deliveries: [mean < 4]}}", scalars(9, 11, 10), 101},
		{"too small", "{thresholds: {gossip.deliveries: [mean > 40]}}", scalars(9, 8, 10), 101},
		{"holds", "{thresholds: {gossip.deliveries: [mean > 1]}}", scalars(9, 8, 10), 0},
		{"had not finished", "{thresholds: {gossip.rounds: [max < 8]}}", items([]float64{9}, []float64{-3}, []float64{12}), 101},
	} {
		v := judged(t, c.expect, seeded(c.runs)...)
		if v.Shown != (c.seed != 0) || v.Seed != c.seed {
			t.Errorf("%s: %s, shown by seed %d (%v), want %d", c.name, v.Outcome, v.Seed, v.Shown, c.seed)
		}
	}
}

func TestQuantityText(t *testing.T) {
	for _, c := range []struct {
		unit string
		v    float64
		want string
	}{
		{"s", 71030, "19h43m50s"}, {"s", 86400, "24h"}, {"s", 599.94, "599.9s"}, {"s", 12.3456, "12.35s"}, {"s", 0.0123456, "12.346ms"},
		{"s", -3.556, "-3.556s"}, {"s", -7200, "-2h"}, {"s", 1e12, "1e+12s"}, {"s", math.Inf(1), "∞"},
		{"1", 1234567, "1235000"}, {"1", 9999.6, "10000"}, {"1", 12.3456, "12.35"}, {"1", 2e12, "2e+12"}, {"1", 0.00001, "1e-05"},
		{"ratio", 0.12345, "12.35%"}, {"B", 123456, "123500B"}, {"1/s", 107.85, "107.8/s"}, {"B/s", 12.5, "12.5B/s"},
	} {
		if got := quantityText(c.unit, c.v); got != c.want {
			t.Errorf("%v %s is written %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}
