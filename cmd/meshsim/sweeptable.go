package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"meshsim/report"
	"meshsim/report/stats"
	"meshsim/report/table"
	"meshsim/report/unit"
	"meshsim/scenarios"
	"meshsim/scenarios/sweep"
)

// sweepTable is what a sweep found, as text, CSV and JSON.
type sweepTable struct {
	plan    *sweep.Plan
	columns []sweep.Column
	rows    []sweep.Row
	command string
	dir     string // of the results; may be empty
}

var marks = map[scenarios.Outcome]struct{ mark, plain, color string }{
	scenarios.Holds:     {"✓", "ok", "32"},
	scenarios.Violated:  {"✗", "FAIL", "31"},
	scenarios.Undecided: {"?", "?", "33"},
}

// text writes the table for a terminal.
func (t *sweepTable) text(out io.Writer, ascii, color bool) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s\n\n", dots(t.heading(), ascii))
	rows := [][]string{t.header()}
	for _, r := range t.rows {
		rows = append(rows, t.line(r))
	}
	for i, line := range table.Align(rows) {
		mark := "    "
		if i > 0 {
			mark = markOf(t.rows[i-1].Outcome, ascii, color)
		}
		fmt.Fprintln(w, mark+"  "+line)
	}
	t.expectations(w, ascii, color)
	if t.dir != "" {
		fmt.Fprintf(w, "\nresults %s\nreport  %s\n", t.dir, filepath.Join(t.dir, sweepPage))
	}
	return w.Flush()
}

func markOf(o scenarios.Outcome, ascii, color bool) string {
	m := marks[o]
	text := "  " + m.mark + " "
	if ascii {
		text = fmt.Sprintf("%-4s", m.plain)
	}
	if color {
		return "\x1b[" + m.color + "m" + text + "\x1b[0m"
	}
	return text
}

func (t *sweepTable) heading() string {
	return fmt.Sprintf("%s · %s · mean and its 95%% interval", t.plan.Scenario.Name, t.size())
}

// dots puts dashes in place of the dots of a heading if they cannot be shown.
func dots(heading string, ascii bool) string {
	if ascii {
		return strings.ReplaceAll(heading, " · ", " - ")
	}
	return heading
}

// size tells points and runs.
func (t *sweepTable) size() string {
	done, all := t.finished()
	runs := plural(all, "run")
	if done < all {
		runs = fmt.Sprintf("%d of %d runs", done, all)
	}
	return fmt.Sprintf("%s · %s from seed %d", plural(len(t.rows), "point"), runs, t.plan.Scenario.Run.Seed)
}

// finished is how many runs there are, of how many.
func (t *sweepTable) finished() (done, all int) {
	for _, r := range t.rows {
		done, all = done+r.Finished(), all+len(r.Runs)
	}
	return done, all
}

func (t *sweepTable) paths() (paths []string) {
	for _, v := range t.rows[0].Settings {
		paths = append(paths, v.Path)
	}
	return paths
}

func (t *sweepTable) header() []string {
	head := scenarios.ShortNames(t.paths())
	if len(head) == 0 {
		head = []string{"point"}
	}
	head = append(head, "runs")
	for _, c := range t.columns {
		head = append(head, c.Name())
	}
	return head
}

func (t *sweepTable) line(r sweep.Row) (cells []string) {
	for _, v := range r.Settings {
		cells = append(cells, v.Value.String())
	}
	if cells == nil {
		cells = []string{r.Name}
	}
	if r.Baseline {
		cells[len(cells)-1] += " (baseline)"
	}
	runs := strconv.Itoa(len(r.Runs))
	if n := r.Finished(); n < len(r.Runs) {
		runs = fmt.Sprintf("%d of %d", n, len(r.Runs))
	}
	switch r.Stop {
	case stats.AtMost:
		runs += ", the cap"
	case stats.NoValues:
		runs += ", no values"
	}
	cells = append(cells, runs)
	for i, c := range r.Cells {
		cells = append(cells, cellText(t.columns[i].Unit, c))
	}
	return cells
}

func cellText(u string, c sweep.Cell) string {
	text := unit.Text(u, c.Value)
	if c.Bounded() && c.N > 1 {
		value, bounds := unit.Estimate(u, c.Value, c.Lo, c.Hi)
		text = value + " " + bounds
	}
	if c.Open > 0 {
		text += fmt.Sprintf(" median, %d open", c.Open)
	}
	return text
}

// expectations says of each expectation at how many points it holds.
func (t *sweepTable) expectations(w io.Writer, ascii, color bool) {
	for i, v := range t.overPoints() {
		if i == 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s  %-10s  %s: %s\n", markOf(scenarios.Outcome(v.Outcome), ascii, color), v.Part, v.Property, v.Text)
	}
}

// overPoints are the verdicts of all points together.
func (t *sweepTable) overPoints() (list []report.Verdict) {
	for i, v := range t.rows[0].Verdicts {
		at := map[scenarios.Outcome][]string{}
		worst := scenarios.Holds
		for _, r := range t.rows {
			o := r.Verdicts[i].Outcome
			at[o] = append(at[o], r.Name)
			worst = scenarios.Worst([]scenarios.Verdict{{Outcome: worst}, {Outcome: o}})
		}
		text := fmt.Sprintf("holds at %d of %d points", len(at[scenarios.Holds]), len(t.rows))
		for _, o := range []scenarios.Outcome{scenarios.Violated, scenarios.Undecided} {
			if names := at[o]; len(names) > 5 {
				text += fmt.Sprintf("; %s at %d", o, len(names))
			} else if len(names) > 0 {
				text += fmt.Sprintf("; %s at %s", o, strings.Join(names, ", "))
			}
		}
		list = append(list, report.Verdict{Part: v.Part, Property: v.Property, Outcome: report.Outcome(worst), Text: text})
	}
	return list
}

