package decision

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

// propose makes a proposal of what somebody outside asks for. It is on disk
// before it is sent, so its number is never used again.
func (n *node) propose(env *protocols.Env, m *Propose) {
	if _, ok := n.voter(env.Self); !ok || n.log == nil {
		return
	}
	if n.shut {
		env.Observe(TurnedAway, SubjectKey(m.Subject), 0)
		return
	}
	p := (&Proposal{ID: NewID(env.Self, n.number+1), Subject: m.Subject, Target: m.Target, Payload: make([]byte, m.Payload)}).seal()
	p.Signature = env.Sign(p.digest)
	if !n.save(env, proposedRecord, 0, p.encode()) {
		return
	}
	n.number++
	c := n.proceeding(p.ID, true)
	n.enter(c, p)
	env.Observe(Proposed, uint64(p.ID), p.digest64())
	n.ask(env, c)
}

// hearMode notes whether the node may propose. It votes in any case: a vote decides
// nothing without a quorum, and the consensus has a majority of its own.
func (n *node) hearMode(env *protocols.Env, readOnly bool) {
	if n.shut == readOnly {
		return
	}
	n.shut = readOnly
	value := uint64(0)
	if readOnly {
		value = 1
	}
	env.Observe(ReadOnly, 0, value)
}

// ask asks the consensus for a place in the order, again and again until there
// is one: what is asked for may be lost. Voters may have missed that place, so if
// there are no votes for long it is this node's turn to ask for another.
func (n *node) ask(env *protocols.Env, c *proceeding) {
	if !n.shut && (!c.ordered || c.impatient && c.tries >= patientTries) {
		env.Announce(protocols.Event{Kind: protocols.Propose, Data: c.proposal.encode()})
	}
	n.wait(env, c)
}

// patientTries is how often votes are sent again before a proposal is.
const patientTries = 3

// wait sets the timer of the next try: half to one and a half times a period
// that doubles.
func (n *node) wait(env *protocols.Env, c *proceeding) {
	d, s := n.RetryMax, min(c.tries, 62)
	if n.Config.Retry <= n.RetryMax>>s {
		d = n.Config.Retry << s
	}
	c.tries++
	env.SetTimer(protocols.Timer(retryTimer, uint64(c.number)), d/2+time.Duration(env.Rand.Int64N(int64(d))))
}

// onOrdered takes a proposal that is in the order, and votes on it.
func (n *node) onOrdered(env *protocols.Env, p *Proposal) {
	c := n.cases[p.ID]
	if c != nil && (c.ordered || c.verdict != nil) {
		return // the first one with its identity counts
	}
	if _, ok := n.voter(p.ID.Proposer()); !ok || !env.Verify(p.ID.Proposer(), p.digest, &p.Signature) {
		return
	}
	c = n.proceeding(p.ID, true)
	n.enter(c, p)
	c.ordered, c.tries = true, 0
	env.Observe(Ordered, uint64(p.ID), p.digest64())
	n.vote(env, c)
	n.wait(env, c)
	n.settle(env, c)
}

// vote votes on a proposal, once: the vote is on disk before it is sent.
func (n *node) vote(env *protocols.Env, c *proceeding) {
	place, ok := n.voter(env.Self)
	if !ok || n.mute {
		n.save(env, orderedRecord, 0, c.proposal.encode())
		return
	}
	own := Approved
	if n.Health && n.down[c.proposal.Target] || env.Rand.Hit(n.Config.Reject) {
		own = Rejected
	}
	if !n.save(env, orderedRecord, uint64(own), c.proposal.encode()) {
		return
	}
	c.own = own
	env.Observe(Voted, uint64(c.proposal.ID), uint64(own))
	c.ballots[place] = ballot{own, c.proposal.digest, env.Sign(ballotDigest(c.proposal.digest, own))}
	n.sendVote(env, c)
	n.await(env, c, place)
}

// await sets the timer that makes it this voter's turn to ask for the verdict.
func (n *node) await(env *protocols.Env, c *proceeding, place int) {
	turn := n.turn(c, place)
	if c.impatient = turn == 0; !c.impatient {
		env.SetTimer(protocols.Timer(patienceTimer, uint64(c.number)), time.Duration(turn)*n.Patience)
	}
}

// turn is how many voters come before this one in asking for the verdict.
func (n *node) turn(c *proceeding, place int) int {
	first, _ := n.voter(c.proposal.ID.Proposer())
	return (place - first + len(n.voters)) % len(n.voters)
}

func (n *node) sendVote(env *protocols.Env, c *proceeding) {
	place, ok := n.voter(env.Self)
	if ok && c.own != Open {
		env.Multicast(n.others[place], &Vote{c.proposal.ID, c.proposal.digest, c.own, c.ballots[place].signature})
	}
}

// onVote counts a vote: the first one of each voter.
func (n *node) onVote(env *protocols.Env, place int, m *Vote) {
	c := n.proceeding(m.ID, false)
	if c == nil || c.verdict != nil {
		return
	}
	b := &c.ballots[place]
	if b.outcome == m.Outcome && b.digest == m.Digest {
		return
	}
	if !env.Verify(n.voters[place], ballotDigest(m.Digest, m.Outcome), &m.Signature) {
		return
	}
	if b.outcome != Open {
		env.Observe(VotedBoth, uint64(m.ID), uint64(n.voters[place]))
		return
	}
	*b = ballot{m.Outcome, m.Digest, m.Signature}
	env.Observe(Counted, uint64(m.ID), Pack(m.Outcome, uint64(n.voters[place])))
	n.settle(env, c)
}

// votes counts those for an outcome.
func (c *proceeding) votes(o Outcome) (count int) {
	for i := range c.ballots {
		if b := &c.ballots[i]; b.outcome == o && b.digest == c.proposal.digest {
			count++
		}
	}
	return count
}

// retry sends again what may have been lost.
func (n *node) retry(env *protocols.Env, c *proceeding) {
	n.ask(env, c)
	if c.ordered {
		c.filed = false
		n.sendVote(env, c)
		n.settle(env, c)
	}
}

// missing tells what an open proposal waits for.
func (n *node) missing(c *proceeding) string {
	if !c.ordered {
		return fmt.Sprintf("proposal %v has no place in the order", c.proposal.ID)
	}
	silent := ""
	for i := range c.ballots {
		if c.ballots[i].outcome == Open {
			silent += fmt.Sprintf(" %d", n.voters[i])
		}
	}
	return fmt.Sprintf("proposal %v has %d approvals and %d rejections, and needs %d of either; silent:%s", c.proposal.ID,
		c.votes(Approved), c.votes(Rejected), n.need, silent)
}

func (p *Proposal) digest64() uint64 {
	v := uint64(0)
	for _, b := range p.digest[:8] {
		v = v<<8 | uint64(b)
	}
	return v
}
