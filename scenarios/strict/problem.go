package strict

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Problem is one thing that is wrong with what was written.
type Problem struct {
	Source       string // the file's name, or "--set 2"
	Line, Column int    // from 1; 0 if the source has no lines
	Path         string // of the field: "nodes.core.count"; may be empty
	Text         string // what is wrong and what to write
	Excerpt      string // the line and a caret under the place

	order, column int
}

// Error returns "file:line:col: path: what; what to write".
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Source)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// Problems is all that is wrong with a source, in the order of the text.
type Problems struct {
	List  []Problem
	Count int // how many there are; List holds at most 100 of them
}

// maxProblems bounds what is kept: nobody reads more, and a large file of
// nonsense has one on each line.
const maxProblems = 100

// Error returns the problems, each on its line followed by its excerpt.
func (ps *Problems) Error() string {
	var b strings.Builder
	for _, p := range ps.List {
		b.WriteString(p.Error())
		b.WriteByte('\n')
		b.WriteString(p.Excerpt)
	}
	if more := ps.Count - len(ps.List); more > 0 {
		fmt.Fprintf(&b, "and %d more\n", more)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (ps *Problems) add(at place, path, text string) {
	ps.Count++
	if len(ps.List) == maxProblems {
		return
	}
	p := Problem{Source: at.in.name, Path: path, Text: text, Excerpt: at.excerpt(), order: at.in.order, column: at.col}
	if !at.in.argument {
		p.Line, p.Column = at.line, at.col
	}
	ps.List = append(ps.List, p)
}

// sort puts the problems in the order of the text: files first, then arguments.
func (ps *Problems) sort() {
	slices.SortStableFunc(ps.List, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.order, b.order),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.column, b.column),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Text, b.Text))
	})
}

// excerptWidth is the longest part of a line that is shown.
const excerptWidth = 100

// excerpt shows the line of a place and carets under it:
//
//	2 | run: {duration: 20}
//	  |                 ^^
func (p place) excerpt() string {
	line := []rune(strings.ReplaceAll(printable(p.in.at(p.line)), "\t", " "))
	if len(line) == 0 {
		return ""
	}
	col := min(max(p.col-1, 0), len(line))
	width := max(min(p.width, len(line)-col), 1)
	if col > excerptWidth*3/4 {
		cut := min(col-excerptWidth/2, len(line))
		line, col = append([]rune("… "), line[cut:]...), col-cut+2
	}
	if len(line) > excerptWidth {
		line = append(line[:excerptWidth:excerptWidth], '…')
	}
	width = max(min(width, len(line)-col), 1)
	number, gap := fmt.Sprintf("%6d | ", p.line), "       | "
	if p.in.argument {
		number, gap = "       | ", "       | "
	} else if len(number) > len(gap) {
		gap = strings.Repeat(" ", len(number)-2) + "| "
	}
	return fmt.Sprintf("%s%s\n%s%s%s\n", number, string(line), gap, strings.Repeat(" ", col), strings.Repeat("^", width))
}

// printable replaces what a terminal must not get.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
			return '?'
		}
		return r
	}, s)
}

// quote puts a value in quotes for a message, shortened if need be.
func quote(s string) string {
	const longest = 60
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// Merge adds the problems of another reading of the same source, but for those
// that are there already.
func (ps *Problems) Merge(other *Problems) {
	ps.Count += other.Count - len(other.List)
	for _, p := range other.List {
		if slices.ContainsFunc(ps.List, func(q Problem) bool {
			return q.Source == p.Source && q.Line == p.Line && q.Column == p.Column && q.Path == p.Path
		}) {
			continue
		}
		ps.Count++
		if len(ps.List) < maxProblems {
			ps.List = append(ps.List, p)
		}
	}
}
