package protocoltest

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

// Wrap puts a change around what each node of p asks for: after is called at the end of
// each call, with the Env that the node has filled.
func Wrap(p *protocols.Protocol, after func(env *protocols.Env)) *protocols.Protocol {
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

// Busy lets timers wait for the work of the call that set them, where the driver knows
// no CPU. It is for [Wrap].
func Busy(env *protocols.Env) {
	for i := range env.Timers {
		if env.Timers[i].After >= 0 {
			env.Timers[i].After += env.Busy
		}
	}
}
