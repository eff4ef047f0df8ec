package task_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
)

// ring is the strategy that the documentation of the package shows.
type ring struct{ task.Base }

func (ring) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	next := (env.Self + 1) % protocols.NodeID(len(w.Members()))
	if w.Load() == 0 || !w.Alive(next) {
		w.Keep(env, t)
		return
	}
	w.Give(env, next, t)
}

func (*ring) Holds(func(*task.Task)) {}

func newRing(c task.Config) *protocols.Protocol {
	return task.New(c, task.Parts[ring]{New: func(protocols.World) ring { return ring{} }})
}

// It is a protocol as any other.
func TestRing(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal = 2*time.Second, true
	protocoltest.TestProtocol(t, tasktest.Lawful(newRing(c)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: work(),
		Unsent: []protocols.Kind{task.KindGiveUp, task.KindRenew}})
}
