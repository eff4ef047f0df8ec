package strict

import (
	"encoding/json"
	"fmt"
	"strings"
)

// JSONValue reads YAML as JSON values: what a checker of JSON Schema wants to
// see of it.
func JSONValue(text []byte) (any, error) { return Override(text, "") }

// Override is JSONValue of a text with one override, as in run.seed=7; none if
// it is empty.
func Override(text []byte, override string) (any, error) {
	var overrides []string
	if override != "" {
		overrides = []string{override}
	}
	d := Parse("text", text, overrides)
	if err := d.Err(); err != nil {
		return nil, fmt.Errorf("not YAML: %w", err)
	}
	return d.root.json(), nil
}

// json is the value as any reader of YAML 1.2 would have it.
func (n *node) json() any {
	switch n.kind {
	case mapping:
		m := map[string]any{}
		for i, k := range n.keys {
			m[k.text] = n.items[i].json()
		}
		return m
	case list:
		l := []any{}
		for _, item := range n.items {
			l = append(l, item.json())
		}
		return l
	case scalar:
		return n.jsonScalar()
	}
	return nil
}

func (n *node) jsonScalar() any {
	switch {
	case n.quoted:
		return n.text
	case n.text == "true" || n.text == "false":
		return n.text == "true"
	}
	var number json.Number
	if strings.Trim(n.text, "0123456789.-") == "" && json.Unmarshal([]byte(n.text), &number) == nil {
		var v any
		json.Unmarshal([]byte(n.text), &v)
		return v
	}
	return n.text
}
