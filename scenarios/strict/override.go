package strict

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// override writes the arguments of --set into the tree.
func (d *Decoder) override(arguments []string) {
	for i, a := range arguments {
		in := &source{name: fmt.Sprintf("--set %d", i+1), lines: []string{a}, argument: true, order: i + 1}
		d.set(in, a)
	}
}

func (d *Decoder) set(in *source, argument string) {
	path, text, ok := strings.Cut(argument, "=")
	at := place{in, 1, 1, max(utf8.RuneCountInString(path), 1)}
	if !ok || strings.TrimSpace(path) == "" {
		d.problems.add(at, "", "expected path=value, as in run.seed=7")
		return
	}
	if text == "" {
		d.problems.add(at, path, "no value; write "+path+"=…")
		return
	}
	// Blanks in place of the path keep the columns right.
	pad := strings.Repeat(" ", utf8.RuneCountInString(path)+1)
	var problems Problems
	value := parse(in, []byte(pad+text), &problems)
	in.lines = strings.Split(argument, "\n")
	for _, p := range problems.List {
		d.problems.add(place{in, 1, p.column, 1}, path, p.Text)
	}
	if value == nil || d.root == nil || problems.Count > 0 {
		return
	}
	d.root = d.put(d.root, steps(path), value, at, "")
}

// steps splits a.b[0].c into a, b, 0, c.
func steps(path string) []string {
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	return strings.Split(path, ".")
}

// put returns n with value at the end of the path.
func (d *Decoder) put(n *node, path []string, value *node, at place, done string) *node {
	if len(path) == 0 {
		return value
	}
	step := path[0]
	switch n.kind {
	case list:
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(n.items) {
			d.problems.add(at, done, fmt.Sprintf("has no entry %s; it has %d, counted from 0", quote(step), len(n.items)))
			return n
		}
		n.items[i] = d.put(n.items[i], path[1:], value, at, fmt.Sprintf("%s[%d]", done, i))
		return n
	case scalar:
		d.problems.add(at, done, fmt.Sprintf("is %s, not a block of fields; set it as a whole: %s={…}", n.what(), done))
		return n
	case null:
		n = &node{kind: mapping, place: at}
	}
	for i, k := range n.keys {
		if k.text == step {
			n.items[i] = d.put(n.items[i], path[1:], value, at, join(done, step))
			return n
		}
	}
	key := &node{kind: scalar, text: step, place: at}
	n.keys = append(n.keys, key)
	n.items = append(n.items, d.put(&node{kind: null, place: at}, path[1:], value, at, join(done, step)))
	return n
}
