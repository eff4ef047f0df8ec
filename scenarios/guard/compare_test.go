package guard

import (
	"math"
	"slices"
	"strings"
	"testing"

	"meshsim/protocols/draw"
	"meshsim/scenarios/sweep"
)

// values are n numbers of about a normal distribution, with exactly that mean and
// deviation, so that what a test says is not a matter of luck.
func values(n int, mean, deviation float64, seed uint64) []sweep.Number {
	x := make([]float64, n)
	for i := range x {
		for k := range uint64(12) {
			x[i] += float64(draw.Derive(draw.Derive(seed, uint64(i)), k)>>11) / (1 << 53)
		}
	}
	centre, scale := 0.0, 0.0
	for _, v := range x {
		centre += v / float64(n)
	}
	for _, v := range x {
		scale += (v - centre) * (v - centre) / float64(n-1)
	}
	out := make([]sweep.Number, n)
	for i, v := range x {
		out[i] = sweep.Number(mean + deviation*(v-centre)/math.Sqrt(scale))
	}
	return out
}

func times(v []sweep.Number, x float64) []sweep.Number {
	out := slices.Clone(v)
	for i := range out {
		out[i] *= sweep.Number(x)
	}
	return out
}

func plus(v []sweep.Number, x float64) []sweep.Number {
	out := slices.Clone(v)
	for i := range out {
		out[i] += sweep.Number(x)
	}
	return out
}

func constant(n int, v float64) []sweep.Number {
	return slices.Repeat([]sweep.Number{sweep.Number(v)}, n)
}

// synthetic is a case with one metric, as it would be after its runs.
func synthetic(g Guarded, then, now []sweep.Number) *Case {
	side := func(v []sweep.Number, print string) *Baseline {
		b := &Baseline{Format: Format, Scenario: "synthetic"}
		for i := range v {
			b.Runs = append(b.Runs, Run{uint64(i + 1), print})
		}
		if v != nil {
			b.Metrics = []Metric{{g.Metric, g.Statistic, g.Unit, g.Margin, v}}
		}
		return b
	}
	return &Case{Guarded: []Guarded{g}, Base: side(then, "a"), Now: side(now, "b")}
}

func guardedMetric(better string, margin Margin) Guarded {
	return Guarded{sweep.Column{Metric: "x", Statistic: "value", Unit: "1", Better: better}, margin}
}

func TestVerdicts(t *testing.T) {
	base := values(20, 100, 3, 0)
	open := slices.Clone(base)
	for i := range 6 {
		open[i] = sweep.Number(nan)
	}
	for _, c := range []struct {
		name      string
		better    string
		margin    Margin
		then, now []sweep.Number
		want      Verdict
	}{
		{"the same", smaller, DefaultMargin, base, base, Same},
		{"rounding", smaller, DefaultMargin, base, times(base, 1+1e-13), Same},
		{"a tenth more", smaller, DefaultMargin, base, times(base, 1.10), Worse},
		{"a tenth more, other noise", smaller, DefaultMargin, base, times(values(20, 100, 3, 1), 1.10), Worse},
		{"a hundredth more", smaller, DefaultMargin, base, times(values(20, 100, 3, 1), 1.01), Within},
		{"a tenth less", smaller, DefaultMargin, base, times(base, 0.9), Better},
		{"a tenth more, of what should be large", larger, DefaultMargin, base, times(base, 1.10), Better},
		{"a tenth less, of what should be large", larger, DefaultMargin, base, times(base, 0.9), Worse},
		{"a hundredth less, of what should be large", larger, DefaultMargin, base, times(base, 0.99), Within},
		{"a tenth more, of what is neither", neither, DefaultMargin, base, times(base, 1.10), Changed},
		{"a hundredth more, of what is neither", neither, DefaultMargin, base, times(base, 1.01), Within},
		{"a tenth more, within a wide margin", smaller, Margin{0.2, true}, base, times(base, 1.10), Within},
		{"an amount", smaller, Margin{5, false}, base, times(base, 1.10), Worse},
		{"within an amount", smaller, Margin{15, false}, base, times(base, 1.10), Within},
		{"noise", smaller, DefaultMargin, values(20, 100, 40, 0), values(20, 103, 40, 1), Inconclusive},
		{"noise, and far worse", smaller, DefaultMargin, values(20, 100, 40, 0), values(20, 300, 40, 1), Worse},
		{"near the margin", smaller, DefaultMargin, base, times(values(20, 100, 3, 1), 1.05), Inconclusive},

		// Without noise: n times the same change is no accident.
		{"each by a tenth", smaller, DefaultMargin, values(10, 100, 30, 0), times(values(10, 100, 30, 0), 1.1), Worse},
		{"each by a hundredth", smaller, DefaultMargin, values(10, 100, 30, 0), times(values(10, 100, 30, 0), 1.01), Within},
		{"each by the same amount, about the margin", smaller, DefaultMargin, values(10, 100, 30, 0), plus(values(10, 100, 30, 0), 5.2), Inconclusive},
		{"each by ten", smaller, Margin{5, false}, values(10, 100, 30, 0), plus(values(10, 100, 30, 0), 10), Worse},
		{"another constant", smaller, DefaultMargin, constant(10, 60), constant(10, 66), Worse},
		{"another constant within the margin", smaller, DefaultMargin, constant(10, 60), constant(10, 61), Within},
		{"a better constant", smaller, DefaultMargin, constant(10, 60), constant(10, 54), Better},
		{"three runs of a constant", smaller, DefaultMargin, constant(3, 60), constant(3, 66), Inconclusive},
		{"five runs of a constant within the margin", smaller, DefaultMargin, constant(5, 60), constant(5, 61), Within},

		// A part of nothing is nothing.
		{"nothing and nothing", smaller, DefaultMargin, constant(10, 0), constant(10, 0), Same},
		{"something of nothing", smaller, DefaultMargin, constant(10, 0), constant(10, 1), Worse},
		{"a little of nothing", smaller, Margin{2, false}, constant(10, 0), constant(10, 1), Within},
		{"some of nothing", smaller, DefaultMargin, constant(10, 0), append(constant(9, 0), 1), Inconclusive},

		// Runs that do not finish
		{"all finish now", smaller, DefaultMargin, open, base, Within},
		{"fewer finish now", smaller, DefaultMargin, base, open, Inconclusive},
		{"none finishes now", smaller, DefaultMargin, base, constant(20, nan), Worse},
		{"the same do not finish", smaller, DefaultMargin, open, open, Same},

		{"one run", smaller, DefaultMargin, constant(1, 60), constant(1, 61), Inconclusive},
		{"one run, the same", smaller, DefaultMargin, constant(1, 60), constant(1, 60), Same},
	} {
		k := synthetic(guardedMetric(c.better, c.margin), c.then, c.now)
		Judge([]*Case{k}, 1)
		ch := k.Changes[0]
		if ch.Verdict != c.want {
			t.Errorf("%s: %s, want %s: relative %+v, p %g, not worse %g", c.name, ch.Verdict, c.want, ch.Relative, ch.P, ch.PNotWorse)
		}
		if (ch.More != 0) != (ch.Verdict == Inconclusive) {
			t.Errorf("%s: %s, and %d more runs", c.name, ch.Verdict, ch.More)
		}
	}
}

