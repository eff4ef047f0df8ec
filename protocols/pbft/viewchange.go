package pbft

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/quorum"
)

// change is what a replica knows of view changes.
type change struct {
	latest   []*ViewChange // by place: the valid one with the highest view
	own      *ViewChange
	newView  *NewView // what brought the replica to its view, to hand on; nil: none
	attempts uint     // view changes since something was executed
	timing   bool     // a quorum wants the view; the new-view is timed
}

// onViewTimer ends the patience with a primary. Section 4.4: "If the timer of
// backup i expires in view v, the backup starts a view change to move the system
// to view v+1. It stops accepting messages (other than checkpoint, view-change,
// and new-view messages) and multicasts a view-change message."
func (n *replica) onViewTimer(env *protocols.Env) {
	if n.changing || n.queue.oldest() != nil {
		n.startViewChange(env, n.view+1)
		return
	}
	n.queue.timed = nil
	n.watch(env)
}

func (n *replica) startViewChange(env *protocols.Env, view uint64) {
	n.takeBack()
	n.view, n.changing = view, true
	n.change.timing, n.change.newView = false, nil
	n.change.attempts++
	n.queue.timed = nil
	env.StopTimer(viewTimer)
	env.Observe(ViewChanged, view, 0)
	if !n.saveView(env) {
		return
	}
	n.resumeViewChange(env)
	n.watch(env)
}

// resumeViewChange tells all what this replica brings into the new view.
func (n *replica) resumeViewChange(env *protocols.Env) {
	m := n.makeViewChange()
	m.seal(env.Sign(m.fixed()))
	n.change.own, n.change.latest[n.self] = m, m
	env.Multicast(n.peers, m)
	n.countViewChanges(env)
}

// makeViewChange is the message without its signature.
func (n *replica) makeViewChange() *ViewChange {
	m := &ViewChange{View: n.view, Stable: n.stable, Replica: n.id}
	tags := n.Authentication == MACs
	n.log.slots(func(s *slot) {
		if s.certificate != nil {
			m.Prepared = append(m.Prepared, s.certificate)
		}
		if tags {
			m.Accepted = append(m.Accepted, s.accepted...)
		}
	})
	for i := range n.checkpoints {
		if s := &n.checkpoints[i]; tags && s.sequence > n.log.low {
			m.Made = append(m.Made, stable{sequence: s.sequence, state: s.digest})
		}
	}
	return m
}

// onViewChange takes a view-change of another replica. Section 4.5.2: "if a
// replica receives a set of f+1 valid view-change messages from other replicas
// for views greater than its current view, it sends a view-change message for the
// smallest view in the set, even if its timer has not expired".
func (n *replica) onViewChange(env *protocols.Env, from protocols.NodeID, m *ViewChange) {
	place, ok := n.place(from)
	if !ok || from != m.Replica || place == n.self || m.View < n.view || m.View == n.view && !n.changing {
		return
	}
	if old := n.change.latest[place]; old != nil && old.View >= m.View || !n.validViewChange(env, m) {
		return
	}
	n.change.latest[place] = m
	if m.View > n.view {
		n.join(env)
	}
	n.countViewChanges(env)
}

// join follows f+1 replicas to a later view.
func (n *replica) join(env *protocols.Env) {
	later, least := 0, uint64(0)
	for _, m := range n.change.latest {
		if m != nil && m.View > n.view {
			if later == 0 || m.View < least {
				least = m.View
			}
			later++
		}
	}
	if later >= n.weak {
		n.startViewChange(env, least)
	}
}

// countViewChanges starts the timer when a quorum wants the view: "it waits for
// 2f+1 view-change messages for view v+1 before starting its timer" (section
// 4.5.2). Those who want a later view count, too: if their messages for this one
// were lost, they will not send them again, and fewer than f+1 make nobody join.
// The primary of the view begins it.
func (n *replica) countViewChanges(env *protocols.Env) {
	if !n.changing || n.halted != "" {
		return
	}
	var wanted []*ViewChange
	beyond := 0
	for _, m := range n.change.latest {
		switch {
		case m == nil:
		case m.View == n.view:
			wanted = append(wanted, m)
		case m.View > n.view:
			beyond++
		}
	}
	if len(wanted)+beyond >= n.quorum && !n.change.timing {
		n.change.timing = true
		env.SetTimer(viewTimer, n.patience())
	}
	if len(wanted) >= n.quorum && n.primary(n.view) == n.id {
		n.beginView(env, wanted)
	}
}

// validViewChange verifies all that a view-change claims.
func (n *replica) validViewChange(env *protocols.Env, m *ViewChange) bool {
	last := m.Stable.sequence
	for _, c := range m.Prepared {
		p := c.proposal
		if p.Sequence <= last || p.Sequence > m.Stable.sequence+uint64(n.Window) || p.View >= m.View || p.Primary != n.primary(p.View) {
			return false
		}
		last = p.Sequence
	}
	if !signed(env, m.Replica, &m.head) {
		return false
	}
	if n.Authentication == MACs { // claims that nobody need believe; see decideByClaims
		return len(m.Stable.proof) == 0 && !slices.ContainsFunc(m.Prepared, func(c *certificate) bool { return len(c.prepares) > 0 })
	}
	if len(m.Accepted) > 0 || len(m.Made) > 0 || !n.validStable(env, &m.Stable) {
		return false
	}
	for _, c := range m.Prepared {
		if !n.validCertificate(env, c) {
			return false
		}
	}
	return true
}

// validStable verifies the proof of a stable checkpoint.
func (n *replica) validStable(env *protocols.Env, s *stable) bool {
	if s.sequence == 0 {
		return s.state == protocols.Digest{} && len(s.proof) == 0
	}
	if len(s.proof) < n.quorum {
		return false
	}
	last := -1
	for _, c := range s.proof {
		place, ok := n.place(c.Replica)
		if !ok || place <= last || c.Sequence != s.sequence || c.State != s.state || !signed(env, c.Replica, &c.head) {
			return false
		}
		last = place
	}
	return true
}

// validCertificate verifies a prepared certificate: a pre-prepare of the primary
// and prepares of others that match it, together a quorum.
func (n *replica) validCertificate(env *protocols.Env, c *certificate) bool {
	p := c.proposal
	if len(c.prepares) != n.quorum-1 || !signed(env, p.Primary, &p.head) {
		return false
	}
	voters := quorum.NewSet(n.n)
	for _, v := range c.prepares {
		place, ok := n.place(v.Replica)
		if !ok || !voters.Add(place) || v.Replica == p.Primary || v.kind != KindPrepare ||
			v.View != p.View || v.Sequence != p.Sequence || v.Batch != p.Batch || !signed(env, v.Replica, &v.head) {
			return false
		}
	}
	return true
}
