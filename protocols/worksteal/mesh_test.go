package worksteal_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/protocols/worksteal"
	"meshsim/sim"
)

// mesh is nodes with a fast network between them.
func mesh(p *protocols.Protocol, n int, seed uint64, d time.Duration, in sim.Injections) sim.Config {
	c := sim.Config{
		Seed: seed, Duration: d, Sample: d, Probes: true, Workload: []sim.Workload{in},
		Groups:  []sim.Group{{Name: "node", Count: n, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond}}},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

// poisson is tasks of exponential size that enter at nodes drawn at random, so
// many in the mean time between each that all cores are busy for that share.
func poisson(t *testing.T, n int, load draw.Probability, mean, until time.Duration, seed uint64) (list sim.Injections) {
	t.Helper()
	each := int64(float64(mean) / (float64(load) / (1 << 64)) / float64(n))
	gaps, err := draw.Exponential(0, each)
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := draw.Exponential(1, int64(mean))
	if err != nil {
		t.Fatal(err)
	}
	r := draw.New(draw.Derive(seed, 7))
	for at := time.Duration(0); at < until; {
		at += time.Duration(gaps.Sample(&r))
		list = append(list, submit(at, r.IntN(n), &task.Task{ID: r.Uint64() | 1, Size: time.Duration(sizes.Sample(&r))}))
	}
	return list
}

// submit is a task that enters at a node.
func submit(at time.Duration, to int, t *task.Task) sim.Injection {
	t.At = protocols.Time(at)
	return sim.Injection{At: at, To: protocols.NodeID(to), Protocol: "task", Message: task.NewSubmit(t)}
}

func run(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// account is what became of tasks, kept the dumb way.
type account struct {
	from     protocols.Time   // tasks that enter earlier count in no time
	asked    map[uint64]int64 // those that entered and are not done
	ran      map[uint64]int   // how often each ran
	n        int              // tasks done, that count
	sum      protocols.Time   // of their times in system
	last     protocols.Time   // when the last was done
	rejected int
	stolen   int
}

func (a *account) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Submitted, task.Rejected, task.Ran, task.Done, worksteal.Yielded, worksteal.Pushed}
}

func (a *account) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	switch o.Kind {
	case task.Submitted:
		a.asked[o.Key] = int64(o.Value)
	case task.Rejected:
		a.rejected++
	case task.Ran:
		a.ran[o.Key]++
	case task.Done:
		a.last = o.At
		if at, open := a.asked[o.Key]; open {
			if protocols.Time(at) >= a.from {
				a.n++
				a.sum += o.At - protocols.Time(at)
			}
			delete(a.asked, o.Key)
		}
	case worksteal.Yielded, worksteal.Pushed:
		a.stolen++
	}
	return ""
}

// twice is the number of tasks that ran more than once.
func (a *account) twice() (n int) {
	for _, times := range a.ran {
		if times > 1 {
			n++
		}
	}
	return n
}

// mean is the time in system of the tasks that count.
func (a *account) mean() time.Duration { return time.Duration(a.sum) / time.Duration(max(a.n, 1)) }

// keep adds an account of a run to its checks.
func keep(c *sim.Config, from time.Duration) *account {
	a := &account{from: protocols.Time(from), asked: map[uint64]int64{}, ran: map[uint64]int{}}
	c.Checks = append(c.Checks, sim.Check{Protocol: "task", Spec: protocols.CheckerSpec{Name: "account",
		New: func(protocols.ProbeConfig) protocols.Checker { return a }}})
	return a
}

// good reports what no run without faults may do.
func (a *account) good(t *testing.T, r *sim.Result) {
	t.Helper()
	for _, v := range r.Violations {
		t.Errorf("%s at %v: %s", v.Check, v.At, v.Text)
	}
	if a.twice() > 0 || a.rejected > 0 {
		t.Errorf("%d tasks ran twice, %d were rejected", a.twice(), a.rejected)
	}
}
