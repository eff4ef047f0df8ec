package scenarios

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/sim"
)

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
func violationOf(r *Evidence, c sim.Check) *sim.Violation {
	for i := range r.Violations {
		if v := &r.Violations[i]; v.Protocol == c.Protocol && v.Check == c.Spec.Name {
			return v
		}
	}
	return nil
}

// wanted reports whether a run ended at a violation that should happen.
func (j *judge) wanted(r *Evidence) bool {
	return slices.ContainsFunc(j.s.base.Checks[j.s.always:], func(c sim.Check) bool { return violationOf(r, c) != nil })
}

// checkTotal is what a run's check had to look at.
func checkTotal(r *Evidence, c sim.Check) sim.CheckTotal {
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
