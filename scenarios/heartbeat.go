package scenarios

import "fmt"

// watchers is how many nodes run heartbeat.
func (s *Scenario) watchers() (n int) {
	for i := range s.Nodes {
		if g := &s.Nodes[i].Value; g.Protocols.Value.Heartbeat != nil {
			n += g.Count
		}
	}
	return n
}

// checkWatchers reports quorums that the members cannot reach.
func (c *compiler) checkWatchers() {
	n := c.watchers()
	for i := range c.Nodes {
		h := c.Nodes[i].Value.Protocols.Value.Heartbeat
		if h == nil {
			continue
		}
		for _, p := range h.ValidateFor(n) {
			c.reportIn(c.Nodes[i].Key, "heartbeat."+p.Path, "%s", p.Message)
		}
	}
}

// watchNotes tells what costs that grow with the square of the nodes.
func (s *Scenario) watchNotes() (notes []string) {
	n := s.watchers()
	for i := range s.Nodes {
		h := s.Nodes[i].Value.Protocols.Value.Heartbeat
		if h != nil && h.Square() {
			return []string{fmt.Sprintf("in heartbeat everybody watches everybody: %s messages every %v, growing with the square of the nodes",
				round(float64(float64(n)*float64(n-1))), h.Interval)}
		}
	}
	return nil
}
