package report

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"meshsim/report/unit"
	"meshsim/sim"
)

// TextOptions say what a terminal can show.
type TextOptions struct {
	ASCII  bool   // no marks or dashes beyond ASCII
	Color  bool   // ANSI colours
	Report string // where the report is; may be empty
}

// Text writes the study for a terminal: verdicts, violations with what led to
// them, numbers, faults, where the report is, and what to try next.
func (s *Study) Text(w io.Writer, o TextOptions) error {
	t := &text{Writer: bufio.NewWriter(w), o: o}
	t.heading(s)
	t.verdicts(s.Verdicts)
	t.violations(s)
	t.waits(s)
	t.numbers(s)
	t.faults(s)
	t.footer(s)
	return t.Flush()
}

// CostText says in a line what the runs took from the machine, "" if nothing is
// known. It differs from run to run, so it is no part of Text.
func (s *Study) CostText() string {
	var events uint64
	var bytes float64
	var busy time.Duration
	for _, r := range s.finished() {
		events += r.Events
		busy += r.Cost.Wall
		if v, ok := r.Scalar("cost.bytes_per_node"); ok {
			bytes = max(bytes, v)
		}
	}
	if busy <= 0 {
		return ""
	}
	out := fmt.Sprintf("%s in %s: %s", plural(events, "event"), unit.Text("s", busy.Seconds()),
		unit.Text("1/s", float64(events)/busy.Seconds()))
	if bytes > 0 {
		out += ", " + unit.Text("B", bytes) + " a node"
	}
	return out
}

// text writes lines; an error sticks in the Writer until Flush.
type text struct {
	*bufio.Writer
	o TextOptions
}

// Colours of a terminal.
const (
	green, red, yellow, strong, dim = "32", "31", "33", "1", "2"
)

func (t *text) paint(code, s string) string {
	if !t.o.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *text) line(s string) {
	if s = strings.TrimRight(s, " "); t.o.ASCII {
		s = ascii(s)
	}
	t.WriteString(s + "\n")
}

