package comparison

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"meshsim/report/stats"
	"meshsim/report/table"
	"meshsim/report/unit"
)

// TextOptions say what a terminal can show.
type TextOptions struct{ Color bool }

// colors of verdicts.
var colors = map[string]string{"better": "32", "worse": "31", "inconclusive": "33"}

// Text writes the table for people: of each metric the sides one below another,
// the difference with its interval before the test.
func (t *Table) Text(out io.Writer, o TextOptions) error {
	w := bufio.NewWriter(out)
	for m := range t.Metrics {
		if m > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, t.title(m))
		lines := table.Align(t.rows(m))
		for i, line := range lines {
			if i > 0 && o.Color {
				line = colored(line, t.Verdict(m, i-1))
			}
			fmt.Fprintln(w, "  "+line)
		}
		if best := t.bestText(m); best != "" {
			fmt.Fprintln(w, "  "+best)
		}
	}
	fmt.Fprintln(w)
	for _, line := range t.footer() {
		fmt.Fprintln(w, line)
	}
	return w.Flush()
}

func colored(line, verdict string) string {
	i := strings.LastIndex(line, verdict)
	if c := colors[verdict]; c != "" && i >= 0 {
		return line[:i] + "\x1b[" + c + "m" + line[i:] + "\x1b[0m"
	}
	return line
}

// Label is the metric, and the statistic unless it goes without saying.
func (m *Metric) Label() string {
	if m.Statistic == "value" || m.Statistic == "" {
		return m.Name
	}
	return m.Name + " " + m.Statistic
}

func (t *Table) title(m int) string {
	of := &t.Metrics[m]
	text := of.Label()
	if of.Cost {
		text = "cost: " + text
	}
	switch of.Better {
	case "smaller", "larger":
		return text + ", " + of.Better + " is better"
	}
	return text
}

// head names the columns of a metric.
var head = []string{"", "value", "difference", "of the base", "better in", "p", "verdict"}

// rows are the lines of a metric, the head first.
func (t *Table) rows(m int) [][]string {
	first := append([]string{}, head...)
	if t.Metrics[m].neutral() {
		first[4] = "smaller in"
	}
	rows := [][]string{first}
	for i := range t.Sides {
		rows = append(rows, t.row(m, i))
	}
	return rows
}

func (t *Table) row(m, i int) []string {
	c, u := &t.Cells[m][i], t.Metrics[m].Unit
	name := t.Sides[i].Name
	if t.Sides[i].Base == i {
		name += " (base)"
	}
	row := []string{name, c.valueText(u), "", "", "", "", ""}
	a := c.Against
	if a == nil {
		return row
	}
	row[2] = signedEstimate(u, a.Difference)
	row[3] = relative(a.Relative)
	row[4] = fmt.Sprintf("%d of %d runs", a.Wins, a.N)
	row[5] = pText(c.p())
	row[6] = t.verdictText(m, i)
	return row
}

func (c *Cell) valueText(u string) string {
	text := unit.Text(u, c.Estimate.Value)
	if c.Estimate.Bounded() && c.Estimate.N > 1 {
		value, bounds := unit.Estimate(u, c.Estimate.Value, c.Estimate.Lo, c.Estimate.Hi)
		text = value + " " + bounds
	}
	if c.Open > 0 {
		text += fmt.Sprintf(" median, %d open", c.Open)
	}
	if c.Missing > 0 {
		text += fmt.Sprintf(", %d runs without", c.Missing)
	}
	return text
}

// verdictText is the verdict, and what would bring one.
func (t *Table) verdictText(m, i int) string {
	text, a := t.Verdict(m, i), t.Cells[m][i].Against
	if a.Verdict != stats.Inconclusive {
		return text
	}
	switch {
	case a.More == 1:
		text += "; 1 more run may decide"
	case a.More > 1:
		text += fmt.Sprintf("; %s more runs may decide", unit.Grouped(float64(a.More)))
	case a.N < 2:
		text += "; write --repeat 30"
	default:
		text += "; more runs will hardly decide"
	}
	return text
}

