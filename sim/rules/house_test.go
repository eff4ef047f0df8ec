package rules

import (
	"path"
	"slices"
	"strings"
)

// An exception lets some files, or one function of a file, break a rule.
type exception struct {
	files    string // pattern of path.Match, from the module's root; "dir/..." is a whole tree
	function string // "name" or "type.name"; empty: the whole file
	rules    string // separated by spaces
	why      string
}

var exceptions = []exception{
	{"protocols/live/...", "", "import channel goroutine clock random io float global", "drives nodes with the real clock and real sockets"},
	{"protocols/protocoltest/...", "", "import io", "is linked into tests only"},

	{"sim/parallel.go", "", "import goroutine", "runs the kernel's workers"},
	{"sim/run.go", "kernel.cancelled", "channel", "asks whether the user interrupts the run, which no event depends on"},
	{"sim/fetch.go", "", "unsafe", "loads the states of nodes ahead of their use"},

	{"scenarios/availability/fit.go", "", "math", "fits are read by people; no event depends on them"},
}

// floats are the files that may compute with floating-point numbers, under the
// rules for doing so: probes and metrics, which come after the events, and the
// makers of draw's tables, which round to integers with room to spare.
var floats = []string{
	"sim/metrics.go",
	"sim/figures.go",
	"sim/connected.go",
	"protocols/*/probe.go",
	"protocols/*/*/probe.go",
	"protocols/*/coverage.go",
	"protocols/gossip/estimates.go",
	"protocols/draw/float.go",
	"protocols/draw/fixed.go",
	"protocols/draw/normal.go",
	"protocols/draw/shapes.go",
	"protocols/draw/transform.go",
	"protocols/draw/dist.go",
	"protocols/draw/zipf.go",
}

// A realm is a tree with the rules of determinism that hold in it.
type realm struct {
	tree  string
	rules string // separated by spaces; empty: all
}

// realms are where determinism matters: where events are made, all of it; where
// their parameters are, what they are computed from; where output is made, its
// order.
var realms = []realm{
	{"sim/...", ""},
	{"protocols/...", ""},
	{"scenarios/...", "types map random fused math float"},
	{"report/...", "types map"},
	{"cmd/...", "types map"},
}

// mayFloat reports whether a file may compute in floating point.
func mayFloat(name string) bool {
	return !inTree("sim/...", name) && !inTree("protocols/...", name) || inAny(floats, name)
}

// top is what the top level of the repository holds, besides hidden files.
var top = []string{"sim", "protocols", "scenarios", "report", "cmd", "go.mod", "go.sum", "README.md", "LICENSE"}

// A layer says what the packages of a tree may import besides the standard
// library.
type layer struct {
	tree     string   // package or, with "/...", the packages below it, too; the first that matches counts
	packages []string // of this module, in the same form
	modules  []string // other modules, by prefix
}

// The layers: imports run from the command down to the contract.
var layers = []layer{
	{tree: "protocols/draw"},
	{tree: "protocols/wire"},
	{tree: "protocols/quorum"},
	{tree: "protocols/keys", packages: []string{"protocols", "protocols/draw"}},
	// What replicated protocols share: a state machine, and clients with their checks.
	{tree: "protocols/kv", packages: leaves},
	{tree: "protocols/linear", packages: append([]string{"protocols/kv"}, leaves...),
		modules: []string{"github.com/anishathalye/porcupine"}},
	{tree: "protocols/client", packages: append([]string{"protocols/kv", "protocols/linear"}, leaves...)},
	{tree: "protocols/raft", packages: append([]string{"protocols/kv", "protocols/client", "protocols/linear"}, leaves...)},
	{tree: "protocols/pbft", packages: append([]string{"protocols/kv", "protocols/client", "protocols/linear"}, leaves...)},
	{tree: "protocols/wal", packages: []string{"protocols", "protocols/draw"}},
	{tree: "protocols", packages: []string{"protocols/draw"}},
	{tree: "protocols/protocoltest", packages: []string{"protocols", "protocols/draw", "protocols/wire", "protocols/keys"}},
	{tree: "protocols/live/...", packages: []string{"protocols/..."}},
	// A protocol imports another only for its messages and events.
	{tree: "protocols/byzantine", packages: []string{"protocols/..."}},
	{tree: "protocols/auction", packages: append([]string{"protocols/task"}, leaves...)},
	{tree: "protocols/balance", packages: append([]string{"protocols/task"}, leaves...)},
	{tree: "protocols/worksteal", packages: append([]string{"protocols/task"}, leaves...)},
	{tree: "protocols/capability", packages: append([]string{"protocols/task"}, leaves...)},
	{tree: "protocols/dht/placement", packages: append([]string{"protocols/task", "protocols/dht"}, leaves...)},
	{tree: "protocols/task/tasktest", packages: []string{"protocols", "protocols/task"}}, // is linked into tests only
	{tree: "protocols/...", packages: leaves},

	{tree: "sim/...", packages: []string{"sim/...", "protocols", "protocols/draw", "protocols/keys"}},
	{tree: "scenarios/...", packages: []string{"scenarios/...", "sim/...", "protocols/...", "report/stats"},
		modules: []string{"gopkg.in/yaml.v3"}},

	{tree: "report/stats", modules: []string{"gonum.org/v1/gonum"}},
	{tree: "report/unit"},
	{tree: "report/chart", packages: []string{"report/unit", "report/stats"},
		modules: []string{"gonum.org/v1/plot", "golang.org/x/image", "codeberg.org/go-fonts", "codeberg.org/go-pdf"}},
	{tree: "report/...", packages: []string{"report/...", "sim", "protocols"},
		modules: []string{"gonum.org/v1/gonum", "gonum.org/v1/plot"}},

	{tree: "cmd/meshsim", packages: []string{"report/...", "scenarios/...", "sim/...", "protocols/..."},
		modules: []string{"github.com/spf13", "github.com/vbauerster/mpb/v8", "golang.org/x/term"}},
}

// leaves are what every protocol may import.
var leaves = []string{"protocols", "protocols/draw", "protocols/wire", "protocols/quorum", "protocols/wal"}

// single are modules that one file alone may import, so that they can be
// replaced by changing it.
var single = map[string]string{"gopkg.in/yaml.v3": "scenarios/strict/yaml.go"}

// resultFiles declare what report may use of package sim.
var resultFiles = []string{"sim/result.go", "sim/trace.go", "sim/histogram.go", "sim/metrics.go", "sim/figures.go", "sim/waits.go"}

// Limits of size, in lines, tests and generated files aside.
const (
	fileLines     = 350
	functionLines = 70
)

// inTree reports whether a path is matched by a pattern: one of path.Match, or
// "dir/..." for dir and all below.
func inTree(pattern, name string) bool {
	if dir, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == dir || strings.HasPrefix(name, dir+"/")
	}
	ok, err := path.Match(pattern, name)
	if err != nil {
		panic("rules: bad pattern " + pattern)
	}
	return ok
}

// inAny is inTree for several patterns.
func inAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if inTree(p, name) {
			return true
		}
	}
	return false
}

// excuse returns the exception that a finding is under, nil if none.
func excuse(f finding) *exception {
	for i, e := range exceptions {
		if inTree(e.files, f.file) && (e.function == "" || e.function == f.function) &&
			slices.Contains(strings.Fields(e.rules), f.rule) {
			return &exceptions[i]
		}
	}
	return nil
}
