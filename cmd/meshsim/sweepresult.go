package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"meshsim/report"
	"meshsim/report/unit"
	"meshsim/scenarios"
	"meshsim/scenarios/sweep"
)

// tellFailures says which runs yield nothing, once for each point.
func (w *sweeping) tellFailures(out *sweep.Outcome) {
	told := map[*scenarios.Point]bool{}
	for _, f := range out.Failures {
		if !told[f.Run.Point] {
			told[f.Run.Point] = true
			w.log().Error(fmt.Sprintf("the point %s fails: %s; to see it: %s", f.Run.Point.Name, f.Text, w.one(f.Run)))
		}
	}
	for _, err := range out.Differ {
		w.log().Error(err.Error())
	}
}

// one is the command that makes a run alone.
func (w *sweeping) one(r sweep.Run) string {
	words := []string{"meshsim", "run", w.name}
	for _, set := range w.set {
		if path, _, _ := strings.Cut(set, "="); !sweptAt(r.Point, path) {
			words = append(words, "--set", set)
		}
	}
	for _, v := range r.Point.Settings {
		words = append(words, "--set", v.Path+"="+v.Value.String())
	}
	return shell(append(words, "--seed", decimal(r.Seed), "--repeat", "1")...)
}

func sweptAt(p *scenarios.Point, path string) bool {
	for _, v := range p.Settings {
		if v.Path == path {
			return true
		}
	}
	return false
}

// command is a command on the sweep, as one types it.
func (w *sweeping) command(verb string, flags ...string) string {
	words := append([]string{"meshsim"}, w.words(verb, w.name, w.sweepOptions.store)...)
	return shell(append(words, flags...)...)
}

// next is a command on the sweep that finds its runs.
func (w *sweeping) next(verb string) string {
	if w.sweepOptions.store == "" && w.outDir != defaultOut {
		return w.command(verb, "--out", w.outDir)
	}
	return w.command(verb)
}

// words are those of a command on the sweep, after the program's name. The store
// is left out if empty.
func (w *sweeping) words(verb, scenario, store string) []string {
	words := []string{verb, scenario}
	for _, s := range w.set {
		words = append(words, "--set", s)
	}
	if w.changed("seed") {
		words = append(words, "--seed", decimal(w.seed))
	}
	if w.repeat > 0 {
		words = append(words, "--repeat", decimal(uint64(w.repeat)))
	}
	if store != "" {
		words = append(words, "--store", store)
	}
	return words
}

// tellShard says what a shard did.
func (w *sweeping) tellShard(ctx context.Context, out *sweep.Outcome) error {
	w.tellFailures(out)
	if w.json {
		w.shardJSON(out)
	} else {
		w.print("shard %d of %d: %d runs in %s, %d of them made now\n", w.shard.Index, w.shard.Count,
			out.Made+out.Found, w.store.Dir, out.Made)
		w.print("next    %s\n", w.command("merge"))
	}
	switch {
	case interrupted(ctx):
		return withCode(exitInterrupted)
	case len(out.Failures)+len(out.Differ) > 0:
		return withCode(exitInternal)
	}
	return nil
}

// shardJSON says it for programs.
func (w *sweeping) shardJSON(out *sweep.Outcome) {
	writeJSON(w.out, struct {
		Version int    `json:"meshsim_shard"`
		Name    string `json:"name"`
		Shard   int    `json:"shard"`
		Shards  int    `json:"shards"`
		Store   string `json:"store"`
		Stored  int    `json:"stored"`
		Made    int    `json:"made"`
		Failed  int    `json:"failed"`
		Next    string `json:"next"`
	}{1, string(w.plan.Scenario.Name), w.shard.Index, w.shard.Count, w.store.Dir, out.Made + out.Found, out.Made,
		len(out.Failures) + len(out.Differ), w.command("merge")})
}

