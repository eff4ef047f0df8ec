package scenarios

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// A figure is a statistic of one run. One that is open is a lower bound: what
// it measures had not finished when the run ended.
type figure struct {
	value float64
	open  bool
	seed  uint64 // of the run
}

// threshold holds a statistic against its bound. A replication is one value:
// of a metric that has many a run (items, samples), the statistic is taken
// within each run, and its mean over the runs is bounded; of a metric that has
// one a run, the statistic itself is bounded over the runs. The bound holds
// only if the whole confidence interval is on its side. Extremes, and a single
// run, are compared as they are.
func (j *judge) threshold(metric string, b *Threshold, at int) Verdict {
	spec := j.s.spec(metric)
	var figures []figure
	for _, r := range j.runs {
		if f := r.Thresholds[at]; f.Known {
			figures = append(figures, figure{f.Value, f.Open, r.Seed})
		}
	}
	switch missing := len(j.runs) - len(figures); {
	case len(figures) == 0:
		return Verdict{Outcome: Undecided, Text: "no run has a value"}
	case missing > 0:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("%d of %d runs have no value", missing, len(j.runs))}
	}
	v := j.compare(figures, b, spec, at)
	if v.Outcome != Holds {
		v = v.shown(farthest(figures, b).seed)
	}
	return v
}

func (j *judge) compare(figures []figure, b *Threshold, spec protocols.MetricSpec, at int) Verdict {
	switch {
	case j.planned == 1:
		return compareAsIs(figures, b, spec.Unit, "one run, so no interval")
	case b.name.text == "max" || b.name.text == "min":
		return compareAsIs(figures, b, spec.Unit, fmt.Sprintf("over %d runs, as they are", len(figures)))
	}
	return compareInterval(estimate(figures, b, j.oneEach(spec, at)), figures, b, spec.Unit)
}

