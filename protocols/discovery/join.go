package discovery

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

// joinState is what a node that joins knows of that.
type joinState struct {
	contact   uint32 // who was asked, plus one; 0: nobody
	tries     uint8  // without success
	redirects uint8  // since the last time a seed was asked
}

// maxRedirects is how often a joining node lets itself be sent on before it waits.
const maxRedirects = 16

// joinLater begins to join, or tries again when there was no answer.
func (n *node) joinLater(env *protocols.Env) {
	switch n.phase {
	case idle:
		n.beginJoin(env)
	case joining:
		n.joining.tries = min(n.joining.tries+1, 60)
		if c := n.joining.contact; c > 0 {
			n.blame(protocols.NodeID(c-1), timedOut)
			n.forget(protocols.NodeID(c - 1))
		}
		n.joining.redirects = 0
		n.tryJoin(env)
	case joined: // a seed that wants to join through another one
		n.joining.tries = min(n.joining.tries+1, 60)
		n.joinSeed(env)
	}
}

// beginJoin is where a node begins. The mesh begins with its seeds: they take part
// at once, and join through one another.
func (n *node) beginJoin(env *protocols.Env) {
	n.phase, n.joining = joining, joinState{}
	env.Observe(Begun, 0, 0)
	if n.isSeed(env.Self) {
		n.takePart(env)
		n.merge(env)
		return
	}
	n.tryJoin(env)
}

// takePart is the end of joining.
func (n *node) takePart(env *protocols.Env) {
	env.Observe(Joined, uint64(n.joining.redirects), uint64(n.joining.tries))
	n.phase, n.joining = joined, joinState{}
	env.StopTimer(protocols.Timer(joinTimer, 0))
	n.after(env, aliveTimer, n.KeepAlive)
	n.after(env, shuffleTimer, n.Shuffle)
	if !n.isSeed(env.Self) {
		n.after(env, mergeTimer, rarely*n.Merge)
	}
}

// tryJoin asks somebody to be let in: a peer that it was sent to, else a seed. It
// waits a time that doubles with each try, half to one and a half times.
func (n *node) tryJoin(env *protocols.Env) {
	to, ok := n.contact(env)
	n.joining.contact = 0
	if ok {
		n.joining.contact = uint32(to) + 1
		env.Send(to, &Introduction{kind: KindJoin, Of: n.own})
	}
	env.SetTimer(protocols.Timer(joinTimer, 0), n.backOff(env))
}

func (n *node) backOff(env *protocols.Env) time.Duration {
	d, s := n.JoinBackOff, min(uint(n.joining.tries), 62)
	if n.JoinTimeout <= n.JoinBackOff>>s {
		d = n.JoinTimeout << s
	}
	return d/2 + time.Duration(env.Rand.Int64N(int64(d)))
}

// contact draws whom to ask.
func (n *node) contact(env *protocols.Env) (protocols.NodeID, bool) {
	if n.joining.redirects > 0 && len(n.passive) > 0 {
		return n.passive[env.Rand.IntN(len(n.passive))].ID, true
	}
	return n.otherSeed(env)
}

// otherSeed draws a seed that is not the node itself, and no neighbour.
func (n *node) otherSeed(env *protocols.Env) (protocols.NodeID, bool) {
	fits := func(s protocols.NodeID) bool { return s != env.Self && n.linkTo(s) < 0 && !n.shuns(s) }
	count := 0
	for _, s := range n.Seeds {
		if fits(s) {
			count++
		}
	}
	if count == 0 {
		return 0, false
	}
	pick := env.Rand.IntN(count)
	for _, s := range n.Seeds {
		if fits(s) {
			if pick == 0 {
				return s, true
			}
			pick--
		}
	}
	panic("discovery: fewer seeds than were counted")
}

// merge looks for parts of the mesh that this part has lost, whatever happened: a
// seed joins through another one; other nodes, more rarely, begin a shuffle at a seed
// and link with whom that leads to.
func (n *node) merge(env *protocols.Env) {
	period := n.Merge
	if n.isSeed(env.Self) {
		n.joining.tries = 0
		n.joinSeed(env)
	} else {
		n.turnToSeed(env)
		period *= rarely
	}
	env.SetTimer(protocols.Timer(mergeTimer, 0), period/2+time.Duration(env.Rand.Int64N(int64(period))))
}

// rarely is how many times more rarely a node turns to a seed that is none itself.
const rarely = 5

