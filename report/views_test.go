package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meshsim/sim"
)

// A page that a checker draws is among the results, and the text says where.
func TestViewOfAViolation(t *testing.T) {
	broken := sim.Violation{Protocol: "raft", Check: "linearizable", At: time.Second, Text: "a stale read"}
	s := &Study{Name: "views", Planned: 2, Results: []*sim.Result{{}, {Violations: []sim.Violation{broken},
		Checks: []sim.CheckTotal{{Protocol: "raft", Check: "election-safety"}, {Protocol: "raft", Check: "linearizable", View: []byte("<p>here</p>")}}}}}
	d, err := CreateDir(t.TempDir(), s.Name, time.Unix(0, 0), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Save(d); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.Path, "violations", "raft.linearizable-run2.html")
	if page, err := os.ReadFile(path); err != nil || string(page) != "<p>here</p>" {
		t.Errorf("%s: %q, %v", path, page, err)
	}
	var text strings.Builder
	if err := s.Text(&text, TextOptions{Report: filepath.Join(d.Path, "report.html")}); err != nil || !strings.Contains(text.String(), "picture: "+path) {
		t.Errorf("the text does not say where the picture is: %v\n%s", err, text.String())
	}
}
