package strict

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"unicode/utf8"
)

// A Decoder fills structs from one text and its overrides, and collects all
// that is wrong. Make one with [Parse].
type Decoder struct {
	root     *node
	problems Problems
	warnings Problems
	layouts  layouts
	places   map[string]place // where each path was written
	start    place
	guessed  map[string]bool // where another value stands for one that is missing or was refused
	silent   int             // > 0: values come from a default, which has no place
}

// Parse reads a text; name is how problems call it. Each override is
// path=value and stands for a value written there; problems with the second
// one are of "--set 2". What is wrong is found in [Decoder.Err].
func Parse(name string, text []byte, overrides []string) *Decoder {
	in := newSource(name, "")
	d := &Decoder{layouts: layouts{}, places: map[string]place{}, guessed: map[string]bool{}, start: place{in, 1, 1, 1}}
	d.root = parse(in, text, &d.problems)
	d.override(overrides)
	return d
}

// Decode fills the struct that v points to. Each field is set to what is
// written, or to its default.
func (d *Decoder) Decode(v any) {
	if !d.Readable() {
		return
	}
	d.decode(d.root, reflect.ValueOf(v).Elem(), "", &field{}, true)
}

// Readable says whether there is anything to decode; if not, Err tells why.
func (d *Decoder) Readable() bool { return d.root != nil && d.root.kind != broken }

// Err returns all problems found so far as *Problems, or nil.
func (d *Decoder) Err() error {
	if d.problems.Count == 0 {
		return nil
	}
	d.problems.sort()
	return &d.problems
}

// Report adds a problem with the value at a path, or with the block that it is
// missing from. What is wrong with a value that nobody wrote is no problem.
func (d *Decoder) Report(path, format string, args ...any) {
	if !d.isGuess(path) {
		d.problems.add(d.find(path), path, fmt.Sprintf(format, args...))
	}
}

// Warn remembers what may be meant, but most likely is a mistake: it stands in
// [Decoder.Warnings] and does not keep the text from being read.
func (d *Decoder) Warn(path, format string, args ...any) {
	if !d.isGuess(path) {
		d.warnings.add(d.find(path), path, fmt.Sprintf(format, args...))
	}
}

// Warnings returns all that was warned of, in the order of the text.
func (d *Decoder) Warnings() []Problem {
	d.warnings.sort()
	return d.warnings.List
}

// ReportAt is Report with the caret at a character of the value's text.
func (d *Decoder) ReportAt(path string, offset int, format string, args ...any) {
	if d.isGuess(path) {
		return
	}
	at, ok := d.places[path]
	if !ok {
		at = d.find(path)
		offset = 0
	}
	d.problems.add(at.shift(offset), path, fmt.Sprintf(format, args...))
}

// Written says whether something was written at a path.
func (d *Decoder) Written(path string) bool {
	_, ok := d.places[path]
	return ok
}

