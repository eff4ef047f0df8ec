package scenarios

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/paxos"
	"meshsim/scenarios/strict"
)

// Propose is a stream of proposals.
type Propose struct {
	From Selector    `key:"from" required:"true" example:"core-0" doc:"who proposes; of several nodes one is drawn for each proposal"`
	Size strict.Size `key:"size" default:"8B" min:"8B" max:"64KiB" doc:"of a value; all values differ"`
	Flow `key:",inline"`
}

func (c *compiler) compilePropose(l *Traffic, path string) {
	p := l.Propose
	to, ok := c.members(p.From, path+".from", func(p *Protocols) string {
		if p.Paxos == nil {
			return "paxos: {}"
		}
		return ""
	})
	if ok {
		c.load(l, "paxos", to, func(r *draw.Rand) protocols.Message { return paxos.NewPropose(payload(int(p.Size), r)) })
	}
}
