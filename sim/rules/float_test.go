package rules

import (
	"go/ast"
	"go/token"
	"go/types"
)

// exactMath is what may be used of package math: what IEEE 754 defines to the
// last bit or what only moves bits. The rest differs between architectures.
var exactMath = map[string]bool{
	"Abs": true, "Ceil": true, "Copysign": true, "FMA": true, "Floor": true, "Frexp": true,
	"Inf": true, "IsInf": true, "IsNaN": true, "Ldexp": true, "Max": true, "Min": true,
	"Mod": true, "Modf": true, "NaN": true, "Nextafter": true, "Round": true, "RoundToEven": true,
	"Signbit": true, "Sqrt": true, "Trunc": true,
	"Float64bits": true, "Float64frombits": true, "Float32bits": true, "Float32frombits": true,
}

// integer judges a file that must not compute in floating point. Constants are
// computed by the compiler, exactly; passing a number on is no computation.
func (j *judge) integer(n ast.Node, _ []ast.Node) bool {
	const instead = "compute in integers (draw.Probability, nanoseconds), or in a file of figures that makes no event"
	switch n := n.(type) {
	case ast.Expr:
		if j.file.info.Types[n].Value != nil {
			return false
		}
	case *ast.IncDecStmt:
		if isFloat(j.typeOf(n.X)) {
			j.report(n, "float", "computes in floating point; %s", instead)
			return false
		}
	case *ast.AssignStmt:
		if operator(n.Tok) && isFloat(j.typeOf(n.Lhs[0])) {
			j.report(n, "float", "computes in floating point; %s", instead)
			return false
		}
	}
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if isFloat(j.typeOf(n.X)) || isFloat(j.typeOf(n.Y)) {
			j.report(n, "float", "computes in floating point; %s", instead)
			return false
		}
	case *ast.UnaryExpr:
		if n.Op == token.SUB && isFloat(j.typeOf(n.X)) {
			j.report(n, "float", "computes in floating point; %s", instead)
			return false
		}
	case *ast.CallExpr:
		if j.convertsFloat(n) {
			j.report(n, "float", "converts from or to floating point; %s", instead)
			return false
		}
	case *ast.Ident:
		o, ok := j.file.info.Uses[n].(*types.Func)
		if ok && o.Pkg() != nil && o.Pkg().Path() == "math" && o.Name() != "NaN" && o.Name() != "Inf" {
			j.report(n, "float", "uses math.%s; %s", n.Name, instead)
		}
	}
	return true
}

// careful judges a file that may compute in floating point, if it gives the
// same bits everywhere.
func (j *judge) careful(n ast.Node, around []ast.Node) bool {
	if e, ok := n.(ast.Expr); ok && j.file.info.Types[e].Value != nil {
		return false
	}
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.MUL && isFloat(j.typeOf(n)) && !j.rounded(around) {
			j.report(n, "fused", "an addition may be fused with this product on some architectures; write float64(x*y)")
		}
	case *ast.AssignStmt:
		if n.Tok == token.MUL_ASSIGN && isFloat(j.typeOf(n.Lhs[0])) {
			j.report(n, "fused", "an addition may be fused with this product on some architectures; write x = float64(x*y)")
		}
	case *ast.CallExpr:
		if j.convertsFloat(n) && isUnsigned(j.typeOf(n)) {
			j.report(n, "float", "converts a float to unsigned, where architectures differ on negative values; convert to int64 first")
		}
	case *ast.Ident:
		o, ok := j.file.info.Uses[n].(*types.Func)
		if ok && o.Pkg() != nil && o.Pkg().Path() == "math" && !exactMath[o.Name()] {
			j.report(n, "math", "uses math.%s, whose last bits differ between architectures; use the integer samplers or the logarithm of package draw", o.Name())
		}
	}
	return true
}

// rounded reports whether a product is rounded before anything is added to it:
// by an explicit conversion, or since what is done next is no addition.
func (j *judge) rounded(around []ast.Node) bool {
	for _, a := range around {
		switch a := a.(type) {
		case *ast.ParenExpr:
			continue
		case *ast.CallExpr:
			return j.file.info.Types[a.Fun].IsType()
		case *ast.BinaryExpr:
			return a.Op != token.ADD && a.Op != token.SUB
		}
		return false
	}
	return false
}

// convertsFloat reports whether a call is a conversion from or to a float.
func (j *judge) convertsFloat(call *ast.CallExpr) bool {
	return len(call.Args) == 1 && j.file.info.Types[call.Fun].IsType() &&
		(isFloat(j.typeOf(call)) || isFloat(j.typeOf(call.Args[0])))
}

// operator reports whether an assignment computes, like +=.
func operator(t token.Token) bool { return t != token.ASSIGN && t != token.DEFINE }

func isFloat(t types.Type) bool {
	b, ok := core(t).(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

func isUnsigned(t types.Type) bool {
	b, ok := core(t).(*types.Basic)
	return ok && b.Info()&types.IsUnsigned != 0
}