// finish prints and writes what the store holds of the sweep.
func (w *sweeping) finish(cut bool, out *sweep.Outcome) error {
	w.tellFailures(out)
	t := &sweepTable{plan: w.plan, columns: sweep.Columns(w.plan.Scenario), command: w.command("sweep")}
	results, err := w.plan.CollectOnly(w.store, slices.Concat(t.columns, pageCosts))
	if err != nil {
		return internal(err)
	}
	t.rows = sweep.Table(results, t.columns)
	w.tellEmpty(t)
	if !w.noReport {
		if t.dir, err = w.save(t); err != nil {
			w.log().Error(err.Error())
			out.Differ = append(out.Differ, err)
		}
	}
	if w.json {
		err = t.json(w.out)
	} else {
		err = t.text(w.out, w.ascii(), w.colored())
		if len(t.rows) > 1 && t.dir != "" {
			w.print("next    %s\n", w.next("compare"))
		}
	}
	if err != nil && w.out.err == nil {
		return internal(err)
	}
	w.log().Debug("sweep", "made", out.Made, "found", out.Found, "in", unit.Text("s", max(w.now().Sub(w.started), 1).Seconds()))
	return withCode(w.code(t, cut, out))
}

// tellEmpty names the metrics of which no run has a value: a name may be right and
// still measure nothing here.
func (w *sweeping) tellEmpty(t *sweepTable) {
	for i, c := range t.columns {
		known, made := false, 0
		for _, r := range t.rows {
			known = known || r.Cells[i].N+r.Cells[i].Open > 0
			made += r.Finished()
		}
		if !known && made > 0 {
			w.log().Warn(fmt.Sprintf("no run has a value of %s: nothing that it measures occurs in this scenario", c.Metric))
		}
	}
}

// code is the exit code of what was found.
func (w *sweeping) code(t *sweepTable, cut bool, out *sweep.Outcome) int {
	code := exitHolds
	for _, r := range t.rows {
		switch {
		case r.Outcome == scenarios.Violated:
			code = worse(code, exitViolated)
		case r.Outcome == scenarios.Undecided && !w.allowInconclusive:
			code = worse(code, exitInconclusive)
		}
	}
	if len(out.Failures)+len(out.Differ) > 0 {
		code = worse(code, exitInternal)
	}
	if len(out.Differ) > 0 {
		code = exitInternal
	}
	if cut {
		code = exitInterrupted
	}
	return code
}

// save writes the files of the results.
func (w *sweeping) save(t *sweepTable) (string, error) {
	dir, err := report.CreateDir(w.outDir, string(w.plan.Scenario.Name), w.started, w.plan.Scenario.Run.Seed)
	if err != nil {
		return "", err
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"sweep.json", t.json}, {"points.csv", t.csv}, {"verdicts.csv", t.verdictsCSV},
		{"table.txt", func(out io.Writer) error { return t.text(out, false, false) }},
		{"scenario.yaml", func(out io.Writer) error { _, err := out.Write(w.plan.Scenario.Resolved()); return err }},
		{sweep.IndexFile, func(out io.Writer) error {
			return sweep.NewCollection(w.plan, t.results()).WriteIndex(out, relative(dir.Path, w.store.Dir))
		}},
		{"command.txt", func(out io.Writer) error { _, err := fmt.Fprintln(out, t.command); return err }},
		{sweepPage, func(out io.Writer) error { return w.html(out, t) }},
	} {
		if err := dir.Write(file.name, file.write); err != nil {
			return "", fmt.Errorf("%s cannot be written: %w; the runs are kept in the store", file.name, err)
		}
	}
	return dir.Path, dir.Link()
}

// relative is a path as seen from a directory, or else the whole path.
func relative(dir, path string) string {
	a, errA := filepath.Abs(dir)
	b, errB := filepath.Abs(path)
	if rel, err := filepath.Rel(a, b); errA == nil && errB == nil && err == nil {
		return rel
	}
	return path
}
