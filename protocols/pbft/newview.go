package pbft

import (
	"slices"

	"meshsim/protocols"
)

// plan is what a set of view-changes decides: where the new view begins, and
// which batch each number up to the last has to get (section 4.4).
type plan struct {
	stable  stable
	batches []protocols.Digest // of the numbers after stable, in order
}

// last is the highest number that the plan decides.
func (p *plan) last() uint64 { return p.stable.sequence + uint64(len(p.batches)) }

// decide computes the plan. With signatures any quorum of view-changes decides;
// with tags it may take more, and ok is false until they are there.
func (c *cluster) decide(all []*ViewChange) (p plan, ok bool) {
	if c.Authentication == MACs {
		return c.decideByClaims(all)
	}
	return decideByProof(all), true
}

// decideByProof is the rule of the 1999 paper, section 4.4: the new view begins
// at the latest stable checkpoint (min-s); up to the highest number in a prepared
// certificate (max-s) each number gets the batch of the certificate with the
// highest view, or the null request.
func decideByProof(all []*ViewChange) (p plan) {
	last := uint64(0)
	for _, m := range all {
		if m.Stable.sequence > p.stable.sequence {
			p.stable = m.Stable
		}
		for _, c := range m.Prepared {
			last = max(last, c.proposal.Sequence)
		}
	}
	if last <= p.stable.sequence {
		return p
	}
	p.batches = make([]protocols.Digest, last-p.stable.sequence)
	views := make([]uint64, len(p.batches))
	for i := range p.batches {
		p.batches[i] = null.digest
	}
	for _, m := range all {
		for _, c := range m.Prepared {
			q := c.proposal
			if q.Sequence <= p.stable.sequence {
				continue
			}
			if i := q.Sequence - p.stable.sequence - 1; q.View+1 > views[i] {
				p.batches[i], views[i] = q.Batch, q.View+1
			}
		}
	}
	return p
}

// beginView makes the new view known, if the view-changes decide it.
func (n *replica) beginView(env *protocols.Env, wanted []*ViewChange) {
	if n.change.own.Stable.sequence < n.log.low { // collected since: it would propose numbers that it has no more
		own := n.makeViewChange()
		own.seal(env.Sign(own.fixed()))
		i := slices.Index(wanted, n.change.own)
		n.change.own, n.change.latest[n.self], wanted[i] = own, own, own
	}
	p, ok := n.decide(wanted)
	if !ok {
		return
	}
	m := &NewView{View: n.view, ViewChanges: wanted, Primary: n.id, Proposals: make([]*PrePrepare, len(p.batches))}
	for i, d := range p.batches {
		q := newPrePrepare(n.view, p.stable.sequence+1+uint64(i), d, n.id)
		if n.Authentication == MACs {
			q.carry(proof{form: byNothing}, nil) // the signature of the new-view covers it
		} else {
			q.carry(proof{signature: env.Sign(q.digest)}, nil)
		}
		m.Proposals[i] = q
	}
	m.seal(env.Sign(m.fixed()))
	n.enter(env, m, &p)
}

// onNewView enters a view if its primary has drawn the right conclusions. Section
// 4.4: "A backup accepts a new-view message for view v+1 if it is signed properly,
// if the view-change messages it contains are valid for view v+1, and if the set
// O is correct; it verifies the correctness of O by performing a computation
// similar to the one used by the primary to create O."
func (n *replica) onNewView(env *protocols.Env, from protocols.NodeID, m *NewView) {
	if _, ok := n.place(from); !ok || m.View < n.view || m.View == n.view && !n.changing || m.Primary != n.primary(m.View) || m.Primary == n.id {
		return
	}
	if p, ok := n.validNewView(env, m); ok {
		n.enter(env, m, &p)
	}
}

func (n *replica) validNewView(env *protocols.Env, m *NewView) (p plan, ok bool) {
	if len(m.ViewChanges) < n.quorum || !signed(env, m.Primary, &m.head) {
		return p, false
	}
	last := -1
	for _, v := range m.ViewChanges {
		place, ok := n.place(v.Replica)
		if !ok || place <= last || v.View != m.View {
			return p, false
		}
		last = place
		known := n.change.latest[place]
		if (known == nil || known.digest != v.digest || known.signature != v.signature) && !n.validViewChange(env, v) {
			return p, false
		}
	}
	if p, ok = n.decide(m.ViewChanges); !ok || len(p.batches) != len(m.Proposals) {
		return p, false
	}
	for i, q := range m.Proposals {
		if q.View != m.View || q.Primary != m.Primary || q.Sequence != p.stable.sequence+1+uint64(i) || q.Batch != p.batches[i] ||
			n.Authentication != MACs && !signed(env, q.Primary, &q.head) {
			return p, false
		}
	}
	return p, true
}

// enter begins a view with what its new-view proposes.
func (n *replica) enter(env *protocols.Env, m *NewView, p *plan) {
	n.takeBack()
	n.view, n.changing = m.View, false
	n.change.newView, n.change.timing = m, false
	n.log.slots((*slot).leaveView)
	env.Observe(Entered, n.view, 0)
	if !n.saveView(env) {
		return
	}
	if m.Primary == n.id {
		env.Multicast(n.peers, m)
	}
	n.top, n.retry.heard = n.log.low, 0
	n.adopt(env, p.stable)
	n.top = max(n.top, n.log.low)
	n.next = max(p.last(), n.log.low) + 1
	if n.primary(n.view) == n.id {
		env.Observe(Primary, 0, n.view)
	}
	n.queue.again()
	for _, q := range m.Proposals {
		if n.log.within(q.Sequence) {
			n.acceptAgain(env, q)
		}
	}
	n.queue.timed = nil
	env.StopTimer(viewTimer)
	n.watch(env)
	n.replay(env)
	n.propose(env)
}

