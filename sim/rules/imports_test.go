package rules

import (
	"fmt"
	"go/ast"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// imports lists what a file imports.
func imports(f *file) []string {
	var names []string
	for _, spec := range f.syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic("rules: " + f.name + ": " + err.Error()) // it was parsed
		}
		names = append(names, name)
	}
	return names
}

// direction checks who imports whom.
func direction(tr *tree) []finding {
	found := topLevel(tr)
	for _, f := range tr.goFiles() {
		if f.isTest() {
			continue
		}
		i := slices.IndexFunc(layers, func(l layer) bool { return inTree(l.tree, f.dir) })
		if i < 0 {
			found = append(found, tr.at(f, f.syntax.Name, "layer", "package %s has no place; put it below sim, protocols, scenarios, report or cmd", f.dir))
			continue
		}
		for k, name := range imports(f) {
			if text := misplaced(layers[i], f, name); text != "" {
				found = append(found, tr.at(f, f.syntax.Imports[k], "layer", "%s", text))
			}
		}
	}
	return append(found, resultsOnly(tr)...)
}

// topLevel checks that no file stands beside the module's trees and what every
// repository has; direction looks after packages.
func topLevel(tr *tree) []finding {
	var found []finding
	for _, f := range tr.files {
		first, _, _ := strings.Cut(f.name, "/")
		if f.syntax == nil && !strings.HasPrefix(first, ".") && !slices.Contains(top, first) {
			found = append(found, finding{file: f.name, line: 1, rule: "layer", text: "the top level holds " + strings.Join(top, ", ") + "; put it below one of them"})
		}
	}
	return found
}

// misplaced tells what is wrong with a file's import, "" if nothing.
func misplaced(l layer, f *file, name string) string {
	if dir, ok := strings.CutPrefix(name, module+"/"); ok {
		if dir == f.dir || inAny(l.packages, dir) {
			return ""
		}
		return fmt.Sprintf("%s must not import %s; it may import %s", f.dir, dir, orNone(l.packages))
	}
	if first, _, _ := strings.Cut(name, "/"); !strings.Contains(first, ".") {
		return ""
	}
	for prefix, only := range single {
		if (name == prefix || strings.HasPrefix(name, prefix+"/")) && f.name != only {
			return fmt.Sprintf("%s is imported by %s alone; call that", name, only)
		}
	}
	for _, prefix := range l.modules {
		if name == prefix || strings.HasPrefix(name, prefix+"/") {
			return ""
		}
	}
	return fmt.Sprintf("%s must not import %s; of other modules it may import %s", f.dir, name, orNone(l.modules))
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

// resultsOnly checks that report knows of sim what a run yields and no more.
func resultsOnly(tr *tree) []finding {
	declared := map[string]bool{}
	for _, f := range tr.goFiles() {
		if slices.Contains(resultFiles, f.name) {
			for _, d := range f.syntax.Decls {
				for _, name := range declares(d) {
					declared[name] = true
				}
			}
		}
	}
	var found []finding
	for _, f := range tr.goFiles() {
		if f.isTest() || !inTree("report/...", f.dir) || !slices.Contains(imports(f), module+"/sim") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "sim" && !declared[s.Sel.Name] {
				found = append(found, tr.at(f, s, "layer", "report uses sim.%s; of sim it may use what %s declare", s.Sel.Name, bases(resultFiles)))
			}
			return true
		})
	}
	return found
}

// declares lists the names that a declaration makes at the top of a file.
func declares(d ast.Decl) []string {
	var names []string
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}

func bases(files []string) string {
	var b []string
	for _, f := range files {
		b = append(b, filepath.Base(f))
	}
	return strings.Join(b, ", ")
}
