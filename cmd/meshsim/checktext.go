package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"meshsim/report/table"
	"meshsim/report/unit"
	"meshsim/scenarios"
	"meshsim/scenarios/guard"
)

// checkTable is what a check found, in the forms that are printed and written.
type checkTable struct {
	*checking
	command string
}

func (k *checking) table() *checkTable {
	return &checkTable{k, shell(append([]string{"meshsim"}, k.app.args...)...)}
}

// outcome is that of the scenario: the worst of its findings.
func (s *subject) outcome() scenarios.Outcome {
	worst := scenarios.Holds
	for _, f := range s.findings {
		switch {
		case f.Outcome == scenarios.Violated:
			return scenarios.Violated
		case f.Outcome == outcomeError, worst == scenarios.Holds:
			worst = f.Outcome
		}
	}
	return worst
}

// outcome is that of the check.
func (t *checkTable) outcome() scenarios.Outcome {
	all := &subject{}
	for _, s := range t.subjects {
		all.findings = append(all.findings, s.findings...)
	}
	return all.outcome()
}

// runsText is "20 runs", or "12 of 20 runs".
func (s *subject) runsText() string {
	if s.held == nil {
		return "-"
	}
	n := len(s.held.Runs())
	text := fmt.Sprintf("%d runs", n)
	if n == 1 {
		text = "1 run"
	}
	if missing := s.held.Missing(); missing > 0 {
		text = fmt.Sprintf("%d of %s", n-missing, text)
	}
	return text
}

// shown are the findings that need the user's eyes.
func (s *subject) shown() (list []finding) {
	for _, f := range s.findings {
		if (f.Outcome != scenarios.Holds || f.note) && !f.said {
			list = append(list, f)
		}
	}
	return list
}

// summary is the scenario in a line.
func (s *subject) summary() string {
	var wrong []string
	for _, f := range s.findings {
		if f.Part == "scenario" {
			return "error: the scenario cannot be read"
		}
		if f.Outcome != scenarios.Holds && !f.said && (f.Outcome == s.outcome() || f.Outcome == outcomeError) {
			wrong = append(wrong, f.label())
		}
	}
	if len(wrong) > 0 {
		text := strings.Join(wrong[:min(len(wrong), 3)], ", ")
		if more := len(wrong) - 3; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		return fmt.Sprintf("%s: %s", s.outcome(), text)
	}
	return s.good()
}

// label is the finding in a word or two.
func (f *finding) label() string {
	if f.Part == "baseline" {
		return f.Part
	}
	return f.Name
}

// good is a scenario in which nothing is wrong.
func (s *subject) good() string {
	if s.held == nil {
		return ""
	}
	var parts []string
	if n := len(s.held.Verdicts); n > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d expectations hold", n, n))
	}
	switch p := &s.held.Prints; {
	case s.held.Base == nil && s.written:
		parts = append(parts, "baseline written")
	case s.held.Base == nil:
		parts = append(parts, "no baseline")
	case p.Same():
		parts = append(parts, "same fingerprints")
	case s.better() > 0:
		parts = append(parts, fmt.Sprintf("%d of %d metrics better", s.better(), len(s.held.Changes)))
	default:
		parts = append(parts, fmt.Sprintf("other fingerprints, %d metrics within the margins", len(s.held.Changes)))
	}
	return strings.Join(parts, ", ")
}

// better is how many metrics are better than the baseline's by more than their
// margins.
func (s *subject) better() (n int) {
	for i := range s.held.Changes {
		if s.held.Changes[i].Verdict == guard.Better {
			n++
		}
	}
	return n
}

