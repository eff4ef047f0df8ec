package scenarios

import (
	"path/filepath"
	"testing"

	"meshsim/sim"
)

func libraryFiles(t testing.TB) []string {
	files, err := filepath.Glob("library/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no library", err)
	}
	return files
}

func TestLibraryRuns(t *testing.T) {
	for _, file := range libraryFiles(t) {
		s, err := Load(file, nil)
		if err != nil {
			t.Errorf("%s:\n%v", file, err)
			continue
		}
		cfg, err := s.Config(0)
		if err != nil {
			t.Fatal(err)
		}
		r, err := sim.Run(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s %d events %v", file, r.Events, r.Cost.Wall)
		for _, m := range s.MetricSpecs() {
			if v, ok := r.Scalar(m.Name); ok {
				t.Log(m.Name, v)
			}
		}
	}
}
