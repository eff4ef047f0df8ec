package task_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// Whatever is lost, late or crashes, no node forgets a task or tells of one what is not
// so: with and without leases and journals, and while much is under way at the end.
func TestNobodyForgetsUnderFaults(t *testing.T) {
	for _, lease := range []time.Duration{0, 3 * time.Second} {
		for _, journal := range []bool{false, true} {
			c := task.Default()
			c.Lease, c.Journal, c.Spare, c.Tries = lease, journal, true, 2
			c.Queue.Limit = 20
			for _, p := range []*protocols.Protocol{task.NewChoices(c, task.DefaultChoices()), newRing(c), task.NewLocal(c)} {
				for seed := range uint64(6) {
					for _, end := range []time.Duration{5 * time.Second, time.Minute} {
						cfg := rough(p, seed, end)
						r, err := sim.Run(cfg)
						if err != nil {
							t.Fatal(err)
						}
						for _, v := range r.Violations {
							t.Errorf("%s: %s: %s", fmt.Sprintf("lease %v, journal %t, seed %d, until %v", lease, journal, seed, end), v.Check, v.Text)
						}
					}
				}
			}
		}
	}
}

// rough is eight nodes of which one crashes every other second, and a network that
// loses, doubles and reorders.
func rough(p *protocols.Protocol, seed uint64, end time.Duration) sim.Config {
	cfg := sim.Config{Seed: seed, Duration: end, Workload: []sim.Workload{bunch(400)},
		Groups: []sim.Group{{Name: "worker", Count: 8, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
		Network: sim.Network{Default: sim.Link{Loss: sim.Loss{P: draw.Ratio(1, 10)}, Duplicate: draw.Ratio(1, 20),
			Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond, Jitter: draw.Uniform(0, int64(300*time.Millisecond))}}},
		Faults: []sim.Fault{{Name: "crash", At: time.Second, For: time.Second, Every: 2 * time.Second,
			Crash: &sim.Crash{Nodes: sim.Selector{Count: 1}}}}}
	for _, s := range p.Checkers {
		if s.Name != "at-least-once" && s.Name != "exactly-once" {
			cfg.Checks = append(cfg.Checks, sim.Check{Protocol: "task", Spec: s})
		}
	}
	return cfg
}
