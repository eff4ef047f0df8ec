package partition

import (
	"math"
	"slices"

	"meshsim/protocols"
)

// reign is what a node keeps while it coordinates.
type reign struct {
	round     uint64 // of the last claim
	confirmed uint64 // the last round for which a quorum of the side has pledged
	last      []word // by place
	current   int    // members whose last pledge is to the last claim
	out       places // members that do not belong to the side
	votes     []Vote // pledges to the last claim, if members may lie
	claim     *Claim
}

// word is the last pledge of a member.
type word struct {
	round     uint64 // 0: none
	since     uint64 // the round from which on it has pledged without a long break
	unreached places
}

// quick is how many rounds of a reign follow one another as fast as they can.
const quick = 3

// patience is in how many rounds a quorum must have pledged. Where pledges cannot
// be taken back, those to others must end first.
func (c *Config) patience() uint64 {
	rounds := uint64(c.Lease / c.Interval)
	if c.Faults > 0 {
		return rounds + 2*quick
	}
	return max(quick, rounds/2)
}

// stand begins a reign, if the node may hope for a quorum.
func (n *node) stand(env *protocols.Env) {
	if n.reign != nil || len(n.pledges) > 0 {
		return
	}
	if n.n-n.reach.unreached.count() < n.needed || n.reach.suspects {
		n.waitToStand(env)
		return
	}
	if n.highest < math.MaxUint32 { // a liar may have used that up
		n.highest++
	}
	n.epoch = NewEpoch(n.highest, env.Self)
	n.reign = &reign{last: make([]word, n.n)}
	env.Observe(Pledged, uint64(n.epoch), 0)
	n.advance(env)
}

// settled is after how many rounds a member is not new in a side any more.
func (c *Config) settled() uint64 { return uint64(c.Lease / c.Interval) }

// nextRound goes on with a reign, or ends one that has no quorum.
func (n *node) nextRound(env *protocols.Env) {
	if n.reign == nil {
		return
	}
	n.confirm(env)
	if n.reign.confirmed == 0 && n.reign.round >= n.patience() {
		n.stood++
		n.giveUp(env)
		return
	}
	n.advance(env)
}

// advance sends the next claim.
func (n *node) advance(env *protocols.Env) {
	r := n.reign
	r.round++
	r.current = 1 // its own
	n.bind(env, r.round, n.number+1)
	m := &Claim{Epoch: n.epoch, Round: r.round, Confirmed: r.confirmed, Out: r.out.clone()}
	for place := range r.last {
		if place != n.self && r.last[place].round < r.confirmed {
			m.Unheard.add(place)
		}
	}
	if n.Faults > 0 {
		m.Votes = r.proof(env, n, m.Round)
		m.seal()
		r.claim, r.votes = m, nil
	}
	n.toOthers(env, m)
}

// onPledge counts a pledge. The first rounds of a reign follow one another as
// fast as pledges come, so that permits need not wait for the next interval.
func (n *node) onPledge(env *protocols.Env, from int, m *Pledge) {
	r := n.reign
	if r == nil || m.Epoch != n.epoch || m.Round > r.round || m.Round <= r.last[from].round || n.Faults > 0 && !n.takeVote(env, from, m) {
		return
	}
	since := r.last[from].since
	if since == 0 || m.Round-r.last[from].round > n.settled() {
		since = m.Round
	}
	r.last[from] = word{m.Round, since, m.Unreached}
	if m.Round != r.round {
		return
	}
	if r.current++; r.current >= n.needed && r.round < quick && r.confirmed <= 1 {
		n.confirm(env)
		n.advance(env)
	}
}

// confirm finds the side, and the last round to which a quorum of it has pledged.
func (n *node) confirm(env *protocols.Env) {
	r := n.reign
	if len(n.pledges) == 0 {
		return
	}
	oldest := n.pledges[0].round
	rounds, in := []uint64{r.round}, n.side(oldest)
	for i := range r.last {
		if in.has(i) && i != n.self {
			rounds = append(rounds, r.last[i].round)
		}
	}
	r.out = nil
	for i := range n.n {
		if !in.has(i) {
			r.out.add(i)
		}
	}
	if len(rounds) < n.needed {
		return
	}
	slices.Sort(rounds)
	round := rounds[len(rounds)-n.needed]
	if round <= r.confirmed {
		return
	}
	if r.confirmed == 0 {
		env.Observe(Coordinator, uint64(n.epoch), uint64(n.epoch.Number()))
		n.stood = 0
	}
	r.confirmed = round
	if p := n.pledgeTo(round); p != nil {
		n.permit = max(n.permit, p.number)
		n.review(env, Lapsed)
	}
}

// checkReign ends a reign in which no quorum has pledged for so long that no
// permit rests on it any more.
func (n *node) checkReign(env *protocols.Env) {
	if n.reign != nil && n.reign.confirmed > 0 && n.permit <= n.lapsed {
		n.giveUp(env)
	}
}

// giveUp ends a reign. Its own pledges bind it as those of all others do.
func (n *node) giveUp(env *protocols.Env) {
	confirmed := n.reign.confirmed
	n.reign = nil
	env.Observe(Abdicated, uint64(n.epoch), confirmed)
	if n.Faults > 0 {
		n.freed(env)
		return
	}
	n.toOthers(env, &Release{n.epoch, confirmed})
	n.dropAfter(env, confirmed)
}
