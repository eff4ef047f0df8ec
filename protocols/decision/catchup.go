package decision

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/quorum"
)

// claim is what a report says.
type claim struct {
	id      ID
	digest  protocols.Digest
	outcome Outcome
	place   uint64
}

const (
	maxClaims  = 4096 // that a node remembers of which too few are alike
	maxReports = 256  // in answer to one question
)

// poll asks some voters, one more than must agree, what this node has missed.
func (n *node) poll(env *protocols.Env) {
	m := &Ask{Count: uint64(len(n.done))}
	if len(n.done) > 0 {
		m.Place = n.done[len(n.done)-1].place
	}
	whom := n.voters
	if place, ok := n.voter(env.Self); ok {
		whom = n.others[place]
	}
	chosen := make([]int, min(n.liars+2, len(whom)))
	for _, i := range env.Rand.Sample(chosen, len(whom)) {
		env.Send(whom[i], m)
	}
	env.SetTimer(protocols.Timer(pollTimer, 0), n.Poll/2+time.Duration(env.Rand.Int64N(int64(n.Poll))))
}

// report answers what a member has missed: what came after the last verdict that
// it knows, or, if it knows fewer up to there than this node, the latest of all.
func (n *node) report(env *protocols.Env, to protocols.NodeID, m *Ask) {
	at, _ := slices.BinarySearchFunc(n.done, m.Place+1, func(c *proceeding, p uint64) int { return cmp.Compare(c.place, p) })
	if m.Count < uint64(at) {
		at = max(len(n.done)-maxReports, 0)
	}
	for _, c := range n.done[at:min(at+maxReports, len(n.done))] {
		env.Send(to, &Report{c.place, c.proposal, c.verdict})
	}
}

// onReport takes a verdict that more voters report alike than may lie.
func (n *node) onReport(env *protocols.Env, place int, m *Report) {
	c := n.cases[m.Verdict.ID]
	if c != nil && c.verdict != nil {
		return
	}
	k := claim{m.Verdict.ID, m.Verdict.Digest, m.Verdict.Outcome, m.Place}
	alike := n.claims[k]
	if alike == nil {
		if len(n.claims) >= maxClaims {
			return
		}
		s := quorum.NewSet(len(n.voters))
		alike = &s
		n.claims[k] = alike
	}
	if alike.Add(place); alike.Count() <= n.liars || !n.proven(env, m.Verdict) {
		return
	}
	delete(n.claims, k)
	c = n.proceeding(m.Verdict.ID, true)
	n.enter(c, m.Proposal)
	n.decide(env, c, m.Place, m.Verdict)
}
