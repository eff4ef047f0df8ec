package main

import (
	"fmt"
	"strings"

	"meshsim/report/unit"
	"meshsim/scenarios"
	"meshsim/scenarios/guard"
)

// metricFindings are the changes of the guarded metrics.
func (k *checking) metricFindings(s *subject) (list []finding) {
	for i := range s.held.Changes {
		c := &s.held.Changes[i]
		f := k.change(s, c)
		f.Part, f.Name = "metric", c.Column.Name()
		f.path = "expect.thresholds." + c.Metric
		for e, expected := range s.held.Scenario.Expect.Eventually {
			if text, _ := expected.MarshalText(); strings.HasPrefix(string(text), c.Metric+" ") {
				f.path = fmt.Sprintf("expect.eventually[%d]", e)
			}
		}
		if k.update && f.code != exitHolds { // it is taken as it is
			f.Outcome, f.code, f.Detail, f.Command, f.note = scenarios.Holds, exitHolds, "", "", true
		}
		list = append(list, f)
	}
	for _, column := range s.held.Lost {
		f := finding{Part: "metric", Name: column.Name(), Outcome: scenarios.Undecided, code: exitInconclusive,
			Text: "is in the baseline, but the scenario has no such metric any more; --update drops it", Command: k.again(s, "--update")}
		if k.update {
			f.Outcome, f.code, f.note, f.Text, f.Command = scenarios.Holds, exitHolds, true, "dropped: the scenario has no such metric any more", ""
		}
		list = append(list, f)
	}
	return list
}

// change puts one change in words.
func (k *checking) change(s *subject, c *guard.Change) finding {
	f := finding{Outcome: scenarios.Holds, Text: changeText(c)}
	shown := func() string {
		if len(c.Pairs) == 0 {
			return ""
		}
		seed := s.held.Now.Runs[c.Pairs[c.Worst()][1]].Seed
		return k.command(s, "--seed", decimal(seed), "--repeat", "1")
	}
	if s.held.Prints.Same() {
		f.Text += "; the events are the same, so the metric is computed otherwise"
	}
	switch c.Verdict {
	case guard.Same:
		f.Text = "same"
	case guard.Added:
		f.Text, f.note = "is not in the baseline; --update adds it", true
		if k.update {
			f.Text = "added: it was not in the baseline"
		}
	case guard.NoValue:
		f.Outcome, f.code, f.Text = scenarios.Undecided, exitInconclusive, "no run has a value any more"
	case guard.Better:
		f.Text, f.note = "better: "+f.Text, true
		if !k.update {
			f.Text += "; --update holds it"
		}
	case guard.Changed:
		f.Text, f.note = "changed, which is neither better nor worse: "+f.Text, true
	case guard.Worse:
		f.Outcome, f.code, f.Text = scenarios.Violated, exitViolated, "worse: "+f.Text
		f.Command, f.Detail = shown(), "if it is meant: "+k.again(s, "--update")
	case guard.Inconclusive:
		f.Outcome, f.code, f.Text = scenarios.Undecided, exitInconclusive, "undecided: "+f.Text
		f.Detail, f.Command = k.deciding(s, c), shown()
	}
	return f
}

// changeText is "12.31k → 13.57k: +10.2% [+9.8%, +10.6%], 5% is allowed".
func changeText(c *guard.Change) string {
	if c.N == 0 {
		return ""
	}
	then, now := c.Then.Figure(), c.Now.Figure()
	text := unit.Text(c.Unit, then.Value) + " → " + unit.Text(c.Unit, now.Value)
	in, write := c.Relative, percent
	if !c.OfBase || in.Value != in.Value {
		in, write = c.Difference, func(v float64) string { return signed(c.Unit, v) }
	}
	if in.Value == in.Value {
		text += ": " + write(in.Value)
		if in.Bounded() {
			text += fmt.Sprintf(" [%s, %s]", write(in.Lo), write(in.Hi))
		}
	}
	if c.OtherOpen+c.BaseOpen > 0 {
		text += fmt.Sprintf("; not finished in %d of %d runs, before in %d", c.OtherOpen, c.N, c.BaseOpen)
	}
	switch {
	case !c.Directed():
		return text
	case c.Margin.OfBase && !c.OfBase:
		return text + "; a part of a baseline of 0 is nothing, so no growth is allowed"
	case c.Margin.OfBase:
		return text + ", " + c.Margin.String() + " is allowed"
	}
	return text + ", " + unit.Text(c.Unit, c.Margin.Value) + " is allowed"
}

func percent(v float64) string {
	if v *= 100; v >= 1000 || v <= -1000 {
		return fmt.Sprintf("%+.0f%%", v)
	}
	return fmt.Sprintf("%+.3g%%", v)
}

func signed(u string, v float64) string {
	if v > 0 {
		return "+" + unit.Text(u, v)
	}
	return unit.Text(u, v)
}

// deciding says what would decide.
func (k *checking) deciding(s *subject, c *guard.Change) string {
	switch {
	case c.N < 2:
		return "one run cannot tell noise from a change; with the version of the baseline: " + k.again(s, "--repeat", "20", "--update")
	case c.Margin.OfBase && !c.OfBase:
		return fmt.Sprintf("write an amount for its margin, as in --margin %s", shell(fmt.Sprintf("%s=%s", c.Metric, someAmount(c.Unit))))
	}
	seen, calm := c.N+c.More, c.Then.RunsNeeded() // if the change is as it looks, or if there is none
	if c.More < 0 || calm > c.N && calm < seen {
		seen = calm
	}
	advice := "no number of runs in reach would decide: the change is too close to the margin, or runs do not finish"
	if seen > c.N {
		n := roundedRuns(seen)
		advice = fmt.Sprintf("about %d runs in place of %d would decide; with the version of the baseline: %s", n, c.N, k.again(s, "--repeat", decimal(uint64(n)), "--update"))
	}
	if need := c.Then.Needs(); need.Value > c.Then.Margin.Value {
		advice += "\nor a margin as its noise asks for: --margin " + shell(c.Name()+"="+roundedUp(need).String())
	}
	return advice
}

// someAmount is a margin in a unit, as an example.
func someAmount(u string) string {
	switch u {
	case "s":
		return "20ms"
	case "ratio":
		return "0.01"
	}
	return "10"
}
