package scenarios

import (
	"context"
	"path/filepath"
	"testing"
)

func libraryFiles(t testing.TB) []string {
	files, err := filepath.Glob("library/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no library", err)
	}
	return files
}

// What the first scenarios expect holds, and their comments say the truth.
func TestFirstScenariosHold(t *testing.T) {
	for _, name := range []string{"quickstart", "aws-19-regions", "partition-heal"} {
		s, err := Load(name, []string{"run.repeat=3"})
		if err != nil {
			t.Fatal(err)
		}
		study, err := Run(context.Background(), s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range study.Verdicts {
			t.Logf("%s: %s %s: %s, %s %s", name, v.Part, v.Property, v.Outcome, v.Text, v.Detail)
		}
		if study.Outcome() == Violated {
			t.Errorf("%s: %s", name, study.Outcome())
		}
	}
}