// turnToSeed sends a walk out that begins at a seed.
func (n *node) turnToSeed(env *protocols.Env) {
	if to, ok := n.otherSeed(env); ok && n.phase == joined {
		n.walker, n.merging = uint32(to)+1, true
		env.Send(to, &Introduction{kind: KindWalk, TTL: uint8(n.ActiveWalk), Of: n.own})
	}
}

func (n *node) joinSeed(env *protocols.Env) {
	n.joining.contact = 0
	if to, ok := n.otherSeed(env); ok {
		n.joining.contact = uint32(to) + 1
		env.Send(to, &Introduction{kind: KindJoin, Of: n.own})
		env.SetTimer(protocols.Timer(joinTimer, 0), n.backOff(env))
	}
}

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

// onWelcome takes the link to the contact, and the peers.
func (n *node) onWelcome(env *protocols.Env, from protocols.NodeID, m *Peers) {
	if n.joining.contact != uint32(from)+1 {
		if n.full && n.linkTo(from) >= 0 { // a further part
			n.absorb(env, from, m)
			n.repair(env)
		}
		return
	}
	a := sender(from, m)
	if a == nil || !n.introduced(env, from, a) {
		return
	}
	n.joining.contact = 0
	if n.phase == joined {
		env.StopTimer(protocols.Timer(joinTimer, 0))
	}
	if n.linkTo(from) < 0 {
		n.evict(env)
		n.link(env, a)
	}
	n.absorb(env, from, m)
	n.repair(env)
}

// onRedirect asks one of the peers at once, or waits if there is none. A seed that
// takes part waits in any case.
func (n *node) onRedirect(env *protocols.Env, from protocols.NodeID, m *Peers) {
	if n.joining.contact != uint32(from)+1 {
		return
	}
	n.absorb(env, from, m)
	if n.phase != joining {
		return
	}
	n.joining.contact = 0
	if len(m.List) == 0 || len(n.passive) == 0 || n.joining.redirects >= maxRedirects {
		n.joining.redirects = 0
		return // the timer is set
	}
	n.joining.redirects++
	n.tryJoin(env)
}

// onForwardJoin is a step of a joining node's walk (HyParView, algorithm 1). Where
// it ends, the node is offered a link.
func (n *node) onForwardJoin(env *protocols.Env, from protocols.NodeID, m *Introduction) {
	if n.phase != joined || m.Of.ID == env.Self || n.shuns(from) {
		return
	}
	ends := m.TTL == 0 || len(n.active) <= 1
	if ends && n.linkTo(m.Of.ID) < 0 {
		if n.examine(env, m.Of) <= known && !m.Of.Leaving {
			n.ask(env, m.Of.ID, false, true)
		}
		return
	}
	if int(m.TTL) == n.PassiveWalk {
		if n.examine(env, m.Of) == fresh {
			n.remember(env, m.Of)
		}
	}
	if to, ok := n.step(env, from, m.Of.ID); ok && m.TTL > 0 {
		env.Send(to, &Introduction{kind: KindForwardJoin, TTL: m.TTL - 1, Of: m.Of})
	}
}

// step draws the neighbour to which a walk goes on: not the one that it came from,
// and not the one that it is about.
func (n *node) step(env *protocols.Env, from, of protocols.NodeID) (protocols.NodeID, bool) {
	count := 0
	for i := range n.active {
		if id := n.active[i].id; id != from && id != of {
			count++
		}
	}
	if count == 0 {
		return 0, false
	}
	pick := env.Rand.IntN(count)
	for i := range n.active {
		if id := n.active[i].id; id != from && id != of {
			if pick == 0 {
				return id, true
			}
			pick--
		}
	}
	panic("discovery: fewer neighbours than were counted")
}

// sender is the announcement of who sent a list: its first.
func sender(from protocols.NodeID, m *Peers) *Announcement {
	if len(m.List) == 0 || m.List[0].ID != from {
		return nil
	}
	return m.List[0]
}

func b2u(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// Waits says what keeps the node from taking part.
func (n *node) Waits() string {
	switch {
	case n.phase == idle:
		return "its time to join"
	case n.phase == joining && n.joining.contact > 0:
		return fmt.Sprintf("node %d to let it in, try %d", n.joining.contact-1, n.joining.tries+1)
	case n.phase == joining:
		return fmt.Sprintf("its next try to join, number %d", n.joining.tries+2)
	}
	return ""
}
