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

// sender is the announcement of who sent a list: its first.
func sender(from protocols.NodeID, m *Peers) *Announcement {
	if len(m.List) == 0 || m.List[0].ID != from {
		return nil
	}
	return m.List[0]
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
