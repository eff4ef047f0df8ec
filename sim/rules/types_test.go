package rules

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A platform is what decides which files of a package are built.
type platform struct {
	arch string
	tags []string
}

// platforms are what files are checked on, each on the first that builds it.
var platforms = []platform{{"amd64", nil}, {"arm64", nil}, {"386", nil}, {"amd64", []string{"race"}}}

// A typed file comes with what the type checker found.
type typed struct {
	*file
	info *types.Info
}

// check type-checks the packages of a tree that want picks and returns their
// files, each once, with findings for those that fail.
func (tr *tree) check(want func(dir string) bool) (files []typed, bad []finding) {
	seen := map[*file]bool{}
	for _, p := range platforms {
		c := newChecker(tr, p)
		for _, dir := range slices.Sorted(maps.Keys(c.source)) {
			built := c.built(dir)
			if !want(dir) || !slices.ContainsFunc(built, func(f *file) bool { return !seen[f] }) {
				continue
			}
			if _, err := c.Import(importPath(dir)); err != nil {
				bad = append(bad, finding{file: built[0].name, line: 1, rule: "types", text: err.Error()})
			}
			bad = append(bad, c.wrong[dir]...)
			for _, f := range built {
				if !seen[f] {
					files = append(files, typed{f, c.info})
				}
				seen[f] = true
			}
		}
	}
	for dir, source := range tr.packages() {
		for _, f := range source {
			if want(dir) && !seen[f] {
				bad = append(bad, tr.at(f, f.syntax.Name, "types", "no platform that is checked builds this file; change its build constraint, or add the platform to the rules"))
			}
		}
	}
	return files, bad
}

// importPath is the import path of a directory of the module.
func importPath(dir string) string {
	if dir == "." {
		return module
	}
	return module + "/" + dir
}

// A checker imports packages from source: the tree's with full bodies, the
// standard library's without. Packages of other modules are empty, and what is
// used of them is not an error.
type checker struct {
	tree    *tree
	context build.Context
	source  map[string][]*file
	fset    *token.FileSet // of the standard library
	done    map[string]*types.Package
	wrong   map[string][]finding // type errors, by directory
	info    *types.Info
}

func newChecker(tr *tree, p platform) *checker {
	c := &checker{
		tree: tr, context: build.Default, source: tr.packages(), fset: token.NewFileSet(),
		done: map[string]*types.Package{"unsafe": types.Unsafe}, wrong: map[string][]finding{},
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{},
			Defs:  map[*ast.Ident]types.Object{},
			Uses:  map[*ast.Ident]types.Object{},
		},
	}
	c.context.GOOS, c.context.GOARCH, c.context.BuildTags = "linux", p.arch, p.tags
	c.context.CgoEnabled = false
	if p.arch == "386" { // passes arguments on the stack
		c.context.ToolTags = slices.DeleteFunc(slices.Clone(c.context.ToolTags), func(tag string) bool {
			return strings.HasPrefix(tag, "goexperiment.regabi")
		})
	}
	return c
}

// built are the files of a directory that the platform builds.
func (c *checker) built(dir string) []*file {
	return slices.DeleteFunc(slices.Clone(c.source[dir]), func(f *file) bool {
		ok, err := c.context.MatchFile(filepath.Join(c.tree.root, f.dir), filepath.Base(f.name))
		return err != nil || !ok
	})
}

// Import returns a package, for the type checker.
func (c *checker) Import(name string) (*types.Package, error) {
	if p, ok := c.done[name]; ok && p == nil {
		return nil, fmt.Errorf("import cycle through %s", name)
	} else if ok {
		return p, nil
	}
	c.done[name] = nil
	var p *types.Package
	var err error
	if name == module || strings.HasPrefix(name, module+"/") {
		p, err = c.own(name)
	} else if dir := standard(c.context.GOROOT, name); dir != "" {
		p, err = c.standard(name, dir)
	} else {
		p = types.NewPackage(name, filepath.Base(name))
		p.MarkComplete()
	}
	c.done[name] = p
	return p, err
}

// own type-checks a package of the tree. Its type errors become findings; who
// imports it gets what could be understood.
func (c *checker) own(name string) (*types.Package, error) {
	dir := strings.TrimPrefix(strings.TrimPrefix(name, module), "/")
	var files []*ast.File
	foreign := false
	for _, f := range c.built(dir) {
		files = append(files, f.syntax)
		foreign = foreign || slices.ContainsFunc(imports(f), c.isForeign)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no package %s", name)
	}
	config := types.Config{Importer: c, Sizes: types.SizesFor("gc", c.context.GOARCH)}
	config.Error = func(err error) {
		var e types.Error
		if !foreign && errors.As(err, &e) { // else it may be about what is used of an empty package
			at := c.tree.fset.Position(e.Pos)
			c.wrong[dir] = append(c.wrong[dir], finding{file: at.Filename, line: at.Line, rule: "types", text: e.Msg})
		}
	}
	p, _ := config.Check(name, c.tree.fset, files, c.info)
	return p, nil
}

// isForeign reports whether a package is of another module.
func (c *checker) isForeign(name string) bool {
	return name != module && !strings.HasPrefix(name, module+"/") && name != "unsafe" && standard(c.context.GOROOT, name) == ""
}

// standard type-checks the declarations of a package of the standard library.
func (c *checker) standard(name, dir string) (*types.Package, error) {
	found, err := c.context.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, f := range found.GoFiles {
		syntax, err := parser.ParseFile(c.fset, filepath.Join(dir, f), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, syntax)
	}
	config := types.Config{Importer: c, Sizes: types.SizesFor("gc", c.context.GOARCH), IgnoreFuncBodies: true, FakeImportC: true}
	return config.Check(name, c.fset, files, nil)
}

// standard is the directory of a package of the standard library, or "".
func standard(goroot, name string) string {
	for _, dir := range []string{name, "vendor/" + name} {
		dir = filepath.Join(goroot, "src", filepath.FromSlash(dir))
		if s, err := os.Stat(dir); err == nil && s.IsDir() {
			return dir
		}
	}
	return ""
}
