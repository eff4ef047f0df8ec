package main

import (
	"context"
	"os"
	"path/filepath"

	"meshsim/scenarios/sweep"
)

// results reads what an argument names: a directory of results, or a scenario,
// whose runs are made first as far as the store lacks them. A scenario with fewer
// than least points is refused before anything is run.
func (a *app) results(ctx context.Context, name string, o *sweepOptions, least int) (*sweep.Collection, error) {
	if dir, ok := resultsDir(name); ok {
		return sweep.ReadCollection(dir)
	}
	w, err := a.planned(name, o)
	if err != nil {
		return nil, err
	}
	if len(w.plan.Points) < least {
		return nil, alone(name)
	}
	if err := w.openStore(); err != nil {
		return nil, err
	}
	out, err := w.work(ctx)
	if err != nil {
		return nil, internal(err)
	}
	w.tellFailures(out)
	switch {
	case interrupted(ctx):
		w.log().Error("interrupted; what was run is kept: the same command goes on")
		return nil, withCode(exitInterrupted)
	case len(out.Differ) > 0:
		return nil, withCode(exitInternal)
	}
	results, err := w.plan.Collect(w.store)
	if err != nil {
		return nil, internal(err)
	}
	return sweep.NewCollection(w.plan, results), nil
}

// resultsDir finds the results that a directory holds, or that its link to the
// latest ones leads to.
func resultsDir(name string) (dir string, ok bool) {
	for _, dir := range []string{name, filepath.Join(name, "latest")} {
		if _, err := os.Stat(filepath.Join(dir, sweep.IndexFile)); err == nil {
			return dir, true
		}
	}
	return "", false
}
