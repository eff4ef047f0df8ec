package discovery

import "meshsim/protocols"

// remember puts a peer into the passive view. If that is full, the peer whose
// announcement is the oldest has to go (the aged entries of Cyclon, section 3.2).
// What it is given is true.
func (n *node) remember(env *protocols.Env, a *Announcement) {
	if a.ID == env.Self || a.Leaving || n.shuns(a.ID) || n.linkTo(a.ID) >= 0 {
		return
	}
	if i := n.passiveAt(a.ID); i >= 0 {
		if n.passive[i].Sequence < a.Sequence {
			n.passive[i] = a
		}
		return
	}
	if !n.full && len(n.passive) >= n.Passive {
		n.passive[n.oldest()] = a
		return
	}
	if n.passive == nil && !n.full {
		n.passive = make([]*Announcement, 0, n.Passive)
	}
	n.passive = append(n.passive, a)
}

// oldest is the place of the peer that was heard of least recently.
func (n *node) oldest() int {
	at := 0
	for i, a := range n.passive {
		if o := n.passive[at]; a.Expires < o.Expires || a.Expires == o.Expires && a.ID < o.ID {
			at = i
		}
	}
	return at
}

// forget removes a peer from the passive view.
func (n *node) forget(id protocols.NodeID) {
	if i := n.passiveAt(id); i >= 0 {
		n.passive = swapDelete(n.passive, i)
	}
}

// purge removes what must not be believed any more.
func (n *node) purge(env *protocols.Env) {
	for i := len(n.passive) - 1; i >= 0; i-- {
		if n.expired(env, n.passive[i]) {
			n.passive = swapDelete(n.passive, i)
		}
	}
}

// absorb takes in a list that a node has sent itself, so that it answers for it.
// The first lie ends it.
func (n *node) absorb(env *protocols.Env, from protocols.NodeID, m *Peers) {
	for _, a := range m.List[:min(len(m.List), maxLinked)] {
		switch n.examine(env, a) {
		case forged:
			n.caught(env, from)
			n.expose(env, from, from, m)
			return
		case fresh:
			n.update(env, a)
		}
	}
}

// update takes in an announcement that is true and news.
func (n *node) update(env *protocols.Env, a *Announcement) {
	i := n.linkTo(a.ID)
	switch {
	case a.Leaving && i >= 0:
		n.unlink(env, i, byLeaving)
		n.repair(env)
	case a.Leaving:
		n.forget(a.ID)
	case i >= 0:
		n.active[i].of = a
	default:
		n.remember(env, a)
	}
}

// sample draws a list of peers: first, if it is one, then some neighbours, then some
// of the passive view.
func (n *node) sample(env *protocols.Env, first *Announcement, links, peers int) []*Announcement {
	links, peers = min(links, len(n.active)), min(peers, len(n.passive))
	list := make([]*Announcement, 0, 1+links+peers)
	if first != nil {
		list = append(list, first)
	}
	var room [maxLinked]int
	for _, i := range env.Rand.Sample(room[:links], len(n.active)) {
		list = n.listed(env, list, n.active[i].of)
	}
	for _, i := range env.Rand.Sample(room[:peers], len(n.passive)) {
		list = n.listed(env, list, n.passive[i])
	}
	return list
}

// listed appends an announcement if it will still be believed when it arrives.
func (n *node) listed(env *protocols.Env, list []*Announcement, a *Announcement) []*Announcement {
	if env.Now > a.Expires {
		return list
	}
	return append(list, a)
}

// candidate draws a peer to link with: the one of the highest standing among three
// that are not asked already.
func (n *node) candidate(env *protocols.Env) *Announcement {
	var best *Announcement
	var room [3]int
	for _, i := range env.Rand.Sample(room[:min(len(room), len(n.passive))], len(n.passive)) {
		a := n.passive[i]
		if n.requestTo(a.ID) >= 0 || n.shuns(a.ID) || n.expired(env, a) {
			continue
		}
		if best == nil || n.standing(a.ID) > n.standing(best.ID) {
			best = a
		}
	}
	return best
}

// lose notes a peer that failed, for it may come back.
func (n *node) lose(id protocols.NodeID) {
	if n.isLost(id) >= 0 {
		return
	}
	n.lost[n.lostNext] = id
	n.lostNext = (n.lostNext + 1) % uint8(len(n.lost))
	n.lostSize = min(n.lostSize+1, uint8(len(n.lost)))
}

func (n *node) isLost(id protocols.NodeID) int {
	for i, l := range n.lost[:n.lostSize] {
		if l == id {
			return i
		}
	}
	return -1
}

// found strikes a peer off the lost ones and reports whether it was there.
func (n *node) found(id protocols.NodeID) bool {
	i := n.isLost(id)
	if i < 0 {
		return false
	}
	n.lostSize--
	n.lost[i] = n.lost[n.lostSize]
	n.lostNext = n.lostSize
	return true
}
