package rules

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A judge looks at one file for what makes runs differ.
type judge struct {
	tree  *tree
	file  typed
	found []finding
}

// determinism checks each realm by its rules.
func determinism(tr *tree) []finding {
	files, found := tr.check(func(dir string) bool { return realmOf(dir) != nil })
	for _, f := range files {
		j := &judge{tree: tr, file: f}
		j.imports()
		walk(f.syntax, j.statement)
		walk(f.syntax, j.use)
		if mayFloat(f.name) {
			walk(f.syntax, j.careful)
		} else {
			walk(f.syntax, j.integer)
		}
		found = append(found, j.found...)
	}
	return slices.DeleteFunc(found, func(f finding) bool {
		r := realmOf(f.file)
		return r.rules != "" && !slices.Contains(strings.Fields(r.rules), f.rule)
	})
}

// realmOf is the realm that a directory or file belongs to, nil if none.
func realmOf(name string) *realm {
	for i := range realms {
		if inTree(realms[i].tree, name) {
			return &realms[i]
		}
	}
	return nil
}

func (j *judge) report(n ast.Node, rule, format string, a ...any) {
	j.found = append(j.found, j.tree.at(j.file.file, n, rule, format, a...))
}

// walk visits all nodes, each with those around it, innermost first. A visit
// that returns false leaves out what is inside.
func walk(root ast.Node, visit func(n ast.Node, around []ast.Node) bool) {
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[1:]
			return true
		}
		in := visit(n, stack)
		if in {
			stack = append([]ast.Node{n}, stack...)
		}
		return in
	})
}

// statement judges statements and expressions by themselves.
func (j *judge) statement(n ast.Node, _ []ast.Node) bool {
	switch n := n.(type) {
	case *ast.RangeStmt:
		switch core(j.typeOf(n.X)).(type) {
		case *types.Map:
			j.report(n, "map", "ranges over a map, whose order differs from run to run; walk a sorted slice, or slices.Sorted(maps.Keys(m))")
		case *types.Chan:
			j.report(n, "channel", "receives from a channel; a call gets all it needs in its arguments")
		}
		j.assigns(n, n.Key, n.Value)
	case *ast.GoStmt:
		j.report(n, "goroutine", "starts a goroutine; set a timer or send a message, the kernel's workers do the rest")
	case *ast.SelectStmt:
		j.report(n, "channel", "selects among channels; a node waits by returning, and is called again")
	case *ast.SendStmt:
		j.report(n, "channel", "sends on a channel; use env.Send between nodes and env.Announce within one")
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			j.report(n, "channel", "receives from a channel; a call gets all it needs in its arguments")
		}
	case *ast.CallExpr:
		j.builtin(n)
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			j.assigns(n, n.Lhs...)
		}
	case *ast.IncDecStmt:
		j.assigns(n, n.X)
	}
	return true
}

// builtin judges a call of a function of the language.
func (j *judge) builtin(call *ast.CallExpr) {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return
	}
	b, ok := j.file.info.Uses[id].(*types.Builtin)
	if !ok {
		return
	}
	switch b.Name() {
	case "close":
		j.report(call, "channel", "closes a channel; use env.Announce to tell others on the node")
	case "make":
		if _, ok := core(j.typeOf(call)).(*types.Chan); ok {
			j.report(call, "channel", "makes a channel; use env.Send between nodes and env.Announce within one")
		}
	case "print", "println":
		j.report(call, "io", "prints; use env.Observe, or return an error")
	}
}

// assigns judges what a statement writes to.
func (j *judge) assigns(at ast.Node, targets ...ast.Expr) {
	for _, t := range targets {
		if v := j.variable(t); v != nil && v.Parent() == v.Pkg().Scope() {
			j.report(at, "global", "writes to the package's variable %s, which runs side by side share; keep it in the node or the kernel", v.Name())
		}
	}
}

// variable is what an assignable expression belongs to, nil if it is a result
// of a call.
func (j *judge) variable(e ast.Expr) *types.Var {
	switch e := e.(type) {
	case *ast.Ident:
		v, _ := j.file.info.Uses[e].(*types.Var)
		if v != nil && v.Pkg() == nil {
			return nil
		}
		return v
	case *ast.ParenExpr:
		return j.variable(e.X)
	case *ast.StarExpr:
		return j.variable(e.X)
	case *ast.IndexExpr:
		return j.variable(e.X)
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			if _, ok := j.file.info.Uses[x].(*types.PkgName); ok {
				return j.variable(e.Sel)
			}
		}
		return j.variable(e.X)
	}
	return nil
}

// imports judges the packages that a file imports.
func (j *judge) imports() {
	for _, spec := range j.file.syntax.Imports {
		name := strings.Trim(spec.Path.Value, `"`)
		if name == "unsafe" || name == "C" {
			j.report(spec, "unsafe", "imports %q; write it in safe Go", name)
			continue
		}
		for _, b := range bannedPackages {
			if inTree(b.name, name) {
				j.report(spec, b.rule, "imports %q; %s", name, b.instead)
				break
			}
		}
	}
}

// use judges the names that a file uses of other packages.
func (j *judge) use(n ast.Node, around []ast.Node) bool {
	if call, ok := n.(*ast.CallExpr); ok {
		j.format(call)
	}
	id, ok := n.(*ast.Ident)
	if !ok {
		return true
	}
	o := j.file.info.Uses[id]
	if o == nil || o.Pkg() == nil {
		return true
	}
	name := qualified(o)
	if o.Pkg().Path() == "time" && o.Parent() == o.Pkg().Scope() && !allowedTime[o.Name()] {
		j.report(n, "clock", "uses %s; the time is env.Now, waiting is env.SetTimer", name)
	}
	if isMapsIterator[name] && j.isSorted(around) {
		return true
	}
	if b, ok := bannedNames[name]; ok && !(b.rule == "float" && mayFloat(j.file.name)) {
		j.report(n, b.rule, "uses %s; %s", name, b.instead)
	}
	return true
}

// isSorted reports whether an identifier is in pkg.f(x) that is the argument of
// slices.Sorted.
func (j *judge) isSorted(around []ast.Node) bool {
	if len(around) < 3 {
		return false
	}
	outer, ok := around[2].(*ast.CallExpr)
	if !ok || len(outer.Args) != 1 || outer.Args[0] != around[1] {
		return false
	}
	f, ok := outer.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	o := j.file.info.Uses[f.Sel]
	return o != nil && o.Pkg() != nil && qualified(o) == "slices.Sorted"
}

// typeOf is an expression's type, invalid if the checker found none.
func (j *judge) typeOf(e ast.Expr) types.Type {
	if t := j.file.info.TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// core is the type that decides what a statement does with a value: the
// underlying one, for a type parameter that of the first type it admits.
func core(t types.Type) types.Type {
	p, ok := t.(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	bound, _ := p.Constraint().Underlying().(*types.Interface)
	for i := range bound.NumEmbeddeds() {
		switch e := bound.EmbeddedType(i).(type) {
		case *types.Union:
			return e.Term(0).Type().Underlying()
		default:
			if _, isInterface := e.Underlying().(*types.Interface); !isInterface {
				return e.Underlying()
			}
		}
	}
	return t.Underlying()
}

// qualified is an object's name with its package's path, and its receiver's
// type if it is a method.
func qualified(o types.Object) string {
	name := o.Name()
	if f, ok := o.(*types.Func); ok {
		if recv := f.Signature().Recv(); recv != nil {
			t := recv.Type()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			if n, ok := t.(*types.Named); ok {
				name = n.Obj().Name() + "." + name
			}
		}
	}
	return o.Pkg().Path() + "." + name
}
