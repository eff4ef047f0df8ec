package scenarios

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"meshsim/scenarios/strict"
)

// The expressions of expect:
//
//	condition  = term { "or" term }
//	term       = factor { "and" factor }
//	factor     = "not" factor | "(" condition ")" | state | comparison
//	state      = "partitioned" | "degraded" | "churning" | "byzantine"
//	comparison = metric operator value
//	eventually = comparison [ "within" duration ]
//	threshold  = statistic operator value
//	statistic  = "mean" | "min" | "max" | "final" | "p" percentage
//	operator   = "<" | "<=" | ">" | ">="

// A token is a word, an operator or a bracket, and where it begins.
type token struct {
	text string
	at   int // in characters
}

// tokens splits a text; the last token is empty and stands behind the text.
func tokens(s string) []token {
	var out []token
	runes := []rune(s)
	for i := 0; i < len(runes); {
		r, start := runes[i], i
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case r == '(' || r == ')':
			i++
		case strings.ContainsRune("<>=!", r):
			for i < len(runes) && strings.ContainsRune("<>=!", runes[i]) {
				i++
			}
		default:
			for i < len(runes) && !unicode.IsSpace(runes[i]) && !strings.ContainsRune("()<>=!", runes[i]) {
				i++
			}
		}
		out = append(out, token{string(runes[start:i]), start})
	}
	return append(out, token{"", len(runes)})
}

// A parser reads tokens; the first error stops it.
type parser struct {
	tokens []token
	err    error
	depth  int
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) next() token {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) fail(t token, format string, args ...any) {
	if p.err == nil {
		p.err = &strict.SyntaxError{Offset: t.at, Text: fmt.Sprintf(format, args...)}
	}
}

// end expects that nothing is left.
func (p *parser) end(after string) error {
	if t := p.peek(); t.text != "" {
		p.fail(t, "%q does not belong here, after %s", t.text, after)
	}
	return p.err
}

// A comparison holds a metric, or a statistic of one, against a value.
type comparison struct {
	name  token
	op    string
	value literal
}

var operators = []string{"<", "<=", ">", ">="}

// against reads an operator and a value.
func (p *parser) against(name token) comparison {
	op := p.next()
	switch {
	case op.text == "=" || op.text == "==" || op.text == "!=":
		p.fail(op, "%s compares too finely for measured values; write <, <=, > or >=", op.text)
	case !slices.Contains(operators, op.text):
		p.fail(op, "expected <, <=, > or >= after %s", name.text)
	}
	t := p.next()
	if p.err != nil {
		return comparison{}
	}
	v, err := parseLiteral(t.text)
	if err != nil {
		p.fail(t, "%v", err)
	}
	v.at = t.at
	return comparison{name, op.text, v}
}

// compare says whether x is on the right side.
func (c *comparison) compare(x float64) bool {
	switch c.op {
	case "<":
		return x < c.value.number
	case "<=":
		return x <= c.value.number
	case ">":
		return x > c.value.number
	}
	return x >= c.value.number
}

// below says that small values are the right ones.
func (c *comparison) below() bool { return c.op[0] == '<' }

// A clause is a part of a condition: a comparison, a state, or other clauses
// joined by and, or, not.
type clause struct {
	join  string // "and", "or", "not"; empty for a leaf
	parts []*clause
	state string
	cmp   *comparison
}

var states = []string{"partitioned", "degraded", "churning", "byzantine"}

// maxNesting bounds the brackets of a condition.
const maxNesting = 50

func (p *parser) condition() *clause { return p.joined("or", p.term) }

func (p *parser) term() *clause { return p.joined("and", p.factor) }

func (p *parser) joined(word string, part func() *clause) *clause {
	first := part()
	if p.peek().text != word {
		return first
	}
	c := &clause{join: word, parts: []*clause{first}}
	for p.err == nil && p.peek().text == word {
		p.next()
		c.parts = append(c.parts, part())
	}
	return c
}

func (p *parser) factor() *clause {
	t := p.next()
	if p.depth++; p.depth > maxNesting {
		p.fail(t, "more than %d brackets and nots in one another", maxNesting)
		return nil
	}
	defer func() { p.depth-- }()
	switch {
	case p.err != nil:
		return nil
	case t.text == "not":
		return &clause{join: "not", parts: []*clause{p.factor()}}
	case t.text == "(":
		c := p.condition()
		if closing := p.next(); closing.text != ")" {
			p.fail(closing, "expected ) here, for the ( before")
		}
		return c
	case slices.Contains(states, t.text):
		return &clause{state: t.text}
	case !metricForm.MatchString(t.text):
		p.fail(t, "expected a metric such as gossip.coverage, or one of %s", strings.Join(states, ", "))
		return nil
	}
	c := p.against(t)
	return &clause{cmp: &c}
}

var metricForm = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z0-9_]+)*$`)

// holds evaluates the clause where is and value tell of one instant; a metric
// without a value makes its comparison false.
func (c *clause) holds(is func(state string) bool, value func(metric string) (float64, bool)) bool {
	switch c.join {
	case "not":
		return !c.parts[0].holds(is, value)
	case "and":
		return !slices.ContainsFunc(c.parts, func(p *clause) bool { return !p.holds(is, value) })
	case "or":
		return slices.ContainsFunc(c.parts, func(p *clause) bool { return p.holds(is, value) })
	}
	if c.cmp == nil {
		return is(c.state)
	}
	v, ok := value(c.cmp.name.text)
	return ok && c.cmp.compare(v)
}

// comparisons lists those in the clause.
func (c *clause) comparisons() []*comparison {
	if c.cmp != nil {
		return []*comparison{c.cmp}
	}
	var out []*comparison
	for _, p := range c.parts {
		out = append(out, p.comparisons()...)
	}
	return out
}
