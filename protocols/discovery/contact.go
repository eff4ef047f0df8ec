package discovery

import "meshsim/protocols"

// onJoin lets a node in, if not too many came in this second, or sends it on. Who
// is no part of the mesh itself knows of nobody to send it to.
func (n *node) onJoin(env *protocols.Env, from protocols.NodeID, a *Announcement) {
	if !n.introduced(env, from, a) {
		return
	}
	let := n.phase == joined && n.admit(env)
	env.Observe(Contacted, uint64(from), b2u(let))
	if !let {
		var list []*Announcement
		if n.phase == joined {
			list = n.sample(env, nil, maxRedirect/2, maxRedirect/2)
		}
		env.Send(from, newPeers(env, KindRedirect, list, nil))
		return
	}
	if i := n.linkTo(from); i >= 0 {
		n.active[i].of, n.active[i].silent = a, 0
		n.welcome(env, from)
	} else {
		n.evict(env)
		n.welcome(env, from)
		n.link(env, a)
	}
	n.spread(env, a)
}

// spread sends a joining node's announcement on walks from each neighbour; in a full
// view all neighbours offer it a link at once.
func (n *node) spread(env *protocols.Env, a *Announcement) {
	m := &Introduction{kind: KindForwardJoin, TTL: uint8(n.ActiveWalk), Of: a}
	if n.full {
		m.TTL = 0
	}
	for i := range n.active {
		if to := n.active[i].id; to != a.ID {
			env.Send(to, m)
		}
	}
}

// maxRedirect is how many peers a node that is sent on gets to know.
const maxRedirect = 8

// admit counts those who are let in, second by second.
func (n *node) admit(env *protocols.Env) bool {
	if second := uint32(env.Now / 1e9); second != n.window {
		n.window, n.admitted = second, 0
	}
	if int(n.admitted) >= n.JoinLimit {
		return false
	}
	n.admitted++
	return true
}

// welcome tells a node that it is in, and of peers; in a full view, of all.
func (n *node) welcome(env *protocols.Env, to protocols.NodeID) {
	if !n.full {
		env.Send(to, newPeers(env, KindWelcome, n.sample(env, n.own, n.ShuffleLinks, maxRedirect), nil))
		return
	}
	all := []*Announcement{n.own}
	for i := range n.active {
		all = append(all, n.active[i].of)
	}
	for {
		part := all[:min(len(all), maxLinked)]
		env.Send(to, newPeers(env, KindWelcome, part, nil))
		if all = all[len(part):]; len(all) == 0 {
			return
		}
	}
}

func b2u(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
