package task_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// faulty is a strategy that gives every task to the next node, which keeps it, with
// a fault.
type faulty struct {
	task.Base
	fault string
	given *task.Task // the last one
}

// Holds says that it places all tasks at once.
func (*faulty) Holds(func(*task.Task)) {}

func (s *faulty) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	next := (env.Self + 1) % protocols.NodeID(len(w.Members()))
	switch s.fault {
	case "runs what it gives away":
		w.Keep(env, t)
	case "invents a task":
		c := *t
		c.ID += 1 << 20
		w.Keep(env, &c)
	case "places nothing":
		return
	case "forgets what runs":
		w.DropRunning()
	case "reports what has not run":
		if s.given != nil {
			w.InventReport(env, s.given)
		}
	case "starts parts before their time":
		if t.Parent != 0 && t.Place == 0 {
			w.SpawnEarly(env)
		}
	}
	w.Give(env, next, t)
	if s.fault == "forgets what it hands over" {
		w.ForgetGives()
	}
}

// Accept takes everything, whether the node can run it or not.
func (s *faulty) Accept(_ *protocols.Env, w *task.Worker, _ protocols.NodeID, t *task.Task) bool {
	return s.fault == "takes what it cannot run" || w.Room(t)
}

func (s *faulty) Given(env *protocols.Env, w *task.Worker, from protocols.NodeID, t *task.Task) {
	s.given = t
	switch s.fault {
	case "drops what it is given":
		return
	case "forgets its ledger":
		w.ForgetLedger()
	case "drops what waits":
		w.Keep(env, t)
		w.Take()
		return
	case "takes what it cannot run":
		w.Push(t)
		return
	case "calls done what has not run":
		w.InventDone(env, t)
		return
	case "runs a task twice":
		w.Keep(env, t)
	}
	w.Keep(env, t)
}

func (s *faulty) Returned(env *protocols.Env, w *task.Worker, _ protocols.NodeID, t *task.Task, _ bool) {
	if s.fault != "drops what comes back" {
		w.Keep(env, t)
	}
}

func (s *faulty) Ran(_ *protocols.Env, w *task.Worker, _ *task.Task) {
	if s.fault == "does not know what it has answered" {
		w.ForgetAnswers()
	}
}

// unanswered drops the answers to hand-overs.
func unanswered(env *protocols.Env) {
	env.Sends = slices.DeleteFunc(env.Sends, func(s protocols.Send) bool { return s.Message.Kind() == task.KindTaken })
}

// trial is a run of five nodes with a fault, with tasks, of which one needs what no
// node has, and jobs. If leases hold, the node crashes that has the first task.
func trial(t *testing.T, fault string, lease time.Duration, loss uint64) *sim.Result {
	c := task.Default()
	c.Lease, c.Acknowledge, c.Tries, c.Spare = lease, 6*time.Second, 6, true
	p := task.New(c, task.Parts[faulty]{New: func(protocols.World) faulty { return faulty{fault: fault} }})
	if fault == "takes without an answer" {
		p = protocoltest.Wrap(p, unanswered)
	}
	cfg := sim.Config{Seed: 1, Duration: 5 * time.Minute, Probes: true,
		Groups: []sim.Group{{Name: "worker", Count: 5, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
		Network: sim.Network{Default: sim.Link{Loss: sim.Loss{P: draw.Ratio(loss, 100)},
			Latency: sim.Latency{Base: 10 * time.Millisecond, Floor: time.Millisecond}}}}
	var list sim.Injections
	for i := range 30 {
		m := task.NewSubmit(&task.Task{ID: uint64(i + 1), Size: 4500 * time.Millisecond})
		if i == 7 {
			m.Tasks[0].Needs = task.NewVector([]task.Capability{{Name: "gpu", Level: 1}})
		}
		if i%10 == 5 {
			part := task.Task{ID: 1, Size: 4500 * time.Millisecond}
			m = &task.Submit{Job: uint64(1000 + i), Tasks: []*task.Task{&part, &part, &part}, After: [][]uint16{nil, {0}, {0, 1}}}
		}
		list = append(list, sim.Injection{At: time.Duration(i) * time.Second, To: protocols.NodeID(i % 5), Protocol: "task", Message: m})
	}
	if lease > 0 {
		cfg.Faults = []sim.Fault{{Name: "crash", At: 2500 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: []protocols.NodeID{1}}}}}
	}
	cfg.Workload = []sim.Workload{list}
	for _, s := range p.Checkers {
		cfg.Checks = append(cfg.Checks, sim.Check{Protocol: "task", Spec: s})
	}
	r, err := sim.Run(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each fault breaks the property that forbids it, and a node without faults none.
func TestMutants(t *testing.T) {
	for _, x := range []struct {
		fault, check string
		lease        time.Duration
		loss         uint64 // percent
	}{
		{"", "", 0, 0},
		{"", "", 0, 20},
		{"", "", 10 * time.Second, 0},
		{"runs what it gives away", "exactly-once", 0, 0},
		{"runs a task twice", "exactly-once", 0, 0},
		{"takes without an answer", "exactly-once", 0, 0},
		{"does not know what it has answered", "exactly-once", 0, 20},
		{"invents a task", "validity", 0, 0},
		{"calls done what has not run", "validity", 0, 0},
		{"reports what has not run", "validity", 10 * time.Second, 0},
		{"places nothing", "conservation", 0, 0},
		{"drops what it is given", "conservation", 0, 0},
		{"drops what it is given", "conservation", 10 * time.Second, 0},
		{"drops what waits", "conservation", 0, 0},
		{"drops what comes back", "conservation", 0, 0},
		{"forgets what runs", "conservation", 0, 0},
		{"forgets what it hands over", "conservation", 0, 20},
		{"forgets its ledger", "conservation", 10 * time.Second, 0},
		{"takes what it cannot run", "capability", 0, 0},
		{"starts parts before their time", "order", 0, 0},
	} {
		t.Run(fmt.Sprintf("%s/lease %v/loss %d%%", x.fault, x.lease, x.loss), func(t *testing.T) {
			found := x.check == ""
			r := trial(t, x.fault, x.lease, x.loss)
			for _, v := range r.Violations {
				found = found || v.Check == x.check
				if x.check == "" {
					t.Errorf("without a fault: %s: %s", v.Check, v.Text)
				}
			}
			if !found {
				t.Errorf("does not violate %s, only %v", x.check, r.Violations)
			}
		})
	}
}
