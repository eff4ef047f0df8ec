package main

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report"
	"meshsim/report/chart"
	"meshsim/report/plots"
	"meshsim/report/stats"
	"meshsim/scenarios"
	"meshsim/scenarios/strict"
	"meshsim/scenarios/sweep"
	"meshsim/sim"
)

// named is results with what the user called them.
type named struct {
	arg string
	*sweep.Collection
}

// plotData takes from results what a figure of the metrics shows, and chooses its
// kind.
func (a *app) plotData(all []named, o *plotOptions) (*plots.Data, plots.Kind, error) {
	d := &plots.Data{Study: studyName(all)}
	if err := o.measure(d, all); err != nil {
		return nil, "", err
	}
	var without []string
	for i, c := range all {
		paths := swept(c.Sets)
		short := scenarios.ShortNames(paths)
		for k := range c.Sets {
			p := plotPoint(&c.Sets[k], d.Measures)
			for j := range p.Settings {
				p.Settings[j].Name = short[slices.Index(paths, p.Settings[j].Path)]
			}
			if len(all) > 1 {
				p = beside(p, resultsName(all, i), len(c.Sets))
			}
			if hasValues(p) {
				d.Points = append(d.Points, p)
			} else {
				without = append(without, p.Name)
			}
		}
	}
	if len(without) > 0 {
		a.log().Warn(fmt.Sprintf("no run has %s at %s; left out", metricNames(d), strings.Join(without, ", ")))
	}
	for _, only := range o.only {
		field, values, ok := strings.Cut(only, "=")
		if !ok || field == "" || values == "" {
			return nil, "", usage("--only: %q has no value; write a field and its values, as in --only fanout=3,4", only)
		}
		if err := d.Only(field, strings.Split(values, ",")); err != nil {
			return nil, "", err
		}
	}
	for i := range d.Measures {
		if m := &d.Measures[i]; m.Form == "sample" && m.Statistic == "mean" && oneItem(all, m.Metric) {
			m.Form, m.Statistic = "scalar", "value"
		}
	}
	k := plots.Kind(o.kind)
	if k == "" {
		k = plots.Choose(d, o.look(), len(o.statistics) > 0)
	}
	d.OfItems = k == plots.CDFKind && d.Measures[0].Form == "sample" && len(o.statistics) == 0
	return d, k, nil
}

// oneItem reports whether no run has more than one item of a metric, so that it
// is a value of the run.
func oneItem(all []named, metric string) bool {
	one := true
	eachRecord(all, func(rec *sweep.Record) bool {
		m := rec.Metric(metric)
		one = m == nil || m.Items == nil || m.Items.Count <= 1
		return !one
	})
	return one
}

func metricNames(d *plots.Data) string {
	var names []string
	for _, m := range d.Measures {
		names = append(names, m.Metric)
	}
	return strings.Join(names, " and ")
}

// studyName is the name of all results, or "" if they have several.
func studyName(all []named) string {
	for _, c := range all {
		if c.Name != all[0].Name {
			return ""
		}
	}
	return all[0].Name
}

// resultsName tells results from others: by the name of the scenario, else by
// that of the directory, else as it was typed.
func resultsName(all []named, i int) string {
	for _, name := range []func(named) string{
		func(c named) string { return c.Name },
		func(c named) string { return filepath.Base(filepath.Clean(c.arg)) },
	} {
		alone := true
		for k, c := range all {
			alone = alone && (k == i || name(c) != name(all[i]))
		}
		if alone {
			return name(all[i])
		}
	}
	return all[i].arg
}

// beside adds to a point the results that it is of.
func beside(p plots.Point, results string, points int) plots.Point {
	if points > 1 {
		p.Name = results + ": " + p.Name
	} else {
		p.Name = results
	}
	p.Settings = append(p.Settings, plots.Setting{Path: plots.ResultsName, Name: plots.ResultsName, Value: results})
	return p
}

// swept are the fields in which points are set.
func swept(sets []sweep.Set) (paths []string) {
	for _, s := range sets {
		for _, v := range s.Settings {
			if !slices.Contains(paths, v.Path) {
				paths = append(paths, v.Path)
			}
		}
	}
	return paths
}

func hasValues(p plots.Point) bool {
	for _, values := range p.Values {
		if !slices.ContainsFunc(values, func(v plots.Value) bool { return !v.Missing }) {
			return false
		}
	}
	return true
}

// measure finds the metrics in the results, and the statistics to take of them.
func (o *plotOptions) measure(d *plots.Data, all []named) error {
	known := metricsOf(all)
	list := strings.Join(known[:min(len(known), mostNamed)], ", ")
	if more := len(known) - mostNamed; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	switch {
	case len(o.metrics) == 0:
		return usage("name what to draw with --metric: these results have %s", list)
	case len(o.metrics) > 2:
		return usage("--metric is given %d times; one is drawn, or two against one another", len(o.metrics))
	case len(o.statistics) > len(o.metrics):
		return usage("--statistic is given %d times for %d of --metric; write one for each, in their order", len(o.statistics), len(o.metrics))
	}
	for i, name := range o.metrics {
		m := findMetric(all, name)
		if m == nil {
			if w := strict.Nearest(name, known); w != "" {
				return usage("no run has a metric %q; did you mean %s?", name, w)
			}
			return usage("no run has a metric %q; these results have %s", name, list)
		}
		of := ""
		if i < len(o.statistics) {
			of = o.statistics[i]
		}
		of, err := statisticOf(m, of)
		if err != nil {
			return err
		}
		d.Measures = append(d.Measures, plots.Measure{Metric: m.Name, Form: m.Form, Statistic: of, Unit: m.Unit, Better: m.Better, Doc: metricDoc(m.Name)})
	}
	return nil
}

