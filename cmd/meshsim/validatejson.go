package main

import (
	"errors"

	"meshsim/scenarios/strict"
)

// validated is what validate says of a scenario, as JSON.
type validated struct {
	Scenario string         `json:"scenario"`
	Right    bool           `json:"right"`
	Problems []problemEntry `json:"problems,omitempty"`
	Count    int            `json:"problem_count,omitempty"` // problems holds at most 100
	Warnings []problemEntry `json:"warnings,omitempty"`
	Plan     *planEntry     `json:"plan,omitempty"`
}

type problemEntry struct {
	Source string `json:"source,omitempty"` // the file, or "--set 2"
	Line   int    `json:"line,omitempty"`   // from 1
	Column int    `json:"column,omitempty"`
	Path   string `json:"path,omitempty"` // of the field
	Text   string `json:"text"`
}

type planEntry struct {
	Nodes       int    `json:"nodes"`
	Points      int    `json:"points"` // of its sweep; 0 if it has none
	Runs        int    `json:"runs"`
	Seed        uint64 `json:"seed"`
	DurationNS  int64  `json:"duration_ns"`
	LookaheadNS int64  `json:"lookahead_ns"`     // the smallest latency that a message can have
	Events      uint64 `json:"estimated_events"` // a run
	Bytes       uint64 `json:"estimated_bytes"`  // of memory, a run
	// Notes are what may surprise, such as what grows with the square of the nodes;
	// warnings among them.
	Notes []string `json:"notes,omitempty"`
}

// validateJSON is validate for programs.
func (a *app) validateJSON(names, set []string) error {
	code, list := exitHolds, []validated{}
	for _, name := range names {
		v := validated{Scenario: name, Right: true}
		s, err := a.checked(name, set)
		if err != nil {
			code, v.Right = exitUsage, false
			v.Problems, v.Count = problemEntries(err)
		} else {
			p := s.Plan()
			v.Plan = &planEntry{p.Nodes, p.Points, p.Runs, p.Seed, int64(p.Duration), int64(p.Lookahead), p.Events, p.Bytes, p.Notes}
			v.Warnings = entriesOf(s.Warnings())
		}
		list = append(list, v)
	}
	if err := a.printJSON(list); err != nil {
		return err
	}
	return withCode(code)
}

func problemEntries(err error) (list []problemEntry, count int) {
	var found *strict.Problems
	if !errors.As(err, &found) {
		return []problemEntry{{Text: err.Error()}}, 1
	}
	return entriesOf(found.List), found.Count
}

func entriesOf(problems []strict.Problem) (list []problemEntry) {
	for _, p := range problems {
		list = append(list, problemEntry{p.Source, p.Line, p.Column, p.Path, p.Text})
	}
	return list
}
