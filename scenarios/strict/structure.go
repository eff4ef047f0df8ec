package strict

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A reading is one struct while it is being read.
type reading struct {
	d     *Decoder
	l     *layout
	n     *node
	v     reflect.Value
	path  string
	fresh bool

	fields []*field         // those that may be written here, the case's included
	base   map[*field][]int // index of the struct that a case's field stands in
	seen   map[*field]bool
	overs  []*node // what is written for each inline Over
	anew   bool    // the case was not chosen before: its fields start from their defaults
	broken bool    // the case is not known, so any of their fields may stand here
}

func (d *Decoder) structure(n *node, v reflect.Value, path string, fresh bool) {
	r := &reading{d: d, l: d.layouts.of(v.Type()), n: n, v: v, path: path, fresh: fresh,
		seen: map[*field]bool{}, base: map[*field][]int{}}
	if n.kind != mapping && n.kind != null {
		if !r.expand() {
			d.guess(path)
			if d.silent == 0 && fresh {
				d.reset(v, path)
			}
			return
		}
	}
	r.fields = r.l.fields
	r.choose()
	d.each(r.n, path, r.field)
	r.complete()
	r.unions()
	if d.silent == 0 && !d.valid(v.Addr(), path) {
		d.reset(v, path)
	}
}

// reset sets a struct that was found wrong to its defaults, so that what is
// checked against it later finds nothing that was reported already.
func (d *Decoder) reset(v reflect.Value, path string) {
	d.silent++
	v.SetZero()
	d.structure(&node{}, v, path, true)
	d.silent--
}

// valid asks a struct what is wrong with itself, and reports it: Validate()
// error, or Validate() []P where P has the strings Path, the key of a field, and
// Message. Defaults stand in for fields that were reported already.
func (d *Decoder) valid(v reflect.Value, path string) bool {
	if check, ok := v.Interface().(interface{ Validate() error }); ok {
		err := check.Validate()
		if err != nil {
			d.Report(path, "%v", err)
		}
		return err == nil
	}
	check := v.MethodByName("Validate")
	if !check.IsValid() {
		return true
	}
	if t := check.Type(); t.NumIn() != 0 || t.NumOut() != 1 || t.Out(0).Kind() != reflect.Slice {
		panic("strict: " + v.Type().String() + ".Validate does not return problems")
	}
	problems := check.Call(nil)[0]
	for i := range problems.Len() {
		p := problems.Index(i)
		if at := join(path, p.FieldByName("Path").String()); !d.Failed(at) {
			d.Report(at, "%s", p.FieldByName("Message").String())
		}
	}
	return problems.Len() == 0
}

// expand turns a bare value into a block with the field that it stands for.
func (r *reading) expand() bool {
	f := r.d.layouts.short(r.v.Type())
	if f == nil {
		r.d.fail(r.n, r.path, "expected a block of fields, got %s; write {%s}", r.n.what(), r.l.sample())
		return false
	}
	r.n = &node{kind: mapping, keys: []*node{{kind: scalar, text: f.key, place: r.n.place}}, items: []*node{r.n}, place: r.n.place}
	// A bare value replaces the whole, whatever stood there before.
	r.v.SetZero()
	r.fresh = true
	return true
}

// sample lists a few fields for a message.
func (l *layout) sample() string {
	var some []string
	for _, f := range l.fields[:min(3, len(l.fields))] {
		some = append(some, f.exampleText())
	}
	return strings.Join(some, ", ")
}

// choose selects the case, and makes its fields known.
func (r *reading) choose() {
	s := r.l.selector
	if s == nil {
		return
	}
	target := r.v.FieldByIndex(s.index)
	word := target.String()
	if n := r.n.get(s.key); n != nil {
		word = n.text
	} else if r.fresh {
		word = s.fallback
	}
	chosen, ok := r.l.variant(word)
	if !ok {
		r.broken = true
		if r.fresh && r.n.get(s.key) == nil && r.d.silent == 0 {
			r.d.missing(r.n, r.path, fmt.Sprintf("%s is missing; write %s", s.key, s.exampleText()))
		}
		return
	}
	changed := target.String() != word
	target.SetString(word)
	for _, v := range r.l.variants {
		if v.word != word {
			r.v.FieldByIndex(v.index).SetZero()
		}
	}
	r.enter(chosen, changed)
}

// enter makes the chosen case's struct, and its fields known.
func (r *reading) enter(chosen variant, changed bool) {
	p := r.v.FieldByIndex(chosen.index)
	if p.IsNil() || changed || r.fresh {
		p.Set(reflect.New(chosen.typ))
		r.anew = true
	}
	own := r.d.layouts.of(chosen.typ)
	r.fields = slices.Concat(r.fields, own.fields)
	for _, f := range own.fields {
		r.base[f] = chosen.index
	}
}

