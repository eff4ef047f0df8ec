package zones

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of what Read accepts.
const (
	MaxZones    = 2000
	maxFile     = 256 << 20
	maxRTTMilli = 1e6
)

// Read reads a matrix of round-trip times in milliseconds from CSV, in one of
// two forms; lines that begin with # are skipped.
//
// Square: the first row holds the names of the zones after any first cell, each
// further row a name and the times from there. Long: the first row names the
// columns from, to, and rtt, or min and as measured avg, max and mdev (standard
// deviation); each further row holds one pair. Names as in rtt_min_ms are
// understood, too.
//
// A pair that is missing takes the time of the way back; it is an error if that
// is missing, too, but for a zone to itself, which is then 0. Errors name the
// line.
func Read(r io.Reader) (*Matrix, error) {
	limited := &io.LimitedReader{R: r, N: maxFile}
	rows := csv.NewReader(limited)
	rows.Comment = '#'
	rows.TrimLeadingSpace = true
	rows.ReuseRecord = true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; write a row of zone names first")
	}
	if err != nil {
		return nil, wrap(err)
	}
	header = slices.Clone(header)
	for i := range header {
		header[i] = strings.TrimSpace(strings.TrimPrefix(header[i], "\ufeff")) // a spreadsheet's byte order mark
	}
	read := readSquare
	if column(header[0]) == "from" {
		read = readLong
	}
	t, err := read(rows, header)
	switch {
	case err != nil:
		return nil, err
	case limited.N <= 0:
		return nil, fmt.Errorf("the file is larger than %d MiB", maxFile>>20)
	case len(t.names) == 0:
		return nil, errors.New("there is no row below the names of the columns; write one for each pair of zones")
	}
	return t.matrix()
}

func readSquare(rows *csv.Reader, header []string) (*table, error) {
	t := newTable()
	if len(header) < 2 || len(header)-1 > MaxZones {
		return nil, fmt.Errorf("line 1: %d zones; write from 1 to %d after the first cell", len(header)-1, MaxZones)
	}
	for _, name := range header[1:] {
		if _, ok := t.index[name]; ok || name == "" {
			return nil, fmt.Errorf("line 1: zone %q is there twice or has no name", name)
		}
		t.zone(name)
	}
	seen := make([]bool, len(t.names))
	err := each(rows, func(row []string) error {
		from, ok := t.index[strings.TrimSpace(row[0])]
		if !ok {
			return fmt.Errorf("zone %q is not in the first row", row[0])
		}
		if seen[from] {
			return fmt.Errorf("zone %q has a row already", row[0])
		}
		seen[from] = true
		for to, cell := range row[1:] {
			if strings.TrimSpace(cell) == "" {
				continue
			}
			rtt, err := parseMillis(cell)
			if err != nil {
				return err
			}
			t.pairs[pair{from, to}] = figures{least: rtt, mean: math.NaN(), deviation: math.NaN()}
		}
		return nil
	})
	return t, err
}

func readLong(rows *csv.Reader, header []string) (*table, error) {
	t, at := newTable(), map[string]int{}
	for i, name := range header {
		c := column(name)
		if _, ok := at[c]; ok || c == "" {
			return nil, fmt.Errorf("line 1: column %q is unknown or there twice; write from, to, rtt or from, to, min, avg, max, mdev", name)
		}
		at[c] = i
	}
	_, rtt := at["rtt"]
	_, least := at["min"]
	if _, to := at["to"]; !to || rtt == least {
		return nil, errors.New("line 1: write the columns from, to and either rtt or min")
	}
	err := each(rows, func(row []string) error {
		from, to := t.zone(strings.TrimSpace(row[at["from"]])), t.zone(strings.TrimSpace(row[at["to"]]))
		if len(t.names) > MaxZones {
			return fmt.Errorf("more than %d zones", MaxZones)
		}
		if _, ok := t.pairs[pair{from, to}]; ok {
			return fmt.Errorf("the way from %q to %q is there already", t.names[from], t.names[to])
		}
		f, err := parseFigures(row, at)
		if err != nil {
			return err
		}
		t.pairs[pair{from, to}] = f
		return nil
	})
	return t, err
}

