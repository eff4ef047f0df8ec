package partition

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// pledge is one that was made and still binds.
type pledge struct {
	round  uint64
	number uint64 // counts the node's pledges, and names their timers
	rest   uint64 // number of the pledge on which the permit rests that the claim gives once it is confirmed; 0: none
}

// bind makes a pledge: to a round of the epoch, or at a start to what was before.
func (n *node) bind(env *protocols.Env, round, rest uint64) {
	n.number++
	n.pledges = append(n.pledges, pledge{round, n.number, rest})
	env.SetTimer(protocols.Timer(pledgeTimer, n.number), n.Lease)
	env.SetTimer(protocols.Timer(permitTimer, n.number), n.lasts)
}

// unbind drops the pledges up to one whose time is over.
func (n *node) unbind(env *protocols.Env, number uint64) {
	k := 0
	for k < len(n.pledges) && n.pledges[k].number <= number {
		k++
	}
	if k == 0 {
		return
	}
	if n.pledges = slices.Delete(n.pledges, 0, k); len(n.pledges) == 0 && n.reign != nil {
		n.giveUp(env) // the node was paused
		return
	}
	n.freed(env)
}

// freed waits for another coordinator when nothing binds the node any more.
func (n *node) freed(env *protocols.Env) {
	if len(n.pledges) > 0 {
		return
	}
	env.Observe(Freed, uint64(n.epoch), 0)
	n.epoch = 0
	n.waitToStand(env)
}

// pledgeTo finds the pledge to a round that binds, nil if there is none.
func (n *node) pledgeTo(round uint64) *pledge {
	for i := range n.pledges {
		if n.pledges[i].round == round {
			return &n.pledges[i]
		}
	}
	return nil
}

// onClaim answers a claim, unless the node is bound to another coordinator or
// does not reach this one; and learns whether it belongs to its side.
func (n *node) onClaim(env *protocols.Env, from int, m *Claim) {
	if m.Epoch.Coordinator() != n.members[from] {
		return
	}
	n.highest = max(n.highest, m.Epoch.Number())
	if n.reign != nil && n.reign.confirmed == 0 && (m.Confirmed > 0 || m.Epoch > n.epoch) {
		n.giveUp(env)
	}
	bound := len(n.pledges) > 0 && m.Epoch != n.epoch
	if n.reign != nil || n.reach.unreached.has(from) || bound && n.mutant != standsByAll {
		return
	}
	if n.epoch == m.Epoch && n.pledges[len(n.pledges)-1].round >= m.Round {
		return // it came late
	}
	n.join(env, m)
	n.learn(env, m)
	p := &Pledge{Epoch: m.Epoch, Round: m.Round, Unreached: n.reach.unreached.clone()}
	if n.Faults > 0 {
		p.Signature = env.Sign(m.digest)
		n.claim = m
	}
	env.Send(n.members[from], p)
}

// join pledges to a claim. If the claim was made when the coordinator had this
// node's pledge to the round that it confirms, then whoever pledges to the claim
// does so after that pledge was sent; so it is from that pledge on that the node
// counts how long they stand by it.
func (n *node) join(env *protocols.Env, m *Claim) {
	if m.Epoch != n.epoch {
		n.pledges = n.pledges[:0]
		n.epoch, n.claim = m.Epoch, nil
		env.Observe(Pledged, uint64(m.Epoch), 0)
	}
	rest := uint64(0)
	if p := n.pledgeTo(m.Confirmed); m.Confirmed > 0 && p != nil && n.wasHeard(env, m) {
		rest = p.number
	}
	n.bind(env, m.Round, rest)
	env.StopTimer(protocols.Timer(standTimer, 0))
	n.stood = 0
}

// learn takes what a claim says of the side: the node belongs to it and a quorum
// stands by it, or the node is left out.
func (n *node) learn(env *protocols.Env, m *Claim) {
	if m.Confirmed == 0 || n.Faults > 0 && !n.proven(env, m) {
		return
	}
	if m.Out.has(n.self) {
		n.permit = 0
		n.review(env, Excluded)
		return
	}
	if p := n.pledgeTo(m.Confirmed); p != nil {
		n.permit = max(n.permit, p.rest)
		n.review(env, Lapsed)
	}
}

// onRelease drops the pledges that nobody's permit rests on. If members may lie,
// the word of one does not undo a pledge.
func (n *node) onRelease(env *protocols.Env, from protocols.NodeID, m *Release) {
	if n.Faults > 0 || m.Epoch.Coordinator() != from || m.Epoch != n.epoch || n.reign != nil || len(n.pledges) == 0 {
		return
	}
	n.dropAfter(env, m.Confirmed)
}

// dropAfter drops the pledges that nobody's permit rests on when a round was the
// last to be confirmed: those after the first one to it or, if that claim was lost,
// to a later one, which counted in its place.
func (n *node) dropAfter(env *protocols.Env, confirmed uint64) {
	k := 0
	for k < len(n.pledges) && n.pledges[k].round < confirmed {
		k++
	}
	if confirmed > 0 && k < len(n.pledges) {
		k++
	}
	n.pledges = n.pledges[:k]
	n.freed(env)
}

// maxWait is how many intervals a node waits at most, beside its turn, before it
// stands again.
const maxWait = 16

// standing is how many nodes may want to stand within an interval.
const standing = 8

// waitToStand gives a coordinator time to claim before the node does so itself:
// two claims, and a random time in which, of all who wait, one in most cases comes
// first. Who has failed waits longer. Where pledges cannot be taken back, two that
// come first cost a lease, so there is more time.
func (n *node) waitToStand(env *protocols.Env) {
	turn := time.Duration(1+n.n/standing) * n.Interval
	if n.Faults > 0 {
		turn *= 4
	}
	wait := time.Duration(min(2<<min(n.stood, 4), maxWait)) * n.Interval
	env.SetTimer(protocols.Timer(standTimer, 0), wait+time.Duration(env.Rand.Int64N(int64(turn))))
}
