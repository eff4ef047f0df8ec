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
