package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Bounds of what is accepted. A scenario is a page; data stand in files of
// their own.
const (
	MaxBytes = 1 << 20
	maxDepth = 50
	maxNodes = 500_000 // after anchors are expanded
)

// readYAML returns the tree of a text, nil if there is none to walk, and the
// library's own message if it could not parse it.
func readYAML(in *source, text []byte, problems *Problems) (root *node, message string) {
	doc, second, message := parseYAML(text)
	c := converter{in: in, problems: problems, left: maxNodes, open: map[*yaml.Node]bool{}}
	switch {
	case message != "":
		return nil, message
	case doc == nil:
		problems.add(place{in, 1, 1, 1}, "", "nothing is written here")
		return nil, ""
	case second != nil:
		problems.add(c.place(second), "", "a second document begins here; write one a file")
		return nil, ""
	}
	return c.convert(doc, 0), ""
}

// failureOf returns the library's message about a text, "" if it parses.
func failureOf(text []byte) string {
	_, _, message := parseYAML(text)
	return message
}

// parseYAML returns the first two documents of a text, nil where there is none.
func parseYAML(text []byte) (doc *yaml.Node, second *yaml.Node, message string) {
	defer func() {
		if r := recover(); r != nil { // known of odd comments in the unmaintained library
			doc, message = nil, fmt.Sprint("yaml: ", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var first, next yaml.Node
	switch err := dec.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil, ""
	case err != nil:
		return nil, nil, err.Error()
	}
	switch err := dec.Decode(&next); {
	case errors.Is(err, io.EOF):
		return first.Content[0], nil, ""
	case err != nil:
		return nil, nil, err.Error()
	}
	return first.Content[0], next.Content[0], ""
}

// A converter turns the library's nodes into ours.
type converter struct {
	in       *source
	problems *Problems
	left     int                 // nodes that may still be made
	open     map[*yaml.Node]bool // blocks and lists around the value
	full     bool                // the limit was reported
}

func (c *converter) place(n *yaml.Node) place {
	width := utf8.RuneCountInString(n.Value)
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		width += 2
	}
	return place{c.in, n.Line, n.Column, max(width, 1)}
}

func (c *converter) fail(n *yaml.Node, text string) *node {
	c.problems.add(c.place(n), "", text)
	return &node{kind: broken, place: c.place(n)}
}

// convert returns the tree under n, with anchors and merges expanded.
func (c *converter) convert(n *yaml.Node, depth int) *node {
	c.left--
	switch {
	case c.left < 0:
		if !c.full {
			c.full = true
			return c.fail(n, fmt.Sprintf("more than %d values after anchors are expanded", maxNodes))
		}
		return &node{kind: broken, place: c.place(n)}
	case depth > maxDepth:
		return c.fail(n, fmt.Sprintf("more than %d levels deep", maxDepth))
	case n.Kind != yaml.AliasNode && n.Style&yaml.TaggedStyle != 0:
		return c.fail(n, fmt.Sprintf("tag %s is not used here; leave it out", quote(n.Tag)))
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.alias(n, depth)
	case yaml.MappingNode:
		return c.mapping(n, depth)
	case yaml.SequenceNode:
		return c.list(n, depth)
	}
	return c.scalar(n)
}

func (c *converter) list(n *yaml.Node, depth int) *node {
	c.open[n] = true
	defer delete(c.open, n)
	out := &node{kind: list, place: c.place(n)}
	for _, item := range n.Content {
		out.items = append(out.items, c.convert(item, depth+1))
	}
	return out
}

func (c *converter) scalar(n *yaml.Node) *node {
	const anyQuotes = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	out := &node{kind: scalar, text: n.Value, quoted: n.Style&anyQuotes != 0, place: c.place(n)}
	if !out.quoted && (n.Value == "" || n.Value == "~" || strings.EqualFold(n.Value, "null")) {
		out.kind = null
	}
	return out
}

func (c *converter) alias(n *yaml.Node, depth int) *node {
	if c.open[n.Alias] {
		return c.fail(n, fmt.Sprintf("anchor %s contains itself", quote(n.Value)))
	}
	return c.convert(n.Alias, depth+1)
}

func (c *converter) mapping(n *yaml.Node, depth int) *node {
	out := &node{kind: mapping, place: c.place(n)}
	c.open[n] = true
	defer delete(c.open, n)
	var merged []*node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], c.convert(n.Content[i+1], depth+1)
		if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" {
			merged = append(merged, c.sources(n.Content[i+1], value)...)
			continue
		}
		k := c.convert(key, depth+1)
		if k.kind == broken {
			continue
		}
		if k.kind != scalar && k.kind != null {
			c.problems.add(k.place, "", "the name of a field must be a word, not "+k.what())
			continue
		}
		out.keys, out.items = append(out.keys, k), append(out.items, value)
	}
	for _, m := range merged {
		c.merge(out, m)
	}
	return out
}

// sources are the mappings that a merge key names.
func (c *converter) sources(n *yaml.Node, value *node) []*node {
	from := []*node{value}
	if value.kind == list {
		from = value.items
	}
	for _, m := range from {
		if m.kind == broken {
			return nil
		}
		if m.kind != mapping {
			c.fail(n, "<< merges the fields of a block; write <<: *name")
			return nil
		}
	}
	return from
}

// merge adds the fields that out does not have yet.
func (c *converter) merge(out, from *node) {
	have := make(map[string]bool, len(out.keys))
	for _, k := range out.keys {
		have[k.text] = true
	}
	for i, k := range from.keys {
		if !have[k.text] {
			out.keys, out.items = append(out.keys, k), append(out.items, from.items[i])
			c.left--
		}
	}
}
