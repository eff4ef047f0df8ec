package scenarios

import (
	"fmt"
	"strings"

	"meshsim/protocols"
)

// Select returns the nodes that selectors name together, ascending and each once:
// groups, members, ranges and zones, as a file writes them. What is drawn anew
// each time, or a role, names no fixed nodes and is an error.
func (s *Scenario) Select(selectors []string) ([]protocols.NodeID, error) {
	var spans []span
	for _, text := range selectors {
		var p Pick
		if err := p.UnmarshalText([]byte(strings.TrimSpace(text))); err != nil {
			return nil, err
		}
		if !p.fixed() {
			return nil, fmt.Errorf("%q is not the same nodes at all times; name groups, ranges or zones here", p.text)
		}
		found, err := s.plan.find(&p)
		if err != nil {
			return nil, err
		}
		spans = append(spans, found...)
	}
	return newSet(spans...).ids(), nil
}

// Example names up to n nodes, for a message that shows how: "core-0..core-29".
func (s *Scenario) Example(n int) string {
	g := s.plan.groups[0]
	if n = min(n, g.count()); n < 2 {
		return g.name + "-0"
	}
	return fmt.Sprintf("%s-0..%s-%d", g.name, g.name, n-1)
}