// starts says whether a field that is not written gets its default.
func (r *reading) starts(f *field) bool {
	_, ofCase := r.base[f]
	return r.fresh || ofCase && r.anew
}

// target is where a field's value goes.
func (r *reading) target(f *field) reflect.Value {
	v := r.v
	if at, ok := r.base[f]; ok {
		v = v.FieldByIndex(at).Elem()
	}
	return v.FieldByIndex(f.index)
}

// field reads one written field.
func (r *reading) field(key, value *node) {
	path := join(r.path, key.text)
	for _, f := range r.fields {
		if f.key != key.text {
			continue
		}
		r.seen[f] = true
		if f.over != nil {
			r.lay(f, key, value)
			return
		}
		r.d.decode(value, r.target(f), path, f, r.starts(f))
		return
	}
	if why, ok := r.l.refused[key.text]; ok {
		r.d.fail(key, path, "%s", why)
		return
	}
	if hint := r.hint(key.text); hint != "" {
		r.d.fail(key, path, "unknown field %s%s", quote(key.text), hint)
	}
}

// lay keeps a field for the inline Over that it belongs to.
func (r *reading) lay(f *field, key, value *node) {
	for len(r.overs) <= f.over[0] {
		r.overs = append(r.overs, nil)
	}
	at := &r.overs[f.over[0]]
	if *at == nil {
		*at = &node{kind: mapping, place: r.n.place}
	}
	(*at).keys, (*at).items = append((*at).keys, key), append((*at).items, value)
	// Known for later reports, although it is read only when applied.
	r.d.places[join(r.path, key.text)] = value.place
}

// hint says what to write in place of an unknown field; "" if it is not known
// to be wrong.
func (r *reading) hint(key string) string {
	var keys []string
	for _, f := range r.fields {
		if slices.Contains(f.aliases, key) {
			return "; it is called " + quote(f.key) + " here"
		}
		keys = append(keys, f.key)
	}
	for _, v := range r.l.variants {
		for _, f := range r.d.layouts.of(v.typ).fields {
			if f.key == key {
				if r.broken {
					return ""
				}
				return fmt.Sprintf(" of %s %s; it belongs to %s: %s", r.l.selector.key,
					r.v.FieldByIndex(r.l.selector.index).String(), r.l.selector.key, v.word)
			}
		}
	}
	if hint := didYouMean(key, keys); hint != "" {
		return hint
	}
	return "; known fields: " + strings.Join(keys, ", ")
}

// complete sets what was not written.
func (r *reading) complete() {
	for i, n := range r.overs {
		if n != nil {
			r.v.Field(i).Addr().Interface().(overlay).hold(n, r.path)
		}
	}
	for _, f := range r.fields {
		switch {
		case r.seen[f] || f.over != nil || !r.starts(f):
		case f.required && r.d.silent == 0:
			r.d.missing(r.n, join(r.path, f.key), "missing; write "+f.exampleText())
			r.d.guess(join(r.path, f.key))
			r.d.standIn(f, r.target(f))
		case f.required || f.hasFallback:
			r.d.standIn(f, r.target(f))
		case f.typ.Kind() == reflect.Struct && !isLeaf(f.typ) && !isOver(f.typ):
			r.d.decode(&node{}, r.target(f), join(r.path, f.key), f, true)
		}
	}
}

// standIn sets a value to its field's default or, where that is missing or was
// refused, to the example: what depends on it can then be checked, too.
func (d *Decoder) standIn(f *field, v reflect.Value) {
	text := f.example
	if f.hasFallback {
		text = f.fallback
	}
	v.SetZero()
	if text == "" {
		return
	}
	var problems Problems
	n := parse(newSource("default of "+f.key, ""), []byte(text), &problems)
	if n == nil {
		panic("strict: default of " + f.key + ": " + problems.Error())
	}
	n.forget()
	d.silent++
	d.decode(n, v, f.key, f, true)
	d.silent--
}

// oneOf lists alternatives.
func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return "one of " + strings.Join(words, ", ")
}

// unions checks that of alternatives exactly one is written.
func (r *reading) unions() {
	var groups []string
	for _, f := range r.fields {
		if f.one != "" && !slices.Contains(groups, f.one) {
			groups = append(groups, f.one)
		}
	}
	for _, g := range groups {
		var all, written []string
		for _, f := range r.fields {
			if f.one == g {
				all = append(all, f.key)
				if r.seen[f] {
					written = append(written, f.key)
				}
			}
		}
		switch {
		case len(written) == 0 && r.fresh:
			r.d.missing(r.n, r.path, fmt.Sprintf("no %s is named; write %s", g, oneOf(all)))
		case len(written) > 1:
			r.d.fail(r.n, r.path, "%s stand together; write one %s", strings.Join(written, " and "), g)
		}
	}
}
