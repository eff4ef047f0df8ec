package scenarios

import (
	"slices"
	"strings"
	"testing"

	"meshsim/protocols"
)

// Selectors name nodes together, each once; what is not fixed is refused.
func TestSelect(t *testing.T) {
	s, err := Load("quickstart", nil) // 200 core, 800 edge
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Select([]string{"edge-1", " core-3..core-5", "core-4"})
	if want := []protocols.NodeID{3, 4, 5, 201}; err != nil || !slices.Equal(got, want) {
		t.Errorf("selected %v, %v; want %v", got, err, want)
	}
	if all, err := s.Select([]string{"core", "edge"}); err != nil || len(all) != 1000 {
		t.Errorf("%d nodes, %v", len(all), err)
	}
	for text, want := range map[string]string{
		"raft.leader":      "is not the same nodes at all times",
		"10% of edge":      "is not the same nodes at all times",
		"edge-800":         "edge-800 does not exist; the members of edge are edge-0 … edge-799",
		"edges":            `did you mean "edge"?`,
		"edge-5..edge-2":   "the range ends before it begins",
		"zone:eu-west-1":   "no node is in zone",
		"core-1 to core-3": "names no nodes",
	} {
		if _, err := s.Select([]string{text}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if got := s.Example(10) + " " + s.Example(1) + " " + s.Example(5000); got != "core-0..core-9 core-0 core-0..core-199" {
		t.Errorf("the examples are %q", got)
	}
}
