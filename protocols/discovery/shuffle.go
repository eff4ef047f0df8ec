package discovery

import "meshsim/protocols"

// shuffle sends a walk out whose end becomes the partner of an exchange (HyParView,
// section 4.4). The walk carries no list: the two partners send those to each other
// directly, so that each answers for what it tells.
func (n *node) shuffle(env *protocols.Env) {
	env.SetTimer(protocols.Timer(shuffleTimer, 0), n.Shuffle)
	n.purge(env)
	n.decay()
	n.observeView(env)
	if n.walker > 0 {
		n.blame(protocols.NodeID(n.walker-1), notForwarded)
		n.walker, n.merging = 0, false
	}
	n.lookForLost(env)
	if len(n.active) == 0 {
		return
	}
	to := n.active[env.Rand.IntN(len(n.active))].id
	n.walker = uint32(to) + 1
	env.Send(to, &Introduction{kind: KindWalk, TTL: uint8(n.ActiveWalk), Of: n.own})
}

// observeView tells how old the passive view is.
func (n *node) observeView(env *protocols.Env) {
	if len(n.passive) == 0 {
		return
	}
	var sum protocols.Time
	for _, a := range n.passive {
		sum += max(env.Now-(a.Expires-protocols.Time(n.Lifetime)), 0)
	}
	env.Observe(Viewed, uint64(len(n.passive)), uint64(sum)/uint64(len(n.passive)))
}

// onWalk goes on with a walk, or ends it with an exchange.
func (n *node) onWalk(env *protocols.Env, from protocols.NodeID, m *Introduction) {
	if n.phase != joined || n.shuns(from) {
		return
	}
	if to, ok := n.step(env, from, m.Of.ID); ok && m.TTL > 0 {
		env.Send(to, &Introduction{kind: KindWalk, TTL: m.TTL - 1, Of: m.Of})
		return
	}
	if m.Of.ID == env.Self || m.Of.Leaving || n.examine(env, m.Of) > known {
		return // whoever on the way is to blame
	}
	env.Send(m.Of.ID, n.exchange(env, KindShuffle))
	n.update(env, m.Of)
}

// exchange is a list for a shuffle, with reports; in a full view it is long.
func (n *node) exchange(env *protocols.Env, kind protocols.Kind) *Peers {
	links, peers := n.ShuffleLinks, n.ShufflePeers
	if n.full {
		links, peers = maxLinked/2, maxLinked/2-1
	}
	return newPeers(env, kind, n.sample(env, n.own, links, peers), n.reports())
}

// onShuffle answers for the node whose walk has ended there, and takes its list in.
func (n *node) onShuffle(env *protocols.Env, from protocols.NodeID, m *Peers) {
	a := sender(from, m)
	if n.phase != joined || n.walker == 0 || a == nil || !n.introduced(env, from, a) {
		return
	}
	n.credit(protocols.NodeID(n.walker-1), forwarded)
	if n.merging {
		n.ask(env, from, true, true)
	}
	n.walker, n.merging = 0, false
	env.Send(from, n.exchange(env, KindShuffleReply))
	n.takeIn(env, from, m)
}

// onShuffleReply takes the list in that was given for one.
func (n *node) onShuffleReply(env *protocols.Env, from protocols.NodeID, m *Peers) {
	if a := sender(from, m); n.phase == joined && a != nil && n.introduced(env, from, a) {
		n.takeIn(env, from, m)
	}
}

func (n *node) takeIn(env *protocols.Env, from protocols.NodeID, m *Peers) {
	for _, r := range m.Reports[:min(len(m.Reports), maxReports)] {
		n.hearsay(from, r)
	}
	n.absorb(env, from, m)
	n.repair(env)
}

// announce makes the node's next announcement and tells its neighbours.
func (n *node) announce(env *protocols.Env) {
	env.SetTimer(protocols.Timer(announceTimer, 0), n.Announce)
	n.renew(env, false)
	n.tell(env)
}

// tell sends the node's announcement to its neighbours.
func (n *node) tell(env *protocols.Env) {
	if len(n.active) == 0 {
		return
	}
	m := &Introduction{kind: KindAnnounce, Of: n.own}
	for i := range n.active {
		env.Send(n.active[i].id, m)
	}
}

// onAnnounce takes in what a node tells of itself.
func (n *node) onAnnounce(env *protocols.Env, from protocols.NodeID, a *Announcement) {
	if a.ID != from {
		return
	}
	switch n.examine(env, a) {
	case forged:
		n.caught(env, from)
	case fresh:
		n.update(env, a)
	}
}
