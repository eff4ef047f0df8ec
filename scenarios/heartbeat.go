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
		if h.Watch == "announced" && c.Nodes[i].Value.Protocols.Value.Discovery == nil {
			c.reportIn(c.Nodes[i].Key, "heartbeat.watch", "needs discovery on the same nodes to announce peers; write discovery: {seeds: …}, or watch: members")
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

// watchCalls estimates how often nodes are called by heartbeats and pings.
func (s *Scenario) watchCalls() (calls float64) {
	n := s.watchers()
	for i := range s.Nodes {
		if g := &s.Nodes[i].Value; g.Protocols.Value.Heartbeat != nil {
			h := g.Protocols.Value.Heartbeat
			each := float64(seconds(s.Run.Duration) / seconds(h.Interval) * float64(h.CallsPerInterval(n)))
			calls += float64(float64(g.Count) * each)
		}
	}
	return calls
}

// bytesPerPair is what a node keeps of each peer that it watches where all watch all.
const bytesPerPair = 150

// watchBytes estimates the memory where everybody watches everybody.
func (s *Scenario) watchBytes() (bytes uint64) {
	n := s.watchers()
	for i := range s.Nodes {
		if h := s.Nodes[i].Value.Protocols.Value.Heartbeat; h != nil && h.Square() {
			bytes += uint64(s.Nodes[i].Value.Count) * uint64(n-1) * bytesPerPair
		}
	}
	return bytes
}
