package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/sim"
)

// Outcome is what became of an expectation.
type Outcome string

// The outcomes. Undecided is never a pass.
const (
	Holds     Outcome = "holds"
	Violated  Outcome = "violated"
	Undecided Outcome = "undecided"
)

// Verdict is the answer to one expectation, over all replications.
type Verdict struct {
	Part     string // of the scenario: always, eventually, sometimes, thresholds
	Property string // as the scenario writes it
	Outcome  Outcome
	Text     string // why, in a few words: "in 30 of 30 runs"
	Detail   string // more, in lines; may be empty

	// Shown says that the run with this Seed shows what does not hold, best of all.
	Shown bool
	Seed  uint64
}

// shown notes the run that shows it.
func (v Verdict) shown(seed uint64) Verdict {
	v.Shown, v.Seed = true, seed
	return v
}

// Evaluate holds the expectations against the results of the replications, in
// the order of their seeds; nil stands for one that did not finish. Verdicts are
// in the order of the scenario.
func Evaluate(s *Scenario, results []*sim.Result) []Verdict {
	j := judge{s: s, planned: max(len(results), 1)}
	for _, r := range results {
		if r != nil && r.Ending != sim.EndCancelled {
			j.runs = append(j.runs, r)
		}
	}
	var out []Verdict
	add := func(part, property string, v Verdict) {
		v.Part, v.Property = part, property
		out = append(out, j.cautious(v))
	}
	for i, c := range s.base.Checks {
		if name := c.Protocol + "." + c.Spec.Name; i < s.always {
			add("always", name, j.always(c))
		} else {
			add("violated", name, j.violated(c))
		}
	}
	for i := range s.Expect.Eventually {
		e := &s.Expect.Eventually[i]
		add("eventually", e.text, j.eventually(e))
	}
	for i := range s.Expect.Sometimes {
		c := &s.Expect.Sometimes[i]
		add("sometimes", c.text, j.sometimes(c))
	}
	for _, t := range s.Expect.Thresholds {
		for i := range t.Value {
			add("thresholds", t.Key+" "+t.Value[i].text, j.threshold(t.Key, &t.Value[i]))
		}
	}
	return out
}

// Worst is the outcome of all verdicts together.
func Worst(verdicts []Verdict) Outcome {
	worst := Holds
	for _, v := range verdicts {
		switch {
		case v.Outcome == Violated:
			return Violated
		case v.Outcome == Undecided:
			worst = Undecided
		}
	}
	return worst
}

// A judge holds expectations against the replications that ran to their end.
type judge struct {
	s       *Scenario
	runs    []*sim.Result
	planned int
}

// cautious takes back what was concluded without all of the runs: a violation
// needs no further run, nor does what was to be seen once.
func (j *judge) cautious(v Verdict) Verdict {
	if len(j.runs) < j.planned && v.Outcome == Holds && v.Part != "sometimes" && v.Part != "violated" {
		v.Outcome = Undecided
		v.Text = fmt.Sprintf("%s; only %d of %d runs finished", v.Text, len(j.runs), j.planned)
	}
	return v
}

func (j *judge) count(n int) string {
	if len(j.runs) == 1 {
		return "in the run"
	}
	return fmt.Sprintf("in %d of %d runs", n, len(j.runs))
}

// always asks whether a safety property was violated. A run that ended early at
// another violation says nothing of what would have come.
func (j *judge) always(c sim.Check) Verdict {
	var broken, cut, open int
	var seen uint64
	var details, why []string
	var first uint64
	for _, r := range j.runs {
		total := checkTotal(r, c)
		seen += total.Observed
		v := violationOf(r, c)
		switch {
		case v != nil:
			if broken++; broken == 1 {
				first = r.Seed
			}
			details = append(details, fmt.Sprintf("seed %d, %v, %s%s", r.Seed, v.At, j.by(v.Node), v.Text))
		case r.Ending == sim.EndViolation && !j.wanted(r):
			cut++
		case total.Undecided != "":
			open++
			why = append(why, fmt.Sprintf("seed %d: %s", r.Seed, total.Undecided))
		}
	}
	switch {
	case broken > 0:
		return Verdict{Outcome: Violated, Text: "broken " + j.count(broken), Detail: few(details)}.shown(first)
	case cut > 0:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("held, but %d of %d runs ended early at another violation", cut, len(j.runs))}
	case open > 0:
		return Verdict{Outcome: Undecided, Text: "could not be decided " + j.count(open), Detail: few(why)}
	case len(j.runs) == 0:
		return Verdict{Outcome: Undecided, Text: j.count(0)}
	case seen == 0:
		return Verdict{Outcome: Undecided, Text: "nothing happened that it could be checked on"}
	}
	return Verdict{Outcome: Holds, Text: j.count(len(j.runs))}
}

