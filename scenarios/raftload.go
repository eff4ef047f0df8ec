package scenarios

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/raft"
)

// Reconfigure is an order of an operator to a cluster of raft replicas.
type Reconfigure struct {
	Change string   `key:"change" required:"true" example:"add-voter" enum:"add-voter,add-learner,remove,transfer" doc:"add-voter: the replica learns, and votes once it has caught up; transfer: it is to lead"`
	Node   Selector `key:"node" required:"true" example:"replicas-3" doc:"the replica that it is about"`
	Via    Selector `key:"via" example:"replicas" doc:"who is told, one drawn for each order, and hands it to the leader; without it, any of those that vote at first"`
	Flow   `key:",inline"`
}

// lacksRaft says what a node would have to run to be a replica of raft.
func lacksRaft(p *Protocols) string {
	if p.Raft == nil || p.Raft.Client != nil {
		return "raft: {}"
	}
	return ""
}

func (c *compiler) compileReconfigure(l *Traffic, path string) {
	r := l.Reconfigure
	nodes, ok := c.members(r.Node, path+".node", lacksRaft)
	if !ok {
		return
	}
	if len(nodes) != 1 {
		c.Report(path+".node", "names %d nodes; an order is about one replica, as in replicas-3", len(nodes))
		return
	}
	via := c.foundersOf(nodes[0])
	if len(r.Via) > 0 {
		if via, ok = c.members(r.Via, path+".via", lacksRaft); !ok {
			return
		}
	}
	order := r.order(nodes[0])
	c.load(l, "raft", via, func(*draw.Rand) protocols.Message { return order })
}

// order is the message; nodes share it.
func (r *Reconfigure) order(node protocols.NodeID) protocols.Message {
	switch r.Change {
	case "add-voter":
		return raft.NewChange(raft.AddVoter, node)
	case "add-learner":
		return raft.NewChange(raft.AddLearner, node)
	case "remove":
		return raft.NewChange(raft.Remove, node)
	}
	return raft.NewTransfer(node)
}

// foundersOf lists those that vote at first in a replica's cluster.
func (c *compiler) foundersOf(id protocols.NodeID) []protocols.NodeID {
	for i, g := range c.plan.groups {
		if id < g.hi {
			r := c.Nodes[i].Value.Protocols.Value.Raft
			if r.Voters > 0 {
				return r.Replicas[:min(r.Voters, len(r.Replicas))]
			}
			return r.Replicas
		}
	}
	panic("scenarios: a replica that is in no group")
}
