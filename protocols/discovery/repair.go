package discovery

import "meshsim/protocols"

// maxAttempts bounds the requests for links between two signs of life.
const maxAttempts = 5

// alive gives the neighbours a sign of life, and gives up those that have given
// none for too long. It counts signs, not time, so that a clock may be set.
func (n *node) alive(env *protocols.Env) {
	env.SetTimer(protocols.Timer(aliveTimer, 0), n.KeepAlive)
	for i := len(n.active) - 1; i >= 0; i-- {
		if l := &n.active[i]; l.silent >= n.patience() {
			n.blame(l.id, timedOut)
			n.unlink(env, i, n.silence())
			continue
		}
		n.active[i].silent++
	}
	for i := range n.active {
		env.Send(n.active[i].id, keepAlive)
	}
	n.attempts = 0
	n.repair(env)
	n.lookFurther(env)
}

// lookFurther turns to a seed if nobody else is left whom the node knows, or none of
// them answers: what nodes that have lost the rest tell each other are the dead.
func (n *node) lookFurther(env *protocols.Env) {
	if n.poor = min(n.poor+1, 200); len(n.active) >= n.DegreeMin {
		n.poor = 0
	}
	alone := len(n.passive) == 0 && len(n.requests) == 0
	switch {
	case alone && len(n.active) == 0:
		n.rejoin(env)
	case n.walker == 0 && (n.poor > patient || alone && n.poor > 0):
		n.turnToSeed(env)
	}
}

// patient is how many signs of life long a node tries to find links by itself.
const patient = 3

// patience is how many signs of life of a neighbour may be missing. With a failure
// detector on the node it is longer, for what that does not watch.
func (n *node) patience() uint8 {
	p := int64(n.Timeout / n.KeepAlive)
	if n.Detector {
		p *= 3
	}
	return uint8(min(p, 250))
}

// silence is why a silent neighbour is given up: that it has failed is the
// detector's to say, if there is one.
func (n *node) silence() uint64 {
	if n.Detector {
		return byEviction
	}
	return byFailure
}

// onKeepAlive notes a sign of life. Whoever thinks wrongly that there is a link is
// told, or gets one.
func (n *node) onKeepAlive(env *protocols.Env, from protocols.NodeID) {
	i := n.linkTo(from)
	switch {
	case i >= 0:
		n.active[i].silent = 0
		n.credit(from, alive)
	case n.phase == joined && n.hasRoom() && !n.shuns(from):
		n.ask(env, from, false, false)
	case n.requestTo(from) < 0:
		env.Send(from, disconnect)
	}
}

// repair asks peers for the links that are missing (HyParView, section 4.3).
func (n *node) repair(env *protocols.Env) {
	if n.phase != joined {
		return
	}
	want := n.DegreeMin - len(n.active) - len(n.requests)
	if n.full {
		want = min(len(n.passive)-len(n.requests), maxLinked)
	}
	for ; want > 0 && (n.full || n.attempts < maxAttempts); want-- {
		a := n.candidate(env)
		if a == nil {
			return
		}
		n.attempts = min(n.attempts+1, 200)
		n.ask(env, a.ID, n.full || len(n.active) == 0, false)
	}
}

// requestTimeout gives up a request that nobody answers, and the peer with it.
func (n *node) requestTimeout(env *protocols.Env, to protocols.NodeID) {
	i := n.requestTo(to)
	if i < 0 {
		return
	}
	n.requests = swapDelete(n.requests, i)
	n.forget(to)
	n.blame(to, timedOut)
	n.repair(env)
}

// rejoin begins anew: the node has lost all whom it knew.
func (n *node) rejoin(env *protocols.Env) {
	if n.isSeed(env.Self) {
		if n.joining.contact == 0 {
			n.joinSeed(env)
		}
		return
	}
	for _, t := range []uint8{aliveTimer, shuffleTimer, mergeTimer} {
		env.StopTimer(protocols.Timer(t, 0))
	}
	n.beginJoin(env)
}

// lookForLost asks one of the peers that failed whether it is back: behind a
// partition that heals there are whole parts of the mesh that nobody knows any more.
func (n *node) lookForLost(env *protocols.Env) {
	if n.lostSize > 0 {
		n.probe(env, n.lost[env.Rand.IntN(int(n.lostSize))], forLost)
	}
}

// reunite links with a peer that was lost, even if another neighbour has to go: who
// else does may not be on the other side.
func (n *node) reunite(env *protocols.Env, id protocols.NodeID) {
	n.ask(env, id, true, true)
}

// confirmed gives up a peer that a failure detector has declared failed.
func (n *node) confirmed(env *protocols.Env, id protocols.NodeID) {
	n.forget(id)
	n.unrequest(env, id)
	if i := n.linkTo(id); i >= 0 {
		n.active = swapDelete(n.active, i)
		env.Observe(LinkDown, uint64(id), byFailure)
		n.lose(id)
	}
	n.repair(env)
}

// back links with a peer again that a failure detector has declared failed.
func (n *node) back(env *protocols.Env, id protocols.NodeID) {
	if n.isLost(id) >= 0 {
		n.reunite(env, id)
	}
}
