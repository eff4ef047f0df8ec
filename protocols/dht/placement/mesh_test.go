package placement_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/sim"
)

// mesh is nodes with a fast network between them.
func mesh(p *protocols.Protocol, n int, seed uint64, d time.Duration, in sim.Injections) sim.Config {
	c := sim.Config{
		Seed: seed, Duration: d, Sample: d, Probes: true, Workload: []sim.Workload{in},
		Groups:  []sim.Group{{Name: "node", Count: n, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 5 * time.Millisecond, Jitter: draw.Uniform(0, int64(20*time.Millisecond)), Floor: time.Millisecond}}},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

// tasks enter at nodes drawn at random.
func tasks(nodes, count int, gap, size time.Duration) (list sim.Injections) {
	r := draw.New(3)
	for i := range count {
		at := time.Second + time.Duration(i)*gap
		list = append(list, sim.Injection{At: at, To: protocols.NodeID(r.IntN(nodes)), Protocol: "task",
			Message: task.NewSubmit(&task.Task{ID: uint64(i + 1), Size: size/2 + time.Duration(r.Int64N(int64(size))), At: protocols.Time(at)})})
	}
	return list
}

func run(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func scalar(t *testing.T, r *sim.Result, name string) float64 {
	t.Helper()
	v, ok := r.Scalar("task." + name)
	if !ok {
		t.Fatalf("no figure %s", name)
	}
	return v
}

// breaks reports violations, but those of the properties that are excused.
func breaks(t *testing.T, r *sim.Result, excused ...string) {
	t.Helper()
next:
	for _, v := range r.Violations {
		for _, name := range excused {
			if v.Check == name {
				continue next
			}
		}
		t.Errorf("%s at %v: %s", v.Check, v.At, v.Text)
	}
}

func crash(at, down time.Duration, nodes ...protocols.NodeID) sim.Fault {
	return sim.Fault{Name: "crash", At: at, For: down, Crash: &sim.Crash{Nodes: sim.Selector{From: nodes}}}
}

const (
	nodes = 12
	count = 400
)

// Without faults each task runs once, where its key says, after one hand-over at most.
func TestQuiet(t *testing.T) {
	r := run(t, mesh(placement.New(tasktest.Plain(), placement.Default()), nodes, 1, 300*time.Second, tasks(nodes, count, 200*time.Millisecond, time.Second)))
	breaks(t, r)
	if done, f := scalar(t, r, "tasks_done"), scalar(t, r, "forwards_per_task"); done != count || f > 1 || f < 0.8 {
		t.Errorf("%v of %d are done, %v forwards a task", done, count, f)
	}
	if c := scalar(t, r, "copies_per_task"); c != 3 {
		t.Errorf("%v copies a task", c)
	}
	if scalar(t, r, "taken_over")+scalar(t, r, "merged")+scalar(t, r, "handed_over") != 0 {
		t.Error("something moved for no reason")
	}
}

// What a node had when it crashes is taken over, and nothing runs twice: no lease is
// needed for that.
func TestCrash(t *testing.T) {
	for _, lost := range []int{1, 3} {
		m := mesh(placement.New(tasktest.Plain(), placement.Default()), nodes, 1, 400*time.Second, tasks(nodes, count, 60*time.Millisecond, time.Second))
		m.Faults = []sim.Fault{crash(15*time.Second, 0, []protocols.NodeID{3, 7, 9}[:lost]...)}
		r := run(t, m)
		breaks(t, r)
		// tasks that enter at a node that is down are never heard of
		if over, lost := scalar(t, r, "taken_over"), scalar(t, r, "tasks_lost"); over < 3 || lost > 0 || scalar(t, r, "tasks_repeated") > 0 {
			t.Errorf("%v were taken over, %v are lost, %v ran twice", over, lost, scalar(t, r, "tasks_repeated"))
		}
		t.Log(scalar(t, r, "taken_over"), scalar(t, r, "tasks_lost"), scalar(t, r, "merged"), scalar(t, r, "tasks_done"), scalar(t, r, "tasks"))
	}
}

// A node that comes back is handed what belongs to it.
func TestBack(t *testing.T) {
	m := mesh(placement.New(tasktest.Plain(), placement.Default()), nodes, 1, 400*time.Second, tasks(nodes, count, 60*time.Millisecond, time.Second))
	m.Faults = []sim.Fault{crash(10*time.Second, 10*time.Second, 3, 7)}
	r := run(t, m)
	breaks(t, r)
	if scalar(t, r, "handed_over") < 1 || scalar(t, r, "tasks_repeated") > 0 {
		t.Errorf("%v were handed over, %v ran twice", scalar(t, r, "handed_over"), scalar(t, r, "tasks_repeated"))
	}
	t.Log(scalar(t, r, "taken_over"), scalar(t, r, "tasks_lost"), scalar(t, r, "merged"), scalar(t, r, "tasks_done"), scalar(t, r, "tasks"))
}

// A node that is back before anybody missed it has forgotten what it had: who has the
// copies sees that, and hands it back. No lease is needed for that, either.
func TestBrief(t *testing.T) {
	for _, down := range []time.Duration{500 * time.Millisecond, 2 * time.Second, 5 * time.Second} {
		m := mesh(placement.New(tasktest.Plain(), placement.Default()), nodes, 1, 400*time.Second, tasks(nodes, count, 60*time.Millisecond, time.Second))
		m.Faults = []sim.Fault{crash(15*time.Second, down, 3, 7)}
		r := run(t, m)
		breaks(t, r)
		if all, done, over := scalar(t, r, "tasks"), scalar(t, r, "tasks_done"), scalar(t, r, "taken_over"); done != all || all < 380 || over < 5 {
			t.Errorf("down for %v: %v of %v tasks are done, %v were taken over", down, done, all, over)
		}
	}
}

// A node that is only silent for a while is taken for failed. What waits at one of both
// is made one again when it speaks; what ran at both ran twice, and no more does.
func TestSilent(t *testing.T) {
	for name, f := range map[string]sim.Fault{
		"paused": {Name: "p", At: 20 * time.Second, For: 8 * time.Second, Pause: &sim.Pause{Nodes: sim.Selector{From: []protocols.NodeID{3, 7}}}},
		"parted": {Name: "p", At: 20 * time.Second, For: 8 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{From: []protocols.NodeID{3, 7}}}}},
	} {
		m := mesh(placement.New(tasktest.Plain(), placement.Default()), nodes, 1, 400*time.Second, tasks(nodes, count, 60*time.Millisecond, time.Second))
		m.Faults = []sim.Fault{f}
		r := run(t, m)
		breaks(t, r, "exactly-once")
		over, merged, twice := scalar(t, r, "taken_over"), scalar(t, r, "merged"), scalar(t, r, "tasks_repeated")
		if done := scalar(t, r, "tasks_done"); done != count || over < 5 || merged < 1 || twice >= over {
			t.Errorf("%s: %v of %d are done; %v were taken over, %v merged, %v ran twice", name, done, count, over, merged, twice)
		}
		t.Log(name, over, merged, twice)
	}
}
