package placement

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// hasty is a holder of copies that takes every owner for failed at once.
type hasty struct{ placer }

func (h *hasty) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	for i := range h.owners {
		h.owners[i].heard, h.owners[i].asked = env.Now-protocols.Time(h.Patience), asks
	}
	h.placer.Expire(env, w, t)
}

// NewHasty describes the strategy with hasty holders.
func NewHasty(c task.Config, d Config) *protocols.Protocol {
	return task.New(c, parts(d, func(p placer) hasty { return hasty{p} }))
}
