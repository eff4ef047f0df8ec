package guard

import (
	"errors"

	"meshsim/scenarios"
	"meshsim/scenarios/strict"
)

// Place is where something stands in a file, from 1.
type Place struct{ Line, Column int }

// Places finds where fields of a scenario are written, by their paths, as in
// expect.thresholds.net.messages. Of one that is not, it is the block around it.
func Places(text []byte, paths []string) map[string]Place {
	d := strict.Parse("", text, nil)
	d.Decode(new(scenarios.Scenario))
	for _, path := range paths {
		d.Report(path, "here")
	}
	found := map[string]Place{}
	var problems *strict.Problems
	if errors.As(d.Err(), &problems) {
		for _, p := range problems.List {
			found[p.Path] = Place{p.Line, p.Column}
		}
	}
	return found
}
