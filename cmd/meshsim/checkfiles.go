package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"meshsim/scenarios"
	"meshsim/scenarios/guard"
	"meshsim/scenarios/strict"
)

// subject is one scenario of a check.
type subject struct {
	name     string      // as it is typed and shown: a file, or one of the library
	file     string      // "" for one of the library
	baseline string      // its file
	foreign  bool        // the baseline cannot be used, and is not written over
	written  bool        // the baseline was written now
	held     *guard.Case // nil if the scenario cannot be read
	findings []finding
}

const baselineSuffix = ".baseline.json"

// find lists the scenarios that the arguments name.
func (k *checking) find() error {
	if len(k.args) == 0 {
		return usage("meshsim check needs scenarios: a directory of them, files, or names of the library, as in: meshsim check scenarios")
	}
	for _, arg := range k.args {
		info, err := os.Stat(arg)
		switch {
		case arg == "-":
			return usage("meshsim check reads no scenario from standard input, which has no baseline; write a file's name")
		case err == nil && info.IsDir() && !inLibrary(arg):
			if err := k.directory(arg); err != nil {
				return err
			}
		case err == nil && !info.IsDir():
			k.add(filepath.Clean(arg), arg)
		case inLibrary(arg):
			k.add(arg, "")
		case errors.Is(err, fs.ErrNotExist):
			return usage("there is no file or directory %q%s", arg, suggestScenario(arg))
		default:
			return err
		}
	}
	seen := map[string]string{}
	for _, s := range k.subjects {
		if other, twice := seen[s.baseline]; twice {
			return usage("%s and %s have the same baseline, %s; rename one, or check them without --baseline", other, s.name, s.baseline)
		}
		seen[s.baseline] = s.name
	}
	return nil
}

// add takes a scenario, once.
func (k *checking) add(name, file string) {
	if !slices.ContainsFunc(k.subjects, func(s *subject) bool { return s.name == name }) {
		k.subjects = append(k.subjects, &subject{name: name, file: file, baseline: k.baselineOf(name)})
	}
}

// baselineOf is where the baseline of a scenario is.
func (k *checking) baselineOf(name string) string {
	return k.keptIn(strings.TrimSuffix(name, filepath.Ext(name))) + baselineSuffix
}

// keptIn is where the baselines of what is at a path are: there, or at the same
// path below --baseline.
func (k *checking) keptIn(path string) string {
	if k.checkOptions.baseline == "" {
		return path
	}
	path = filepath.ToSlash(filepath.Clean(path))
	if at, err := os.Getwd(); err == nil && filepath.IsAbs(path) {
		if rel, err := filepath.Rel(at, path); err == nil {
			path = filepath.ToSlash(rel)
		}
	}
	for strings.HasPrefix(path, "../") {
		path = path[len("../"):]
	}
	return filepath.Join(k.checkOptions.baseline, path)
}

// scenarioForm tells a scenario from other YAML files.
var scenarioForm = regexp.MustCompile(`(?m)^\{?\s*["']?meshsim["']?\s*:`)

// directory takes all scenarios below a directory, but for those among results, in
// hidden directories and in testdata.
func (k *checking) directory(dir string) error {
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch hidden := strings.HasPrefix(d.Name(), ".") || d.Name() == "meshsim-out" || d.Name() == "testdata"; {
		case err != nil:
			return err
		case d.IsDir() && hidden && path != dir:
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".yaml":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !scenarioForm.Match(text) {
			k.log().Debug("no scenario", "file", path)
			return nil
		}
		k.add(path, path)
		found = true
		return nil
	})
	if err == nil && !found {
		return usage("there is no scenario in %s: no file *.yaml that begins with meshsim: 1", dir)
	}
	return err
}

