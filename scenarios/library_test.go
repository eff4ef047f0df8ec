package scenarios

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// Every scenario that ships says what it shows, and is found right.
func TestLibrary(t *testing.T) {
	entries := Library()
	if len(entries) < 3 {
		t.Fatalf("%d entries", len(entries))
	}
	for _, e := range entries {
		s, err := Load(e.Name, nil)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if string(s.Name) != e.Name || s.Description != e.Description || e.Description == "" {
			t.Errorf("%s is called %s and described as %q, %q", e.Name, s.Name, s.Description, e.Description)
		}
	}
}

func TestQuickstartHolds(t *testing.T) {
	s, err := Load("quickstart", []string{"run.repeat=3"})
	if err != nil {
		t.Fatal(err)
	}
	study, err := Run(context.Background(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if study.Outcome() != Holds {
		t.Errorf("%+v", study.Verdicts)
	}
}

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
