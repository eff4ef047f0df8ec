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
	Part     string // of the scenario: always, violated, eventually, sometimes, thresholds
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

// Judge is [Evaluate] of what was gathered before, which must be of the same
// scenario.
func Judge(s *Scenario, evidence []*Evidence) []Verdict {
	j := judge{s: s, planned: max(len(evidence), 1)}
	for _, e := range evidence {
		if e != nil {
			j.runs = append(j.runs, e)
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
		add("eventually", e.text, j.eventually(e, i))
	}
	for i := range s.Expect.Sometimes {
		c := &s.Expect.Sometimes[i]
		add("sometimes", c.text, j.sometimes(i))
	}
	at := 0
	for _, t := range s.Expect.Thresholds {
		for i := range t.Value {
			add("thresholds", t.Key+" "+t.Value[i].text, j.threshold(t.Key, &t.Value[i], at))
			at++
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
	runs    []*Evidence
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

// few joins the first lines.
func few(lines []string) string {
	const most = 5
	if len(lines) > most {
		lines = append(slices.Clone(lines[:most]), fmt.Sprintf("and %d more", len(lines)-most))
	}
	return strings.Join(lines, "\n")
}

// sometimes asks whether at least one sample of one run shows the condition.
func (j *judge) sometimes(i int) Verdict {
	shown := 0
	for _, r := range j.runs {
		if r.Sometimes[i] {
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