// plan reads the scenarios and their baselines. What is wrong with one does not
// keep the others from being checked.
func (k *checking) plan(asked guard.Asked) error {
	list := k.choice
	list.repeat = 0 // the baseline may say
	version := engine()
	for _, s := range k.subjects {
		loaded, err := k.load(s.name, list.overrides())
		var base *guard.Baseline
		var bad error
		if err == nil {
			base, bad = guard.Read(s.baseline, string(loaded.Name))
			s.held, err = guard.New(loaded, base, version, asked)
		}
		if err != nil {
			s.held, s.findings = nil, unreadable(s, err)
		}
		if bad != nil {
			s.findings = append(s.findings, finding{Part: "baseline", Name: s.baseline, Outcome: scenarios.Undecided, code: exitInconclusive,
				Text: strings.TrimPrefix(bad.Error(), s.baseline+" "), Command: "rm " + shell(s.baseline)})
			s.foreign = true
		}
	}
	if err := k.known(asked); err != nil {
		return err
	}
	gone := k.gone()
	k.subjects = k.part()
	if k.shard.Index <= 1 {
		k.subjects = append(k.subjects, gone...)
	}
	return nil
}

// part are the scenarios of the shard; those that cannot be read are told by the
// first.
func (k *checking) part() []*subject {
	mine := guard.Shard(k.cases(), k.shard)
	return slices.DeleteFunc(k.subjects, func(s *subject) bool {
		if s.held == nil {
			return k.shard.Index > 1
		}
		return !slices.Contains(mine, s.held)
	})
}

// unreadable are the findings of a scenario that cannot be read.
func unreadable(s *subject, err error) []finding {
	one := finding{Part: "scenario", Name: "valid", Outcome: outcomeError, code: exitUsage, Command: "meshsim validate " + shell(s.name)}
	var problems *strict.Problems
	if !errors.As(err, &problems) {
		one.Text = err.Error()
		return []finding{one}
	}
	var list []finding
	for _, p := range problems.List {
		f := one
		f.Text = strings.TrimPrefix(p.Error(), fmt.Sprintf("%s:%d:%d: ", p.Source, p.Line, p.Column))
		f.Place = guard.Place{Line: p.Line, Column: p.Column}
		f.Command = ""
		list = append(list, f)
	}
	list[len(list)-1].Command = one.Command
	return list
}

// known refuses metrics that no scenario has, and margins of what is not guarded.
func (k *checking) known(asked guard.Asked) error {
	for _, name := range asked.Metrics {
		if err := k.somewhere(name); err != nil {
			return usage("--metric: %v", err)
		}
	}
	for _, m := range asked.Margins.Of {
		if err := k.somewhere(m.Name); err != nil {
			return usage("--margin: %v", err)
		}
		var of []guard.Guarded
		for _, c := range k.cases() {
			of = append(of, c.Guarded...)
		}
		of = slices.DeleteFunc(of, func(g guard.Guarded) bool { return m.Name != g.Metric && m.Name != g.Name() })
		switch {
		case len(of) == 0 && len(k.cases()) > 0:
			return usage("--margin: %s is not guarded; write --metric %s, too", m.Name, shell(m.Name))
		case len(of) > 0 && m.Time && of[0].Unit != "s":
			return usage("--margin: %s is no time; write a part of the baseline, as in --margin %s, or an amount without a unit", m.Name, shell(m.Name+"=5%"))
		}
	}
	return nil
}

// somewhere is an error unless some scenario has the metric.
func (k *checking) somewhere(name string) (err error) {
	for _, c := range k.cases() {
		if _, err = guard.Find(c.Scenario.MetricSpecs(), name); err == nil {
			return nil
		}
	}
	return err
}

// gone are the baselines of scenarios that are not there any more, in the
// directories that are checked.
func (k *checking) gone() (list []*subject) {
	for _, arg := range k.args {
		if info, err := os.Stat(arg); err != nil || !info.IsDir() || inLibrary(arg) {
			continue
		}
		filepath.WalkDir(k.keptIn(arg), func(path string, d fs.DirEntry, err error) error {
			known := slices.ContainsFunc(slices.Concat(k.subjects, list), func(s *subject) bool { return s.baseline == path })
			stem, is := strings.CutSuffix(filepath.Base(path), baselineSuffix)
			if err != nil || d.IsDir() || !is || known || inLibrary(stem) {
				return nil
			}
			list = append(list, &subject{name: path, baseline: path, findings: []finding{{Part: "baseline", Name: path,
				Outcome: scenarios.Undecided, code: exitInconclusive, Command: "rm " + shell(path),
				Text: "its scenario is gone; if that is meant, remove the baseline, too"}}})
			return nil
		})
	}
	return list
}