// column returns the plain name of a column: rtt_min_ms is min. "" is unknown.
func column(name string) string {
	name = strings.ToLower(name)
	name = strings.TrimSuffix(strings.TrimSuffix(name, "_ms"), "_region")
	if name != "rtt" {
		name = strings.TrimPrefix(name, "rtt_")
	}
	switch name {
	case "from", "to", "rtt", "min", "avg", "max", "mdev":
		return name
	}
	return ""
}

func parseFigures(row []string, at map[string]int) (figures, error) {
	f := figures{least: math.NaN(), mean: math.NaN(), deviation: math.NaN()}
	largest := math.NaN()
	for _, c := range []struct {
		column string
		to     *float64
	}{{"rtt", &f.least}, {"min", &f.least}, {"avg", &f.mean}, {"max", &largest}, {"mdev", &f.deviation}} {
		i, ok := at[c.column]
		if !ok {
			continue
		}
		v, err := parseMillis(row[i])
		if err != nil {
			return f, err
		}
		*c.to = v
	}
	if f.mean < f.least || largest < f.mean || largest < f.least {
		return f, fmt.Errorf("min %g, avg %g, max %g are out of order", f.least, f.mean, largest)
	}
	return f, nil
}

func parseMillis(s string) (float64, error) {
	s = strings.TrimSpace(s)
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= maxRTTMilli) {
		return 0, fmt.Errorf("%.40q is not a round-trip time; write milliseconds from 0 to %.0f without a unit", s, float64(maxRTTMilli))
	}
	return v, nil
}

// each calls f with all further rows.
func each(rows *csv.Reader, f func(row []string) error) error {
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return wrap(err)
		}
		if err := f(row); err != nil {
			line, _ := rows.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// wrap makes the CSV reader's errors read like ours.
func wrap(err error) error {
	if p := (*csv.ParseError)(nil); errors.As(err, &p) {
		return fmt.Errorf("line %d: %w", p.Line, p.Err)
	}
	return err
}

// figures of one pair in milliseconds; NaN if not measured.
type figures struct{ least, mean, deviation float64 }

type pair struct{ from, to int }

// table collects pairs in any order.
type table struct {
	names []string
	index map[string]int
	pairs map[pair]figures
}

func newTable() *table {
	return &table{index: map[string]int{}, pairs: map[pair]figures{}}
}

// zone returns the place of a zone, which it adds if it is new.
func (t *table) zone(name string) int {
	i, ok := t.index[name]
	if !ok {
		i = len(t.names)
		t.names = append(t.names, name)
		t.index[name] = i
	}
	return i
}

func (t *table) matrix() (*Matrix, error) {
	n := len(t.names)
	m := &Matrix{Names: t.names, OneWay: make([]time.Duration, n*n)}
	for from := range n {
		for to := range n {
			f, ok := t.pairs[pair{from, to}]
			if !ok {
				f, ok = t.pairs[pair{to, from}]
			}
			if !ok && from != to {
				return nil, fmt.Errorf("no time between zones %q and %q in either direction", t.names[from], t.names[to])
			}
			m.set(from*n+to, f)
		}
	}
	return m, nil
}

// set fills in what was measured of the pair with that index.
func (m *Matrix) set(i int, f figures) {
	m.OneWay[i] = half(f.least)
	if f.mean > f.least {
		m.Excess = grown(m.Excess, len(m.OneWay))
		m.Excess[i] = half(f.mean) - m.OneWay[i]
	}
	if f.deviation > 0 {
		m.Deviation = grown(m.Deviation, len(m.OneWay))
		m.Deviation[i] = time.Duration(math.Round(float64(f.deviation*1e6) / math.Sqrt2))
	}
}

func grown(d []time.Duration, n int) []time.Duration {
	if d == nil {
		d = make([]time.Duration, n)
	}
	return d
}
