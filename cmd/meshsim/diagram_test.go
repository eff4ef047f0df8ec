package main

import (
	"context"
	"strings"
	"testing"

	"meshsim/report"
	"meshsim/scenarios"
)

// runOf is a run of a scenario with its study, ready to be reported.
func runOf(t *testing.T, name string, o runOptions, set ...string) *running {
	t.Helper()
	a, _, _ := testApp(t)
	s, err := scenarios.Load(name, append(set, "run.repeat=1"))
	if err != nil {
		t.Fatal(err)
	}
	o.choice.changed = func(string) bool { return false }
	o.trace, o.outDir, o.workers = "off", t.TempDir(), 1
	r := &running{app: a, runOptions: &o, name: name, scenario: s}
	if err := r.open(); err != nil {
		t.Fatal(err)
	}
	if err := r.work(context.Background()); err != nil {
		t.Fatal(err)
	}
	return r
}

// What led to a violation is drawn: the messages of the chain stand out, and the
// nodes are few enough to be seen.
func TestChainsAreDrawn(t *testing.T) {
	r := runOf(t, "raft-disk-lost", runOptions{})
	list := r.report(context.Background()).Diagrams
	if len(list) != drawnChains {
		t.Fatalf("%d diagrams, want %d", len(list), drawnChains)
	}
	first := r.study.Results[0].Violations[0]
	if want := "What led to the violation of " + first.Protocol + "." + first.Check + " in run 1, "; !strings.HasPrefix(list[0].Title, want) {
		t.Errorf("the first is called %q, want %q…", list[0].Title, want)
	}
	for _, d := range list {
		if !strings.HasPrefix(d.SVG, "<svg ") || !strings.Contains(d.SVG, `stroke-width="2.4"`) || !strings.Contains(d.SVG, `opacity="0.35"`) {
			t.Errorf("%s: no message stands out:\n%s", d.Title, d.SVG)
		}
	}
}

// --diagram draws a window of the first run, whether or not the run is traced to
// a file, and changes nothing in the results.
func TestDiagramOfAWindow(t *testing.T) {
	plain := runOf(t, small, runOptions{})
	r := runOf(t, small, runOptions{diagram: "300ms..700ms", diagramNodes: "core-0..core-5"})
	if plain.study.Results[0].Fingerprint != r.study.Results[0].Fingerprint {
		t.Error("drawing changes the run")
	}
	list := r.report(context.Background()).Diagrams
	if len(list) != 1 || list[0].Title != "Run 1 (seed 1), 300ms to 700ms" || !strings.Contains(list[0].SVG, ">core-5<") {
		t.Errorf("diagrams are %v", titles(list))
	}
}

func titles(list []report.Diagram) (names []string) {
	for _, d := range list {
		names = append(names, d.Title)
	}
	return names
}
