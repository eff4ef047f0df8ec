package balance

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// dropper is a balancer that drops a task that could not migrate.
type dropper struct{ balancer }

func (*dropper) Returned(*protocols.Env, *task.Worker, protocols.NodeID, *task.Task, bool) {}

// NewDropper describes its protocol.
func NewDropper(c task.Config, b Config) *protocols.Protocol {
	return task.New(c, parts[dropper](b, func(s balancer) dropper { return dropper{s} }))
}

// restless is a balancer that lets a task go on at once.
type restless struct{ balancer }

func (s *restless) Given(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) {
	s.balancer.Given(env, w, from, t)
	s.cooling = nil
}

// NewRestless describes its protocol.
func NewRestless(c task.Config, b Config) *protocols.Protocol {
	return task.New(c, parts[restless](b, func(s balancer) restless { return restless{s} }))
}
