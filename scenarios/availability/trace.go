// Package availability reads traces of when machines were up, for churn that
// follows them, and fits distributions to the lengths of their sessions. FIT.md
// tells what two published traces yield.
package availability

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"meshsim/sim"
)

// Limits of what is read.
const (
	MaxRow      = 16 << 20 // bytes a row
	MaxSessions = 20e6     // in a trace, 16 bytes each
)

// maxSeconds keeps sums of two times from overflowing.
const maxSeconds = 4e9

// Row tells when one node was up.
type Row struct {
	Node string
	Up   []sim.Span // ascending, apart from one another, none empty
}

// Reader reads a trace row by row.
//
// The format is that of the Repository of Availability Traces (Godfrey, UIUC,
// ".avt"): for each node a line with its name, its number of sessions, and the
// start and end of each in seconds, separated by blanks. Lines that begin with #
// are skipped. Sessions that touch are joined and empty ones dropped.
type Reader struct {
	lines *bufio.Scanner
	line  int
}

// NewReader returns a Reader of the trace in r.
func NewReader(r io.Reader) *Reader {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, MaxRow)
	return &Reader{lines: lines}
}

// Next returns the next row, and io.EOF after the last. Other errors name the
// line.
func (r *Reader) Next() (Row, error) {
	for r.lines.Scan() {
		r.line++
		text := strings.TrimSpace(r.lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		row, err := parseRow(text)
		if err != nil {
			return Row{}, fmt.Errorf("line %d: %w", r.line, err)
		}
		return row, nil
	}
	err := r.lines.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return Row{}, fmt.Errorf("line %d: longer than %d MiB", r.line+1, MaxRow>>20)
	case err != nil:
		return Row{}, fmt.Errorf("after line %d: %w", r.line, err)
	}
	return Row{}, io.EOF
}

func parseRow(text string) (Row, error) {
	node, text := field(text)
	count, text := field(text)
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 {
		return Row{}, fmt.Errorf("%.40q is not a number of sessions; a row is: node, sessions, start, end, start, end …", count)
	}
	row := Row{Node: node}
	for i := range n {
		var s sim.Span
		if s.Start, text, err = seconds(text); err == nil {
			s.End, text, err = seconds(text)
		}
		if err != nil {
			return Row{}, fmt.Errorf("node %.40s, session %d of %d: %w", node, i+1, n, err)
		}
		if err := row.add(s); err != nil {
			return Row{}, fmt.Errorf("node %.40s, session %d of %d: %w", node, i+1, n, err)
		}
	}
	if text != "" {
		return Row{}, fmt.Errorf("node %.40s: there is more after its %d sessions", node, n)
	}
	return row, nil
}

// field cuts the first word off.
func field(text string) (word, rest string) {
	i := strings.IndexAny(text, " \t")
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimLeft(text[i:], " \t")
}

func seconds(text string) (t time.Duration, rest string, err error) {
	word, rest := field(text)
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || !(v >= 0 && v <= maxSeconds) {
		if word == "" {
			return 0, "", errors.New("the row ends early")
		}
		return 0, "", fmt.Errorf("%.40q is not a time; write seconds from 0 to %.0f", word, float64(maxSeconds))
	}
	return time.Duration(math.Round(float64(v * 1e9))), rest, nil
}

// add appends a session.
func (row *Row) add(s sim.Span) error {
	if s.End < s.Start {
		return fmt.Errorf("it ends at %v, before it starts at %v", s.End, s.Start)
	}
	last := len(row.Up) - 1
	switch {
	case last >= 0 && s.Start < row.Up[last].End:
		return fmt.Errorf("it starts at %v, before the last one ended at %v", s.Start, row.Up[last].End)
	case s.End == s.Start:
	case last >= 0 && s.Start == row.Up[last].End:
		row.Up[last].End = s.End
	default:
		row.Up = append(row.Up, s)
	}
	return nil
}

// Trace is all the rows, and from when to when the measurement went.
type Trace struct {
	Rows       []Row
	Start, End time.Duration // of the earliest and the latest session
}

// Read reads a whole trace. Errors name the line.
func Read(r io.Reader) (*Trace, error) {
	t, rows, sessions := &Trace{Start: math.MaxInt64}, NewReader(r), 0
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if sessions += len(row.Up); sessions > MaxSessions {
			return nil, fmt.Errorf("line %d: more than %.0f sessions", rows.line, MaxSessions)
		}
		if n := len(row.Up); n > 0 {
			t.Start, t.End = min(t.Start, row.Up[0].Start), max(t.End, row.Up[n-1].End)
		}
		t.Rows = append(t.Rows, row)
	}
	if sessions == 0 {
		return nil, errors.New("no node is ever up in this trace")
	}
	return t, nil
}

// Sessions returns the nodes' sessions for churn that follows the trace, which
// begins at time 0 of the run.
func (t *Trace) Sessions() [][]sim.Span {
	all := make([][]sim.Span, len(t.Rows))
	for i, row := range t.Rows {
		all[i] = make([]sim.Span, len(row.Up))
		for j, s := range row.Up {
			all[i][j] = sim.Span{Start: s.Start - t.Start, End: s.End - t.Start}
		}
	}
	return all
}

// Availability is the share of the measurement that a node is up, in the mean
// over all nodes.
func (t *Trace) Availability() float64 {
	sum := 0.0
	for _, row := range t.Rows {
		up := time.Duration(0)
		for _, s := range row.Up {
			up += s.End - s.Start
		}
		sum += up.Seconds()
	}
	return sum / (t.End - t.Start).Seconds() / float64(len(t.Rows))
}