// With as many runs as it asks for, an undecided metric is decided.
func TestMoreDecides(t *testing.T) {
	k := synthetic(guardedMetric(smaller, DefaultMargin), values(20, 100, 12, 0), values(20, 101, 12, 1))
	Judge([]*Case{k}, 1)
	more := k.Changes[0].More
	if more < 10 || more > 1000 {
		t.Fatalf("%d more runs", more)
	}
	n := 20 + more
	k = synthetic(guardedMetric(smaller, DefaultMargin), values(n, 100, 12, 0), values(n, 101, 12, 1))
	Judge([]*Case{k}, 1)
	if v := k.Changes[0].Verdict; v != Within {
		t.Errorf("with %d runs it is %s", n, v)
	}
}

// The number of metrics is corrected for: what is an alarm alone is none among 200
// that did not change, and parts of a check share the risk.
func TestFamily(t *testing.T) {
	marginal := func() *Case {
		return synthetic(guardedMetric(smaller, Margin{0, true}), values(20, 100, 3, 0), values(20, 103.9, 3, 3))
	}
	alone := marginal()
	Judge([]*Case{alone}, 1)
	p := alone.Changes[0].P
	if alone.Changes[0].Verdict != Worse || p > 1e-3 || p < 1e-5 {
		t.Fatalf("alone: %s, p %g", alone.Changes[0].Verdict, p)
	}
	cases := []*Case{marginal()}
	for range 199 {
		cases = append(cases, synthetic(guardedMetric(smaller, DefaultMargin), values(20, 100, 3, 0), values(20, 100, 3, 1)))
	}
	Judge(cases, 1)
	if ch := cases[0].Changes[0]; ch.Verdict == Worse || ch.Family != 200 || Comparisons(cases) != 200 {
		t.Errorf("among 200: %s, adjusted %g, family %d", ch.Verdict, ch.Adjusted, ch.Family)
	}
	parts := marginal()
	Judge([]*Case{parts}, 200)
	if v := parts.Changes[0].Verdict; v == Worse {
		t.Errorf("in one of 200 parts: %s", v)
	}
}

// Runs are paired by seed, wherever they stand; seeds that have no like are left out.
func TestPairs(t *testing.T) {
	runs := func(seeds ...uint64) (r []Run) {
		for _, s := range seeds {
			r = append(r, Run{Seed: s})
		}
		return r
	}
	for _, c := range []struct {
		base, now []Run
		want      [][2]int
		paired    bool
	}{
		{runs(1, 2, 3), runs(1, 2, 3), [][2]int{{0, 0}, {1, 1}, {2, 2}}, true},
		{runs(1, 2, 3), runs(3, 1), [][2]int{{2, 0}, {0, 1}}, true},
		{runs(1, 2), runs(1, 2, 3, 4), [][2]int{{0, 0}, {1, 1}}, true},
		{runs(1, 2, 3), runs(7, 8), [][2]int{{0, 0}, {1, 1}}, false},
		{runs(1), nil, nil, false},
	} {
		pairs, paired := pair(c.base, c.now)
		if !slices.Equal(pairs, c.want) || paired != c.paired {
			t.Errorf("%v and %v: %v, %v", c.base, c.now, pairs, paired)
		}
	}
}

