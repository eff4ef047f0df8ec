package strict

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Schema returns a JSON Schema (draft 2020-12) of what may be written for the
// struct that v points to, made from the same tags. It accepts all that
// [Decoder.Decode] accepts; values that depend on others, and a few finer rules
// of single values, only the decoder can check. Where it refuses a text, it
// says why in patternErrorMessage, which editors show.
func Schema(v any, id, title string) []byte {
	s := &schemer{layouts: layouts{}, defs: map[string]any{}}
	root := s.structure(reflect.TypeOf(v).Elem(), false)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"], root["title"] = id, title
	root["$defs"] = s.defs
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err)
	}
	return append(out, '\n')
}

type object = map[string]any

// A schemer collects the definitions of the structs that it meets.
type schemer struct {
	layouts layouts
	defs    map[string]any
}

// field is the schema of a field; partial: it lies over another value, so that
// nothing in it must be written.
func (s *schemer) field(f *field, partial bool) object {
	out := s.value(f, f.typ, partial)
	if f.off {
		out = object{"anyOf": []any{out, object{"const": "off"}}}
	}
	if f.doc != "" {
		out["description"] = f.doc
	}
	if f.hasFallback {
		out["default"] = jsonDefault(f)
	}
	return out
}

// jsonDefault is the default as JSON would write it.
func jsonDefault(f *field) any {
	t := bare(f.typ)
	switch {
	case t.Kind() == reflect.Slice && !isLeaf(t):
		list := []any{}
		for _, w := range strings.FieldsFunc(f.fallback, func(r rune) bool { return strings.ContainsRune("[], ", r) }) {
			list = append(list, w)
		}
		return list
	case t.Kind() == reflect.Bool:
		return f.fallback == "true"
	}
	if x, err := strconv.ParseFloat(f.fallback, 64); err == nil {
		return x
	}
	return f.fallback
}

func (s *schemer) value(f *field, t reflect.Type, partial bool) object {
	switch {
	case isOver(t):
		return s.value(f, overType(t), true)
	case t.Kind() == reflect.Pointer:
		return s.value(f, t.Elem(), partial)
	case isLeaf(t):
		return leafSchema(f, f.unitType(t))
	case isMap(t):
		return object{"type": []any{"object", "null"}, "additionalProperties": s.value(&field{}, mapElement(t), false)}
	case t.Kind() == reflect.Slice:
		one := s.value(&field{unit: f.unit, words: f.words, low: f.low, high: f.high}, t.Elem(), false)
		many := object{"type": []any{"array", "null"}, "items": one}
		if t.Implements(oneOrManyType) {
			return object{"anyOf": []any{one, many}}
		}
		return many
	}
	return s.reference(t, partial)
}

// reference defines a struct once and points to it.
func (s *schemer) reference(t reflect.Type, partial bool) object {
	pkg := t.PkgPath()
	name := pkg[strings.LastIndexByte(pkg, '/')+1:] + "." + t.Name()
	if partial {
		name += ".override"
	}
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = object{} // in case it contains itself
		s.defs[name] = s.withShort(t, partial)
	}
	return object{"$ref": "#/$defs/" + name}
}

// withShort adds the bare value that may stand for a struct.
func (s *schemer) withShort(t reflect.Type, partial bool) object {
	short := s.layouts.short(t)
	block := s.structure(t, partial)
	if short == nil {
		return block
	}
	return object{"anyOf": []any{s.value(short, short.typ, false), block}}
}

// structure is the schema of a block: one for each case if it has cases.
func (s *schemer) structure(t reflect.Type, partial bool) object {
	l := s.layouts.of(t)
	if l.selector == nil {
		return s.block(l.fields, nil, partial)
	}
	var cases []any
	for _, v := range l.variants {
		c := s.block(append(l.fields[:len(l.fields):len(l.fields)], s.layouts.of(v.typ).fields...), l.selector, partial)
		c["description"] = v.doc
		c["properties"].(object)[l.selector.key] = object{"const": v.word, "description": l.selector.doc}
		if v.word != l.selector.fallback && !partial {
			c["required"] = append(required(c), l.selector.key)
		}
		cases = append(cases, c)
	}
	return object{"anyOf": cases}
}

