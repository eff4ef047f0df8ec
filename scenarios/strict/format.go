package strict

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"meshsim/protocols/draw"
)

// Format writes the struct that v points to as YAML with all defaults, in the
// order of its fields; [Decoder.Decode] reads it back to an equal value. An
// [Over] is written whole, as it was applied.
func Format(v any) []byte {
	w := &writer{layouts: layouts{}}
	w.structure(reflect.ValueOf(v).Elem(), 0, false)
	return []byte(w.String())
}

// A writer indents by two blanks a level.
type writer struct {
	strings.Builder
	layouts layouts
	inline  bool // the next field follows "- " on its line
}

func (w *writer) indent(depth int) {
	if w.inline {
		w.inline = false
		return
	}
	w.WriteString(strings.Repeat("  ", depth))
}

// structure writes the fields of v, the chosen case's included; all: also those
// that are zero and have no default, because they lie over others.
func (w *writer) structure(v reflect.Value, depth int, all bool) (wrote bool) {
	l := w.layouts.of(v.Type())
	for i := range l.fields {
		f := l.fields[i]
		switch {
		case f.over == nil:
			wrote = w.field(f, v.FieldByIndex(f.index), depth, all) || wrote
		case i == 0 || l.fields[i-1].over == nil:
			wrote = w.over(v.FieldByIndex(f.over), depth) || wrote
		}
	}
	if l.selector != nil {
		if c, ok := l.variant(v.FieldByIndex(l.selector.index).String()); ok && !v.FieldByIndex(c.index).IsNil() {
			wrote = w.structure(v.FieldByIndex(c.index).Elem(), depth, all) || wrote
		}
	}
	return wrote
}

// over writes the fields of an Over.
func (w *writer) over(v reflect.Value, depth int) bool {
	return v.FieldByName("Written").Bool() && w.structure(v.FieldByName("Value"), depth, true)
}

func (w *writer) field(f *field, v reflect.Value, depth int, all bool) bool {
	t := v.Type()
	if isOver(t) {
		if !v.FieldByName("Written").Bool() {
			return false
		}
		return w.field(f, v.FieldByName("Value"), depth, true)
	}
	if t.Kind() == reflect.Pointer {
		if v.IsNil() {
			if all && f.off {
				w.line(f.key, "off", depth)
			}
			return all && f.off
		}
		v = v.Elem()
	} else if !all && !f.hasFallback && !f.required && isEmpty(v) {
		return false
	}
	w.value(f, v, depth, all)
	return true
}

func isEmpty(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

func (w *writer) line(key, text string, depth int) {
	w.indent(depth)
	fmt.Fprintf(w, "%s: %s\n", quoteText(key), text)
}

func (w *writer) value(f *field, v reflect.Value, depth int, all bool) {
	t := v.Type()
	switch {
	case isLeaf(t):
		w.line(f.key, formatLeaf(v, f), depth)
	case isMap(t):
		w.entries(f, v, depth)
	case t.Kind() == reflect.Slice && (v.Len() == 0 || isLeaf(t.Elem())):
		w.line(f.key, formatList(v, f), depth)
	case t.Kind() == reflect.Slice:
		w.indent(depth)
		w.WriteString(quoteText(f.key) + ":\n")
		for i := range v.Len() {
			w.item(f, v.Index(i), depth+1)
		}
	default:
		w.block(f.key, depth, func(w *writer) bool { return w.structure(v, depth+1, all) })
	}
}

// block writes a key and what it holds, {} if that is nothing.
func (w *writer) block(key string, depth int, body func(w *writer) bool) {
	w.indent(depth)
	inner := &writer{layouts: w.layouts}
	if body(inner) {
		fmt.Fprintf(w, "%s:\n%s", quoteText(key), inner)
	} else {
		fmt.Fprintf(w, "%s: {}\n", quoteText(key))
	}
}

func (w *writer) item(f *field, v reflect.Value, depth int) {
	w.WriteString(strings.Repeat("  ", depth-1) + "- ")
	if isMap(v.Type()) {
		w.WriteString(formatMap(v, f) + "\n")
		return
	}
	if v.Kind() == reflect.Slice {
		w.WriteString(formatList(v, f) + "\n")
		return
	}
	w.inline = true
	if !w.structure(v, depth, false) {
		w.inline = false
		w.WriteString("{}\n")
	}
}

func (w *writer) entries(f *field, v reflect.Value, depth int) {
	w.block(f.key, depth, func(w *writer) bool {
		for i := range v.Len() {
			w.entry(v.Index(i).Field(0).String(), v.Index(i).Field(1), depth+1)
		}
		return v.Len() > 0
	})
}

func (w *writer) entry(key string, v reflect.Value, depth int) {
	if v.Kind() == reflect.Struct && !isLeaf(v.Type()) {
		w.block(key, depth, func(w *writer) bool { return w.structure(v, depth+1, false) })
		return
	}
	w.value(&field{key: key}, v, depth, false)
}

// formatMap writes named leaves in brackets.
func formatMap(v reflect.Value, f *field) string {
	var texts []string
	for i := range v.Len() {
		texts = append(texts, quoteText(v.Index(i).Field(0).String())+": "+formatLeaf(v.Index(i).Field(1), f))
	}
	return "{" + strings.Join(texts, ", ") + "}"
}

// formatList writes leaves in brackets; lists of one that may stand bare do.
func formatList(v reflect.Value, f *field) string {
	var texts []string
	for i := range v.Len() {
		texts = append(texts, formatLeaf(v.Index(i), f))
	}
	if _, single := v.Interface().(oneOrMany); single && len(texts) == 1 && v.Type().Elem() != literalType {
		return texts[0]
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// formatLeaf writes one word or number as it would be written in a file.
func formatLeaf(v reflect.Value, f *field) string {
	if v.Type() == literalType {
		return v.Interface().(Literal).String()
	}
	text := leafText(v, f)
	if v.Kind() == reflect.String || isText(v) {
		return quoteText(text)
	}
	return text
}

func isText(v reflect.Value) bool {
	_, ok := v.Interface().(encoding.TextMarshaler)
	return ok
}

// leafText is the word or number without the quotes it may need.
func leafText(v reflect.Value, f *field) string {
	v = v.Convert(f.unitType(v.Type()))
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		if err != nil {
			panic(fmt.Sprintf("strict: %s: %v", f.key, err))
		}
		return string(text)
	}
	switch v.Type() {
	case durationType:
		return FormatDuration(time.Duration(v.Int()))
	case probabilityType:
		return FormatProbability(v.Interface().(draw.Probability))
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	}
	return fmt.Sprint(v.Interface())
}

var (
	plainText = regexp.MustCompile(`^[\pL0-9_/][\pL0-9_./%+@()<>=-]*( ?[\pL0-9_./%+@()<>=-]+|:[\pL0-9_./]+)*$`)
	otherWord = regexp.MustCompile(`^(?i:true|false|yes|no|null|y|n|~|[-+.0-9][0-9_.xeob+-]*)$`)
)

// quoteText writes a text so that every reader of YAML takes it for text.
func quoteText(s string) string {
	if plainText.MatchString(s) && !otherWord.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
