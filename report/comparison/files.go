package comparison

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"meshsim/report/stats"
	"meshsim/report/table"
)

// FileVersion is the version of what JSON writes; it grows when a field changes
// its meaning or goes.
const FileVersion = 1

type fileEntry struct {
	Version    int           `json:"meshsim_comparison"`
	Confidence stats.Number  `json:"confidence"`
	Family     int           `json:"family"` // comparisons that are judged together
	Metrics    []metricEntry `json:"metrics"`
	Pareto     *paretoEntry  `json:"pareto,omitempty"`
}

type metricEntry struct {
	Metric    string       `json:"metric"`
	Statistic string       `json:"statistic"`
	Unit      string       `json:"unit"`
	Better    string       `json:"better"`
	Cost      bool         `json:"cost"`
	Margin    stats.Number `json:"margin"`
	OfBase    bool         `json:"margin_of_base"`
	Sides     []sideEntry  `json:"sides"`
}

type sideEntry struct {
	Name     string        `json:"name"`
	Base     string        `json:"base,omitempty"`
	Estimate intervalEntry `json:"estimate"`
	Open     int           `json:"open"`
	Missing  int           `json:"missing"`
	Best     bool          `json:"best"`
	Tie      bool          `json:"tie"`
	Against  *againstEntry `json:"against_base,omitempty"`
}

type intervalEntry struct {
	Value  stats.Number `json:"value"`
	Lo     stats.Number `json:"lo"`
	Hi     stats.Number `json:"hi"`
	N      int          `json:"n"`
	Method string       `json:"method"`
}

type againstEntry struct {
	Pairs              int           `json:"pairs"`
	Unpaired           int           `json:"unpaired"`
	Difference         intervalEntry `json:"difference"`
	Relative           intervalEntry `json:"relative"`
	Wins               int           `json:"wins"`
	Losses             int           `json:"losses"`
	Ties               int           `json:"ties"`
	P                  stats.Number  `json:"p"`
	Adjusted           stats.Number  `json:"p_holm"`
	AdjustedEquivalent stats.Number  `json:"p_equivalent_holm"`
	SignedRank         stats.Number  `json:"p_signed_rank"`
	Verdict            string        `json:"verdict"`
	More               int           `json:"more_runs"` // that may decide; -1: no number in reach
}

type paretoEntry struct {
	Metrics []string `json:"metrics"`
	Sides   []string `json:"sides"`
}

// JSON writes all that is known, the same bytes on every machine.
func (t *Table) JSON(out io.Writer) error {
	f := fileEntry{Version: FileVersion, Confidence: stats.Number(t.Confidence), Family: t.Family}
	for m := range t.Metrics {
		f.Metrics = append(f.Metrics, t.metricEntry(m))
	}
	if t.Front != nil {
		f.Pareto = &paretoEntry{}
		for _, m := range t.Front.Metrics {
			f.Pareto.Metrics = append(f.Pareto.Metrics, t.Metrics[m].Label())
		}
		for _, i := range t.Front.Sides {
			f.Pareto.Sides = append(f.Pareto.Sides, t.Sides[i].Name)
		}
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(f)
}

func (t *Table) metricEntry(m int) metricEntry {
	of := &t.Metrics[m]
	out := metricEntry{Metric: of.Name, Statistic: of.Statistic, Unit: of.Unit, Better: of.Better, Cost: of.Cost,
		Margin: stats.Number(of.Margin.Size), OfBase: of.Margin.OfBase}
	for i, s := range t.Sides {
		c := &t.Cells[m][i]
		side := sideEntry{Name: s.Name, Estimate: entryOf(c.Estimate), Open: c.Open, Missing: c.Missing, Best: c.Best, Tie: c.Tie}
		if s.Base != i {
			side.Base = t.Sides[s.Base].Name
		}
		if a := c.Against; a != nil {
			side.Against = &againstEntry{Pairs: a.N, Unpaired: c.Unpaired, Difference: entryOf(a.Difference), Relative: entryOf(a.Relative),
				Wins: a.Wins, Losses: a.Losses, Ties: a.Ties, P: stats.Number(a.P), Adjusted: stats.Number(a.Adjusted),
				AdjustedEquivalent: stats.Number(a.AdjustedEquivalent), SignedRank: stats.Number(a.SignedRank), Verdict: t.Verdict(m, i), More: a.More}
		}
		out.Sides = append(out.Sides, side)
	}
	return out
}

func entryOf(in stats.Interval) intervalEntry {
	return intervalEntry{stats.Number(in.Value), stats.Number(in.Lo), stats.Number(in.Hi), in.N, string(in.Method)}
}

// CSV writes a row for each metric of each side. Relative differences are shares
// of the base.
func (t *Table) CSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"metric", "statistic", "unit", "side", "base", "value", "lo", "hi", "runs", "open", "missing",
		"difference", "difference_lo", "difference_hi", "relative", "relative_lo", "relative_hi", "pairs", "wins", "losses", "ties",
		"p", "p_holm", "verdict", "more_runs", "best", "tie"})
	for m := range t.Metrics {
		for i := range t.Sides {
			w.Write(t.record(m, i))
		}
	}
	w.Flush()
	return w.Error()
}

