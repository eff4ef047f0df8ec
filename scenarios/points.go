package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"meshsim/scenarios/strict"
)

// A Setting is a field of a sweep with one of its values.
type Setting struct {
	Path  string
	Value strict.Literal
}

// A Point is a scenario at one combination of the values of its sweep.
type Point struct {
	Settings []Setting // in the order of the sweep: matrix, then zip
	Name     string    // "fanout=3 interval=2s": each path as short as tells it from the others
	Baseline bool

	of *Scenario
}

// maxPoints bounds a sweep.
const maxPoints = 100_000

// Points lists the points of the scenario's sweep: the last field of the matrix
// changes fastest, but for those of zip. A scenario without a sweep is a point
// without settings. It is an error if there are none, or too many.
func (s *Scenario) Points() ([]Point, error) {
	if s.Sweep == nil {
		return []Point{{Name: string(s.Name), of: s}}, nil
	}
	rows, err := s.Sweep.rows()
	if err != nil {
		return nil, err
	}
	names := ShortNames(s.Sweep.swept())
	var out []Point
	for _, row := range rows {
		if !s.Sweep.keeps(row) {
			continue
		}
		p := Point{Settings: row, Baseline: len(s.Sweep.Baseline) > 0 && matches(s.Sweep.Baseline, row), of: s}
		var words []string
		for i, v := range row {
			words = append(words, names[i]+"="+v.Value.String())
		}
		p.Name = strings.Join(words, " ")
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("sweep: all %d points are left out by exclude and where; nothing is left to run", len(rows))
	}
	return out, nil
}

// rows are all combinations.
func (s *Sweep) rows() ([][]Setting, error) {
	rows := [][]Setting{nil}
	for _, e := range s.Matrix {
		if len(rows)*len(e.Value) > maxPoints {
			return nil, fmt.Errorf("sweep.matrix: more than %d points; write fewer values, or several sweeps", maxPoints)
		}
		var next [][]Setting
		for _, row := range rows {
			for _, v := range e.Value {
				next = append(next, append(slices.Clip(row), Setting{e.Key, v}))
			}
		}
		rows = next
	}
	if len(s.Zip) == 0 {
		return rows, nil
	}
	var out [][]Setting
	for _, row := range rows {
		for i := range s.Zip[0].Value {
			line := slices.Clip(row)
			for _, e := range s.Zip {
				line = append(line, Setting{e.Key, e.Value[i]})
			}
			out = append(out, line)
		}
	}
	return out, nil
}

// keeps reports whether no entry of exclude matches and all of where hold.
func (s *Sweep) keeps(row []Setting) bool {
	for _, e := range s.Exclude {
		if len(e) > 0 && matches(e, row) {
			return false
		}
	}
	paths := s.swept()
	value := func(word string) string {
		if path, _ := field(word, paths); path != "" {
			i := slices.IndexFunc(row, func(v Setting) bool { return v.Path == path })
			return row[i].Value.String()
		}
		return word
	}
	return !slices.ContainsFunc(s.Where, func(w Where) bool { return !w.root.holds(value) })
}

// matches reports whether a point has all of some values.
func matches(m strict.Map[strict.Literal], row []Setting) bool {
	for _, e := range m {
		if !slices.ContainsFunc(row, func(v Setting) bool { return v.Path == e.Key && v.Value.String() == e.Value.String() }) {
			return false
		}
	}
	return true
}

// ShortNames are paths without what is needed to tell them apart: the last words
// of each.
func ShortNames(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		words := strings.Split(p, ".")
		for n := 1; n <= len(words); n++ {
			out[i] = strings.Join(words[len(words)-n:], ".")
			if _, several := field(out[i], paths); !several {
				break
			}
		}
	}
	return out
}

// Load reads the scenario at the point. What is wrong with a value is told where
// the sweep says it.
func (p *Point) Load() (*Scenario, error) {
	if len(p.Settings) == 0 {
		return p.of, nil
	}
	s, err := p.of.again.parse(p.Settings)
	var found *strict.Problems
	if errors.As(err, &found) {
		for i := range found.List {
			found.List[i].Text += " (at the point " + p.Name + ")"
		}
	}
	return s, err
}

// Inputs are the files that the scenario reads, each with the digest of its
// content, in the order of reading.
func (s *Scenario) Inputs() []string { return s.inputs }
