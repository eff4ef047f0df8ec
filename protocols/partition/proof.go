package partition

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// If members may lie (Config.Faults), nobody takes a coordinator's word for the
// quorum. A pledge signs its claim; each claim carries the signatures under the
// one before. So a member sees for itself that a quorum of the side has signed
// the claim that it answered last, and that this claim carried its own signature.

// takeVote keeps a pledge's signature, if it is one of the last claim.
func (n *node) takeVote(env *protocols.Env, from int, m *Pledge) bool {
	r := n.reign
	if m.Round != r.round || !env.Verify(n.members[from], r.claim.digest, &m.Signature) {
		return false
	}
	r.votes = append(r.votes, Vote{uint32(from), m.Signature})
	return true
}

// proof is what the next claim carries: the signatures under the last one, the
// coordinator's own among them, by place.
func (r *reign) proof(env *protocols.Env, n *node, round uint64) []Vote {
	if round == 1 {
		return nil
	}
	votes := append(r.votes, Vote{uint32(n.self), env.Sign(r.claim.digest)})
	sortVotes(votes)
	return votes
}

// wasHeard reports whether the coordinator had this node's pledge to the round
// before when it made a claim.
func (n *node) wasHeard(env *protocols.Env, m *Claim) bool {
	if n.Faults == 0 {
		return !m.Unheard.has(n.self)
	}
	if n.claim == nil || n.claim.Round != m.Round-1 {
		return false
	}
	for i := range m.Votes {
		if v := &m.Votes[i]; v.Place == uint32(n.self) {
			return env.Verify(env.Self, n.claim.digest, &v.Signature)
		}
	}
	return false
}

// proven reports whether a claim shows that a quorum of its side has signed the
// claim before, which is the one that this node answered last.
func (n *node) proven(env *protocols.Env, m *Claim) bool {
	if n.claim == nil || n.claim.Epoch != m.Epoch || m.Confirmed != m.Round-1 || n.claim.Round != m.Confirmed {
		return false
	}
	count := 0
	for i := range m.Votes {
		v := &m.Votes[i]
		if v.Place < uint32(n.n) && !m.Out.has(int(v.Place)) && env.Verify(n.members[v.Place], n.claim.digest, &v.Signature) {
			count++
		}
	}
	return count >= n.needed
}

func sortVotes(votes []Vote) {
	slices.SortFunc(votes, func(a, b Vote) int { return cmp.Compare(a.Place, b.Place) })
}
