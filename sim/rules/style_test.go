package rules

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"maps"
	"slices"
	"strings"
)

// vague are package names that say nothing of what is inside.
var vague = []string{"base", "common", "core", "helper", "helpers", "lib", "misc", "shared", "tools", "types", "util", "utils"}

// style checks size, names, documentation and form.
func style(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goFiles() {
		if !f.isGenerated() {
			found = append(found, formatted(f)...)
		}
		if !f.isGenerated() && !f.isTest() {
			found = append(found, size(tr, f)...)
			found = append(found, documented(tr, f)...)
		}
	}
	packages := tr.packages()
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		found = append(found, packageStyle(tr, packages[dir])...)
	}
	return found
}

func formatted(f *file) []finding {
	text, err := format.Source(f.text)
	if err == nil && bytes.Equal(text, f.text) {
		return nil
	}
	line := 1
	for i := 0; i < min(len(text), len(f.text)) && text[i] == f.text[i]; i++ {
		if text[i] == '\n' {
			line++
		}
	}
	return []finding{{file: f.name, line: line, rule: "gofmt", text: "is not formatted; run gofmt -w " + f.name}}
}

func size(tr *tree, f *file) []finding {
	var found []finding
	if n := bytes.Count(f.text, []byte("\n")); n > fileLines {
		found = append(found, finding{file: f.name, line: fileLines + 1, rule: "size",
			text: fmt.Sprintf("the file has %d lines, at most %d; give each idea its own file", n, fileLines)})
	}
	for _, d := range f.syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := tr.fset.Position(fn.End()).Line - tr.fset.Position(fn.Pos()).Line + 1; n > functionLines {
			found = append(found, tr.at(f, fn, "size", "%s has %d lines, at most %d; name its steps as functions", fn.Name.Name, n, functionLines))
		}
	}
	return found
}

// wellKnown are methods whose meaning an interface of the standard library fixes.
var wellKnown = []string{"Error", "Unwrap", "String", "Len", "Less", "Swap"}

// documented checks that what a file exports has a doc comment that says its name.
func documented(tr *tree, f *file) []finding {
	var found []finding
	missing := func(n ast.Node, name string, doc *ast.CommentGroup) {
		switch {
		case doc.Text() == "":
			found = append(found, tr.at(f, n, "doc", "%s has no comment; say what it is, its units, errors and cost", name))
		case !slices.Contains(strings.FieldsFunc(firstSentence(doc.Text()), notOfName), name):
			found = append(found, tr.at(f, n, "doc", "the comment's first sentence does not name %s; begin with it", name))
		}
	}
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil && (!ast.IsExported(receiver(d)) || slices.Contains(wellKnown, d.Name.Name)) {
				continue
			}
			if d.Name.IsExported() {
				missing(d, d.Name.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				found = append(found, undocumented(tr, f, d, s, missing)...)
			}
		}
	}
	return found
}

// undocumented checks a type, constant or variable. The comment of a group in
// parentheses will do for its members, and one at the line's end for a constant
// or variable.
func undocumented(tr *tree, f *file, group *ast.GenDecl, s ast.Spec, missing func(ast.Node, string, *ast.CommentGroup)) []finding {
	switch s := s.(type) {
	case *ast.TypeSpec:
		switch {
		case !s.Name.IsExported() || s.Doc == nil && group.Lparen.IsValid() && group.Doc.Text() != "":
		case s.Doc == nil:
			missing(s, s.Name.Name, group.Doc)
		default:
			missing(s, s.Name.Name, s.Doc)
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			if n.IsExported() && group.Doc.Text() == "" && s.Doc.Text() == "" && s.Comment.Text() == "" {
				return []finding{tr.at(f, s, "doc", "%s has no comment; say what it is and its unit", n.Name)}
			}
		}
	}
	return nil
}

// firstSentence is what stands before the first full stop at a word's end.
func firstSentence(text string) string {
	text = strings.ReplaceAll(text, "\n", " ")
	before, _, _ := strings.Cut(text, ". ")
	return before
}

// notOfName reports whether a rune cannot be part of a Go name.
func notOfName(r rune) bool {
	return !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
}

// packageStyle checks a package's name and comment.
func packageStyle(tr *tree, files []*file) []finding {
	var found []finding
	first := files[0]
	if name := first.syntax.Name.Name; slices.Contains(vague, name) {
		found = append(found, tr.at(first, first.syntax.Name, "name", "package %s says nothing of what is inside; name it after what it provides", name))
	}
	if !slices.ContainsFunc(files, func(f *file) bool { return f.syntax.Doc.Text() != "" }) {
		found = append(found, tr.at(first, first.syntax.Name, "doc", "package %s has no comment; say in doc.go what it is", first.syntax.Name.Name))
	}
	return found
}