// mostNamed is how many metrics a message names.
const mostNamed = 12

// metricsOf are the metrics that runs have: what the scenarios are about first.
func metricsOf(all []named) (names []string) {
	for _, c := range all {
		for _, column := range c.Columns {
			if !slices.Contains(names, column.Metric) && findMetric(all, column.Metric) != nil {
				names = append(names, column.Metric)
			}
		}
	}
	eachRecord(all, func(rec *sweep.Record) bool {
		for _, m := range rec.Metrics {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
		return false
	})
	return names
}

func findMetric(all []named, name string) (m *sweep.Metric) {
	eachRecord(all, func(rec *sweep.Record) bool {
		m = rec.Metric(name)
		return m != nil
	})
	return m
}

// eachRecord calls f with all runs until it returns true.
func eachRecord(all []named, f func(*sweep.Record) bool) {
	for _, c := range all {
		for _, s := range c.Sets {
			for _, rec := range s.Records {
				if rec != nil && f(rec) {
					return
				}
			}
		}
	}
}

// statisticOf is the statistic that a user asks for, or the usual one.
func statisticOf(m *sweep.Metric, of string) (string, error) {
	forms := map[string]protocols.MetricForm{"scalar": protocols.Scalar, "series": protocols.Series, "sample": protocols.Sample}
	known := scenarios.Statistics(protocols.MetricSpec{Name: m.Name, Form: forms[m.Form]})
	switch {
	case of == "":
		return known[0], nil
	case slices.Contains(known, of) || m.Form == "sample" && percentile(of):
		return of, nil
	}
	return "", usage("--statistic: %s has no %s; write %s", m.Name, of, orList(known))
}

func percentile(of string) bool {
	digits, ok := strings.CutPrefix(of, "p")
	return ok && len(digits) > 0 && len(digits) < 3 && strings.Trim(digits, "0123456789") == ""
}

// metricDoc says what a metric means, "" if nobody knows.
func metricDoc(name string) string {
	list, err := listMetrics()
	if err != nil {
		return ""
	}
	for _, e := range list {
		if e.name == name {
			_, doc, _ := strings.Cut(e.doc, ": ")
			return doc
		}
	}
	return ""
}

// plotPoint takes from the runs of a point what a figure shows.
func plotPoint(s *sweep.Set, measures []plots.Measure) plots.Point {
	p := plots.Point{Name: s.Name, Baseline: s.Baseline, Values: make([][]plots.Value, len(measures))}
	for _, v := range s.Settings {
		p.Settings = append(p.Settings, plots.Setting{Path: v.Path, Value: v.Value})
	}
	for _, rec := range s.Records {
		for i, m := range measures {
			p.Values[i] = append(p.Values[i], plotValue(rec, m))
		}
		if rec == nil {
			continue
		}
		if p.Nodes == 0 {
			p.Nodes, p.Faults = rec.Nodes, plotFaults(rec)
		}
		if m := rec.Metric(measures[0].Metric); m != nil {
			p.Series = append(p.Series, plotSeries(rec, m))
			p.Items = append(p.Items, plotItems(m))
		}
	}
	return p
}

func plotValue(rec *sweep.Record, m plots.Measure) plots.Value {
	if rec == nil {
		return plots.Value{Missing: true}
	}
	v, ok := rec.Statistic(m.Metric, m.Statistic)
	return plots.Value{Run: stats.Run{Value: v, Open: math.IsNaN(v)}, Missing: !ok}
}

func plotFaults(rec *sweep.Record) (spans []chart.Span) {
	for _, f := range rec.Faults {
		name := report.FaultName(sim.FaultSpan{Name: f.Name, Verb: f.Verb, From: f.From, To: f.To, Nodes: f.Nodes}, rec.Nodes)
		spans = append(spans, chart.Span{Name: name, From: f.From.Seconds(), To: f.To.Seconds()})
	}
	return spans
}

func plotSeries(rec *sweep.Record, m *sweep.Metric) plots.Series {
	at, values := rec.Points(m)
	s := make(plots.Series, len(at))
	for i := range at {
		s[i] = protocols.Point{At: protocols.Time(at[i]), Value: values[i]}
	}
	return s
}

func plotItems(m *sweep.Metric) plots.Items {
	if m.Items == nil {
		return plots.Items{}
	}
	it := plots.Items{Count: m.Items.Count}
	for _, v := range m.Items.Sorted {
		it.Sorted = append(it.Sorted, float64(v))
	}
	return it
}
