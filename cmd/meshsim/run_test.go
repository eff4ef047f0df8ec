package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"meshsim/scenarios"
	"meshsim/sim"
)

const small = "testdata/scenarios/small.yaml"

// Studies that begin at the same time in the same place get directories of their
// own, each whole.
func TestRunsSideBySide(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			a, _, stderr := testApp(t)
			a.now = func() time.Time { return time.Unix(0, 0) }
			if code := a.main([]string{"run", small, "--repeat", "1", "--out", dir}); code != exitHolds {
				t.Errorf("exit code %d, and %s", code, stderr)
			}
		})
	}
	wait.Wait()
	dirs, err := filepath.Glob(filepath.Join(dir, "small", "*_seed-1*"))
	if err != nil || len(dirs) != 3 {
		t.Fatalf("there are %d directories: %v", len(dirs), dirs)
	}
	for _, d := range append(dirs, filepath.Join(dir, "small", "latest")) {
		if s := readSummary(t, filepath.Join(d, "summary.json")); !s.Complete {
			t.Errorf("%s is not complete", d)
		}
		if left, _ := filepath.Glob(filepath.Join(d, ".*.tmp")); left != nil {
			t.Errorf("left behind: %v", left)
		}
	}
}

// A run that cannot begin leaves no directory behind.
func TestNothingIsLeftBehind(t *testing.T) {
	a, _, _ := testApp(t)
	dir := t.TempDir()
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errInterrupted)
	r := &running{app: a, runOptions: &runOptions{choice: choice{changed: func(string) bool { return false }}, outDir: dir, trace: "off"}, scenario: loadSmall(t)}
	if err := r.open(); err != nil {
		t.Fatal(err)
	}
	if err := r.work(ctx); err != nil {
		t.Fatal(err)
	}
	r.tidy()
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func loadSmall(t *testing.T, set ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load(small, set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// study is a running study with results that were made by hand.
func study(t *testing.T, results []*sim.Result, outcomes ...scenarios.Outcome) *running {
	a, _, _ := testApp(t)
	s := loadSmall(t, "run.repeat="+decimal(uint64(len(results))))
	r := &running{app: a, name: "small.yaml", scenario: s,
		runOptions: &runOptions{choice: choice{set: []string{"x=1 2"}, changed: func(string) bool { return false }}},
		study:      &scenarios.Study{Scenario: s, Results: results}}
	for _, o := range outcomes {
		r.study.Verdicts = append(r.study.Verdicts, scenarios.Verdict{Outcome: o})
	}
	return r
}

func TestExitCodeAndNextCommand(t *testing.T) {
	done := func(n int) []*sim.Result {
		return slices.Repeat([]*sim.Result{{Seed: 1, Ending: sim.EndDuration}}, n)
	}
	broken := append(done(1), &sim.Result{Seed: 9, Ending: sim.EndViolation, Violations: []sim.Violation{{Protocol: "gossip"}}})
	cut := append(done(1), &sim.Result{Ending: sim.EndCancelled})
	const holds, violated, undecided = scenarios.Holds, scenarios.Violated, scenarios.Undecided
	for _, c := range []struct {
		what    string
		results []*sim.Result
		verdict scenarios.Outcome
		saved   error
		allow   bool
		code    int
		next    string
	}{
		{"one run that holds", done(1), holds, nil, false, 0, "meshsim run small.yaml --set 'x=1 2' --repeat 30"},
		{"many that hold", done(30), holds, nil, false, 0, "meshsim verify small.yaml --set 'x=1 2'"},
		{"a threshold that is missed", done(30), violated, nil, false, 1, "meshsim verify small.yaml --set 'x=1 2'"},
		{"a property that is broken", broken, violated, nil, false, 1, "meshsim run small.yaml --set 'x=1 2' --seed 9 --repeat 1 --trace"},
		{"too few to tell", done(10), undecided, nil, false, 5, "meshsim run small.yaml --set 'x=1 2' --repeat 40"},
		{"too few to tell, allowed", done(10), undecided, nil, true, 0, "meshsim run small.yaml --set 'x=1 2' --repeat 40"},
		{"interrupted", cut, undecided, nil, false, 3, ""},
		{"interrupted after a violation", cut, violated, nil, false, 3, ""},
		{"holds, but the disk is full", done(1), holds, os.ErrInvalid, false, 4, "meshsim run small.yaml --set 'x=1 2' --repeat 30"},
		{"violated, and the disk is full", done(1), violated, os.ErrInvalid, false, 1, "meshsim run small.yaml --set 'x=1 2' --repeat 30"},
	} {
		r := study(t, c.results, c.verdict)
		r.allowInconclusive = c.allow
		if got := r.code(c.saved); got != c.code {
			t.Errorf("%s: exit code %d, want %d", c.what, got, c.code)
		}
		if got := r.next(); got != c.next {
			t.Errorf("%s: next %q, want %q", c.what, got, c.next)
		}
	}
}

// A threshold that is missed comes with the seed of the run that missed it most.
func TestNextOfAMissedThreshold(t *testing.T) {
	r := study(t, slices.Repeat([]*sim.Result{{Seed: 1, Ending: sim.EndDuration}}, 3), scenarios.Holds, scenarios.Violated)
	r.study.Verdicts[1].Shown, r.study.Verdicts[1].Seed = true, 77
	if got, want := r.next(), "meshsim run small.yaml --set 'x=1 2' --seed 77 --repeat 1 --trace"; got != want {
		t.Errorf("next %q, want %q", got, want)
	}
	r.name = "-"
	if got := r.next(); got != "" {
		t.Errorf("next of a scenario that was read from standard input and not kept: %q", got)
	}
}

// A panic of a replication is an internal error, unless something was violated
// before; what finished is reported.
func TestExitCodeOfAPanic(t *testing.T) {
	done := &sim.Result{Seed: 1, Ending: sim.EndDuration}
	for verdict, want := range map[scenarios.Outcome]int{scenarios.Undecided: exitInternal, scenarios.Violated: exitViolated} {
		r := study(t, []*sim.Result{done, nil, nil}, verdict)
		r.study.Panic = &scenarios.Panic{Replication: 1, Seed: 5, Text: "broken"}
		if got := r.code(nil); got != want {
			t.Errorf("%s, then a panic: exit code %d, want %d", verdict, got, want)
		}
		if got := r.next(); got != "" {
			t.Errorf("next %q", got)
		}
	}
}

// A violation comes with what its node saw last, from a run up to its instant,
// and with the command that shows it again.
func TestWhatLedToAViolation(t *testing.T) {
	v := sim.Violation{Protocol: "gossip", Check: "validity", At: time.Second, Node: 3, Text: "planted"}
	r := study(t, []*sim.Result{{Ending: sim.EndDuration}, {Seed: 7, Ending: sim.EndViolation, Violations: []sim.Violation{v}}})
	r.workers = 1
	list := r.violations(context.Background())
	if len(list) != 1 || list[0].Replication != 1 || list[0].Command != "meshsim run small.yaml --set 'x=1 2' --seed 7 --repeat 1 --trace" {
		t.Fatalf("got %+v", list)
	}
	events := list[0].Events
	if len(events) != 8 || !strings.HasPrefix(events[7], "0.") || !slices.ContainsFunc(events, func(s string) bool { return strings.Contains(s, "  core-3  ") }) {
		t.Errorf("what led to it:\n%s", strings.Join(events, "\n"))
	}
}

func TestShell(t *testing.T) {
	for in, want := range map[string]string{"a.yaml": "a.yaml", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "x=[1]": "'x=[1]'", "$HOME": "'$HOME'", "é": "'é'"} {
		if got := shell(in); got != want {
			t.Errorf("shell(%q) is %s, want %s", in, got, want)
		}
	}
}
