package main

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"meshsim/scenarios"
	"meshsim/scenarios/guard"
)

// finding is one thing that a check says of a scenario.
type finding struct {
	Part    string // of expect: always …; or scenario, run, baseline, fingerprint, metric
	Name    string
	Outcome scenarios.Outcome
	Text    string // why, in a few words
	Detail  string // more, in lines; may be empty
	Command string // that shows it; may be empty
	Place   guard.Place

	note bool   // it holds, and should be told all the same
	said bool   // another one, or the summary, tells the user already
	code int    // exit code that it asks for
	path string // of the scenario's field
}

// title is the finding in a line.
func (f *finding) title() string {
	if f.Name == f.Part {
		return f.Part
	}
	return f.Part + " " + f.Name
}

// outcomeError is that of what could not be asked.
const outcomeError scenarios.Outcome = "error"

// findings are what the runs of a scenario say.
func (k *checking) findings(s *subject) (list []finding) {
	list = append(list, k.runs(s)...)
	list = append(list, k.verdicts(s)...)
	if s.held.Base == nil && !s.foreign && !k.update {
		f := finding{Part: "baseline", Name: s.baseline, Outcome: scenarios.Holds, note: true, said: true, Text: "there is none; --update writes it"}
		if k.pinned {
			f.Outcome, f.code, f.said, f.Text = scenarios.Undecided, exitInconclusive, false, "there is none, so no fingerprint is pinned; --update writes it"
		}
		list = append(list, f)
	}
	if s.held.Base != nil {
		list = append(list, k.fingerprints(s))
		list = append(list, k.metricFindings(s)...)
	}
	return list
}

// runs tells of runs that there are no results of.
func (k *checking) runs(s *subject) (list []finding) {
	c := s.held
	for _, f := range c.Failures[:min(len(c.Failures), 1)] {
		list = append(list, finding{Part: "run", Name: "runs", Outcome: outcomeError, code: exitInternal, Detail: f.Stack,
			Text:    fmt.Sprintf("%d of %d runs fail: %s", len(c.Failures), len(c.Runs()), f.Text),
			Command: k.command(s, "--seed", decimal(f.Run.Seed), "--repeat", "1")})
	}
	for _, err := range c.Differ {
		list = append(list, finding{Part: "run", Name: "deterministic", Outcome: outcomeError, code: exitInternal, Text: err.Error()})
	}
	missing := c.Missing() - len(c.Failures) - len(c.Differ)
	switch {
	case c.Skipped > 0:
		list = append(list, finding{Part: "run", Name: "budget", Outcome: scenarios.Undecided, code: exitInconclusive,
			Text:    fmt.Sprintf("%d of %d runs were not begun: they do not fit into the %v of --budget", c.Skipped, len(c.Runs()), k.budget),
			Command: k.again(s)})
	case missing > 0:
		list = append(list, finding{Part: "run", Name: "runs", Outcome: scenarios.Undecided, code: exitInconclusive,
			Text: fmt.Sprintf("%d of %d runs were not finished", missing, len(c.Runs()))})
	}
	return list
}

// verdicts are the outcomes of what the scenario expects.
func (k *checking) verdicts(s *subject) (list []finding) {
	at := map[string]int{}
	for _, v := range s.held.Verdicts {
		f := finding{Part: v.Part, Name: v.Property, Outcome: v.Outcome, Text: v.Text, path: fmt.Sprintf("expect.%s[%d]", v.Part, at[v.Part])}
		at[v.Part]++
		if v.Part == "thresholds" {
			metric, _, _ := strings.Cut(v.Property, " ")
			f.path = fmt.Sprintf("expect.thresholds.%s[%d]", metric, at[metric])
			at[metric]++
		}
		if v.Outcome != scenarios.Holds {
			f.code, f.Detail = exitInconclusive, v.Detail
			if f.said = s.held.Missing() > 0; !f.said {
				f.Command = k.again(s, "--repeat", decimal(uint64(max(20, 4*len(s.held.Runs())))))
			}
		}
		if v.Outcome == scenarios.Violated {
			f.code, f.Command, f.said = exitViolated, k.violating(s, v), false
		}
		list = append(list, f)
	}
	return list
}

// violating is the command that shows a violation.
func (k *checking) violating(s *subject, v scenarios.Verdict) string {
	if v.Shown {
		return k.command(s, "--seed", decimal(v.Seed), "--repeat", "1", "--trace")
	}
	return k.command(s, "--repeat", decimal(uint64(len(s.held.Runs()))))
}

// fingerprints says whether the same events happened.
func (k *checking) fingerprints(s *subject) finding {
	p := &s.held.Prints
	f := finding{Part: "fingerprint", Name: "fingerprint", Outcome: scenarios.Holds}
	switch {
	case p.Pairs == 0:
		f.Text = "no run to compare"
	case !p.Paired:
		f.Text, f.note = fmt.Sprintf("cannot be compared: no seed is one of the baseline, whose first is %d", s.held.Base.Runs[0].Seed), true
	case p.Same():
		f.Text = fmt.Sprintf("same in %d runs", p.Pairs)
		return f
	default:
		f.Text, f.note = fmt.Sprintf("changed in %d of %d runs", len(p.Changed), p.Pairs), true
		f.Text += k.because(s)
	}
	if k.update || !k.pinned {
		return f
	}
	f.Outcome, f.code = scenarios.Violated, exitViolated
	f.Command = k.again(s, "--update")
	if !p.Paired {
		f.Outcome, f.code, f.Command = scenarios.Undecided, exitInconclusive, ""
	}
	return f
}

