package decision

import "meshsim/protocols"

// The lies.
const (
	opposite uint8 = iota
	turned
)

var lies = []protocols.LieSpec{
	{Name: "opposite-vote", Doc: "votes say the opposite of what the voter decided, signed by it; told to some, it votes both ways"},
	{Name: "false-report", Doc: "reports say the opposite of what was decided, with the votes of the true verdict"},
}

// alter makes a lie out of a message. There is one opposite, so all variants are equal.
func alter(env *protocols.Env, lie uint8, _ uint64, m protocols.Message) protocols.Message {
	switch x := m.(type) {
	case *Vote:
		if lie == opposite {
			v := *x
			v.Outcome = other(v.Outcome)
			v.Signature = env.Sign(ballotDigest(v.Digest, v.Outcome))
			return &v
		}
	case *Report:
		if lie == turned {
			v := *x.Verdict
			v.Outcome = other(v.Outcome)
			return &Report{x.Place, x.Proposal, &v}
		}
	}
	return nil
}

// other is the opposite outcome.
func other(o Outcome) Outcome { return Approved + Rejected - o }
