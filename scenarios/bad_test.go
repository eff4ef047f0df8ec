package scenarios

import (
	"os"
	"strings"
	"testing"

	"meshsim/scenarios/strict"
)

// golden compares with a file, or writes it if REWRITE is set.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("REWRITE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range a {
		if i == len(b) || a[i] != b[i] {
			t.Fatalf("%s differs in line %d; REWRITE=1 writes it anew. Now: %s", file, i+1, a[i])
		}
	}
	t.Fatalf("%s ends early", file)
}

// One file with every mistake there is: all are found in one pass, none hides
// another, and none is told twice.
func TestBadScenario(t *testing.T) {
	_, err := Load("testdata/bad.yaml", []string{"run.sed=1", "network.default.loss=2"})
	problems, ok := err.(*strict.Problems)
	if !ok {
		t.Fatalf("error is %T: %v", err, err)
	}
	golden(t, "testdata/bad.txt", err.Error()+"\n")
	if problems.Count < 40 {
		t.Errorf("%d problems", problems.Count)
	}
}

// What can only be found once all parts are right by themselves.
func TestScenarioThatDoesNotFitTogether(t *testing.T) {
	_, err := Load("testdata/misfit.yaml", nil)
	if err == nil {
		t.Fatal("accepted")
	}
	golden(t, "testdata/misfit.txt", strings.ReplaceAll(err.Error(), "\r", "")+"\n")
}

// Clusters, their clients and those who betray them, each with a mistake.
func TestBadClusters(t *testing.T) {
	_, err := Load("testdata/clusters.yaml", nil)
	if err == nil {
		t.Fatal("accepted")
	}
	golden(t, "testdata/clusters.txt", err.Error()+"\n")
}
