package scenarios

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
)

// Decide is a stream of proposals for the mesh to decide on.
type Decide struct {
	From     Selector    `key:"from" required:"true" example:"core-0" doc:"who proposes, a voter; of several nodes one is drawn for each proposal"`
	Target   Selector    `key:"target" example:"core" doc:"where what is proposed goes, one drawn for each proposal; without it, to one of from"`
	Subjects int         `key:"subjects" default:"100" min:"1" max:"1000000" doc:"what there is to decide on, task-0 and so on, one drawn for each proposal"`
	Size     strict.Size `key:"size" default:"64B" min:"0B" max:"4KiB" doc:"of what a proposal carries"`
	Flow     `key:",inline"`
}

// lacksVote says what a node would have to run to propose.
func lacksVote(p *Protocols) string {
	switch {
	case p.Decision == nil:
		return "decision: {}"
	case (p.Raft == nil || p.Raft.Client != nil) && (p.PBFT == nil || p.PBFT.Client != nil):
		return "pbft: {}"
	}
	return ""
}

func (c *compiler) compileDecide(l *Traffic, path string) {
	d := l.Decide
	from, ok := c.members(d.From, path+".from", lacksVote)
	if !ok {
		return
	}
	targets := from
	if len(d.Target) > 0 {
		p, ok := c.pickFixed(d.Target, path+".target")
		if !ok {
			return
		}
		targets = c.list(p.from)
	}
	c.load(l, "decision", from, func(r *draw.Rand) protocols.Message {
		subject := fmt.Sprintf("task-%d", r.IntN(d.Subjects))
		return decision.NewPropose(subject, targets[r.IntN(len(targets))], int(d.Size))
	})
}
