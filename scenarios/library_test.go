package scenarios

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every scenario that ships is found right, and says what it shows and what is
// expected of it.
func TestLibrary(t *testing.T) {
	for _, e := range Library() {
		s, err := Load(e.Name, nil)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if string(s.Name) != e.Name || s.Description != e.Description {
			t.Errorf("%s is called %s and described as %q, %q", e.Name, s.Name, s.Description, e.Description)
		}
		if n := len(s.Description); n < 40 || n > 130 || !strings.HasSuffix(s.Description, ".") {
			t.Errorf("%s: %q is no sentence of 40 to 130 characters", e.Name, s.Description)
		}
		if before, _, _ := strings.Cut(string(e.Text), "\nmeshsim: "); strings.Count("\n"+before, "\n# ") < 2 {
			t.Errorf("%s does not begin with a comment of two lines or more", e.Name)
		}
		for i, line := range strings.Split(string(e.Text), "\n") {
			if len([]rune(line)) > 131 {
				t.Errorf("%s:%d is long", e.Name, i+1)
			}
		}
		checkExpectations(t, s)
	}
}

// checkExpectations asks for expectations that can fail: a fault must be felt, and
// a published figure is held from both sides.
func checkExpectations(t *testing.T, s *Scenario) {
	if len(s.Expect.Eventually) == 0 && len(s.Expect.Thresholds) == 0 {
		t.Errorf("%s expects nothing", s.Name)
	}
	if len(s.Faults) > 0 && len(s.Expect.Sometimes) == 0 {
		t.Errorf("%s has faults, and does not ask whether they were felt", s.Name)
	}
	if !published(string(s.Name)) {
		return
	}
	for _, b := range s.Expect.Thresholds {
		if b.Key != "gossip.estimate_error" && (len(b.Value) != 2 || b.Value[0].below() || !b.Value[1].below()) {
			t.Errorf("%s holds %s not from both sides", s.Name, b.Key)
		}
	}
}

// published says whether a scenario holds a figure of a paper.
func published(name string) bool {
	author, _, _ := strings.Cut(name, "-")
	return author == "demers" || author == "rounds" || author == "averaging" || author == "chen"
}

// study runs a scenario of the library.
func study(t *testing.T, name string, overrides ...string) *Study {
	t.Helper()
	s, err := Load(name, overrides)
	if err != nil {
		t.Fatal(err)
	}
	st, err := Run(context.Background(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// With few replications a bound may be undecided, but nothing is violated. (That
// all holds with as many as ship is seen by the test of the gallery.)
func TestLibraryIsNotViolated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for _, e := range Library() {
		few := "run.repeat=2"
		switch {
		case slices.Contains([]string{"million", "hundred-thousand", "swim-ten-thousand", "chord-hundred-thousand", "chord-load", "chord-load-virtual"}, e.Name):
			continue // take seconds each
		case published(e.Name):
			few = "run.repeat=20"
		case heavy[e.Name]:
			few = "run.repeat=1"
		}
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			for _, v := range study(t, e.Name, few).Verdicts {
				if v.Outcome == Violated {
					t.Errorf("%+v", v)
				}
			}
		})
	}
}

// What a published figure depends on is noticed when it changes: a scenario that
// holds whatever one does shows nothing.
func TestPublishedFiguresBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for name, changes := range map[string][]string{
		"demers-table1-k1":         {"k=2", "feedback=false", "fanout=2", "phase=random"},
		"demers-table1-k2":         {"k=1", "k=3", "interest=coin"},
		"demers-table1-k3":         {"k=2", "k=4"},
		"demers-table1-k4":         {"k=3", "k=5"},
		"demers-table1-k5":         {"k=4", "k=6"},
		"demers-table2-k2":         {"k=3", "interest=counter", "phase=random"},
		"demers-table2-k3":         {"k=2", "k=4"},
		"demers-table2-k4":         {"k=3", "k=5"},
		"demers-table3-k1":         {"k=2", "feedback=false"},
		"demers-table3-k2":         {"k=1", "mode=push"},
		"rounds-push-fanout1":      {"fanout=2", "phase=random"},
		"rounds-push-fanout3":      {"fanout=2", "fanout=4"},
		"rounds-push-pull-fanout1": {"fanout=2", "mode=pull"},
		"rounds-push-pull-fanout3": {"fanout=2", "fanout=5"},
		"averaging-complete":       {"aggregation.exchange=push-sum"},
		"averaging-random-graph":   {"peers=all"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, change := range changes {
				st := study(t, name, "run.repeat=10", "protocols.gossip."+change)
				if st.Outcome() != Violated {
					t.Errorf("with %s it is %s: %+v", change, st.Outcome(), st.Verdicts)
				}
			}
		})
	}
}

// heavy take a second for a run; one is enough to see that nothing is violated.
var heavy = map[string]bool{"discovery-churn": true, "discovery-join-storm": true, "discovery-liars": true, "hyparview-30": true, "hyparview-90": true,
	"mesh": true, "mesh-churn": true, "mesh-region": true, "raft-failover": true}

func TestTemplatesRun(t *testing.T) {
	for _, name := range Templates() {
		text, err := Template(name)
		if err != nil {
			t.Fatal(err)
		}
		study, err := Run(context.Background(), mustParse(t, string(text), "run.repeat=2"), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if study.Outcome() != Holds {
			t.Errorf("%s: %+v", name, study.Verdicts)
		}
	}
	if _, err := Template("gosip"); err == nil || !strings.Contains(err.Error(), `did you mean "gossip"?`) {
		t.Errorf("error %v", err)
	}
}

func TestLoadOfWhatIsNotThere(t *testing.T) {
	for path, want := range map[string]string{
		"quickstrat":           `no scenario of that name ships; did you mean "quickstart"?`,
		"nowhere.yaml":         "no such file",
		t.TempDir():            "is a directory",
		"testdata/nowhere/a.b": "no such file",
	} {
		if _, err := Load(path, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", path, err, want)
		}
	}
}

// A file that never ends is refused once it is too large.
func TestLoadOfAnEndlessFile(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	start := time.Now()
	if _, err := Load("/dev/zero", nil); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("error %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

// A file that the user names for a scenario of the library lies in the working
// directory.
func TestFilesForTheLibrary(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".", "ring.txt", "0 1\n1 2\n2 0\n")
	s, err := Load("quickstart", []string{"topology={kind: edges, file: ring.txt}"})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := s.Config(0)
	if err != nil || cfg.Topology.Degree(0) != 2 {
		t.Errorf("the topology is %v, %v", cfg.Topology, err)
	}
	if _, err := Load("quickstart", []string{"topology={kind: edges, file: none.txt}"}); err == nil || !strings.Contains(err.Error(), "open none.txt: no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
}
