package scenarios

import (
	"slices"
	"strings"
)

// Where is a condition on the values of a point:
//
//	condition  = term { "or" term }
//	term       = factor { "and" factor }
//	factor     = "not" factor | "(" condition ")" | side operator side
//	operator   = "<" | "<=" | ">" | ">=" | "=" | "!="
//	side       = field of the sweep, or the end of its path | value
type Where struct {
	text string
	root *rule
}

// A rule is a part of a condition.
type rule struct {
	join        string // and, or, not; empty for a comparison
	parts       []*rule
	left, right token
	op          string
}

// UnmarshalText reads a condition.
func (w *Where) UnmarshalText(b []byte) error {
	p := &parser{tokens: tokens(string(b))}
	root := p.rules("or")
	*w = Where{string(b), root}
	return p.end("the condition")
}

// TypeName says what it is, for help.
func (Where) TypeName() string { return "condition on values, as fanout > 2 or interval <= 3s" }

// MarshalText writes the condition as it was read.
func (w Where) MarshalText() ([]byte, error) { return []byte(w.text), nil }

// rules reads parts that a word joins.
func (p *parser) rules(word string) *rule {
	part := p.rule
	if word == "or" {
		part = func() *rule { return p.rules("and") }
	}
	r := &rule{join: word, parts: []*rule{part()}}
	for p.err == nil && p.peek().text == word {
		p.next()
		r.parts = append(r.parts, part())
	}
	return r
}

func (p *parser) rule() *rule {
	t := p.next()
	if p.depth++; p.depth > maxNesting {
		p.fail(t, "more than %d brackets and nots in one another", maxNesting)
	}
	defer func() { p.depth-- }()
	switch {
	case p.err != nil:
		return &rule{}
	case t.text == "not":
		return &rule{join: "not", parts: []*rule{p.rule()}}
	case t.text == "(":
		r := p.rules("or")
		if closing := p.next(); closing.text != ")" {
			p.fail(closing, "expected ) here, for the ( before")
		}
		return r
	case t.text == "":
		p.fail(t, "expected a field of the sweep, as in fanout > 2")
	}
	op := p.next()
	if op.text == "==" {
		op.text = "="
	}
	if !slices.Contains([]string{"<", "<=", ">", ">=", "=", "!="}, op.text) {
		p.fail(op, "expected <, <=, >, >=, = or != after %s", t.text)
	}
	right := p.next()
	if right.text == "" {
		p.fail(right, "expected a value or a field of the sweep after %s", op.text)
	}
	return &rule{left: t, right: right, op: op.text}
}

// comparisons lists those in a rule.
func (r *rule) comparisons() []*rule {
	if r.join == "" {
		return []*rule{r}
	}
	var out []*rule
	for _, p := range r.parts {
		out = append(out, p.comparisons()...)
	}
	return out
}

// field finds the field of a list that a word names by its path or the end of it;
// several: more than one ends so.
func field(word string, paths []string) (path string, several bool) {
	for _, p := range paths {
		switch {
		case p == word:
			return p, false
		case !strings.HasSuffix(p, "."+word):
		case path != "":
			several = true
		default:
			path = p
		}
	}
	return path, several
}

// checkWhere checks that each comparison names a field, and can be made with
// each of its values.
func (c *compiler) checkWhere(w *Where, i int) {
	at := indexed("sweep.where", i)
	if !c.Written(at) {
		at = "sweep.where"
	}
	if w.root == nil || c.Failed(at) {
		return
	}
	paths := c.Sweep.swept()
	for _, r := range w.root.comparisons() {
		left, right := c.side(r.left, paths, at), c.side(r.right, paths, at)
		if left == "" && right == "" {
			c.ReportAt(at, r.left.at, "%s is no field of the sweep%s", r.left.text, suggest(r.left.text, paths))
			continue
		}
		for _, a := range c.Sweep.texts(left, r.left.text) {
			for _, b := range c.Sweep.texts(right, r.right.text) {
				if _, ok := ordered(a, b); !ok && r.op != "=" && r.op != "!=" {
					c.ReportAt(at, r.left.at, "%s and %s cannot be compared by %s; write values with the same unit", a, b, r.op)
					return
				}
			}
		}
	}
}

// side is the field that a word names, "" if it is a value.
func (c *compiler) side(t token, paths []string, at string) string {
	path, several := field(t.text, paths)
	if several {
		c.ReportAt(at, t.at, "several fields of the sweep end in %s; write the whole path, as in %s", t.text, path)
	}
	return path
}

// texts are the values that a side can have.
func (s *Sweep) texts(path, word string) []string {
	if path == "" {
		return []string{word}
	}
	var out []string
	for _, v := range s.values(path) {
		out = append(out, v.String())
	}
	return out
}

// ordered compares two values, -1, 0 or 1; not ok if they have no common unit.
func ordered(a, b string) (int, bool) {
	x, errA := parseLiteral(a)
	y, errB := parseLiteral(b)
	share := func(l literal) bool { return l.unit == "%" || l.unit == "" }
	switch {
	case errA != nil || errB != nil:
		return strings.Compare(a, b), a == b
	case x.unit != y.unit && !(share(x) && share(y)) && x.number != 0 && y.number != 0:
		return 0, false
	case x.number < y.number:
		return -1, true
	case x.number > y.number:
		return 1, true
	}
	return 0, true
}

// holds evaluates a rule at a point.
func (r *rule) holds(value func(word string) string) bool {
	switch r.join {
	case "not":
		return !r.parts[0].holds(value)
	case "and":
		return !slices.ContainsFunc(r.parts, func(p *rule) bool { return !p.holds(value) })
	case "or":
		return slices.ContainsFunc(r.parts, func(p *rule) bool { return p.holds(value) })
	}
	order, ok := ordered(value(r.left.text), value(r.right.text))
	switch r.op {
	case "=":
		return ok && order == 0
	case "!=":
		return !ok || order != 0
	case "<":
		return ok && order < 0
	case "<=":
		return ok && order <= 0
	case ">":
		return ok && order > 0
	}
	return ok && order >= 0
}
