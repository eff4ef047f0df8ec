package plots

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A dimension is a field in which points differ.
type dimension struct {
	name    string
	values  []string  // that occur: numbers ascending, words as they come
	numbers []float64 // the same as numbers; nil if one is none
	unit    string    // of the numbers
}

// ResultsName is the dimension in which several results side by side differ;
// nodesName is one that runs have without a sweep.
const (
	ResultsName = "results"
	nodesName   = "nodes"
)

// of is the value at a point, "" if it has none.
func (dim *dimension) of(p *Point) string { return p.value(dim.name) }

func (p *Point) value(name string) string {
	for _, s := range p.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	if name == nodesName && p.Nodes > 0 {
		return strconv.Itoa(p.Nodes)
	}
	return ""
}

// number is the value at a point as a number.
func (dim *dimension) number(p *Point) float64 { return dim.numbers[dim.index(p)] }

func (dim *dimension) index(p *Point) int { return slices.Index(dim.values, dim.of(p)) }

// label is the name of an axis. Results need none.
func (dim *dimension) label() string {
	if dim.name == ResultsName {
		return ""
	}
	return dim.words()
}

func (dim *dimension) words() string { return strings.ReplaceAll(dim.name, "_", " ") }

// dimensions are the fields of the sweep that have more than one value, in its
// order.
func (d *Data) dimensions() []dimension {
	var out []dimension
	for i := range d.Points {
		for _, s := range d.Points[i].Settings {
			if slices.ContainsFunc(out, func(o dimension) bool { return o.name == s.Name }) {
				continue
			}
			if dim := d.dimension(s.Name); len(dim.values) > 1 {
				out = append(out, dim)
			}
		}
	}
	return out
}

func (d *Data) dimension(name string) dimension {
	dim := dimension{name: name}
	for i := range d.Points {
		if v := dim.of(&d.Points[i]); v != "" && !slices.Contains(dim.values, v) {
			dim.values = append(dim.values, v)
		}
	}
	dim.sort()
	return dim
}

// sort puts values in the order of their numbers, if all are numbers of one unit.
func (dim *dimension) sort() {
	type pair struct {
		text   string
		number float64
	}
	var pairs []pair
	for i, text := range dim.values {
		v, u, ok := quantity(text)
		if !ok || i > 0 && u != dim.unit {
			dim.unit = ""
			return
		}
		dim.unit = u
		pairs = append(pairs, pair{text, v})
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		switch {
		case a.number < b.number:
			return -1
		case a.number > b.number:
			return 1
		}
		return 0
	})
	dim.values = nil
	for _, p := range pairs {
		dim.values, dim.numbers = append(dim.values, p.text), append(dim.numbers, p.number)
	}
}

// suffixes of quantities, longer ones before those that end as they do.
var suffixes = []struct {
	text string
	per  float64
	unit string
}{
	{"Tbit/s", 1e12, "bit/s"}, {"Gbit/s", 1e9, "bit/s"}, {"Mbit/s", 1e6, "bit/s"}, {"kbit/s", 1e3, "bit/s"}, {"bit/s", 1, "bit/s"},
	{"TB/s", 1e12, "B/s"}, {"GB/s", 1e9, "B/s"}, {"MB/s", 1e6, "B/s"}, {"kB/s", 1e3, "B/s"}, {"B/s", 1, "B/s"}, {"/s", 1, "1/s"},
	{"TiB", 1 << 40, "B"}, {"GiB", 1 << 30, "B"}, {"MiB", 1 << 20, "B"}, {"KiB", 1 << 10, "B"},
	{"TB", 1e12, "B"}, {"GB", 1e9, "B"}, {"MB", 1e6, "B"}, {"kB", 1e3, "B"}, {"B", 1, "B"},
	{"ppm", 1e-6, "ratio"}, {"%", 0.01, "ratio"}, {"", 1, "1"},
}

// quantity reads a number with its unit as scenarios write it.
func quantity(text string) (v float64, unit string, ok bool) {
	if d, err := time.ParseDuration(text); err == nil && text != "0" {
		return d.Seconds(), "s", true
	}
	for _, s := range suffixes {
		if digits, found := strings.CutSuffix(text, s.text); found {
			v, err := strconv.ParseFloat(digits, 64)
			return v * s.per, s.unit, err == nil
		}
	}
	return 0, "", false
}

// find is the dimension that a user names: by its name, its path, or the end of
// that.
func (d *Data) find(word, flag string) (*dimension, error) {
	var names []string
	for i := range d.Points {
		for _, s := range d.Points[i].Settings {
			if s.Name == word || s.Path == word || strings.HasSuffix(s.Path, "."+word) {
				dim := d.dimension(s.Name)
				return &dim, nil
			}
			if !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		}
	}
	if word == nodesName {
		dim := d.dimension(nodesName)
		return &dim, nil
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("--%s: there is one point, without a sweep; leave it out", flag)
	}
	names = append(names, nodesName)
	return nil, fmt.Errorf("--%s: the points do not differ in %q; write %s", flag, word, orList(names))
}

// A group is the points that one curve joins.
type group struct {
	name   string
	points []*Point
}

// groups are the points that have the same values of all dimensions but some,
// in the order of their values.
func (d *Data) groups(but ...*dimension) []group {
	var rest []dimension
	for _, dim := range d.dimensions() {
		if !slices.ContainsFunc(but, func(b *dimension) bool { return b != nil && b.name == dim.name }) && !d.follows(dim, but) {
			rest = append(rest, dim)
		}
	}
	var out []group
	for i := range d.Points {
		p := &d.Points[i]
		var words []string
		for _, dim := range rest {
			words = append(words, strings.TrimPrefix(dim.label()+" = "+dim.of(p), " = "))
		}
		name := strings.Join(words, ", ")
		at := slices.IndexFunc(out, func(g group) bool { return g.name == name })
		if at < 0 {
			at, out = len(out), append(out, group{name: name})
		}
		out[at].points = append(out[at].points, p)
	}
	slices.SortStableFunc(out, func(a, b group) int {
		for i := range rest {
			if c := rest[i].index(a.points[0]) - rest[i].index(b.points[0]); c != 0 {
				return c
			}
		}
		return 0
	})
	return out
}

// follows reports whether a dimension has one value for each of another, as
// fields that change together have.
func (d *Data) follows(dim dimension, of []*dimension) bool {
	return slices.ContainsFunc(of, func(o *dimension) bool {
		if o == nil {
			return false
		}
		seen := map[string]string{}
		for i := range d.Points {
			key, v := o.of(&d.Points[i]), dim.of(&d.Points[i])
			if before, there := seen[key]; there && before != v {
				return false
			}
			seen[key] = v
		}
		return true
	})
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
