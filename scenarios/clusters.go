package scenarios

import (
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/client"
)

// A clustering is what a group runs of a protocol whose nodes are replicas of a
// cluster, one a group, or clients of one.
type clustering struct {
	group    string
	span     set
	cluster  string // as it is written
	client   *client.Config
	replicas *[]protocols.NodeID
}

// compileClusters tells replicas and clients of each other.
func (c *compiler) compileClusters() {
	var rafts, pbfts []clustering
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		one := clustering{group: name, span: newSet(c.plan.groups[i].span)}
		if r := p.Raft; r != nil {
			one.cluster, one.client, one.replicas = r.Cluster, r.Client, &r.Replicas
			rafts = append(rafts, one)
		}
		if r := p.PBFT; r != nil {
			one.cluster, one.client, one.replicas = r.Cluster, r.Client, &r.Replicas
			pbfts = append(pbfts, one)
		}
	}
	c.join("raft", rafts)
	c.join("pbft", pbfts)
	c.checkReplicas()
	c.compileVoters()
}

// join gives each group the replicas of its cluster.
func (c *compiler) join(protocol string, all []clustering) {
	clusters := map[string]clustering{}
	var names []string
	for _, one := range all {
		if one.client == nil {
			clusters[one.group] = one
			names = append(names, one.group)
		}
	}
	for _, one := range all {
		home, ok := one, true
		switch {
		case one.client == nil && one.cluster != "":
			c.reportIn(one.group, protocol+".cluster", "is for clients; the replicas of %s are a cluster of their own; if they are clients, write client: {} beside it", one.group)
		case one.client == nil:
		case len(names) == 0:
			c.reportIn(one.group, protocol+".client", "there are no replicas to ask; declare a group that runs %s without client", protocol)
			ok = false
		case one.cluster != "":
			if home, ok = clusters[one.cluster]; !ok {
				c.reportIn(one.group, protocol+".cluster", "%q is no group of replicas%s", one.cluster, suggest(one.cluster, names))
			}
		case len(names) > 1:
			c.reportIn(one.group, protocol+".client", "there are several clusters; write cluster: %s", strings.Join(names, ", or cluster: "))
			ok = false
		default:
			home = clusters[names[0]]
		}
		if ok {
			*one.replicas = c.list(home.span)
		}
	}
}

// checkReplicas asks the protocols what they think of the number of replicas.
func (c *compiler) checkReplicas() {
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		if r := p.Raft; r != nil && r.Client == nil {
			for _, problem := range r.Config.ValidateReplicas(len(r.Replicas)) {
				c.reportIn(name, "raft."+problem.Path, "%s", problem.Message)
			}
		}
		if r := p.PBFT; r != nil && r.Client == nil {
			for _, problem := range r.Config.ValidateReplicas(len(r.Replicas)) {
				c.reportIn(name, "pbft."+problem.Path, "%s", problem.Message)
			}
		}
	}
}

// compileVoters lets the replicas of the consensus vote on decisions.
func (c *compiler) compileVoters() {
	var voters []protocols.NodeID
	runs := false
	for i := range c.Nodes {
		p := &c.Nodes[i].Value.Protocols.Value
		runs = runs || p.Decision != nil
		replica := p.Raft != nil && p.Raft.Client == nil || p.PBFT != nil && p.PBFT.Client == nil
		if p.Decision != nil && replica {
			voters = append(voters, c.list(newSet(c.plan.groups[i].span))...)
		}
	}
	for i := range c.Nodes {
		name, p := c.Nodes[i].Key, &c.Nodes[i].Value.Protocols.Value
		switch {
		case p.Decision == nil:
		case len(voters) == 0:
			c.reportIn(name, "decision", "nobody orders the proposals; write raft: {} or pbft: {} beside it")
			return
		default:
			p.Decision.Voters = voters
		}
	}
}

// shareReports lets all groups that run a clustered protocol report alike: by
// what the clients are configured to do, where there are some.
func (c *compiler) shareReports() {
	reports := map[string]*protocols.Protocol{}
	for i := range c.Nodes {
		p := &c.Nodes[i].Value.Protocols.Value
		for _, d := range c.base.Groups[i].Stack {
			client := d.Name == "raft" && p.Raft.Client != nil || d.Name == "pbft" && p.PBFT.Client != nil
			if reports[d.Name] == nil || client {
				reports[d.Name] = d
			}
		}
	}
	for i := range c.base.Groups {
		for _, d := range c.base.Groups[i].Stack {
			d.Probe, d.Checkers = reports[d.Name].Probe, reports[d.Name].Checkers
		}
	}
}
