package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"meshsim/report/comparison"
	"meshsim/report/unit"
	"meshsim/scenarios/guard"
	"meshsim/scenarios/strict"
	"meshsim/scenarios/sweep"
)

// A chosen metric is a column, with the end of its warm-up if that is not the
// scenario's.
type chosen struct {
	sweep.Column
	cost   bool
	warmup time.Duration // -1: the scenario's
}

// choose finds the metrics to compare.
func (k *comparing) choose(margins map[string]margin) ([]comparison.Metric, error) {
	columns, err := k.columns()
	if err != nil {
		return nil, err
	}
	var metrics []comparison.Metric
	for i := range columns {
		c := &columns[i]
		if err := k.warm(c); err != nil {
			return nil, err
		}
		m := comparison.Metric{Name: c.Metric, Statistic: c.Statistic, Unit: c.Unit, Better: c.Better, Cost: c.cost, Margin: margins[""].Margin}
		for _, name := range []string{c.Metric, c.Metric + ":" + c.Statistic} {
			margin, ok := margins[name]
			if ok && margin.time && c.Unit != "s" {
				return nil, usage("--margin: %s is no time; write a share of the base, as in --margin %s, or a size without a unit", c.Name(), shell(name+"=5%"))
			}
			if ok {
				m.Margin = margin.Margin
			}
		}
		metrics = append(metrics, m)
	}
	for _, name := range slices.Sorted(maps.Keys(margins)) {
		if name != "" && !slices.ContainsFunc(columns, func(c chosen) bool { return name == c.Metric || name == c.Metric+":"+c.Statistic }) {
			return nil, usage("--margin names %q, which is not compared; name it with --metric or --cost, too", name)
		}
	}
	k.chosen = columns
	return metrics, nil
}

// columns are those that the flags name, or the scenario is about, and the costs.
func (k *comparing) columns() (list []chosen, err error) {
	add := func(c sweep.Column, cost bool) {
		if !slices.ContainsFunc(list, func(o chosen) bool { return o.Metric == c.Metric && o.Statistic == c.Statistic }) {
			list = append(list, chosen{c, cost, -1})
		}
	}
	for i, name := range append(slices.Clone(k.metrics), k.costs...) {
		metric, statistic, _ := strings.Cut(name, ":")
		c, err := k.column(metric, statistic)
		if err != nil {
			return nil, usage("%v", err)
		}
		add(c, i >= len(k.metrics))
	}
	if k.metrics == nil {
		var own []chosen
		own, list = list, nil
		for _, c := range k.list[0].Columns {
			if _, err := k.column(c.Metric, c.Statistic); err != nil {
				k.notes = append(k.notes, fmt.Sprintf("no run has a value of %s: nothing that it measures occurs in this scenario", c.Metric))
				continue
			}
			add(c, false)
		}
		list = append(list, own...)
	}
	if k.costs == nil {
		for _, name := range []string{"net.messages", "net.bytes"} {
			if c, err := k.column(name, ""); err == nil {
				add(c, true)
			}
		}
	}
	return list, nil
}

// column finds a metric in any of the collections.
func (k *comparing) column(metric, statistic string) (c sweep.Column, err error) {
	for _, list := range k.list {
		if c, err = list.Column(metric, statistic); err == nil {
			return c, nil
		}
	}
	return c, err
}

// warm sets the end of the warm-up of a series, as --warmup asks.
func (k *comparing) warm(c *chosen) error {
	if k.warmup == "" || c.cost {
		return nil
	}
	if k.warmup != "auto" {
		d, err := strict.ParseDuration(k.warmup)
		if err != nil {
			return usage("--warmup: %v", err)
		}
		c.warmup = d
		return nil
	}
	if c.Statistic == "value" || !k.series(c.Metric) {
		return nil
	}
	for _, list := range k.list {
		from, ok := list.Steady(c.Metric)
		if !ok {
			return usage("%s: MSER-5 finds no steady state in %s: it would leave out more than half of the run; write a longer run.duration, or the end of the warm-up, as in --warmup 5s", c.Metric, list.Name)
		}
		c.warmup = max(c.warmup, from)
	}
	k.notes = append(k.notes, fmt.Sprintf("%s: the warm-up ends at %s, by MSER-5", c.Metric, unit.Text("s", c.warmup.Seconds())))
	return nil
}

