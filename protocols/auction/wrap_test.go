package auction_test

import "meshsim/protocols"

// wrapped is a node with a change around what it asks for.
type wrapped struct {
	protocols.Node
	after func(env *protocols.Env)
}

func (n *wrapped) Start(env *protocols.Env) {
	n.Node.Start(env)
	n.after(env)
}

func (n *wrapped) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	n.Node.Receive(env, from, m)
	n.after(env)
}

func (n *wrapped) Expire(env *protocols.Env, t protocols.TimerID) {
	n.Node.Expire(env, t)
	n.after(env)
}

func (n *wrapped) Hear(env *protocols.Env, e protocols.Event) {
	n.Node.(protocols.Hearer).Hear(env, e)
	n.after(env)
}

// wrap puts after around each node of p.
func wrap(p *protocols.Protocol, after func(env *protocols.Env)) *protocols.Protocol {
	q := *p
	q.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := p.New(w, ids)
		list := make([]wrapped, nodes.Len())
		for i := range list {
			list[i] = wrapped{nodes.At(i), after}
		}
		return protocols.NodesOf(list)
	}
	return &q
}

// busy lets timers wait for the work of the call that set them, where the driver
// knows no CPU.
func busy(env *protocols.Env) {
	for i := range env.Timers {
		if env.Timers[i].After >= 0 {
			env.Timers[i].After += env.Busy
		}
	}
}
