package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"meshsim/scenarios"
	"meshsim/scenarios/strict"
)

// choice is what the command line changes in a scenario.
type choice struct {
	set     []string
	seed    uint64
	repeat  int
	changed func(flag string) bool
}

func (o *choice) flags(c *cobra.Command) {
	f := c.Flags()
	o.changed = f.Changed
	f.StringArrayVar(&o.set, "set", nil, "change a field, as often as wanted: `PATH=VALUE`, as in --set network.default.loss=5%")
	c.RegisterFlagCompletionFunc("set", completeSet)
	f.Uint64Var(&o.seed, "seed", 0, "seed `N` in place of run.seed, as in --seed 7")
}

// mostRepeats is the most replications that one can ask for.
const mostRepeats = 100_000

// overrides are the fields to change, in the form of --set.
func (o *choice) overrides() []string {
	list := slices.Clip(o.set)
	if o.changed("seed") {
		list = append(list, fmt.Sprintf("run.seed=%d", o.seed))
	}
	if o.repeat > 0 {
		list = append(list, fmt.Sprintf("run.repeat=%d", o.repeat))
	}
	return list
}

// oneScenario accepts the name of one scenario.
func (a *app) oneScenario(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return usage("%s needs a scenario: a file, - for standard input, or one of the library, as in: %s quickstart", c.CommandPath(), c.CommandPath())
	case len(args) == 2 && c.Flags().Changed("trace"):
		return usage("%s takes one scenario, got 2: %s; if %s belongs to --trace, write --trace=%s", c.CommandPath(), shell(args...), args[1], args[1])
	case len(args) > 1:
		return usage("%s takes one scenario, got %d: %s", c.CommandPath(), len(args), shell(args...))
	}
	return nil
}

// completeScenario offers the scenarios of the library, and YAML files.
func (a *app) completeScenario(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, e := range scenarios.Library() {
		names = append(names, cobra.CompletionWithDesc(e.Name, e.Description))
	}
	return names, cobra.ShellCompDirectiveDefault
}

// load reads a scenario: a file, - for standard input, or, where no file has the
// name, one of the library. A directory is no file: results that lie in the
// working directory have the names of their scenarios.
func (a *app) load(name string, overrides []string) (*scenarios.Scenario, error) {
	if name == "-" {
		text, err := io.ReadAll(io.LimitReader(a.in, strict.MaxBytes+1))
		if err != nil {
			return nil, fmt.Errorf("reading standard input: %w", err)
		}
		return scenarios.Parse("standard-input", text, overrides)
	}
	switch info, err := os.Stat(name); {
	case err == nil && info.IsDir() && !inLibrary(name):
		return nil, usage("%s is a directory; name a scenario in it, as in %s", name, filepath.Join(name, "scenario.yaml"))
	case errors.Is(err, fs.ErrNotExist) && !inLibrary(name):
		return nil, usage("there is no file %q%s", name, suggestScenario(name))
	}
	return scenarios.Load(name, overrides)
}

func inLibrary(name string) bool {
	return slices.ContainsFunc(scenarios.Library(), func(e scenarios.LibraryEntry) bool { return e.Name == name })
}

// suggestScenario says what to write in place of a name that is none.
func suggestScenario(name string) string {
	if strings.ContainsRune(name, '/') {
		return ""
	}
	var names []string
	for _, e := range scenarios.Library() {
		names = append(names, e.Name)
	}
	if w := strict.Nearest(strings.TrimSuffix(name, ".yaml"), names); w != "" {
		return fmt.Sprintf("; did you mean %s, of the library?", w)
	}
	return ", nor has the library a scenario of that name; meshsim list scenarios shows those that ship"
}
