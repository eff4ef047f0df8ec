package discovery

import "meshsim/protocols"

// command does what somebody outside asks for.
func (n *node) command(env *protocols.Env, message protocols.Message) {
	switch {
	case isSignal(message, KindLeave) && n.phase != left:
		n.leave(env)
	case isSignal(message, KindEnter) && n.phase == left:
		n.Start(env)
	}
}

func isSignal(m protocols.Message, kind protocols.Kind) bool {
	s, ok := m.(*Signal)
	return ok && s.kind == kind
}

// leave tells the neighbours that the node leaves, and is silent from then on.
func (n *node) leave(env *protocols.Env) {
	n.renew(env, true)
	n.tell(env)
	for len(n.active) > 0 {
		n.unlink(env, len(n.active)-1, byLeaving)
	}
	for _, r := range n.requests {
		env.StopTimer(protocols.Timer(requestTimer, uint64(r.to)))
	}
	for t := range timerNames {
		if uint8(t) != requestTimer {
			env.StopTimer(protocols.Timer(uint8(t), 0))
		}
	}
	*n = node{shared: n.shared, own: n.own, phase: left}
	env.Observe(Left, 0, 0)
}
