package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"

	"meshsim/report"
	"meshsim/report/comparison"
	"meshsim/report/plots"
	"meshsim/scenarios/sweep"
)

// sweepPage is the name of the page of a sweep.
const sweepPage = "sweep.html"

// pageCosts are what the page sets against what the sweep is about.
var pageCosts = []sweep.Column{{Metric: "net.messages"}, {Metric: "net.bytes"}}

// html writes it.
func (w *sweeping) html(out io.Writer, t *sweepTable) error {
	s := w.plan.Scenario
	c := sweep.NewCollection(w.plan, t.results())
	p := &report.SweepPage{Name: string(s.Name), Description: s.Description, Size: t.size(), Expectations: t.overPoints(),
		Head: t.header(), Plots: w.figures([]named{{w.name, c}}), Study: string(s.Name), Scenario: s.Resolved(), Command: t.command,
		Machine: w.machine()}
	if done, all := t.finished(); done < all {
		p.Missing = fmt.Sprintf("%d of %d runs are not there", all-done, all)
	}
	p.Outcome = report.Worst(p.Expectations)
	for _, r := range t.rows {
		p.Points = append(p.Points, report.SweepPoint{Cells: t.line(r), Outcome: report.Outcome(r.Outcome)})
	}
	if table := w.compared(c); table != nil {
		p.Compared, p.Notes = table.Blocks(), table.Notes()
	}
	return p.HTML(out)
}

// compared compares the points with the baseline, as compare does by itself; nil
// if there is nothing that it could compare.
func (w *sweeping) compared(c *sweep.Collection) *comparison.Table {
	k := &comparing{compareOptions: &compareOptions{confidence: 0.95}, args: []string{w.name}, list: []*sweep.Collection{c}}
	margins, err := parseMargins(nil)
	if err != nil {
		return nil
	}
	metrics, err := k.choose(margins)
	if err != nil {
		return nil
	}
	sides, err := k.sides(metrics)
	if err != nil {
		return nil
	}
	table, err := comparison.New(metrics, sides, comparison.Options{Confidence: k.confidence})
	if err != nil {
		return nil
	}
	return table
}

// pageMetrics is of how many metrics a page has figures.
const pageMetrics = 8

// figures are those of what results are about: along the fields in which they
// differ, over time or items, and the first metric against the messages that it
// takes. A figure that cannot be drawn, since it has too many curves or no value,
// is left out.
func (a *app) figures(all []named) (list []report.Plot) {
	add := func(kind plots.Kind, statistic string, metrics ...string) {
		o := &plotOptions{kind: string(kind), metrics: metrics}
		if statistic != "" {
			o.statistics = []string{statistic}
		}
		d, k, err := a.plotData(all, o)
		if err != nil {
			return
		}
		if p, err := plots.Draw(d, plots.Options{Kind: k}); err == nil {
			list = append(list, report.Plot{Name: strings.Join(metrics, "-") + "." + string(k), Chart: p.Chart})
		}
	}
	about := map[string]bool{}
	columns := all[0].Columns
	for _, column := range columns {
		m := findMetric(all, column.Metric)
		if m == nil || len(about) >= pageMetrics {
			continue
		}
		add("", column.Statistic, m.Name)
		if about[m.Name] {
			continue
		}
		about[m.Name] = true
		switch m.Form {
		case "series":
			add(plots.SeriesKind, "", m.Name)
		case "sample":
			add(plots.CDFKind, "", m.Name)
		}
	}
	cost := pageCosts[0].Metric
	if len(columns) > 0 && len(all)+len(all[0].Sets) > 2 && columns[0].Metric != cost {
		add(plots.ParetoKind, "", columns[0].Metric, cost)
	}
	return list
}

// machine says with what and when a page was made.
func (a *app) machine() string {
	return fmt.Sprintf("meshsim %s · %s on %s · %s", version(), runtime.Version(), platform(), a.now().UTC().Format("2006-01-02 15:04 UTC"))
}

// html writes a comparison as a page of its own.
func (k *comparing) html(out io.Writer, a *app, t *comparison.Table) error {
	var all []named
	for i, c := range k.list {
		all = append(all, named{k.args[i], c})
	}
	p := &report.SweepPage{Name: "compare " + k.name(), Size: k.size(t), Plots: a.figures(all), Study: studyName(all), Compared: t.Blocks(), Notes: t.Notes(),
		Command: a.commandLine(), Machine: a.machine()}
	return p.HTML(out)
}