// signedEstimate writes a difference and its interval, in the scale of the larger
// of both.
func signedEstimate(u string, in stats.Interval) string {
	if math.IsNaN(in.Value) || math.IsInf(in.Value, 0) {
		return "-"
	}
	bounded := in.Bounded() && in.N > 1
	size := math.Abs(in.Value)
	if bounded {
		size = max(size, math.Abs(in.Lo), math.Abs(in.Hi))
	}
	scale := unit.For(u, size)
	decimals := 3
	for shown := size / scale.Per; shown >= 10 && decimals > 1; shown /= 10 {
		decimals--
	}
	signed := func(v float64) string {
		text := scale.Number(v, decimals)
		if v > 0 {
			text = "+" + text
		}
		return text
	}
	text := signed(in.Value) + scale.Suffix
	if bounded {
		text += fmt.Sprintf(" [%s, %s]", signed(in.Lo), signed(in.Hi))
	}
	return text
}

// relative writes a share of the base in percent; "" if there is none.
func relative(in stats.Interval) string {
	if math.IsNaN(in.Value) || math.IsInf(in.Value, 0) {
		return "-"
	}
	text := percent(in.Value) + "%"
	if in.Bounded() && in.N > 1 {
		text += fmt.Sprintf(" [%s, %s]", percent(in.Lo), percent(in.Hi))
	}
	return text
}

func percent(v float64) string {
	text := strconv.FormatFloat(100*v, 'f', 1, 64)
	if strings.Trim(text, "-0.") == "" {
		return "0.0"
	}
	if v > 0 {
		return "+" + text
	}
	return text
}

func pText(p float64) string {
	switch {
	case math.IsNaN(p):
		return "-"
	case p < 0.0001:
		return "<0.0001"
	}
	return strconv.FormatFloat(p, 'f', 4, 64)
}

// bestText names the best side and those that tie with it.
func (t *Table) bestText(m int) string {
	best, ties := "", []string{}
	for i, c := range t.Cells[m] {
		switch {
		case c.Best:
			best = t.Sides[i].Name
		case c.Tie:
			ties = append(ties, t.Sides[i].Name)
		}
	}
	switch {
	case best == "" || t.Metrics[m].Cost:
		return ""
	case len(ties) == 0:
		return "best: " + best
	}
	return fmt.Sprintf("best: %s; not shown to be worse: %s", best, strings.Join(ties, ", "))
}

// footer says how the table was made.
func (t *Table) footer() (lines []string) {
	if f := t.Front; f != nil {
		var names, of []string
		for _, i := range f.Sides {
			names = append(names, t.Sides[i].Name)
		}
		for _, m := range f.Metrics {
			of = append(of, t.Metrics[m].Label())
		}
		lines = append(lines, fmt.Sprintf("Pareto set of %s: %s", strings.Join(of, ", "), strings.Join(names, "; ")))
	}
	if t.Family > 0 {
		lines = append(lines, fmt.Sprintf("differences are of runs paired by seed; p is of a difference above the margin (%s), or of equivalence within it, adjusted by Holm for %s; verdicts at %s",
			t.margins(), comparisons(t.Family), strconv.FormatFloat(100*t.Confidence, 'g', 6, 64)+"%"))
	}
	return lines
}

func comparisons(n int) string {
	if n == 1 {
		return "1 comparison"
	}
	return fmt.Sprintf("%d comparisons", n)
}

// margins says the margin, or that they differ.
func (t *Table) margins() string {
	text := t.Metrics[0].marginText()
	for i := range t.Metrics {
		if other := t.Metrics[i].marginText(); other != text {
			var each []string
			for k := range t.Metrics {
				each = append(each, t.Metrics[k].Label()+" "+t.Metrics[k].marginText())
			}
			return strings.Join(each, ", ")
		}
	}
	return text
}

func (m *Metric) marginText() string {
	switch {
	case m.Margin.Size == 0:
		return "none"
	case m.Margin.OfBase:
		return strings.TrimPrefix(strconv.FormatFloat(100*m.Margin.Size, 'g', 6, 64), "+") + "% of the base"
	}
	return unit.Text(m.Unit, m.Margin.Size)
}