// Failed says whether a problem was found with the value at a path, or in it.
func (d *Decoder) Failed(path string) bool {
	for _, p := range d.problems.List {
		if rest, ok := strings.CutPrefix(p.Path, path); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// guess remembers that what stands at a path was not written, which is reported.
func (d *Decoder) guess(path string) {
	if d.silent == 0 {
		d.guessed[path] = true
	}
}

// isGuess says whether another value stands at a path, or around it.
func (d *Decoder) isGuess(path string) bool {
	for path != "" {
		if d.guessed[path] {
			return true
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return false
}

func (d *Decoder) find(path string) place {
	for path != "" {
		if at, ok := d.places[path]; ok {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return d.start
}

// shift moves a place into its text.
func (p place) shift(offset int) place {
	if offset <= 0 || p.width <= 1 {
		return p
	}
	line := []rune(p.in.at(p.line))
	if at := p.col - 1; at < len(line) && (line[at] == '"' || line[at] == '\'') {
		offset++
	}
	return place{p.in, p.line, p.col + offset, 1}
}

func (d *Decoder) fail(n *node, path, format string, args ...any) {
	if d.silent > 0 {
		panic("strict: default of " + path + ": " + fmt.Sprintf(format, args...))
	}
	d.problems.add(n.place, path, fmt.Sprintf(format, args...))
}

// missing reports something that should stand in n.
func (d *Decoder) missing(n *node, path, text string) {
	at := n.place
	if at.in == nil {
		at = d.find(path)
	}
	d.problems.add(at, path, text)
}

// decode sets v to what n says; fresh: fields that are not written get their
// defaults, otherwise they stay as they are.
func (d *Decoder) decode(n *node, v reflect.Value, path string, f *field, fresh bool) {
	if n.in != nil && path != "" {
		d.places[path] = n.place
	}
	t := v.Type()
	switch {
	case n.kind == broken:
	case t == literalType:
		v.Set(reflect.ValueOf(Literal{n}))
	case isOver(t):
		v.Addr().Interface().(overlay).hold(n, path)
	case isLeaf(t):
		d.leaf(n, v, path, f)
	case isMap(t):
		d.entries(n, v, path)
	case t.Kind() == reflect.Pointer:
		d.pointer(n, v, path, f, fresh)
	case t.Kind() == reflect.Slice:
		d.list(n, v, path, f)
	case t.Kind() == reflect.Struct:
		d.structure(n, v, path, fresh)
	default:
		panic("strict: cannot read into " + t.String())
	}
}

func (d *Decoder) leaf(n *node, v reflect.Value, path string, f *field) {
	switch n.kind {
	case null:
		or := ", or leave the field out"
		if f.required {
			or = ""
		}
		d.fail(n, path, "no value; write %s%s", f.exampleText(), or)
		d.guess(path)
		d.standIn(f, v)
		return
	case mapping, list:
		d.fail(n, path, "expected one value, got %s", n.what())
		d.guess(path)
		d.standIn(f, v)
		return
	}
	err := setLeaf(n, v, f)
	if err != nil && d.silent == 0 {
		d.guess(path)
		d.standIn(f, v)
	}
	var at *SyntaxError
	switch {
	case errors.As(err, &at):
		d.problems.add(n.place.shift(at.Offset), path, err.Error())
	case err != nil:
		d.fail(n, path, "%v", err)
	}
}

func (d *Decoder) pointer(n *node, v reflect.Value, path string, f *field, fresh bool) {
	if f.off && n.kind == scalar && n.text == "off" {
		v.SetZero()
		return
	}
	if v.IsNil() {
		v.Set(reflect.New(v.Type().Elem()))
		fresh = true
	}
	d.decode(n, v.Elem(), path, f, fresh)
}

func (d *Decoder) list(n *node, v reflect.Value, path string, f *field) {
	v.SetZero()
	whole, one := f, *f
	one.fallback, one.example, one.hasFallback = "", "", false // they are those of the list
	f = &one
	_, single := v.Interface().(oneOrMany)
	switch {
	case n.kind != scalar && len(n.items) == 0 && (whole.required || single):
		d.empty(n, path, whole)
		return
	case n.kind == null:
		return
	case n.kind != list && single:
		d.element(n, v, path, f)
		return
	case n.kind != list:
		d.fail(n, path, "expected a list, got %s; write [ … ] or lines that begin with '- '", n.what())
		return
	}
	for i, item := range n.items {
		d.element(item, v, fmt.Sprintf("%s[%d]", path, i), f)
	}
}

// empty refuses a list of nothing, which could be taken for one that is not
// written: for all.
func (d *Decoder) empty(n *node, path string, f *field) {
	or := ", or leave the field out"
	if f.required {
		or = ""
	}
	d.fail(n, path, "names nothing; write %s%s", f.exampleText(), or)
	d.guess(path)
}

func (d *Decoder) element(n *node, v reflect.Value, path string, f *field) {
	e := reflect.New(v.Type().Elem()).Elem()
	d.decode(n, e, path, f, true)
	v.Set(reflect.Append(v, e))
}

func (d *Decoder) entries(n *node, v reflect.Value, path string) {
	if n.kind != mapping && n.kind != null {
		d.fail(n, path, "expected named entries, got %s; write lines as 'name: …'", n.what())
		return
	}
	v.SetZero()
	m := v.Addr().Interface().(orderedMap)
	d.each(n, path, func(key, value *node) {
		d.decode(value, m.entry(key.text), join(path, key.text), &field{}, true)
	})
}

// each calls do for each key that is not a repetition.
func (d *Decoder) each(n *node, path string, do func(key, value *node)) {
	first := make(map[string]*node, len(n.keys))
	for i, key := range n.keys {
		if before := first[key.text]; before != nil {
			d.fail(key, join(path, key.text), "%s is set twice; first on line %d", quote(key.text), before.line)
			continue
		}
		first[key.text] = key
		do(key, n.items[i])
	}
}

// join appends a key to a path.
func join(path, key string) string {
	if utf8.RuneCountInString(key) > 60 {
		key = string([]rune(key)[:60]) + "…"
	}
	key = printable(key)
	if path == "" {
		return key
	}
	return path + "." + key
}
