package task_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// faulty is a strategy that gives every task to the next node, with a fault.
type faulty struct {
	task.Base
	fault string
}

func (s *faulty) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
	next := (env.Self + 1) % protocols.NodeID(len(w.Members()))
	switch s.fault {
	case "runs what it gives":
		w.Keep(env, t)
	case "invents":
		c := *t
		c.ID += 1 << 20
		w.Keep(env, &c)
	}
	w.Give(env, next, t)
}

// Each fault breaks the property that forbids it, and a node without faults none.
func TestMutants(t *testing.T) {
	for fault, check := range map[string]string{
		"": "", "runs what it gives": "exactly-once", "invents": "validity",
	} {
		c := task.Default()
		c.Lease = 0
		p := task.New(c, task.Parts[faulty]{New: func(protocols.World) faulty { return faulty{fault: fault} }})
		cfg := sim.Config{Seed: 1, Duration: time.Minute, Probes: true,
			Groups:  []sim.Group{{Name: "worker", Count: 5, Stack: []*protocols.Protocol{p}}},
			Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond, Floor: time.Millisecond}}}}
		var list sim.Injections
		for i := range 20 {
			list = append(list, sim.Injection{At: time.Duration(i) * time.Second, To: protocols.NodeID(i % 5), Protocol: "task",
				Message: task.NewSubmit(&task.Task{ID: uint64(i + 1), Size: time.Second})})
		}
		cfg.Workload = []sim.Workload{list}
		for _, s := range p.Checkers {
			cfg.Checks = append(cfg.Checks, sim.Check{Protocol: "task", Spec: s})
		}
		r, err := sim.Run(cfg)
		if err != nil {
			t.Fatal(err)
		}
		found := check == ""
		for _, v := range r.Violations {
			found = found || v.Check == check
			if check == "" {
				t.Errorf("without a fault: %s: %s", v.Check, v.Text)
			}
		}
		if !found {
			t.Errorf("%q does not violate %s, only %v", fault, check, r.Violations)
		}
	}
}