// adopt takes over the checkpoint at which the view begins. Its number becomes
// the low watermark even where the state has yet to be fetched.
func (n *replica) adopt(env *protocols.Env, c stable) {
	if c.sequence <= n.log.low {
		return
	}
	if own := n.snapshot(c.sequence); own != nil && own.digest == c.state {
		n.collect(env, c)
		return
	}
	env.Observe(Raised, c.sequence, short(c.state))
	n.adoptable(c)
	if n.saveAdopted(env) {
		n.fetchState(env)
	}
}

// adoptable makes a checkpoint without its state the low watermark.
func (n *replica) adoptable(c stable) {
	n.raise(c)
	if c.sequence > n.transfer.known.sequence {
		n.transfer.known = c
	}
}

// acceptAgain accepts a proposal of a new-view. Its batch is known here, or it
// has to be fetched.
func (n *replica) acceptAgain(env *protocols.Env, m *PrePrepare) {
	if b := n.log.at(m.Sequence).batch(m.Batch); b != nil {
		n.expect(b)
	}
	n.accept(env, m)
	if s := n.log.find(m.Sequence); s != nil && s.batch(m.Batch) == nil {
		n.fetchBatch(env, s)
	}
}

// decideByClaims is the rule of the 2002 paper, section 3.2.4 and figure 4, for
// view-changes that prove nothing.
func (c *cluster) decideByClaims(all []*ViewChange) (p plan, ok bool) {
	if p.stable, ok = c.startByClaims(all); !ok {
		return p, false
	}
	last := uint64(0)
	for _, m := range all {
		for _, x := range m.Prepared {
			last = max(last, x.proposal.Sequence)
		}
	}
	last = min(last, p.stable.sequence+uint64(c.Window)) // what is above cannot have committed
	bound := 0                                           // numbers up to the last that a supported claim decides; those behind are free
	for sequence := p.stable.sequence + 1; sequence <= last; sequence++ {
		d, claimed, ok := c.batchByClaims(all, sequence)
		if !ok {
			return p, false
		}
		p.batches = append(p.batches, d)
		if claimed {
			bound = len(p.batches)
		}
	}
	p.batches = p.batches[:bound]
	return p, true
}

// startByClaims chooses the highest checkpoint that a correct replica has made
// and that a quorum is not beyond.
func (c *cluster) startByClaims(all []*ViewChange) (best stable, ok bool) {
	consider := func(s stable) {
		reach, have := 0, 0
		for _, m := range all {
			if m.Stable.sequence <= s.sequence {
				reach++
			}
			if m.has(s) {
				have++
			}
		}
		if reach >= c.quorum && have >= c.weak && (!ok || s.sequence > best.sequence) {
			best, ok = stable{sequence: s.sequence, state: s.state}, true
		}
	}
	for _, m := range all {
		consider(m.Stable)
		for _, s := range m.Made {
			consider(s)
		}
	}
	return best, ok
}

// has reports whether a replica says that it has made a checkpoint.
func (m *ViewChange) has(s stable) bool {
	same := func(o stable) bool { return o.sequence == s.sequence && o.state == s.state }
	return same(m.Stable) || slices.ContainsFunc(m.Made, same)
}

// batchByClaims chooses the batch of a number. Condition A: it is claimed to have
// prepared in a view, (1) no replica of a quorum claims that another one prepared
// then or later, and (2) f+1 say that they accepted it then or later. Condition
// B: a quorum claims nothing, so the number gets the null request.
func (c *cluster) batchByClaims(all []*ViewChange, sequence uint64) (d protocols.Digest, claimed, ok bool) {
	silent := 0
	for _, m := range all {
		x := m.prepared(sequence)
		if x == nil {
			if m.Stable.sequence < sequence {
				silent++
			}
			continue
		}
		agree, support := 0, 0
		for _, o := range all {
			y := o.prepared(sequence)
			if o.Stable.sequence < sequence && (y == nil || y.View < x.View || y.View == x.View && y.Batch == x.Batch) {
				agree++
			}
			if o.accepts(sequence, x.View, x.Batch) {
				support++
			}
		}
		if agree >= c.quorum && support >= c.weak {
			return x.Batch, true, true
		}
	}
	return null.digest, false, silent >= c.quorum
}

// prepared is the claim that something has prepared at a number, nil if there is none.
func (m *ViewChange) prepared(sequence uint64) *PrePrepare {
	for _, c := range m.Prepared {
		if c.proposal.Sequence == sequence {
			return c.proposal
		}
	}
	return nil
}

// accepts reports whether a replica says that it accepted a batch in a view or later.
func (m *ViewChange) accepts(sequence, view uint64, d protocols.Digest) bool {
	return slices.ContainsFunc(m.Accepted, func(a accepted) bool {
		return a.sequence == sequence && a.batch == d && a.view >= view
	})
}
