package scenarios

import "meshsim/protocols/partition"

// checkPartitioning reports partition handling that cannot work: all who run it
// are members of one mesh, so they must agree on what a quorum is.
func (c *compiler) checkPartitioning() {
	members, first := 0, ""
	var common *partition.Config
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, c.Nodes[i].Value.Protocols.Value.Partition
		switch {
		case p == nil:
			continue
		case common == nil:
			common, first = p, name
		case *p != *common:
			c.reportIn(name, "partition", "differs from that of group %s, but all who run it vote with one another; write it once, under protocols", first)
			return
		}
		members += c.plan.groups[i].count()
		c.checkSources(name, &c.Nodes[i].Value.Protocols.Value)
	}
	if common == nil {
		return
	}
	for _, problem := range common.ValidateMembers(members) {
		c.reportIn(first, "partition."+problem.Path, "%s", problem.Message)
	}
}

// checkSources reports partition handling that waits for what nobody on its node
// says.
func (c *compiler) checkSources(group string, p *Protocols) {
	if p.Partition.Reach == "detector" && p.Heartbeat == nil && p.Discovery == nil {
		c.reportIn(group, "partition.reach", "is detector, but nothing on the nodes of %s detects failures; write heartbeat: {} beside it, or reach: probes", group)
	}
	if p.Partition.Peers == "announced" && p.Discovery == nil {
		c.reportIn(group, "partition.peers", "is announced, but nothing on the nodes of %s announces peers; write discovery: {…} beside it, or peers: members", group)
	}
}

// partitionCalls estimates how often nodes are called to know whom they reach and
// who may write: probes and their answers, claims and pledges.
func (s *Scenario) partitionCalls() float64 {
	calls := 0.0
	for i := range s.Nodes {
		g := &s.Nodes[i].Value
		p := g.Protocols.Value.Partition
		if p == nil {
			continue
		}
		each := 3.0
		if p.Reach == "probes" {
			probes := float64(p.Probes)
			if p.Probes == 0 || p.Probes >= s.plan.nodes {
				probes = float64(s.plan.nodes - 1)
			}
			each += float64(2 * probes)
		}
		calls += float64(float64(float64(g.Count)*each) * float64(seconds(s.Run.Duration)/seconds(p.Interval)))
	}
	return calls
}
