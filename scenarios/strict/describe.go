package strict

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// A Description says what may be written at a path.
type Description struct {
	Path    string        `json:"path"`
	Type    string        `json:"type"` // in words: "duration, as 250ms"
	Doc     string        `json:"doc"`
	Default string        `json:"default,omitempty"`
	Example string        `json:"example,omitempty"`
	Words   []string      `json:"words,omitempty"` // if only these may be written
	Low     string        `json:"low,omitempty"`   // bounds, as written
	High    string        `json:"high,omitempty"`
	Fields  []Description `json:"fields,omitempty"` // of a block
	Cases   []Case        `json:"cases,omitempty"`  // of a block whose fields depend on a word
	Select  string        `json:"select,omitempty"` // the key of that word

	One string `json:"one,omitempty"` // exactly one of the fields with the same word here is written

	Required bool `json:"required,omitempty"`
	Off      bool `json:"off,omitempty"`
}

// A Case is a word and the fields that go with it.
type Case struct {
	Word   string        `json:"word"`
	Doc    string        `json:"doc"`
	Fields []Description `json:"fields,omitempty"`
}

// Describe says what may be written at a path of the struct that v points to:
// "run.duration", "faults.crash", "nodes.core.count". Numbers of list entries
// and names of map entries may be left out.
func Describe(v any, path string) (*Description, error) {
	ls := layouts{}
	f := &field{typ: reflect.TypeOf(v).Elem()}
	steps := steps(path)
	if path == "" {
		steps = nil
	}
	done := ""
	for _, step := range steps {
		t := inner(f.typ)
		if _, err := strconv.Atoi(step); err == nil && t != f.typ {
			continue
		}
		next, known := ls.step(t, step)
		switch {
		case next != nil:
			f = next
		case isMap(bare(f.typ)):
			f = &field{key: step, typ: t, doc: f.doc}
		case len(known) == 0:
			return nil, fmt.Errorf("%s is one value and has no field %q", done, step)
		default:
			return nil, fmt.Errorf("%s has no field %q%s", named(done), step, hintOf(step, known))
		}
		done = join(done, step)
	}
	d := ls.describe(f, 2)
	d.Path = done
	return d, nil
}

func named(path string) string {
	if path == "" {
		return "a scenario"
	}
	return path
}

func hintOf(s string, known []string) string {
	if hint := didYouMean(s, known); hint != "" {
		return hint
	}
	return "; there are " + strings.Join(known, ", ")
}

// step finds a field of a struct or of one of its cases.
func (ls layouts) step(t reflect.Type, key string) (found *field, known []string) {
	if t.Kind() != reflect.Struct || isLeaf(t) {
		return nil, nil
	}
	for _, f := range ls.everyField(t) {
		if f.key == key {
			return f, nil
		}
		known = append(known, f.key)
	}
	return nil, known
}

// everyField lists a struct's fields and those of its cases.
func (ls layouts) everyField(t reflect.Type) []*field {
	l := ls.of(t)
	all := l.fields
	for _, v := range l.variants {
		all = append(all[:len(all):len(all)], ls.of(v.typ).fields...)
	}
	return all
}

// bare strips pointers and overlays.
func bare(t reflect.Type) reflect.Type {
	for {
		switch {
		case isOver(t):
			t = overType(t)
		case t.Kind() == reflect.Pointer:
			t = t.Elem()
		default:
			return t
		}
	}
}

// inner strips lists and maps, too.
func inner(t reflect.Type) reflect.Type {
	for {
		t = bare(t)
		switch {
		case isMap(t):
			t = mapElement(t)
		case t.Kind() == reflect.Slice && !isLeaf(t):
			t = t.Elem()
		default:
			return t
		}
	}
}

// describe tells of a field, and of its fields down to a depth.
func (ls layouts) describe(f *field, depth int) *Description {
	d := &Description{Path: f.key, Type: ls.typeWords(f), Doc: f.doc, Default: f.fallback, Example: f.example,
		Words: f.words, Low: f.low, High: f.high, Required: f.required, Off: f.off, One: f.one}
	t := inner(f.typ)
	if depth == 0 || t.Kind() != reflect.Struct || isLeaf(t) {
		return d
	}
	l := ls.of(t)
	d.Fields = ls.describeAll(l.fields, depth)
	for _, v := range l.variants {
		d.Select = l.selector.key
		d.Cases = append(d.Cases, Case{v.word, v.doc, ls.describeAll(ls.of(v.typ).fields, depth)})
	}
	return d
}

func (ls layouts) describeAll(fields []*field, depth int) (out []Description) {
	for _, f := range fields {
		out = append(out, *ls.describe(f, depth-1))
	}
	return out
}

// typeWords names the type of a field in words.
func (ls layouts) typeWords(f *field) string {
	t := bare(f.typ)
	switch {
	case isMap(t):
		return "named entries, each " + article(ls.typeWords(&field{typ: mapElement(t)}))
	case t.Kind() == reflect.Slice && !isLeaf(t):
		one := ls.typeWords(&field{typ: t.Elem(), unit: f.unit, words: f.words})
		if t.Implements(oneOrManyType) {
			return one + ", or a list"
		}
		return "list, each " + article(one)
	case isLeaf(t):
		return leafWords(f, f.unitType(t))
	}
	if short := ls.short(t); short != nil {
		return ls.typeWords(short) + ", or a block"
	}
	return "block"
}

// short returns the field that a bare value of a struct stands for, nil if none.
func (ls layouts) short(t reflect.Type) *field {
	l := ls.of(t)
	if f := l.shortField(); f != nil || l.selector == nil {
		return f
	}
	if v, ok := l.variant(l.selector.fallback); ok {
		return ls.of(v.typ).shortField()
	}
	return nil
}

func article(words string) string { return "a " + words }

var leafNames = map[reflect.Type]string{
	durationType:                 "duration, as 250ms",
	probabilityType:              "probability, as 5% or 0.05",
	reflect.TypeFor[Size]():      "size, as 1KiB",
	reflect.TypeFor[Bound]():     "size, as 1MiB, or unlimited",
	reflect.TypeFor[Bandwidth](): "bandwidth, as 100Mbit/s, or unlimited",
	reflect.TypeFor[Drift]():     "drift, as 50ppm",
	reflect.TypeFor[Rate]():      "rate, as 5/s",
}

func leafWords(f *field, t reflect.Type) string {
	if name, ok := leafNames[t]; ok {
		return name
	}
	if n, ok := reflect.New(t).Interface().(interface{ TypeName() string }); ok {
		return n.TypeName()
	}
	if reflect.PointerTo(t).Implements(unmarshalerType) {
		return "text"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		if len(f.words) > 0 {
			return "word"
		}
		return "text"
	case reflect.Float64:
		return "number"
	}
	return "whole number"
}