// violated asks whether a property was broken in at least one run, as it should
// be.
func (j *judge) violated(c sim.Check) Verdict {
	broken := 0
	var details []string
	for _, r := range j.runs {
		if v := violationOf(r, c); v != nil {
			broken++
			details = append(details, fmt.Sprintf("seed %d, %v, %s%s", r.Seed, v.At, j.by(v.Node), v.Text))
		}
	}
	switch {
	case broken > 0:
		return Verdict{Outcome: Holds, Text: "broken " + j.count(broken) + ", as it should be", Detail: few(details)}
	case len(j.runs) < j.planned:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("held in the %d runs that finished", len(j.runs))}
	}
	return Verdict{Outcome: Violated, Text: "held " + j.count(len(j.runs)) + ", though it should not"}
}

// violationOf is how a run broke a property, nil if it did not.
func violationOf(r *sim.Result, c sim.Check) *sim.Violation {
	for i := range r.Violations {
		if v := &r.Violations[i]; v.Protocol == c.Protocol && v.Check == c.Spec.Name {
			return v
		}
	}
	return nil
}

// wanted reports whether a run ended at a violation that should happen.
func (j *judge) wanted(r *sim.Result) bool {
	return slices.ContainsFunc(j.s.base.Checks[j.s.always:], func(c sim.Check) bool { return violationOf(r, c) != nil })
}

// checkTotal is what a run's check had to look at.
func checkTotal(r *sim.Result, c sim.Check) sim.CheckTotal {
	for _, t := range r.Checks {
		if t.Protocol == c.Protocol && t.Check == c.Spec.Name {
			return t
		}
	}
	return sim.CheckTotal{}
}

// by names the node of a violation, if it is of one.
func (j *judge) by(id protocols.NodeID) string {
	if id == protocols.External {
		return ""
	}
	return j.s.NodeName(id) + ": "
}

// few joins the first lines.
func few(lines []string) string {
	const most = 5
	if len(lines) > most {
		lines = append(slices.Clone(lines[:most]), fmt.Sprintf("and %d more", len(lines)-most))
	}
	return strings.Join(lines, "\n")
}

// sometimes asks whether at least one sample of one run shows the condition.
func (j *judge) sometimes(c *Condition) Verdict {
	shown := 0
	for _, r := range j.runs {
		if shows(c.root, r) {
			shown++
		}
	}
	switch {
	case shown > 0:
		return Verdict{Outcome: Holds, Text: j.count(shown)}
	case len(j.runs) < j.planned:
		return Verdict{Outcome: Undecided, Text: fmt.Sprintf("in none of the %d runs that finished", len(j.runs))}
	case len(j.runs) == 1:
		return Verdict{Outcome: Violated, Text: "in no sample of the run"}
	}
	return Verdict{Outcome: Violated, Text: fmt.Sprintf("in no sample of %d runs", len(j.runs))}
}

// shows says whether some sample of a run fulfils a condition.
func shows(root *clause, r *sim.Result) bool {
	values := map[string]map[protocols.Time]float64{}
	for _, cmp := range root.comparisons() {
		name := cmp.name.text
		if values[name] != nil {
			continue
		}
		values[name] = map[protocols.Time]float64{}
		for _, p := range r.Series(name) {
			values[name][p.At] = p.Value
		}
	}
	for i := range r.Samples {
		row := &r.Samples[i]
		value := func(metric string) (float64, bool) {
			v, ok := values[metric][protocols.Time(row.At)]
			return v, ok
		}
		if root.holds(func(state string) bool { return inState(row, state) }, value) {
			return true
		}
	}
	return false
}

// inState says whether a fault of that kind is in force.
func inState(row *sim.SampleRow, state string) bool {
	switch state {
	case "partitioned":
		return row.Partitioned > 0
	case "degraded":
		return row.Degraded > 0
	case "churning":
		return row.Churn > 0
	case "byzantine":
		return row.Byzantine > 0
	}
	panic("scenarios: unknown state " + state)
}
