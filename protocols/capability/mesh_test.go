package capability_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/capability"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// kind is nodes that offer the same.
type kind struct {
	count  int
	offers []string
}

// plain is a node with a core for tasks, and one more so that it answers at once.
func plain(offers ...string) task.Config {
	c := task.Default()
	c.Lease, c.Spare = 0, true
	for _, w := range offers {
		var one task.Capability
		if err := one.UnmarshalText([]byte(w)); err != nil {
			panic(err)
		}
		c.Capabilities = append(c.Capabilities, one)
	}
	return c
}

// mesh is nodes of several kinds with a fast network between them. make is the
// protocol of a kind.
func mesh(seed uint64, d time.Duration, in sim.Injections, kinds []kind, make func(offers []string) *protocols.Protocol) sim.Config {
	c := sim.Config{
		Seed: seed, Duration: d, Sample: d, Probes: true, Workload: []sim.Workload{in},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond}}},
	}
	for i, k := range kinds {
		p := make(k.offers)
		c.Groups = append(c.Groups, sim.Group{Name: string(rune('a' + i)), Count: k.count, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}})
		for _, spec := range p.Checkers {
			if i == 0 {
				c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
			}
		}
	}
	return c
}

// honest makes the protocol with the default configuration.
func honest(offers []string) *protocols.Protocol {
	return capability.New(plain(offers...), capability.Default())
}

// tasks enter one after the other at node 0 from ten seconds on.
func tasks(n int, gap, size time.Duration, needs ...string) (list sim.Injections) {
	for i := range n {
		at := 10*time.Second + time.Duration(i)*gap
		t := &task.Task{ID: uint64(i + 1), Size: size, Needs: vector(needs...), At: protocols.Time(at)}
		list = append(list, sim.Injection{At: at, To: 0, Protocol: "task", Message: task.NewSubmit(t)})
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

// ranOn counts the tasks that ran, by node.
type ranOn struct{ by map[protocols.NodeID]int }

func (*ranOn) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Ran}
}

func (c *ranOn) Observe(o protocols.Observed) string {
	if o.Protocol != protocols.NodeProtocol {
		c.by[o.Node]++
	}
	return ""
}

// among is how many ran on nodes from a first one to before a last one.
func (c *ranOn) among(first, last int) (n int) {
	for id := first; id < last; id++ {
		n += c.by[protocols.NodeID(id)]
	}
	return n
}

// count adds a count of what runs where.
func count(c *sim.Config) *ranOn {
	r := &ranOn{map[protocols.NodeID]int{}}
	c.Checks = append(c.Checks, sim.Check{Protocol: "task", Spec: protocols.CheckerSpec{Name: "ran-on",
		New: func(protocols.ProbeConfig) protocols.Checker { return r }}})
	return r
}

// good reports whatever was violated.
func good(t *testing.T, r *sim.Result) {
	t.Helper()
	for _, v := range r.Violations {
		t.Errorf("%s at %v: %s", v.Check, v.At, v.Text)
	}
}

// Nodes 0 to 9 offer nothing, 10 to 13 a small gpu, 14 to 17 a medium one, 18 and
// 19 a large one.
var kinds = []kind{{10, nil}, {4, []string{"gpu"}}, {4, []string{"gpu:3"}}, {2, []string{"gpu:4", "ssd"}}}

// Tasks go to the best match with room, to the next best when there are more than
// that one has room for, and never below the threshold.
func TestBestMatch(t *testing.T) {
	for _, c := range []struct {
		name                        string
		tasks                       int
		gap                         time.Duration
		needs                       string
		none, small, middling, best int // tasks that run there
	}{
		{"nothing is needed", 20, 3 * time.Second, "", 20, 0, 0, 0},
		{"a small one will do", 20, 3 * time.Second, "gpu", 0, 20, 0, 0},
		{"the best is free", 20, 3 * time.Second, "gpu:4", 0, 0, 0, 20},
		{"at once", 12, 0, "gpu:4", 0, 0, 8, 4}, // a backlog of two on each
	} {
		t.Run(c.name, func(t *testing.T) {
			needs := []string{c.needs}
			if c.needs == "" {
				needs = nil
			}
			k := mesh(1, 100*time.Second, tasks(c.tasks, c.gap, 2*time.Second, needs...), kinds, honest)
			at := count(&k)
			good(t, run(t, k))
			got := [4]int{at.among(0, 10), at.among(10, 14), at.among(14, 18), at.among(18, 20)}
			if want := [4]int{c.none, c.small, c.middling, c.best}; got != want {
				t.Errorf("%v ran on nodes with nothing, a small, a medium and a large one; want %v", got, want)
			}
		})
	}
}

