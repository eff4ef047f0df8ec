package main

import (
	"io"

	"meshsim/scenarios/guard"
	"meshsim/scenarios/sweep"
)

// checkFile is what --json prints, version 1. Figures that do not exist are null.
type checkFile struct {
	Version     int             `json:"meshsim_check"`
	Command     string          `json:"command"`
	Engine      string          `json:"engine"`
	Outcome     string          `json:"outcome"` // holds, violated, undecided, error
	Confidence  float64         `json:"confidence"`
	Comparisons int             `json:"comparisons"` // judged together
	Scenarios   []checkScenario `json:"scenarios"`
}

type checkScenario struct {
	Name     string         `json:"name"` // as it was named: a file, or one of the library
	Scenario string         `json:"scenario,omitempty"`
	Outcome  string         `json:"outcome"`
	Baseline string         `json:"baseline"`
	Compared bool           `json:"compared"` // there is a baseline
	Planned  int            `json:"planned"`
	Runs     []guard.Run    `json:"runs"`
	Findings []checkFinding `json:"findings"`
	Metrics  []checkMetric  `json:"metrics"`
}

type checkFinding struct {
	Part    string `json:"part"`
	Name    string `json:"name"`
	Outcome string `json:"outcome"`
	Note    bool   `json:"note"` // holds, but should be told
	Text    string `json:"text"`
	Detail  string `json:"detail,omitempty"`
	Command string `json:"command,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

type checkMetric struct {
	Metric     string        `json:"metric"`
	Statistic  string        `json:"statistic"`
	Unit       string        `json:"unit"`
	Better     string        `json:"better"`
	Margin     string        `json:"margin"`
	Verdict    string        `json:"verdict"`
	Pairs      int           `json:"pairs"`
	Then       sweep.Number  `json:"then"`
	Now        sweep.Number  `json:"now"`
	Difference checkInterval `json:"difference"`
	Relative   checkInterval `json:"relative"`
	P          sweep.Number  `json:"p"`
	Adjusted   sweep.Number  `json:"p_adjusted"`
	NotWorse   sweep.Number  `json:"p_not_worse"`
	More       int           `json:"more_runs"` // -1: no number in reach decides
}

type checkInterval struct {
	Value  sweep.Number `json:"value"`
	Lo     sweep.Number `json:"lo"`
	Hi     sweep.Number `json:"hi"`
	Method string       `json:"method"`
}

// json writes what was found.
func (t *checkTable) json(out io.Writer) error {
	f := checkFile{Version: 1, Command: t.command, Engine: engine(), Outcome: string(t.outcome()),
		Confidence: guard.Confidence, Comparisons: guard.Comparisons(t.cases()), Scenarios: []checkScenario{}}
	for _, s := range t.subjects {
		f.Scenarios = append(f.Scenarios, s.json())
	}
	return writeJSON(out, f)
}

func (s *subject) json() checkScenario {
	out := checkScenario{Name: s.name, Outcome: string(s.outcome()), Baseline: s.baseline,
		Runs: []guard.Run{}, Findings: []checkFinding{}, Metrics: []checkMetric{}}
	for _, f := range s.findings {
		out.Findings = append(out.Findings, checkFinding{f.Part, f.Name, string(f.Outcome), f.note, f.Text, f.Detail, f.Command, f.Place.Line, f.Place.Column})
	}
	if s.held == nil {
		return out
	}
	out.Scenario, out.Compared, out.Planned = string(s.held.Scenario.Name), s.held.Base != nil, len(s.held.Runs())
	out.Runs = append(out.Runs, s.held.Now.Runs...)
	for i := range s.held.Changes {
		out.Metrics = append(out.Metrics, metricJSON(&s.held.Changes[i]))
	}
	return out
}

func metricJSON(c *guard.Change) checkMetric {
	m := checkMetric{Metric: c.Metric, Statistic: c.Statistic, Unit: c.Unit, Better: c.Column.Better, Margin: c.Guarded.Margin.String(),
		Verdict: string(c.Verdict), Pairs: c.N, Then: rounded(c.Then.Figure().Value), Now: rounded(c.Now.Figure().Value), More: c.More,
		P: rounded(c.P), Adjusted: rounded(c.Adjusted), NotWorse: rounded(c.PNotWorse)}
	d, r := c.Difference, c.Relative
	m.Difference = checkInterval{rounded(d.Value), rounded(d.Lo), rounded(d.Hi), string(d.Method)}
	m.Relative = checkInterval{rounded(r.Value), rounded(r.Lo), rounded(r.Hi), string(r.Method)}
	return m
}
