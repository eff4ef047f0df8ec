package plots

import (
	"fmt"
	"strings"

	"meshsim/report/unit"
)

// name is the metric, and the statistic unless it goes without saying.
func (m *Measure) name() string {
	if m.Statistic == "" || m.Statistic == "value" {
		return m.Metric
	}
	return m.Metric + " " + m.Statistic
}

// words is the metric in words: "convergence time".
func (m *Measure) words() string {
	protocol, metric, _ := strings.Cut(m.Metric, ".")
	text := strings.ReplaceAll(metric, "_", " ")
	switch protocol {
	case "cpu", "disk":
		text = strings.ToUpper(protocol[:1]) + protocol[1:] + " " + text
		if protocol == "cpu" {
			text = "CPU" + text[3:]
		}
	}
	return text
}

// label is that of an axis, and the beginning of a title: "mean convergence
// time", "p95 of latency".
func (m *Measure) label() string {
	switch m.Statistic {
	case "", "value":
		return m.words()
	case "last":
		return m.words() + " at the end"
	case "min":
		return "lowest " + m.words()
	case "max":
		return "highest " + m.words()
	case "mean":
		return "mean " + m.words()
	case "p50":
		return "median " + m.words()
	}
	return m.Statistic + " of " + m.words()
}

// perSecond adds the unit that an axis of plain numbers does not name.
func perSecond(label, unit string) string {
	if unit == "1/s" {
		return label + " (1/s)"
	}
	return label
}

// upper begins a title; p95 stays.
func upper(text string) string {
	if len(text) < 2 || text[1] >= '0' && text[1] <= '9' {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// basis says what estimates are made of.
func (dr *drawing) basis(intervals bool) string {
	few, many, open := dr.counts()
	switch {
	case many < 2 && len(dr.Points) == 1:
		return "1 run"
	case many < 2:
		return "1 run each"
	}
	text := nText(few, many) + ", mean"
	if intervals {
		text += " and 95% interval"
	}
	if open > 0 {
		text += ", or median where a run had not finished"
	}
	return text
}

// counts is the fewest and the most runs of a point, and how many of all had not
// finished.
func (dr *drawing) counts() (few, many, open int) {
	for i := range dr.Points {
		done, o := dr.Points[i].finished(0)
		n := len(done) + o
		if i == 0 || n < few {
			few = n
		}
		many, open = max(many, n), open+o
	}
	return few, many, open
}

func nText(few, many int) string {
	if few == many {
		return fmt.Sprintf("n = %d", many)
	}
	return fmt.Sprintf("n = %d to %d", few, many)
}

// runsText is "20 runs".
func runsText(few, many int) string {
	switch {
	case many == 1:
		return "1 run"
	case few == many:
		return fmt.Sprintf("%d runs", many)
	}
	return fmt.Sprintf("%d to %d runs", few, many)
}

// text writes a value for people.
func (m *Measure) text(v float64) string { return unit.Text(m.Unit, v) }
