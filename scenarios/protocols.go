package scenarios

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/dht"
	"meshsim/protocols/discovery"
	"meshsim/protocols/gossip"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/partition"
	"meshsim/protocols/paxos"
	"meshsim/protocols/pbft"
	"meshsim/protocols/raft"
)

// Protocols is what a node runs: one field a protocol, nil if it is not run.
// Whoever adds a protocol adds a field here and a case to stack.
type Protocols struct {
	Discovery *Discovery        `key:"discovery" off:"true" doc:"nodes join through seeds and keep up links with a few peers (Leitao et al. 2007, 2009)"`
	Gossip    *gossip.Config    `key:"gossip" off:"true" doc:"rumors spread among random peers (Demers et al. 1987)"`
	Paxos     *paxos.Config     `key:"paxos" off:"true" doc:"one value is chosen by a majority (Lamport 1998)"`
	Raft      *Raft             `key:"raft" off:"true" doc:"a replicated store whose log a leader orders (Ongaro and Ousterhout 2014)"`
	PBFT      *PBFT             `key:"pbft" off:"true" doc:"a replicated store that a third of the replicas may lie in (Castro and Liskov 1999)"`
	Decision  *decision.Config  `key:"decision" off:"true" doc:"members vote on proposals, which raft or pbft on the same nodes orders"`
	Heartbeat *heartbeat.Config `key:"heartbeat" off:"true" doc:"members watch one another, and agree on who has failed (Chen et al. 2002, Hayashibara et al. 2004, Das et al. 2002)"`
	Task      *Task             `key:"task" off:"true" doc:"nodes run tasks, and a strategy decides which node runs which"`
	Partition *partition.Config `key:"partition" off:"true" doc:"who is cut from the majority of the nodes is read-only until it is back (Gray and Cheriton 1989; Ricciardi and Birman 1991)"`
	DHT       *DHT              `key:"dht" off:"true" doc:"a distributed hash table whose lookups take about half of log2 of the nodes (Stoica et al. 2001)"`
}

// Raft is what replicas of a cluster, or clients of one, run.
type Raft struct {
	raft.Config `key:",inline"`
	Cluster     string `key:"cluster" example:"replicas" doc:"of clients: the group of replicas that they ask; needed if there are several"`
}

// PBFT is what replicas of a cluster, or clients of one, run.
type PBFT struct {
	pbft.Config `key:",inline"`
	Cluster     string `key:"cluster" example:"replicas" doc:"of clients: the group of replicas that they ask; needed if there are several"`
}

// stack describes the protocols that are run, in the order of the fields.
func (p *Protocols) stack() []*protocols.Protocol {
	var list []*protocols.Protocol
	if p.Discovery != nil {
		list = append(list, discovery.New(p.Discovery.Config))
	}
	if p.Gossip != nil {
		list = append(list, gossip.New(*p.Gossip))
	}
	if p.Paxos != nil {
		list = append(list, paxos.New(*p.Paxos))
	}
	if p.Raft != nil {
		list = append(list, raft.New(p.Raft.Config))
	}
	if p.PBFT != nil {
		list = append(list, pbft.New(p.PBFT.Config))
	}
	if p.Decision != nil {
		list = append(list, decision.New(*p.Decision))
	}
	if p.Heartbeat != nil {
		list = append(list, heartbeat.New(*p.Heartbeat))
	}
	if p.Task != nil {
		list = append(list, p.Task.protocol())
	}
	if p.Partition != nil {
		list = append(list, partition.New(*p.Partition))
	}
	if p.DHT != nil {
		list = append(list, dht.New(p.DHT.Config))
	}
	return list
}

// compileStacks gives each group what it runs. Groups that run the same share
// the descriptors.
func (c *compiler) compileStacks() {
	for i := range c.Nodes {
		g := &c.Nodes[i].Value
		g.Protocols.Apply(c.Decoder, c.Protocols)
		c.checkStack(c.Nodes[i].Key, &g.Protocols.Value)
	}
	c.compileSeeds()
	c.compileClusters()
	c.compileTasks()
	c.checkWatchers()
	c.checkPartitioning()
	c.compileDHT()
	var common []*protocols.Protocol
	for i := range c.Nodes {
		p := &c.Nodes[i].Value.Protocols
		switch {
		case p.Written || p.Value.clustered():
			c.base.Groups[i].Stack = p.Value.stack()
		case common == nil:
			common = p.Value.stack()
			fallthrough
		default:
			c.base.Groups[i].Stack = common
		}
	}
	c.shareReports()
}

// clustered reports whether what is run differs between groups that write the
// same.
func (p *Protocols) clustered() bool {
	return p.Raft != nil || p.PBFT != nil || p.Decision != nil || p.Task != nil
}

// checkStack reports protocols that need others beside them.
func (c *compiler) checkStack(group string, p *Protocols) {
	if p.Paxos != nil && p.Paxos.Rumors && p.Gossip == nil {
		c.reportIn(group, "paxos.rumors", "needs gossip on the same nodes, which group %s does not run; write gossip: {}", group)
	}
	if p.Gossip != nil && p.Gossip.Peers == "membership" && p.Discovery == nil {
		c.reportIn(group, "gossip.peers", "is membership, but nothing on the nodes of %s announces peers, so that no rumor would ever leave them; write discovery: {seeds: …} beside it, or peers: all", group)
	}
}

// reportIn reports what is wrong in a group's protocols, where it is written:
// there or among the common ones.
func (c *compiler) reportIn(group, path, format string, args ...any) {
	where := "nodes." + group + ".protocols." + path
	if !c.Written(where) {
		where = "protocols." + path
	}
	if !c.Failed(where) {
		c.Report(where, format, args...)
	}
}

// checkProtocols reports a mesh in which nobody runs anything.
func (c *compiler) checkProtocols() {
	for _, g := range c.base.Groups {
		if len(g.Stack) > 0 {
			return
		}
	}
	if len(c.base.Groups) > 0 && !c.Failed("protocols") && !c.Failed("nodes") {
		c.Report("protocols", "no node runs a protocol; write one, as in protocols: {gossip: {fanout: 3}}")
	}
}

// callsPerNode estimates how often a node is called in a run in which there is
// something to tell for that long, members being all nodes of the mesh.
func (p *Protocols) callsPerNode(active time.Duration, members int) float64 {
	calls := 0.0
	if d := p.Discovery; d != nil {
		calls += joiningCalls(&d.Config, active, members)
	}
	if g := p.Gossip; g != nil {
		messages := float64(g.Fanout) // received a round
		if g.Mode != "push" {
			messages += messages // and answers
		}
		calls += float64(seconds(active) / seconds(g.Interval) * (1 + messages))
		if a := g.AntiEntropy; a != nil {
			calls += float64(seconds(active) / seconds(a.Interval) * 4)
		}
		if a := g.Aggregation; a != nil {
			calls += float64(seconds(active) / seconds(a.Interval) * 3)
		}
	}
	if p.Paxos != nil {
		calls += 10 // a few ballots
	}
	if p.Task != nil {
		calls += p.Task.loadCalls(active)
	}
	if p.DHT != nil {
		calls += p.DHT.ringCalls(active)
	}
	return calls
}