// A run that shows the change for the worse best is named.
func TestWorst(t *testing.T) {
	then, now := constant(10, 5), constant(10, 6)
	now[3], now[7] = 9, 1
	for better, want := range map[string]int{smaller: 3, larger: 7, neither: 3} {
		k := synthetic(guardedMetric(better, DefaultMargin), then, now)
		Judge([]*Case{k}, 1)
		if got := k.Changes[0].Worst(); got != want {
			t.Errorf("%s is better: %d, want %d", better, got, want)
		}
	}
}

// What only one side has is told, and the other metrics are compared.
func TestMissingMetrics(t *testing.T) {
	added := synthetic(guardedMetric(smaller, DefaultMargin), nil, constant(5, 1))
	added.Base.Runs = added.Now.Runs
	gone := synthetic(guardedMetric(smaller, DefaultMargin), constant(5, 1), nil)
	gone.Now.Runs = gone.Base.Runs
	Judge([]*Case{added, gone}, 1)
	if added.Changes[0].Verdict != Added || gone.Changes[0].Verdict != NoValue || Comparisons([]*Case{added, gone}) != 0 {
		t.Errorf("%+v, %+v", added.Changes, gone.Changes)
	}
}

func TestMargins(t *testing.T) {
	for text, want := range map[string]string{
		"5%": "5%", "0.5%": "0.5%", "7.5 %": "", "12": "12", "0.002": "0.002", "20ms": "0.02", "1m": "60", "0": "0", "0%": "0%",
		"-5%": "", "much": "", "NaN": "", "inf": "", "2000%": "", "": "", "-1ms": "",
	} {
		var m Margin
		err := m.UnmarshalText([]byte(text))
		if (err != nil) != (want == "") || err == nil && m.String() != want {
			t.Errorf("%q: %v, %v, want %q", text, m, err, want)
		}
	}
	var asked Margins
	for _, text := range []string{"2%", "net.bytes=10%", "net.latency p99=30ms", "net.bytes=11%"} {
		if err := asked.Add(text); err != nil {
			t.Error(err)
		}
	}
	edited := &Metric{Margin: Margin{0.33, true}}
	for _, c := range []struct {
		asked        Margins
		metric, name string
		base         *Metric
		want         string
	}{
		{asked, "net.bytes", "net.bytes", edited, "11%"},
		{asked, "net.latency", "net.latency p99", nil, "0.03"},
		{asked, "net.latency", "net.latency p50", edited, "2%"},
		{Margins{}, "net.bytes", "net.bytes", edited, "33%"},
		{Margins{}, "net.bytes", "net.bytes", nil, "5%"},
	} {
		if got := c.asked.of(c.metric, c.name, c.base); got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if err := asked.Add("12"); err == nil || !strings.Contains(err.Error(), "means nothing for all metrics") {
		t.Error(err)
	}
}

// With the margin that a metric's noise asks for, nearly all checks pass when nothing
// changed; with half of it, many do not.
func TestNeeds(t *testing.T) {
	m := Metric{Margin: DefaultMargin, Values: values(20, 100, 10, 0)}
	need := m.Needs()
	if want := 3.97 * 0.1 * math.Sqrt(0.1); math.Abs(need.Value-want) > 1e-9 || !need.OfBase {
		t.Errorf("needs %+v, want %g", need, want)
	}
	if got, want := m.RunsNeeded(), 127; got != want { // 20 · (12.55% / 5%)²
		t.Errorf("needs %d runs, want %d", got, want)
	}
	for _, c := range []struct{ part, least, most float64 }{{1, 0.95, 1}, {0.5, 0.4, 0.75}} {
		passed := 0
		for seed := range uint64(200) {
			side := func(label uint64) []sweep.Number {
				out := values(400, 100, 10, 1) // a population, of which 20 are taken
				for i := range out {
					k := i + int(draw.Derive(draw.Derive(seed, label), uint64(i))%uint64(len(out)-i))
					out[i], out[k] = out[k], out[i]
				}
				return out[:20]
			}
			k := synthetic(guardedMetric(smaller, Margin{need.Value * c.part, true}), side(1), side(2))
			if Judge([]*Case{k}, 1); k.Changes[0].Verdict == Within {
				passed++
			}
		}
		if share := float64(passed) / 200; share < c.least || share > c.most {
			t.Errorf("with %g of the margin %.0f%% pass", c.part, 100*share)
		}
	}
	for _, v := range [][]sweep.Number{constant(1, 5), {1, sweep.Number(nan)}, {-1, 1}, nil} {
		if need := (&Metric{Margin: DefaultMargin, Values: v}).Needs(); need.Value != 0 {
			t.Errorf("%v needs %v", v, need)
		}
	}
}
