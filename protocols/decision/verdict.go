package decision

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// settle asks the consensus for a verdict, once until the next retry, if there
// are the votes for one and it is this node's turn.
func (n *node) settle(env *protocols.Env, c *proceeding) {
	if !c.ordered || !c.impatient || c.filed || c.verdict != nil {
		return
	}
	for _, o := range []Outcome{Approved, Rejected} {
		if c.votes(o) >= n.need {
			c.filed = true
			env.Announce(protocols.Event{Kind: protocols.Propose, Data: n.collect(c, o).encode()})
			return
		}
	}
}

// collect makes a verdict of as many votes as it needs.
func (n *node) collect(c *proceeding, o Outcome) *Verdict {
	v := &Verdict{ID: c.proposal.ID, Digest: c.proposal.digest, Outcome: o}
	for i := range c.ballots {
		if b := &c.ballots[i]; len(v.Ballots) < n.need && b.outcome == o && b.digest == v.Digest {
			v.Ballots = append(v.Ballots, Ballot{n.voters[i], b.signature})
		}
	}
	return v
}

// onVerdict takes a verdict that is in the order: the first valid one counts.
func (n *node) onVerdict(env *protocols.Env, place uint64, v *Verdict) {
	c := n.cases[v.ID]
	if c == nil || c.proposal == nil || c.verdict != nil || c.proposal.digest != v.Digest || !n.proven(env, v) {
		return
	}
	n.decide(env, c, place, v)
}

// proven reports whether a verdict has the votes that it needs.
func (n *node) proven(env *protocols.Env, v *Verdict) bool {
	if len(v.Ballots) < n.need {
		return false
	}
	d := ballotDigest(v.Digest, v.Outcome)
	for i := range v.Ballots {
		b := &v.Ballots[i]
		if _, ok := n.voter(b.Voter); !ok || !env.Verify(b.Voter, d, &b.Signature) {
			return false
		}
	}
	return true
}

// decide takes a verdict for good.
func (n *node) decide(env *protocols.Env, c *proceeding, place uint64, v *Verdict) {
	n.saveDecided(env, &Report{place, c.proposal, v})
	n.take(c, place, v)
	env.Observe(Decided, uint64(v.ID), Pack(v.Outcome, place))
	env.Observe(Certified, uint64(v.ID), uint64(len(v.Ballots)))
	env.StopTimer(protocols.Timer(retryTimer, uint64(c.number)))
	env.StopTimer(protocols.Timer(patienceTimer, uint64(c.number)))
}

// take puts a decision among those that are known.
func (n *node) take(c *proceeding, place uint64, v *Verdict) {
	c.verdict, c.place, c.ballots = v, place, nil
	at, _ := slices.BinarySearchFunc(n.done, place, func(c *proceeding, p uint64) int { return cmp.Compare(c.place, p) })
	n.done = slices.Insert(n.done, at, c)
	if s := n.states[c.proposal.Subject]; v.Outcome == Approved && (s == nil || s.place < place) {
		n.states[c.proposal.Subject] = c
	}
}

// tell answers somebody outside: how is a subject, as far as this node knows?
func (n *node) tell(env *protocols.Env, subject string) {
	told := Pack(Open, 0)
	if c := n.states[subject]; c != nil {
		told = Pack(Approved, uint64(c.proposal.Target))
	}
	env.Observe(Told, SubjectKey(subject), told)
}