// because says what is known of why fingerprints changed.
func (k *checking) because(s *subject) string {
	edited := ""
	if s.held.Subject != s.held.Base.Subject {
		edited = "; the scenario, or a default, is another than the baseline's"
	}
	for i := range s.held.Changes {
		if v := s.held.Changes[i].Verdict; v != guard.Same && v != guard.Within && v != guard.Better {
			return edited
		}
	}
	return ", the behaviour is within the margins" + edited
}

// hold writes what was measured as the baseline.
func (k *checking) hold(s *subject) finding {
	f := finding{Part: "baseline", Name: s.baseline, Outcome: scenarios.Undecided, code: exitInconclusive}
	c := s.held
	violated := slices.ContainsFunc(c.Verdicts, func(v scenarios.Verdict) bool { return v.Outcome == scenarios.Violated })
	switch {
	case s.foreign:
		f.Text, f.Command = "not written: what is there is kept; remove it first", "rm "+shell(s.baseline)
		return f
	case c.Missing() > 0:
		f.Text = fmt.Sprintf("not written: there are results of %d of %d runs", len(c.Now.Runs), len(c.Runs()))
		return f
	case violated:
		f.Text = "not written: the scenario is violated"
		return f
	}
	f.Outcome, f.code, f.note = scenarios.Holds, exitHolds, true
	if c.Base != nil && c.Now.Equal(c.Base) {
		f.Text, f.note = "as it was", false
		return f
	}
	if err := c.Now.Write(s.baseline); err != nil {
		f.Outcome, f.code, f.note = outcomeError, exitInternal, false
		f.Text = fmt.Sprintf("cannot be written: %v", err)
		return f
	}
	s.written = true
	f.Text = fmt.Sprintf("written: %s, %s", plural(len(c.Now.Runs), "run"), plural(len(c.Now.Metrics), "metric"))
	if len(c.Now.Runs) < enoughRuns {
		f.Text += fmt.Sprintf("; too few to tell noise from a change: %s", k.again(s, "--repeat", "20", "--update"))
	} else {
		f.Detail = noisy(c)
	}
	return f
}

// noisy names metrics whose margins are smaller than their noise.
func noisy(c *guard.Case) string {
	var lines []string
	for _, m := range c.Noisy() {
		margin := m.Column().Name() + "=" + roundedUp(m.Needs()).String()
		what := ""
		if n := m.RunsNeeded(); n > 0 && n <= mostRepeats {
			what = fmt.Sprintf("%d runs would do, or ", roundedRuns(n))
		}
		lines = append(lines, fmt.Sprintf("  %s: %s--margin %s", m.Column().Name(), what, shell(margin)))
	}
	if lines == nil {
		return ""
	}
	return "where other events happen, noise will hide changes of the size of the margin of\n" + strings.Join(lines, "\n")
}

// roundedRuns is a number of runs as people say it.
func roundedRuns(n int) int {
	step := 5
	for n > 100*step {
		step *= 10
	}
	return (n + step - 1) / step * step
}

// roundedUp is a margin with two digits.
func roundedUp(m guard.Margin) guard.Margin {
	step := math.Pow10(int(math.Floor(math.Log10(m.Value))) - 1)
	m.Value = math.Ceil(m.Value/step) * step
	return m
}

// enoughRuns is the number below which little is decided.
const enoughRuns = 10

// command is one that runs the scenario.
func (k *checking) command(s *subject, flags ...string) string {
	words := []string{"meshsim", "run", s.name}
	for _, set := range k.set {
		words = append(words, "--set", set)
	}
	return shell(append(words, flags...)...)
}

// again is the check of the scenario alone.
func (k *checking) again(s *subject, flags ...string) string {
	words := []string{"meshsim", "check", s.name}
	for _, set := range k.set {
		words = append(words, "--set", set)
	}
	if k.changed("seed") {
		words = append(words, "--seed", decimal(k.seed))
	}
	if k.repeat > 0 && !slices.Contains(flags, "--repeat") {
		words = append(words, "--repeat", decimal(uint64(k.repeat)))
	}
	if k.checkOptions.baseline != "" {
		words = append(words, "--baseline", k.checkOptions.baseline)
	}
	for _, m := range k.metrics {
		words = append(words, "--metric", m)
	}
	for _, m := range k.margins {
		words = append(words, "--margin", m)
	}
	return shell(append(words, flags...)...)
}

// place finds where in the file each finding is about.
func (s *subject) place() {
	var paths []string
	for _, f := range s.findings {
		if f.path != "" && s.file != "" {
			paths = append(paths, f.path)
		}
	}
	if paths == nil {
		return
	}
	text, err := os.ReadFile(s.file)
	if err != nil {
		return
	}
	places := guard.Places(text, paths)
	for i := range s.findings {
		if f := &s.findings[i]; f.path != "" {
			f.Place = places[f.path]
		}
	}
}
