package scenarios

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/gossip"
	"meshsim/protocols/paxos"
)

// Protocols is what a node runs: one field a protocol, nil if it is not run.
// Whoever adds a protocol adds a field here and a case to stack.
type Protocols struct {
	Gossip *gossip.Config `key:"gossip" off:"true" doc:"rumors spread among random peers (Demers et al. 1987)"`
	Paxos  *paxos.Config  `key:"paxos" off:"true" doc:"one value is chosen by a majority (Lamport 1998)"`
}

// stack describes the protocols that are run, in the order of the fields.
func (p *Protocols) stack() []*protocols.Protocol {
	var list []*protocols.Protocol
	if p.Gossip != nil {
		list = append(list, gossip.New(*p.Gossip))
	}
	if p.Paxos != nil {
		list = append(list, paxos.New(*p.Paxos))
	}
	return list
}

// stackOf returns what a group runs. Groups that override nothing share the
// descriptors of the common protocols.
func (c *compiler) stackOf(name, path string, g *Group) []*protocols.Protocol {
	g.Protocols.Apply(c.Decoder, c.Protocols)
	if p := &g.Protocols.Value; p.Paxos != nil && p.Paxos.Rumors && p.Gossip == nil {
		where := path + ".protocols.paxos.rumors"
		if !c.Written(where) {
			where = "protocols.paxos.rumors"
		}
		if !c.Failed(where) {
			c.Report(where, "needs gossip on the same nodes, which group %s does not run; write gossip: {}", name)
		}
	}
	if g.Protocols.Written {
		return g.Protocols.Value.stack()
	}
	if c.common == nil {
		c.common = c.Protocols.stack()
	}
	return c.common
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
// something to tell for that long.
func (p *Protocols) callsPerNode(active time.Duration) float64 {
	calls := 0.0
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
	return calls
}