// farthest is the figure that is farthest on the wrong side of the bound, or
// nearest to it on the right one.
func farthest(figures []figure, b *Threshold) figure {
	return slices.MaxFunc(figures, func(x, y figure) int {
		switch {
		case !b.below():
			return cmp.Compare(y.value, x.value)
		case x.open != y.open:
			return cmp.Compare(oneIf(x.open), oneIf(y.open))
		}
		return cmp.Compare(x.value, y.value)
	})
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// oneEach says whether no run has more than one value of a metric: a quantile
// within a run would be that value, and the mean of it no quantile at all.
func (j *judge) oneEach(spec protocols.MetricSpec, at int) bool {
	switch {
	case spec.Form == protocols.Scalar:
		return true
	case spec.Form == protocols.Series || spec.Name == "net.latency":
		return false
	}
	return !slices.ContainsFunc(j.runs, func(r *Evidence) bool { return r.Thresholds[at].Many })
}

func (s *Scenario) spec(metric string) protocols.MetricSpec {
	for _, m := range s.MetricSpecs() {
		if m.Name == metric {
			return m
		}
	}
	panic("scenarios: threshold on unknown metric " + metric)
}

// figureOf is the statistic of one run; not ok if it has none.
func figureOf(spec protocols.MetricSpec, b *Threshold, r *sim.Result, warmup time.Duration) (figure, bool) {
	switch {
	case spec.Form == protocols.Scalar:
		v, ok := r.Scalar(spec.Name)
		return figure{value: v}, ok
	case spec.Form == protocols.Series:
		return figureOfSeries(b, r, spec.Name, warmup)
	case b.quantile() || spec.Name == "net.latency":
		return figureOfQuantile(b, r, spec.Name)
	}
	items := r.Items(spec.Name)
	values := make([]float64, len(items))
	open := false
	for i, it := range items {
		values[i] = it.Value
		open = open || it.Censored
	}
	v, ok := statistic(b, values)
	return figure{value: v, open: open}, ok
}

// figureOfQuantile is the quantile of a run's items. If it falls among those
// that had not finished, all that is known is that it is above the others.
func figureOfQuantile(b *Threshold, r *sim.Result, metric string) (figure, bool) {
	num, den := b.num, b.den
	switch b.name.text {
	case "max":
		num, den = 1, 1
	case "min":
		num, den = 0, 1
	}
	if v, ok := r.Quantile(metric, num, den); ok {
		return figure{value: v}, true
	}
	items := r.Items(metric)
	if len(items) == 0 {
		return figure{}, false
	}
	least := math.Inf(1)
	for _, it := range items {
		if it.Censored {
			least = min(least, it.Value)
		}
	}
	return figure{value: least, open: true}, true
}

// figureOfSeries is the statistic of the samples after the warmup.
func figureOfSeries(b *Threshold, r *sim.Result, metric string, warmup time.Duration) (figure, bool) {
	var values []float64
	for _, p := range r.Series(metric) {
		if time.Duration(p.At) >= warmup && !math.IsNaN(p.Value) {
			values = append(values, p.Value)
		}
	}
	v, ok := statistic(b, values)
	return figure{value: v}, ok
}

// statistic of values in order; not ok if there are none.
func statistic(b *Threshold, values []float64) (float64, bool) {
	n := len(values)
	if n == 0 {
		return 0, false
	}
	switch b.name.text {
	case "min":
		return slices.Min(values), true
	case "max":
		return slices.Max(values), true
	case "final":
		return values[n-1], true
	case "mean":
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		return sum / float64(n), true
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := max((uint64(n)*b.num+b.den-1)/b.den, 1)
	return sorted[rank-1], true
}

// estimate is the statistic over the runs with its interval; oneEach says that a
// run has one value.
func estimate(figures []figure, b *Threshold, oneEach bool) stats.Interval {
	var sample stats.Sample
	for _, f := range figures {
		sample.Add(f.value, f.open)
	}
	if oneEach && b.quantile() {
		return sample.Quantile(float64(b.num)/float64(b.den), stats.Confidence)
	}
	return sample.Mean(stats.Confidence)
}

// compareAsIs decides on the worst figure, without an interval. An open one is
// known to be larger than its value.
func compareAsIs(figures []figure, b *Threshold, unit, how string) Verdict {
	worst := figures[0]
	for _, f := range figures[1:] {
		if b.name.text == "max" && f.value > worst.value || b.name.text == "min" && f.value < worst.value {
			worst = f
		}
	}
	unfinished := slices.ContainsFunc(figures, func(f figure) bool { return f.open })
	atLeast := ""
	if worst.open {
		atLeast = "at least "
	}
	text := fmt.Sprintf("%s %s%s; %s", b.name.text, atLeast, quantityText(unit, worst.value), how)
	switch {
	case !unfinished && b.compare(worst.value), unfinished && !b.below() && b.compare(worst.value):
		return Verdict{Outcome: Holds, Text: text}
	case unfinished && (!b.below() || b.compare(worst.value)):
		return Verdict{Outcome: Undecided, Text: text + "; some had not finished"}
	}
	return Verdict{Outcome: Violated, Text: text}
}

// compareInterval decides by the confidence interval: it must be on the right
// side whole, on the wrong side whole, or nothing is decided.
func compareInterval(in stats.Interval, figures []figure, b *Threshold, unit string) Verdict {
	open := 0
	lower := make([]float64, len(figures))
	for i, f := range figures {
		lower[i] = f.value
		if f.open {
			open++
		}
	}
	text := fmt.Sprintf("%s %s [%s, %s]; %d runs", b.name.text, quantityText(unit, in.Value),
		quantityText(unit, in.Lo), quantityText(unit, in.Hi), len(figures))
	right, wrong := in.Hi, in.Lo
	if !b.below() {
		right, wrong = in.Lo, in.Hi
	}
	finite := func(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }
	switch {
	case finite(right) && b.compare(right):
		return Verdict{Outcome: Holds, Text: text}
	case finite(wrong) && !b.compare(wrong):
		return Verdict{Outcome: Violated, Text: text}
	case open > 0 && b.below() && !b.quantile() && !b.compare(stats.Mean(lower, stats.Confidence).Lo):
		return Verdict{Outcome: Violated, Text: fmt.Sprintf("%d of %d runs had not finished, and what they took is too much already", open, len(figures))}
	case open > 0:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("%d of %d runs had not finished", open, len(figures))}
	}
	return Verdict{Outcome: Undecided, Text: text + "; the interval is not on one side, so more runs are needed"}
}

// quantityText writes a value in the unit of its metric.
func quantityText(unit string, v float64) string {
	switch {
	case math.IsNaN(v):
		return "?"
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "-∞"
	}
	switch unit {
	case "s":
		return secondsText(v)
	case "ratio":
		return short(float64(100*v)) + "%"
	case "1":
		return short(v)
	}
	return short(v) + strings.TrimPrefix(unit, "1") // 5/s, not 51/s
}

// secondsText writes a time: 1.234ms, 12.34s, and from ten minutes on 19h43m50s.
func secondsText(v float64) string {
	switch size := math.Abs(v); {
	case size < 1:
		return time.Duration(math.Round(float64(v * 1e9))).Round(time.Microsecond).String()
	case size < 600 || size > 9e9:
		return short(v) + "s"
	}
	return strict.FormatDuration(time.Duration(math.Round(v)) * time.Second)
}

// short writes a number with four digits that count, and no exponent as long as
// one can read it: 1234000, not 1.234e+06.
func short(v float64) string {
	text := strconv.FormatFloat(v, 'g', 4, 64)
	if x, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(x) >= 1e4 && math.Abs(x) < 1e9 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return text
}
