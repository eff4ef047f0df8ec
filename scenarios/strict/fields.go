package strict

import (
	"fmt"
	"reflect"
	"strings"
)

// A field is what the tags of a struct's field say.
type field struct {
	index    []int
	typ      reflect.Type
	key      string
	doc      string
	fallback string // the default, as written; see hasFallback
	example  string
	words    []string // of an enum
	aliases  []string
	low      string
	high     string
	unit     string
	one      string

	hasFallback, required, short, selects, off bool

	over []int // the inline Over that this field belongs to, nil if none
}

// A variant is a case of a struct whose word selects it.
type variant struct {
	word, doc string
	index     []int
	typ       reflect.Type // the struct
}

// A layout is what may be written for a struct, in the order of its fields.
type layout struct {
	fields   []*field
	selector *field
	variants []variant
	refused  map[string]string // keys that may not be written, and why
}

// layouts caches the layout of each type.
type layouts map[reflect.Type]*layout

func (ls layouts) of(t reflect.Type) *layout {
	l := ls[t]
	if l == nil {
		l = &layout{refused: map[string]string{}}
		l.collect(t, nil, nil)
		ls[t] = l
		for _, v := range l.variants {
			l.selector.words = append(l.selector.words, v.word)
		}
	}
	return l
}

// collect adds the fields of struct t that stands at index; over is the inline
// Over around it.
func (l *layout) collect(t reflect.Type, index, over []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int(nil), index...), i)
		tag := f.Tag
		key := tag.Get("key")
		word, isCase := tag.Lookup("case")
		switch {
		case tag.Get("refuse") != "":
			l.refused[key] = tag.Get("refuse")
		case isCase:
			l.variants = append(l.variants, variant{word, tag.Get("doc"), at, f.Type.Elem()})
		case key == ",inline" && isOver(f.Type):
			if len(at) > 1 {
				panic("strict: an inline Over stands in the struct itself")
			}
			l.collect(overType(f.Type), nil, at)
		case key == ",inline":
			l.collect(f.Type, at, over)
		case key != "":
			l.add(newField(f, key, at, over))
		}
	}
}

func (l *layout) add(f *field) {
	for _, other := range l.fields {
		if other.key == f.key {
			panic(fmt.Sprintf("strict: two fields have the key %q", f.key))
		}
	}
	l.fields = append(l.fields, f)
	if f.selects {
		l.selector = f
	}
}

func newField(f reflect.StructField, key string, at, over []int) *field {
	tag := f.Tag
	out := &field{
		index: at, typ: f.Type, key: key, over: over,
		doc: tag.Get("doc"), example: tag.Get("example"),
		words: split(tag.Get("enum")), aliases: split(tag.Get("alias")),
		low: tag.Get("min"), high: tag.Get("max"), unit: tag.Get("unit"), one: tag.Get("one"),
		required: tag.Get("required") == "true", short: tag.Get("short") == "true",
		selects: tag.Get("select") == "true", off: tag.Get("off") == "true",
	}
	out.fallback, out.hasFallback = tag.Lookup("default")
	if !f.IsExported() {
		panic(fmt.Sprintf("strict: field %s with key %q is not exported", f.Name, key))
	}
	return out
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

// variant returns the case with that word.
func (l *layout) variant(word string) (variant, bool) {
	for _, v := range l.variants {
		if v.word == word {
			return v, true
		}
	}
	return variant{}, false
}

// short returns the field that a bare value stands for, nil if none.
func (l *layout) shortField() *field {
	for _, f := range l.fields {
		if f.short {
			return f
		}
	}
	return nil
}

// example proposes what to write for a field.
func (f *field) exampleText() string {
	switch {
	case f.example != "":
		return f.key + ": " + f.example
	case f.hasFallback:
		return f.key + ": " + f.fallback
	case len(f.words) > 0:
		return f.key + ": " + f.words[0]
	}
	return f.key + ": …"
}
