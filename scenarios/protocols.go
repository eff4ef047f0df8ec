package scenarios

import (
	"meshsim/protocols"
	"meshsim/protocols/gossip"
)

// Protocols is what a node runs: one field a protocol, nil if it is not run.
// Whoever adds a protocol adds a field here and a case to stack.
type Protocols struct {
	Gossip *gossip.Config `key:"gossip" off:"true" doc:"rumors spread among random peers (Demers et al. 1987)"`
}

// stack describes the protocols that are run, in the order of the fields.
func (p *Protocols) stack() []*protocols.Protocol {
	var list []*protocols.Protocol
	if p.Gossip != nil {
		list = append(list, gossip.New(*p.Gossip))
	}
	return list
}

// stackOf returns what a group runs. Groups that override nothing share the
// descriptors of the common protocols.
func (c *compiler) stackOf(g *Group) []*protocols.Protocol {
	g.Protocols.Apply(c.Decoder, c.Protocols)
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

// runs says whether a node runs a protocol.
func (c *compiler) runs(id protocols.NodeID, protocol string) bool {
	for i, g := range c.plan.groups {
		if id >= g.hi {
			continue
		}
		for _, p := range c.base.Groups[i].Stack {
			if p.Name == protocol {
				return true
			}
		}
		return false
	}
	return false
}