func (k *comparing) series(metric string) bool {
	for _, list := range k.list {
		for _, s := range list.Sets {
			for _, rec := range s.Records {
				if rec != nil && rec.Metric(metric) != nil {
					return rec.Metric(metric).Form == "series"
				}
			}
		}
	}
	return false
}

// sides are what is compared, with their values.
func (k *comparing) sides(metrics []comparison.Metric) ([]comparison.Side, error) {
	var sides []comparison.Side
	for i, list := range k.list {
		for _, s := range list.Sets {
			side := comparison.Side{Name: k.sideName(i, &s)}
			for m := range metrics {
				side.Values = append(side.Values, k.chosen[m].values(&s))
			}
			sides = append(sides, side)
		}
	}
	if len(sides) < 2 {
		return nil, alone(k.args[0])
	}
	return sides, k.pair(sides)
}

// sideName is the point's name, behind what was typed if that is one of several.
func (k *comparing) sideName(i int, s *sweep.Set) string {
	typed := filepath.Clean(k.args[i])
	switch {
	case len(k.list) == 1:
		return s.Name
	case len(k.list[i].Sets) == 1:
		return typed
	}
	return typed + " " + s.Name
}

// pair says which side each is compared with: points of several sweeps with that
// of the same settings in the first, if all have the same points; else all with
// one.
func (k *comparing) pair(sides []comparison.Side) error {
	first := k.list[0].Sets
	if len(k.list) > 1 && len(first) > 1 && k.baseline == "" && k.samePoints() {
		for i := range sides {
			sides[i].Base = i % len(first)
		}
		return nil
	}
	base, err := k.base(sides)
	for i := range sides {
		sides[i].Base = base
	}
	return err
}

func (k *comparing) samePoints() bool {
	first := k.list[0].Sets
	for _, list := range k.list {
		same := slices.EqualFunc(list.Sets, first, func(a, b sweep.Set) bool { return slices.Equal(a.Settings, b.Settings) })
		if !same {
			return false
		}
	}
	return true
}

// base is the place of the side that --baseline names, or the sweep, or the first.
func (k *comparing) base(sides []comparison.Side) (int, error) {
	at := 0
	var names []string
	for _, list := range k.list {
		for _, s := range list.Sets {
			name := sides[at].Name
			names = append(names, name)
			only := len(s.Settings) == 1 && k.baseline == s.Settings[0].Value
			switch {
			case k.baseline != "" && (name == k.baseline || s.Name == k.baseline || only):
				return at, nil
			case k.baseline == "" && s.Baseline:
				return at, nil
			}
			at++
		}
	}
	if k.baseline == "" {
		return 0, nil
	}
	return 0, usage("--baseline: no side is called %q%s; they are %s", k.baseline, guess(k.baseline, names), strings.Join(names, ", "))
}

// values are those of the metric, by run.
func (c *chosen) values(s *sweep.Set) (list []comparison.Value) {
	for _, rec := range s.Records {
		if rec == nil {
			continue
		}
		warmup := rec.Warmup
		if c.warmup >= 0 {
			warmup = c.warmup
		}
		run, ok := rec.Run(c.Metric, c.Statistic, warmup)
		list = append(list, comparison.Value{Seed: rec.Seed, Known: ok, Run: run})
	}
	return list
}

// margin is one that a flag gives.
type margin struct {
	comparison.Margin
	time bool // it has a unit of time
}

// parseMargin reads 5%, 20ms, or a number in the metric's unit.
func parseMargin(text string) (m margin, err error) {
	var read guard.Margin
	if err := read.UnmarshalText([]byte(text)); err != nil {
		return m, err
	}
	m.Size, m.OfBase = read.Value, read.OfBase
	_, err = strict.ParseDuration(text)
	m.time = err == nil && m.Size > 0
	return m, nil
}

// shareFlag is a flag that takes a share within bounds, as 95% or 0.95.
type shareFlag struct {
	value    *float64
	min, max float64
}

func (s *shareFlag) String() string { return strconv.FormatFloat(*s.value, 'g', -1, 64) }

// Type is what pflag calls the kind of value.
func (s *shareFlag) Type() string { return "share" }

// Set takes a share.
func (s *shareFlag) Set(text string) error {
	number, percent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	switch {
	case err != nil:
		return fmt.Errorf("is no share")
	case !(v >= s.min && v <= s.max):
		return fmt.Errorf("is outside %g%% to %g%%", 100*s.min, 100*s.max)
	}
	*s.value = v
	return nil
}
