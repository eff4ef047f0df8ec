package rules

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// A ban names a package (or a tree, "os/...") or a thing of one, the rule that
// forbids it and what to use instead.
type ban struct{ name, rule, instead string }

const (
	useEnvRand = "draw from env.Rand or a draw.Rand, which belong to the event"
	noThreads  = "each datum has one owner, so there is nothing to lock"
	noInOut    = "take an io.Reader, or what was read of it, as an argument"
	noMachine  = "nothing may depend on the machine or the runtime"
)

// bannedPackages must not be imported where events are made.
var bannedPackages = []ban{
	{"sync/...", "import", noThreads},
	{"context", "import", "a call is never cancelled; end it"},
	{"math/rand/...", "random", useEnvRand},
	{"crypto/rand", "random", useEnvRand},
	{"hash/maphash", "random", "its seed differs from run to run; use hash/fnv, hash/crc32 or draw.DeriveString"},
	{"crypto/ecdsa", "random", "its signatures draw from the system; use crypto/ed25519"},
	{"crypto/rsa", "random", "its signatures draw from the system; use crypto/ed25519"},
	{"crypto/tls", "io", noInOut},
	{"crypto/x509", "io", noInOut},
	{"encoding/gob", "map", "it writes maps in their own order; write bytes with protocols/wire"},
	{"os/...", "io", noInOut},
	{"io/ioutil", "io", noInOut},
	{"path/filepath", "io", "paths differ between systems; use path"},
	{"net/...", "io", "use env.Send"},
	{"syscall", "io", noInOut},
	{"log/...", "io", "use env.Observe, or return an error"},
	{"testing/...", "import", "test code belongs in _test.go files"},
	{"flag", "io", "take it as an argument"},
	{"plugin", "import", noMachine},
	{"runtime/...", "import", noMachine},
	{"weak", "import", "when memory is collected differs from run to run; " + noMachine},
	{"math/cmplx", "float", "its functions differ between architectures"},
}

// bannedNames must not be used where events are made.
var bannedNames = map[string]ban{
	"maps.Keys":                   {"", "map", "the order differs from run to run; write slices.Sorted(maps.Keys(m))"},
	"maps.Values":                 {"", "map", "the order differs from run to run; walk the sorted keys"},
	"maps.All":                    {"", "map", "the order differs from run to run; walk the sorted keys"},
	"maps.DeleteFunc":             {"", "map", "it calls in an order that differs from run to run; walk the sorted keys"},
	"reflect.Value.MapKeys":       {"", "map", "the order differs from run to run; sort them by hand in plain Go"},
	"reflect.Value.MapRange":      {"", "map", "the order differs from run to run; walk sorted keys in plain Go"},
	"reflect.Value.Seq":           {"", "map", "the order may differ from run to run; write it in plain Go"},
	"reflect.Value.Seq2":          {"", "map", "the order may differ from run to run; write it in plain Go"},
	"reflect.Value.Pointer":       {"", "unsafe", "addresses differ from run to run; number things in their own order"},
	"reflect.Value.UnsafePointer": {"", "unsafe", "addresses differ from run to run; number things in their own order"},
	"reflect.Value.UnsafeAddr":    {"", "unsafe", "addresses differ from run to run; number things in their own order"},
	"reflect.Select":              {"", "channel", "a node waits by returning, and is called again"},
	"crypto/ed25519.GenerateKey":  {"", "random", "use ed25519.NewKeyFromSeed with a seed derived from the scenario's"},
	"time.Duration.Seconds":       {"", "float", "compute in integer nanoseconds"},
	"time.Duration.Minutes":       {"", "float", "compute in integer nanoseconds"},
	"time.Duration.Hours":         {"", "float", "compute in integer nanoseconds"},
	"iter.Pull":                   {"", "goroutine", "range over the sequence"},
	"iter.Pull2":                  {"", "goroutine", "range over the sequence"},
	"fmt.Print":                   {"", "io", "use env.Observe, or return an error"},
	"fmt.Printf":                  {"", "io", "use env.Observe, or return an error"},
	"fmt.Println":                 {"", "io", "use env.Observe, or return an error"},
}

// isMapsIterator holds the names that slices.Sorted makes harmless.
var isMapsIterator = map[string]bool{"maps.Keys": true, "maps.Values": true}

// allowedTime is what may be used of package time: lengths of time, not times.
var allowedTime = map[string]bool{
	"Duration": true, "ParseDuration": true, "Nanosecond": true, "Microsecond": true,
	"Millisecond": true, "Second": true, "Minute": true, "Hour": true,
}

// format judges a call of a function of fmt: what prints as an address differs
// from run to run, and a map is printed by sorting it each time.
func (j *judge) format(call *ast.CallExpr) {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	o, ok := j.file.info.Uses[f.Sel].(*types.Func)
	if !ok || o.Pkg() == nil || o.Pkg().Path() != "fmt" || strings.Contains(o.Name(), "scan") {
		return // what scans takes addresses
	}
	for _, a := range call.Args {
		if v := j.file.info.Types[a].Value; v != nil {
			if v.Kind() == constant.String && strings.Contains(constant.StringVal(v), "%p") {
				j.report(a, "print", "prints an address, which differs from run to run; print an identity")
			}
			continue
		}
		switch printed(j.typeOf(a), true, map[types.Type]bool{}) {
		case "map":
			j.report(a, "print", "prints a map; print a sorted slice of what matters in it")
		case "address":
			j.report(a, "print", "prints an address, which differs from run to run; print an identity")
		}
	}
}

// printed tells what is doubtful in how fmt prints a value: "map", "address" or
// "". At the top, fmt follows a pointer; values that print themselves, and
// interfaces, are not looked into.
func printed(t types.Type, top bool, seen map[types.Type]bool) string {
	if seen[t] || printsItself(t) {
		return ""
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Map:
		return "map"
	case *types.Chan, *types.Signature:
		return "address"
	case *types.Basic:
		if u.Kind() == types.UnsafePointer {
			return "address"
		}
	case *types.Pointer:
		switch u.Elem().Underlying().(type) {
		case *types.Struct, *types.Slice, *types.Array, *types.Map:
			if top {
				return printed(u.Elem(), false, seen)
			}
		}
		return "address"
	case *types.Slice:
		return printed(u.Elem(), false, seen)
	case *types.Array:
		return printed(u.Elem(), false, seen)
	case *types.Struct:
		for i := range u.NumFields() {
			if p := printed(u.Field(i).Type(), false, seen); p != "" {
				return p
			}
		}
	}
	return ""
}

// printsItself reports whether a type has a method that fmt calls.
func printsItself(t types.Type) bool {
	methods := types.NewMethodSet(t)
	for _, name := range []string{"String", "Error", "Format"} {
		if methods.Lookup(nil, name) != nil {
			return true
		}
	}
	return false
}
