package scenarios

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Scenario is a file that was read and found right. Make one with [Load] or
// [Parse].
type Scenario struct {
	Meshsim     Version           `key:"meshsim" required:"true" example:"1" doc:"version of the scenario language"`
	Name        Name              `key:"name" required:"true" example:"my-scenario" doc:"what the scenario is called; also names the directory of its results"`
	Description string            `key:"description" doc:"what it shows, in a sentence"`
	Run         Execution         `key:"run" doc:"how long and how often it runs"`
	Nodes       strict.Map[Group] `key:"nodes" required:"true" example:"{core: {count: 100}}" doc:"groups of nodes; the members of core are core-0, core-1 …"`
	Topology    Topology          `key:"topology" default:"full" doc:"who knows whom"`
	Network     Network           `key:"network" doc:"what happens to messages on their way"`
	Protocols   Protocols         `key:"protocols" alias:"protocol" doc:"what every node runs; a group may override it"`
	Workload    []Traffic         `key:"workload" doc:"what enters the mesh from outside"`
	Faults      []Fault           `key:"faults" doc:"what goes wrong, and when"`
	Metrics     Metrics           `key:"metrics" doc:"what is recorded"`
	Expect      Expect            `key:"expect" doc:"what must hold"`
	Sweep       *Sweep            `key:"sweep" doc:"points to run the scenario at: which fields take which values; meshsim sweep runs them"`

	open   opener
	again  origin     // to read it at another point
	inputs []string   // the files that it names, each with the digest of its content
	plan   layout     // where the groups' nodes are
	always int        // of base.Checks, the first so many are to hold and the others to be violated
	base   sim.Config // all of a run but its seed and what derives from it
	loads  []loadPlan
	edges  []byte // of a topology from a file

	warnings []strict.Problem
}

// Warnings are what is most likely not meant, though it can be run.
func (s *Scenario) Warnings() []strict.Problem { return s.warnings }

// Execution says how long and how often a scenario runs.
type Execution struct {
	Duration time.Duration `key:"duration" default:"60s" min:"1ns" max:"87600h" doc:"simulated time"`
	Warmup   time.Duration `key:"warmup" default:"0s" doc:"what begins earlier counts in no figure"`
	Seed     uint64        `key:"seed" default:"1" doc:"root of all randomness"`
	Repeat   int           `key:"repeat" default:"1" min:"1" max:"100000" doc:"independent replications, each with a seed of its own"`
	Crypto   string        `key:"crypto" default:"costed" enum:"costed,real" doc:"the arithmetic of signatures and tags: costed, a hash in their place that only the key's holder can make, or real, ed25519 and HMAC-SHA-256; the simulated time is the same"`
	Stop     []string      `key:"stop" default:"[violation]" enum:"violation,reached" doc:"end a run early: at the first violated property, or when everything has reached what is expected eventually"`
}

// Version is the version of the language that a file is written in.
type Version int

// Current is the version that this package reads.
const Current Version = 1

// UnmarshalText refuses versions that it cannot read.
func (v *Version) UnmarshalText(b []byte) error {
	var n int
	if _, err := fmt.Sscanf(string(b), "%d", &n); err != nil || fmt.Sprint(n) != string(b) || n < 1 {
		return fmt.Errorf("%q is not a version; write %d", b, Current)
	}
	if Version(n) > Current {
		return fmt.Errorf("version %d is newer than this meshsim, which reads up to %d; get a newer meshsim", n, Current)
	}
	*v = Version(n)
	return nil
}

// MarshalText writes the number.
func (v Version) MarshalText() ([]byte, error) { return fmt.Append(nil, int(v)), nil }

// Name is a word that can be the name of a directory.
type Name string

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$`)

// UnmarshalText refuses what a directory could not be called.
func (n *Name) UnmarshalText(b []byte) error {
	if !nameForm.Match(b) {
		return fmt.Errorf("%.60q cannot name a directory; write letters, digits, - _ and ., at most 100", b)
	}
	*n = Name(b)
	return nil
}

// MarshalText writes the name.
func (n Name) MarshalText() ([]byte, error) { return []byte(n), nil }

// An opener opens the files that a scenario names.
type opener func(name string) (fs.File, error)

// Load reads a scenario file. Overrides are path=value, as in run.seed=7, and
// stand for values written in the file. A bare word that is no file, or only a
// directory, names a scenario of the library. The error is a *strict.Problems if the file can be
// read at all.
func Load(path string, overrides []string) (*Scenario, error) {
	text, err := readFile(path)
	if (errors.Is(err, fs.ErrNotExist) || isDir(path)) && wordForm.MatchString(path) {
		return fromLibrary(path, overrides)
	}
	if err != nil {
		return nil, err
	}
	return Parse(path, text, overrides)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readFile reads a file, of a large one only as much as it takes to refuse it.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, strict.MaxBytes+1))
}

// Parse is Load with the file's content given. Files that it names are looked
// for beside name.
func Parse(name string, text []byte, overrides []string) (*Scenario, error) {
	return parse(name, text, overrides, func(file string) (fs.File, error) {
		if filepath.IsAbs(file) {
			return os.Open(file)
		}
		return os.Open(filepath.Join(filepath.Dir(name), file))
	})
}

func parse(name string, text []byte, overrides []string, open opener) (*Scenario, error) {
	return origin{name, text, overrides, open}.parse(nil)
}

// An origin is what a scenario was read from.
type origin struct {
	name      string
	text      []byte
	overrides []string
	open      opener
}

// parse reads the scenario, at a point of its sweep if one is given.
func (from origin) parse(at []Setting) (*Scenario, error) {
	d := strict.Parse(from.name, from.text, from.overrides)
	for _, v := range at {
		d.Put(v.Path, v.Value)
	}
	s := &Scenario{open: from.open, again: from}
	d.Decode(s)
	if at != nil {
		s.Sweep = nil
	}
	if d.Readable() {
		c := &compiler{Decoder: d, Scenario: s}
		c.compile()
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	s.warnings = d.Warnings()
	return s, nil
}
