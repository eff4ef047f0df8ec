package task_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// overtaken counts the tasks that their origin heard to be done before it heard that
// they were taken.
type overtaken struct {
	origin map[uint64]protocols.NodeID
	away   map[uint64]bool // done elsewhere, and their origin has not said that it knew who had them
	done   int
}

func (c *overtaken) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Submitted, task.Spawned, task.Done, task.Reported, task.Took}
}

func (c *overtaken) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	switch o.Kind {
	case task.Submitted, task.Spawned:
		c.origin[o.Key] = o.Node
	case task.Done:
		c.done++
		if c.origin[o.Key] != o.Node {
			c.away[o.Key] = true
		}
	case task.Reported:
		delete(c.away, o.Key)
	}
	return ""
}

// Where latencies vary more than tasks last, and messages are lost, word that a task
// is done overtakes word that it was taken. Then all is done once all the same, and no
// node waits for anything in the end: leases are longer than the run, so nothing else
// would mend a ledger.
func TestDoneOvertakesTaken(t *testing.T) {
	c := task.Default()
	c.Lease, c.Acknowledge, c.Tries, c.Spare = time.Hour, 2*time.Second, 100, true
	jitter := draw.Uniform(0, int64(500*time.Millisecond))
	for seed := range uint64(4) {
		p := task.NewChoices(c, task.ChoicesConfig{Nodes: 2, Timeout: 2 * time.Second})
		seen := overtaken{map[uint64]protocols.NodeID{}, map[uint64]bool{}, 0}
		cfg := sim.Config{Seed: seed, Duration: 10 * time.Minute, Workload: []sim.Workload{bunch(200)},
			Groups: []sim.Group{{Name: "worker", Count: 8, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
			Network: sim.Network{Default: sim.Link{Loss: sim.Loss{P: draw.Ratio(1, 10)}, Duplicate: draw.Ratio(1, 20),
				Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond, Jitter: jitter}}}}
		cfg.Detail.Waits = true
		cfg.Checks = []sim.Check{{Protocol: "task", Spec: protocols.CheckerSpec{Name: "overtaken", New: func(protocols.ProbeConfig) protocols.Checker { return &seen }}}}
		for _, s := range p.Checkers {
			cfg.Checks = append(cfg.Checks, sim.Check{Protocol: "task", Spec: s})
		}
		r, err := sim.Run(cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s: %s", seed, v.Check, v.Text)
		}
		for _, w := range r.Waits {
			if w.Text != "" {
				t.Errorf("seed %d: node %d waits in the end for %s", seed, w.Node, w.Text)
			}
		}
		if want := wholes(200); seen.done != want || len(seen.away) < 50 {
			t.Errorf("seed %d: %d done, want %d; word of %d overtook the answer, want 50 at least", seed, seen.done, want, len(seen.away))
		}
	}
}

// bunch is n tasks that enter at eight nodes in turn: every fifth forks, every fifth is
// a job.
func bunch(n int) (list sim.Injections) {
	for i := range n {
		t := task.Task{ID: uint64(i + 1), Size: time.Millisecond}
		m := task.NewSubmit(&t)
		switch i % 5 {
		case 1:
			t.Depth, t.Width = 2, 2
		case 3:
			m = &task.Submit{Job: uint64(i + 1), Tasks: []*task.Task{&t, &t, &t}, After: [][]uint16{nil, {0}, {0, 1}}}
		}
		list = append(list, sim.Injection{At: time.Duration(i) * 10 * time.Millisecond, To: protocols.NodeID(i % 8), Protocol: "task", Message: m})
	}
	return list
}

// wholes is how many tasks, parts and jobs a bunch has.
func wholes(n int) int { return n / 5 * (1 + 7 + 1 + 4 + 1) }
