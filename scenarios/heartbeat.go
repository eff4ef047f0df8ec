package scenarios

import "strings"

// watchers is how many nodes run heartbeat.
func (s *Scenario) watchers() int {
	return s.running(func(p *Protocols) bool { return p.Heartbeat != nil })
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
		if d := c.Nodes[i].Value.Protocols.Value.Discovery; d != nil && h.Watch == "announced" && h.Detector != "swim" && h.Confirm == "observers" && d.View == "partial" && h.Quorum > d.DegreeMax {
			c.reportIn(c.Nodes[i].Key, "heartbeat.quorum", "%d of the neighbours of a peer can never agree, as discovery.degree_max lets it have %d; write at most that, or 0 for a majority", h.Quorum, d.DegreeMax)
		}
		for _, p := range h.ValidateFor(n) {
			c.reportIn(c.Nodes[i].Key, strings.TrimSuffix("heartbeat."+p.Path, "."), "%s", p.Message)
		}
	}
	c.checkAlike()
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
