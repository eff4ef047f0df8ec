package strict

import "strings"

// A node is a value as it was written, with its place.
type node struct {
	kind   kind
	text   string  // of a scalar
	quoted bool    // of a scalar: it is text, whatever it looks like
	keys   []*node // of a mapping, beside items
	items  []*node // of a mapping or list
	place
}

type kind uint8

const (
	null kind = iota
	scalar
	mapping
	list
	broken // was reported already; nothing more is said of it
)

// A place is where something was written. Line and column count from 1, the
// column in characters.
type place struct {
	in        *source
	line, col int
	width     int // characters to underline
}

// A source is a text that was given: a file, or one argument of --set.
type source struct {
	name     string
	lines    []string
	argument bool // one line that has no line number
	order    int  // of its problems among those of other sources
}

func newSource(name string, text string) *source {
	return &source{name: name, lines: strings.Split(text, "\n")}
}

// at returns the line with that number, without its end.
func (s *source) at(line int) string {
	if line < 1 || line > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[line-1], "\r")
}

// what names the kind of value for a message.
func (n *node) what() string {
	switch n.kind {
	case mapping:
		return "a block of fields"
	case list:
		return "a list"
	case null:
		return "nothing"
	}
	return quote(n.text)
}

// get returns the value of a mapping's key, or nil.
func (n *node) get(key string) *node {
	for i, k := range n.keys {
		if k.text == key {
			return n.items[i]
		}
	}
	return nil
}

// forget removes the places of a tree that nobody wrote.
func (n *node) forget() {
	n.place = place{}
	for i, item := range n.items {
		item.forget()
		if n.kind == mapping {
			n.keys[i].forget()
		}
	}
}
