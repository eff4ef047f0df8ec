package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// A waitRow is what a node waited for when a run ended.
type waitRow struct{ Node, What string }

// maxWaits are written out.
const maxWaits = 12

// stuck is the replication in which something was not reached, nil if there is
// none.
func (s *Study) stuck() *sim.Result {
	if s.Stuck < 1 || s.Stuck > len(s.Results) {
		return nil
	}
	return s.Results[s.Stuck-1]
}

// waitRows says what the nodes of the stuck run waited for, those first that say
// so themselves. more is how many were left out.
func (s *Study) waitRows() (rows []waitRow, more int) {
	r := s.stuck()
	if r == nil {
		return nil, 0
	}
	list := slices.Clone(r.Waits)
	slices.SortStableFunc(list, func(a, b sim.Waiting) int {
		switch {
		case (a.Text == "") == (b.Text == ""):
			return 0
		case a.Text != "":
			return -1
		}
		return 1
	})
	for i := range list[:min(len(list), maxWaits)] {
		rows = append(rows, waitRow{s.nodeName(list[i].Node), waitText(&list[i])})
	}
	return rows, len(list) - len(rows)
}

// waitText is what a node waits for, and its next timer.
func waitText(w *sim.Waiting) string {
	if w.Protocol == protocols.NodeProtocol {
		return w.Text
	}
	var parts []string
	if w.Text != "" {
		parts = append(parts, w.Text)
	}
	if len(w.Timers) > 0 {
		next := &w.Timers[0]
		parts = append(parts, fmt.Sprintf("timer %s at %s", next.Name, exactSeconds(next.Due.Round(time.Millisecond))))
	}
	return w.Protocol + ": " + strings.Join(parts, "; ")
}