// csv writes a row a point: its values, what became of it, and of each column the
// estimate, its bounds, and in how many runs it is open.
func (t *sweepTable) csv(out io.Writer) error {
	w := csv.NewWriter(out)
	head := append(append([]string{"point"}, t.paths()...), "outcome", "runs", "planned")
	for _, c := range t.columns {
		name := strings.ReplaceAll(c.Name(), " ", "_")
		head = append(head, name, name+"_lo", name+"_hi", name+"_open")
	}
	w.Write(head)
	for _, r := range t.rows {
		cells := []string{r.Name}
		for _, v := range r.Settings {
			cells = append(cells, v.Value.String())
		}
		cells = append(cells, string(r.Outcome), strconv.Itoa(r.Finished()), strconv.Itoa(len(r.Runs)))
		for _, c := range r.Cells {
			cells = append(cells, stats.Cell(c.Value), stats.Cell(c.Lo), stats.Cell(c.Hi), strconv.Itoa(c.Open))
		}
		w.Write(cells)
	}
	w.Flush()
	return w.Error()
}

// verdictsCSV writes a row for each expectation of each point.
func (t *sweepTable) verdictsCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"point", "part", "property", "outcome", "text"})
	for _, r := range t.rows {
		for _, v := range r.Verdicts {
			w.Write([]string{r.Name, v.Part, v.Property, string(v.Outcome), v.Text})
		}
	}
	w.Flush()
	return w.Error()
}

// sweepFile is sweep.json, version 1.
type sweepFile struct {
	Version  int          `json:"meshsim_sweep"`
	Name     string       `json:"name"`
	Command  string       `json:"command"`
	Outcome  string       `json:"outcome"`
	Complete bool         `json:"complete"`
	Points   []sweepPoint `json:"points"`
}

type sweepPoint struct {
	Name     string            `json:"name"`
	Settings map[string]string `json:"settings"`
	Baseline bool              `json:"baseline"`
	Outcome  string            `json:"outcome"`
	Planned  int               `json:"planned"`
	Stop     string            `json:"stop,omitempty"`
	Runs     []sweepRun        `json:"runs"`
	Metrics  []sweepMetric     `json:"metrics"`
	Verdicts []sweepVerdict    `json:"verdicts"`
}

type sweepRun struct {
	Replication int    `json:"replication"`
	Seed        uint64 `json:"seed"`
	Fingerprint string `json:"fingerprint"`
}

type sweepMetric struct {
	Metric    string       `json:"metric"`
	Statistic string       `json:"statistic"`
	Unit      string       `json:"unit"`
	N         int          `json:"n"`
	Open      int          `json:"open"`
	Method    string       `json:"method"`
	Value     sweep.Number `json:"value"`
	Lo        sweep.Number `json:"lo"`
	Hi        sweep.Number `json:"hi"`
}

type sweepVerdict struct {
	Part     string `json:"part"`
	Property string `json:"property"`
	Outcome  string `json:"outcome"`
	Text     string `json:"text"`
}

// json writes sweep.json.
func (t *sweepTable) json(out io.Writer) error {
	f := sweepFile{Version: 1, Name: string(t.plan.Scenario.Name), Command: t.command, Complete: true}
	worst := []scenarios.Verdict{}
	for _, r := range t.rows {
		f.Points = append(f.Points, t.point(r))
		f.Complete = f.Complete && r.Finished() == len(r.Runs)
		worst = append(worst, r.Verdicts...)
	}
	f.Outcome = string(scenarios.Worst(worst))
	return writeJSON(out, f)
}

func (t *sweepTable) point(r sweep.Row) sweepPoint {
	p := sweepPoint{Name: r.Name, Settings: map[string]string{}, Baseline: r.Baseline, Outcome: string(r.Outcome),
		Planned: len(r.Runs), Stop: string(r.Stop), Runs: []sweepRun{}, Metrics: []sweepMetric{}, Verdicts: []sweepVerdict{}}
	for _, v := range r.Settings {
		p.Settings[v.Path] = v.Value.String()
	}
	for k, rec := range r.Records {
		if rec != nil {
			p.Runs = append(p.Runs, sweepRun{k, rec.Seed, rec.Fingerprint})
		}
	}
	for i, c := range r.Cells {
		of := t.columns[i]
		p.Metrics = append(p.Metrics, sweepMetric{of.Metric, of.Statistic, of.Unit, c.N, c.Open, string(c.Method),
			rounded(c.Value), rounded(c.Lo), rounded(c.Hi)})
	}
	for _, v := range r.Verdicts {
		p.Verdicts = append(p.Verdicts, sweepVerdict{v.Part, v.Property, string(v.Outcome), v.Text})
	}
	return p
}

// results are those that the table shows.
func (t *sweepTable) results() (list []sweep.Results) {
	for _, r := range t.rows {
		list = append(list, *r.Results)
	}
	return list
}

func rounded(v float64) sweep.Number { return sweep.Number(stats.Round6(v)) }