func required(block object) []string {
	list, _ := block["required"].([]string)
	return list
}

// block is an object with these fields and no others.
func (s *schemer) block(fields []*field, selector *field, partial bool) object {
	properties, must, unions := object{}, []string(nil), map[string][]any{}
	for _, f := range fields {
		properties[f.key] = s.field(f, partial)
		if f.required && !partial && f != selector {
			must = append(must, f.key)
		}
		if f.one != "" && !partial {
			unions[f.one] = append(unions[f.one], object{"required": []string{f.key}})
		}
	}
	out := object{"type": []any{"object", "null"}, "properties": properties, "additionalProperties": false}
	if must != nil {
		out["type"], out["required"] = "object", must
	}
	for _, name := range slices.Sorted(maps.Keys(unions)) {
		out["type"], out["oneOf"] = "object", unions[name] // no struct has two unions
	}
	return out
}

// Patterns of quantities, and what is said of a text that does not match.
const (
	decimalPattern  = `(0|[1-9][0-9]*)(\.[0-9]+)?`
	durationPattern = `^(-?(` + decimalPattern + `(ns|us|µs|μs|ms|s|m|h))+|0)$`
)

func quantityPattern(units []unit) string {
	var names []string
	for _, u := range units {
		names = append(names, u.name)
	}
	return decimalPattern + ` *(` + strings.Join(names, "|") + `)`
}

// leafSchema is the schema of one word or number.
func leafSchema(f *field, t reflect.Type) object {
	if len(f.words) > 0 {
		return object{"enum": f.words}
	}
	if t == literalType {
		return object{}
	}
	text := func(pattern, message string) object {
		return object{"type": "string", "pattern": pattern, "patternErrorMessage": message}
	}
	zero := object{"const": 0}
	switch t {
	case durationType:
		return object{"anyOf": []any{text(durationPattern, "write a number and its unit, as in 250ms or 1m30s"), zero}}
	case probabilityType:
		return object{"anyOf": []any{
			text(`^`+decimalPattern+`( *%|/`+decimalPattern+`)?$`, "write a probability as 5%, 0.05 or 1/20"),
			object{"type": "number", "minimum": 0, "exclusiveMaximum": 1}}}
	case reflect.TypeFor[Size]():
		return object{"anyOf": []any{text(`^(`+quantityPattern(sizeUnits)+`|0)$`, "write a size as 64B, 1kB or 1KiB"), zero}}
	case reflect.TypeFor[Bound]():
		return text(`^(`+quantityPattern(sizeUnits)+`|unlimited)$`, "write a size as 1MiB, or unlimited")
	case reflect.TypeFor[Bandwidth]():
		return text(`^(`+quantityPattern(bitUnits)+`|unlimited)$`, "write a bandwidth as 100Mbit/s, or unlimited")
	case reflect.TypeFor[Drift]():
		return object{"anyOf": []any{text(`^(-?`+quantityPattern(driftUnits)+`|0)$`, "write a drift as 50ppm"), zero}}
	case reflect.TypeFor[Rate]():
		return text(`^`+decimalPattern+` */ *[0-9a-zµμ.]+$`, "write a rate as 5/s or 1/250ms")
	}
	return plainSchema(f, t)
}

func plainSchema(f *field, t reflect.Type) object {
	switch {
	case reflect.PointerTo(t).Implements(unmarshalerType), t.Kind() == reflect.String:
		return object{"type": []any{"string", "number", "boolean"}}
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	}
	out := object{"type": "integer", "minimum": 0}
	if t.Kind() == reflect.Float64 {
		out["type"] = "number"
	}
	for _, limit := range [][2]string{{"minimum", f.low}, {"maximum", f.high}} {
		key, bound := limit[0], limit[1]
		if bound == "" {
			continue
		}
		x, err := strconv.ParseFloat(bound, 64)
		if err != nil {
			panic(fmt.Sprintf("strict: bound of %s: %v", f.key, err))
		}
		out[key] = x
	}
	return out
}