// text writes it for a terminal.
func (t *checkTable) text(out io.Writer, ascii, color bool) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s\n\n", dots(t.heading(), ascii))
	var rows [][]string
	for _, s := range t.subjects {
		rows = append(rows, []string{s.name, s.runsText(), s.summary()})
	}
	for i, line := range table.Align(rows) {
		fmt.Fprintf(w, "%s  %s\n", checkMark(t.subjects[i].outcome(), false, ascii, color), line)
	}
	if n := t.bare(); n > 0 {
		fmt.Fprintf(w, "\nno baseline of %s: only what is expected was checked\n", plural(n, "scenario"))
	}
	for _, s := range t.subjects {
		if list := s.shown(); len(list) > 0 {
			fmt.Fprintf(w, "\n%s\n", s.name)
			for _, f := range list {
				f.text(w, ascii, color)
			}
		}
	}
	if next := t.next(); next != "" {
		fmt.Fprintf(w, "\nnext    %s\n", next)
	}
	return w.Flush()
}

func (t *checkTable) heading() string {
	runs := 0
	for _, c := range t.cases() {
		runs += len(c.Now.Runs)
	}
	text := plural(len(t.subjects), "scenario") + " · " + plural(runs, "run")
	if n := guard.Comparisons(t.cases()); n > 0 {
		text += fmt.Sprintf(" · %s, together at %.4g%%", plural(n, "metric")+" compared", 100*guard.Confidence)
	}
	if t.shard.Count > 1 {
		text += fmt.Sprintf(" · part %d of %d", t.shard.Index, t.shard.Count)
	}
	return text
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return unit.Grouped(float64(n)) + " " + word + "s"
}

// checkMark is the mark of an outcome, or of a note.
func checkMark(o scenarios.Outcome, note, ascii, color bool) string {
	switch {
	case o == outcomeError && ascii:
		return markOf(scenarios.Violated, true, color)
	case o == outcomeError:
		return strings.Replace(markOf(scenarios.Violated, false, color), "✗", "!", 1)
	case o == scenarios.Holds && note && ascii:
		return "-   "
	case o == scenarios.Holds && note:
		return "  · "
	}
	return markOf(o, ascii, color)
}

// text writes a finding with what belongs to it below.
func (f finding) text(w io.Writer, ascii, color bool) {
	if ascii {
		f.Text = strings.ReplaceAll(f.Text, "→", "->")
	}
	head := fmt.Sprintf("%s  %-11s ", checkMark(f.Outcome, f.note, ascii, color), f.Part)
	if f.Place.Line > 0 && f.Part == "scenario" {
		fmt.Fprintf(w, "%s line %d:%d: %s\n", head, f.Place.Line, f.Place.Column, f.Text)
	} else if f.Part == "fingerprint" || f.Part == "baseline" || f.Part == "run" || f.Part == "scenario" {
		fmt.Fprintf(w, "%s %s\n", head, f.Text)
	} else {
		fmt.Fprintf(w, "%s %s  %s\n", head, f.Name, f.Text)
	}
	indent := strings.Repeat(" ", utf8.RuneCountInString(checkMark(f.Outcome, f.note, ascii, false))+15)
	if f.Detail != "" {
		for line := range strings.Lines(f.Detail + "\n") {
			fmt.Fprint(w, indent, line)
		}
	}
	if f.Command != "" {
		fmt.Fprintln(w, indent+f.Command)
	}
}

// bare is how many scenarios have no baseline, and get none now.
func (t *checkTable) bare() (n int) {
	for _, s := range t.subjects {
		if s.held != nil && s.held.Base == nil && !s.foreign && !t.update {
			n++
		}
	}
	return n
}

// next is what a user may want now, of the whole check: to go on, a baseline where
// there is none, or to hold what got better.
func (t *checkTable) next() string {
	missing := slices.ContainsFunc(t.cases(), func(c *guard.Case) bool { return c.Missing() > 0 })
	wanted := slices.ContainsFunc(t.subjects, func(s *subject) bool {
		return s.held != nil && t.outcome() == scenarios.Holds && s.better() > 0
	})
	switch {
	case missing && t.store != "":
		return t.command
	case missing || t.update || !wanted && t.bare() == 0:
		return ""
	}
	return t.command + " --update"
}