func (t *Table) record(m, i int) []string {
	of, s, c := &t.Metrics[m], t.Sides[i], &t.Cells[m][i]
	row := []string{of.Name, of.Statistic, of.Unit, s.Name, "", stats.Cell(c.Estimate.Value), stats.Cell(c.Estimate.Lo), stats.Cell(c.Estimate.Hi),
		strconv.Itoa(c.Estimate.N), strconv.Itoa(c.Open), strconv.Itoa(c.Missing)}
	if s.Base != i {
		row[4] = t.Sides[s.Base].Name
	}
	a := c.Against
	if a == nil {
		row = append(row, make([]string, 14)...)
	} else {
		row = append(row, stats.Cell(a.Difference.Value), stats.Cell(a.Difference.Lo), stats.Cell(a.Difference.Hi),
			stats.Cell(a.Relative.Value), stats.Cell(a.Relative.Lo), stats.Cell(a.Relative.Hi), strconv.Itoa(a.N),
			strconv.Itoa(a.Wins), strconv.Itoa(a.Losses), strconv.Itoa(a.Ties), stats.Cell(a.P), stats.Cell(a.Adjusted), t.Verdict(m, i), strconv.Itoa(a.More))
	}
	return append(row, strconv.FormatBool(c.Best), strconv.FormatBool(c.Tie))
}

// Markdown writes the tables of the text as Markdown.
func (t *Table) Markdown(out io.Writer) error {
	for m := range t.Metrics {
		fmt.Fprintf(out, "**%s**\n\n", t.title(m))
		if err := table.Markdown(out, t.rows(m)); err != nil {
			return err
		}
		if best := t.bestText(m); best != "" {
			fmt.Fprintf(out, "\n%s\n", best)
		}
		fmt.Fprintln(out)
	}
	_, err := fmt.Fprintln(out, strings.Join(t.footer(), "\n\n"))
	return err
}

// Benchstat writes what benchstat reads: a line for each run of each side.
// benchstat does not pair runs, so it finds less. Runs that are open in a metric
// lack it.
func (t *Table) Benchstat(out io.Writer) error {
	for m := range t.Metrics {
		of := &t.Metrics[m]
		if words := map[string]string{"smaller": "lower", "larger": "higher"}; words[of.Better] != "" {
			fmt.Fprintf(out, "Unit %s better=%s\n", of.benchUnit(), words[of.Better])
		}
	}
	for _, s := range t.Sides {
		for k := range s.Values[0] {
			line := ""
			for m := range t.Metrics {
				if v := s.Values[m][k]; v.Known && !v.Open && !math.IsNaN(v.Value) {
					line += fmt.Sprintf(" %s %s", stats.Cell(v.Value), t.Metrics[m].benchUnit())
				}
			}
			if line == "" {
				continue
			}
			if _, err := fmt.Fprintf(out, "Benchmark%s/seed=%d 1%s\n", benchName(s.Name), s.Values[0][k].Seed, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// benchUnit is the metric with its unit, as one word.
func (m *Metric) benchUnit() string {
	name := strings.ReplaceAll(m.Label(), " ", "-")
	if m.Unit == "1" || m.Unit == "" {
		return name
	}
	return strings.ReplaceAll("sim-"+m.Unit, " ", "-") + "/" + name
}

// benchName makes of "fanout=3 interval=2s" the name Run/fanout=3/interval=2s.
func benchName(side string) string {
	words := strings.Fields(side)
	for i, w := range words {
		if !strings.Contains(w, "=") {
			words[i] = "side=" + strings.ReplaceAll(w, "/", "-")
		}
	}
	return "Run/" + strings.Join(words, "/")
}
