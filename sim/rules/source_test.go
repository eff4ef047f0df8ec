package rules

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "meshsim"

// A finding is a place that breaks a rule.
type finding struct {
	file     string // from the root
	line     int
	function string // around it, as "name" or "type.name"; "" outside of one
	rule     string
	text     string // what is wrong and what to write instead
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.file, f.line, f.rule, f.text)
}

// A tree is a checkout.
type tree struct {
	root  string
	fset  *token.FileSet
	files []*file // all but Git's own and ignored ones, by name
}

// A file is one of a tree; syntax is nil unless it is Go source outside testdata.
type file struct {
	name   string // from the root, with slashes
	dir    string // "." at the root
	text   []byte
	syntax *ast.File
}

func (f *file) isTest() bool      { return strings.HasSuffix(f.name, "_test.go") }
func (f *file) isGenerated() bool { return ast.IsGenerated(f.syntax) }

func newTree(root string) *tree { return &tree{root: root, fset: token.NewFileSet()} }

// load reads the tree below root. Files that Git ignores are left out, by the
// simple patterns of the root's .gitignore.
func load(t *testing.T, root string) *tree {
	t.Helper()
	tr := newTree(root)
	ignored := ignore(root)
	err := filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, full)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case name == ".", name == ".git" && !d.IsDir(): // a work tree has a file in place of the directory
		case d.IsDir() && (name == ".git" || ignored(name+"/")):
			return filepath.SkipDir
		case d.Type().IsRegular() && !ignored(name):
			text, err := os.ReadFile(full)
			if err != nil {
				return err
			}
			return tr.add(name, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// add adds a file and parses it if it is Go source.
func (tr *tree) add(name string, text []byte) error {
	f := &file{name: name, dir: path.Dir(name), text: text}
	tr.files = append(tr.files, f)
	if path.Ext(name) != ".go" || strings.HasPrefix(name, "testdata/") || strings.Contains(name, "/testdata/") {
		return nil
	}
	var err error
	f.syntax, err = parser.ParseFile(tr.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return err
}

// ignore reads the root's .gitignore: "dir/", "/name" and "*.ext" are what it
// knows.
func ignore(root string) func(name string) bool {
	text, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		return func(string) bool { return false }
	}
	patterns := strings.Fields(string(text))
	return func(name string) bool {
		dir := strings.HasSuffix(name, "/")
		name = strings.TrimSuffix(name, "/")
		for _, p := range patterns {
			p, onlyDir := strings.CutSuffix(p, "/")
			p, anchored := strings.CutPrefix(p, "/")
			target := path.Base(name)
			if anchored {
				target = name
			}
			if ok, err := path.Match(p, target); err == nil && ok && (dir || !onlyDir) {
				return true
			}
		}
		return false
	}
}

// goFiles are the Go files outside testdata.
func (tr *tree) goFiles() []*file {
	return slices.DeleteFunc(slices.Clone(tr.files), func(f *file) bool { return f.syntax == nil })
}

// holds reports whether a file matches the pattern.
func (tr *tree) holds(pattern string) bool {
	return slices.ContainsFunc(tr.files, func(f *file) bool { return inTree(pattern, f.name) })
}

// packages are the Go files that are not tests, by directory.
func (tr *tree) packages() map[string][]*file {
	p := map[string][]*file{}
	for _, f := range tr.goFiles() {
		if !f.isTest() {
			p[f.dir] = append(p[f.dir], f)
		}
	}
	return p
}

// at makes a finding at a place of a Go file.
func (tr *tree) at(f *file, n ast.Node, rule, format string, a ...any) finding {
	return finding{f.name, tr.fset.Position(n.Pos()).Line, enclosing(f.syntax, n.Pos()), rule, fmt.Sprintf(format, a...)}
}

// enclosing names the function around a place.
func enclosing(f *ast.File, pos token.Pos) string {
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || pos < fn.Pos() || fn.End() <= pos {
			continue
		}
		if name := receiver(fn); name != "" {
			return name + "." + fn.Name.Name
		}
		return fn.Name.Name
	}
	return ""
}

// receiver names a method's type; it is empty for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	name := ""
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

// root is the module's root, found by its go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(text, []byte("module "+module+"\n")) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod of module " + module + " above the test")
		}
		dir = up
	}
}
