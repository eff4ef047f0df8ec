package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/sim"
)

// Who says what it waits for comes first; the run is the one that is stuck.
func TestWaits(t *testing.T) {
	s := &Study{Name: "stuck", Stuck: 2, Planned: 2, Results: []*sim.Result{{}, {End: 20 * time.Second, Waits: []sim.Waiting{
		{Node: 0, Protocol: "raft", Timers: []sim.PendingTimer{{Name: "election", Due: 21 * time.Second}}},
		{Node: 1, Protocol: "node", Text: "it is down"},
		{Node: 2, Protocol: "raft", Text: "2 of 3 votes"},
	}}}}
	rows, more := s.waitRows()
	want := []waitRow{{"node 1", "it is down"}, {"node 2", "raft: 2 of 3 votes"}, {"node 0", "raft: timer election at 21 s"}}
	if !slices.Equal(rows, want) || more != 0 {
		t.Errorf("%v and %d more, want %v", rows, more, want)
	}
	var text, page strings.Builder
	if err := s.Text(&text, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.HTML(&page, nil); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"run 2", "2 of 3 votes"} {
		if !strings.Contains(text.String(), line) || !strings.Contains(page.String(), line) {
			t.Errorf("%q is missing in the text or the page", line)
		}
	}
	s.Stuck = 0
	if rows, _ := s.waitRows(); rows != nil {
		t.Errorf("nothing is stuck, but %v", rows)
	}
}