// When nobody matches, the fallback says what becomes of a task.
func TestFallback(t *testing.T) {
	for _, c := range []struct {
		fallback             string
		done, rejected       float64
		relaxedTo            int // tasks that run on the small ones
		needs                string
		back                 bool // the nodes with large ones come back
		waited, neverRelaxed bool
	}{
		{"wait", 10, 0, 0, "gpu:4", true, true, true},
		{"wait", 0, 10, 0, "gpu:4", false, true, true},
		{"reject", 0, 10, 0, "gpu:4", true, false, true},
		{"relax", 10, 0, 10, "gpu:2", false, true, false},
	} {
		t.Run(c.fallback, func(t *testing.T) {
			s := capability.Default()
			s.Fallback, s.GiveUp, s.Floor = c.fallback, 60*time.Second, s.Floor+1<<60
			mixed := []kind{{10, nil}, {4, []string{"gpu"}}, {2, []string{"gpu:4"}}}
			k := mesh(1, 150*time.Second, tasks(10, 2*time.Second, time.Second, c.needs), mixed, func(offers []string) *protocols.Protocol {
				return capability.New(plain(offers...), s)
			})
			crash := sim.Fault{Name: "crash", At: time.Second, Crash: &sim.Crash{Nodes: sim.Selector{From: []protocols.NodeID{14, 15}}}}
			if c.back {
				crash.For = 40 * time.Second
			}
			k.Faults = []sim.Fault{crash}
			at := count(&k)
			r := run(t, k)
			good(t, r)
			done, _ := r.Scalar("task.tasks_done")
			rejected, _ := r.Scalar("task.tasks_rejected")
			waits, _ := r.Scalar("task.waits")
			relaxed, _ := r.Scalar("task.relaxed")
			if done != c.done || rejected != c.rejected || at.among(10, 14) != c.relaxedTo {
				t.Errorf("%v done, %v rejected, %d on small ones; want %+v", done, rejected, at.among(10, 14), c)
			}
			if c.done > 0 && (waits > 0) != c.waited || (relaxed == 0) != c.neverRelaxed {
				t.Errorf("%v waits, %v relaxations for a task", waits, relaxed)
			}
		})
	}
}

// Who claims what it does not have is tried once in a while, and no more; honest
// nodes do the work. Who swallows tasks is found out by leases.
func TestLies(t *testing.T) {
	for _, lie := range []string{"claim", "swallow", "idle", "busy"} {
		t.Run(lie, func(t *testing.T) {
			liars := []protocols.NodeID{1, 2, 3}
			k := mesh(1, 500*time.Second, tasks(100, time.Second, 500*time.Millisecond, "gpu:4"), kinds, func(offers []string) *protocols.Protocol {
				c := plain(offers...)
				c.Lease = 5 * time.Second
				return byzantine.Wrap(capability.New(c, capability.Default()), liars)
			})
			k.Faults = []sim.Fault{{Name: "liars", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: liars}, Behaviour: &byzantine.Lie{Name: lie}}}}
			r := run(t, k)
			good(t, r)
			done, _ := r.Scalar("task.tasks_done")
			doubts, _ := r.Scalar("task.doubts")
			if done != 100 {
				t.Errorf("%v of 100 tasks are done", done)
			}
			// Three liars, tried anew each 30 seconds of the hundred in which tasks enter.
			if claims := lie == "claim" || lie == "swallow"; claims != (doubts > 0) || doubts > 3*5 {
				t.Errorf("%v claims were found broken", doubts)
			}
		})
	}
}
