package strict

import (
	"reflect"
	"strconv"
	"strings"
)

// A Literal is a value of any kind, kept as it was written. [Decoder.Put]
// writes it elsewhere; what is wrong with it there is told at the place where it
// was written.
type Literal struct{ node *node }

var literalType = reflect.TypeFor[Literal]()

// String is the value on one line, in the flow style of YAML.
func (l Literal) String() string { return l.node.flow() }

// TypeName says what it is, for help.
func (Literal) TypeName() string { return "value" }

// ParseLiterals reads the values of an argument of the form a,b,… or [a, b, …];
// what it cannot read is in the error. Commas in brackets and quotes separate
// nothing. The order is that of the argument among others, from 1.
func ParseLiterals(argument, values string, order int) ([]Literal, error) {
	in := &source{name: "--set " + strconv.Itoa(order), argument: true, order: order}
	pad := strings.Repeat(" ", max(len([]rune(argument))-len([]rune(values))-1, 0))
	var problems Problems
	root := parse(in, []byte(pad+"["+values+"]"), &problems)
	in.lines = []string{argument}
	if problems.Count > 0 {
		for i := range problems.List {
			problems.List[i].Excerpt = ""
		}
		return nil, &problems
	}
	out := make([]Literal, len(root.items))
	for i, n := range root.items {
		out[i] = Literal{n}
	}
	return out, nil
}

// Put writes a value at the end of a path, in place of what stands there.
func (d *Decoder) Put(path string, v Literal) {
	if v.node != nil && d.Readable() {
		d.root = d.put(d.root, steps(path), v.node.clone(), v.node.place, "")
	}
}

// clone copies a tree, so that writing into one leaves the other alone.
func (n *node) clone() *node {
	out := *n
	out.keys, out.items = nil, nil
	for _, k := range n.keys {
		out.keys = append(out.keys, k.clone())
	}
	for _, item := range n.items {
		out.items = append(out.items, item.clone())
	}
	return &out
}

// flow writes a tree on one line.
func (n *node) flow() string {
	if n == nil {
		return "null"
	}
	var parts []string
	for i, item := range n.items {
		text := item.flow()
		if n.kind == mapping {
			text = quoteText(n.keys[i].text) + ": " + text
		}
		parts = append(parts, text)
	}
	switch {
	case n.kind == mapping:
		return "{" + strings.Join(parts, ", ") + "}"
	case n.kind == list:
		return "[" + strings.Join(parts, ", ") + "]"
	case n.kind == scalar && !n.quoted && otherWord.MatchString(n.text):
		return n.text
	case n.kind == scalar:
		return quoteText(n.text)
	}
	return "null"
}