// ascii replaces what this package writes beyond ASCII, and shows the rest by
// its number.
func ascii(s string) string {
	s = strings.NewReplacer("·", "-", "–", "-", "…", "...", "µ", "u", "✓", "ok", "✗", "FAIL").Replace(s)
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

func (t *text) section(title string) { t.line(""); t.line(t.paint(strong, title)) }

func (t *text) heading(s *Study) {
	t.line(t.paint(strong, clean(s.Name)) + t.paint(dim, s.size()))
	if s.interrupted() {
		t.line(t.paint(yellow, s.missing()))
	}
}

// size tells nodes, replications and simulated time.
func (s *Study) size() string {
	results := s.finished()
	if len(results) == 0 {
		return ""
	}
	first := results[0]
	longest := time.Duration(0)
	for _, r := range results {
		longest = max(longest, r.End)
	}
	runs := fmt.Sprintf("1 run, seed %d", first.Seed)
	if len(results) > 1 {
		runs = fmt.Sprintf("%d runs from seed %d", len(results), first.Seed)
	}
	return fmt.Sprintf(" · %s · %s · %s simulated", plural(uint64(first.Nodes), "node"), runs, exactTime(longest))
}

// missing says what was not run.
func (s *Study) missing() string {
	whole, cut := 0, time.Duration(0)
	for _, r := range s.Results {
		switch {
		case r == nil:
		case r.Ending == sim.EndCancelled:
			cut = max(cut, r.End)
		default:
			whole++
		}
	}
	why := "interrupted"
	if s.Panicked > 0 {
		why = fmt.Sprintf("ended by an internal error in run %d", s.Panicked)
	}
	out := fmt.Sprintf("%s: %d of %s finished", why, whole, plural(uint64(max(s.Planned, len(s.Results))), "run"))
	if whole == 0 && cut > 0 {
		out += fmt.Sprintf("; what follows is of the first %s", exactSeconds(cut))
	}
	return out
}

// marks of the outcomes.
func (t *text) mark(o Outcome) string {
	switch o {
	case Holds:
		return t.paint(green, pad("✓", t.o.ASCII))
	case Violated:
		return t.paint(red, pad("✗", t.o.ASCII))
	}
	return t.paint(yellow, pad("?", t.o.ASCII))
}

// pad gives marks the width of the longest that line will put in their place.
func pad(mark string, plain bool) string {
	if plain {
		return fmt.Sprintf("%-4s", ascii(mark))
	}
	return mark
}

func (t *text) verdicts(list []Verdict) {
	if len(list) == 0 {
		return
	}
	t.line("")
	table := make([][]string, len(list))
	for i, v := range list {
		table[i] = []string{v.Part, clean(v.Property), clean(v.Text)}
	}
	widths := columns(table)
	for i, v := range list {
		cells := table[i]
		t.line("  " + t.mark(v.Outcome) + " " + left(cells[0], widths[0]) + "  " + left(cells[1], widths[1]) + "  " + t.paint(dim, cells[2]))
		if v.Outcome != Holds && v.Detail != "" {
			for line := range strings.Lines(v.Detail) {
				t.line("      " + clean(strings.TrimRight(line, "\n")))
			}
		}
	}
}

// waits says who waited for what.
func (t *text) waits(s *Study) {
	rows, more := s.waitRows()
	if len(rows) == 0 {
		return
	}
	t.section(fmt.Sprintf("what nodes waited for when run %d ended, at %s", s.Stuck, exactSeconds(s.stuck().End)))
	table := make([][]string, len(rows))
	for i, r := range rows {
		table[i] = []string{clean(r.Node), clean(r.What)}
	}
	widths := columns(table)
	for _, r := range table {
		t.line("  " + left(r[0], widths[0]) + "  " + r[1])
	}
	if more > 0 {
		t.line(t.paint(dim, fmt.Sprintf("  and %s more", unit.Grouped(float64(more)))))
	}
}

// maxViolations are written out; more of them say the same again.
const maxViolations = 5

func (t *text) violations(s *Study) {
	list := s.violations()
	for i, v := range list {
		if i == maxViolations {
			t.section(fmt.Sprintf("and %s more", plural(uint64(len(list)-i), "violation")))
			return
		}
		t.section(fmt.Sprintf("%s.%s violated at %s on %s, run %d (seed %d)", v.Protocol, v.Check,
			exactSeconds(v.At), clean(s.culprit(v.Node)), v.Replication+1, v.Seed))
		t.line("  " + clean(v.Text))
		if len(v.Events) > 0 {
			t.line("  what led to it:")
		}
		for _, e := range v.Events {
			t.line("    " + clean(e))
		}
		if t.o.Report != "" && s.hasView(&v) {
			t.line("  picture: " + clean(filepath.Join(filepath.Dir(t.o.Report), viewFile(v.Protocol, v.Check, v.Replication))))
		}
		if v.Command != "" {
			t.line("  again: " + clean(v.Command))
		}
	}
}

func (t *text) numbers(s *Study) {
	rows, more := s.headline(s.Figures())
	if len(rows) == 0 {
		return
	}
	title := "numbers"
	if n := len(s.finished()); n > 1 {
		title = fmt.Sprintf("numbers: mean of %d runs and its 95%% interval", n)
	}
	t.section(title)
	table := make([][]string, len(rows))
	for i, r := range rows {
		table[i] = []string{r.Name, r.Value, r.Bounds}
	}
	widths := columns(table)
	for i, c := range table {
		t.line("  " + left(c[0], widths[0]) + "  " + right(c[1], widths[1]) + "  " + left(c[2], widths[2]) + "  " + t.paint(dim, rows[i].Note))
	}
	if more > 0 {
		t.line(t.paint(dim, fmt.Sprintf("  … %d more in the report", more)))
	}
}

func (t *text) faults(s *Study) {
	rows := s.faultRows()
	drops := s.dropRows()
	if len(rows) > 0 {
		t.section("faults")
	}
	table := make([][]string, len(rows))
	for i, r := range rows {
		table[i] = []string{r.Name, r.When}
	}
	widths := columns(table)
	for i, r := range rows {
		nodes := r.Nodes
		if !r.Felt {
			nodes = t.paint(yellow, nodes)
		}
		t.line("  " + left(table[i][0], widths[0]) + "  " + left(table[i][1], widths[1]) + "  " + nodes)
	}
	var parts []string
	for _, d := range drops {
		parts = append(parts, d.Count+" "+d.Reason)
	}
	if len(parts) > 0 {
		t.line("")
		t.line("messages dropped: " + strings.Join(parts, ", "))
	}
	if missed := s.missed(); missed != "" {
		t.line(t.paint(yellow, missed))
	}
}

func (t *text) footer(s *Study) {
	if t.o.Report != "" || s.Next != "" {
		t.line("")
	}
	if t.o.Report != "" {
		t.line("report  " + clean(t.o.Report))
	}
	if s.Next != "" {
		t.line("next    " + clean(s.Next))
	}
}
