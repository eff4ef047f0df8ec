package balance_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/balance"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// hot is a mesh of eight nodes where all tasks enter at the first one.
func hot(p *protocols.Protocol, d time.Duration) sim.Config {
	var in sim.Injections
	for i := range 200 {
		at := time.Duration(i) * 100 * time.Millisecond
		in = append(in, sim.Injection{At: at, Protocol: "task",
			Message: task.NewSubmit(&task.Task{ID: uint64(i + 1), Size: 500 * time.Millisecond, Bytes: 1000, At: protocols.Time(at)})})
	}
	c := sim.Config{
		Seed: 1, Duration: d, Sample: time.Second, Probes: true, Workload: []sim.Workload{in},
		Groups:  []sim.Group{{Name: "node", Count: 8, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond}}},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

// account is what became of tasks, kept the dumb way.
type account struct {
	done, came map[uint64]int
	last       protocols.Time
}

func (a *account) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Done, task.Took}
}

func (a *account) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol == protocols.NodeProtocol:
	case o.Kind == task.Done:
		a.done[o.Key]++
		a.last = o.At
	default:
		a.came[o.Key]++
	}
	return ""
}

func run(t *testing.T, c sim.Config) (*sim.Result, *account) {
	t.Helper()
	a := &account{done: map[uint64]int{}, came: map[uint64]int{}}
	c.Checks = append(c.Checks, sim.Check{Protocol: "task", Spec: protocols.CheckerSpec{Name: "account",
		New: func(protocols.ProbeConfig) protocols.Checker { return a }}})
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r, a
}

func plain() task.Config {
	c := task.Default()
	c.Lease, c.Spare, c.Cores = 0, true, 1
	return c
}

func brisk() balance.Config {
	b := balance.Default()
	b.Full, b.Interval, b.Fresh = 4*time.Second, 500*time.Millisecond, 2*time.Second
	return b
}

// Alone, the hot node has work for 100s. Balanced, it keeps for itself what it has
// when it is not heavy any more; others take the rest while it enters.
func TestHotSpotDissolves(t *testing.T) {
	for _, reports := range []string{"gossip", "neighbours"} {
		b := brisk()
		b.Reports = reports
		r, a := run(t, hot(balance.New(plain(), b), 60*time.Second))
		for _, v := range r.Violations {
			t.Errorf("%s: %s: %s", reports, v.Check, v.Text)
		}
		if len(a.done) != 200 || a.last > protocols.Time(27*time.Second) || len(a.came) < 100 {
			t.Errorf("%s: %d tasks done, the last at %v, %d migrated", reports, len(a.done), time.Duration(a.last), len(a.came))
		}
		for id, n := range a.done {
			if n != 1 {
				t.Errorf("%s: task %d was done %d times", reports, id, n)
			}
		}
	}
}

// What costs more to move than it saves stays.
func TestCostOfMigration(t *testing.T) {
	b := brisk()
	b.Bandwidth = 80 // 100s for a task
	if _, a := run(t, hot(balance.New(plain(), b), 30*time.Second)); len(a.came) != 0 {
		t.Errorf("%d tasks migrated", len(a.came))
	}
}

// nervous has thresholds side by side, and takes all it is given.
func nervous() balance.Config {
	b := brisk()
	b.High, b.Low, b.Hysteresis, b.Refuse, b.CoolDown, b.Batch = draw.Ratio(60, 100), draw.Ratio(59, 100), 0, false, 20*time.Second, 64
	b.Interval, b.Fresh = time.Second, 4*time.Second
	return b
}

// silent never says that it took anything.
func silent(env *protocols.Env) {
	env.Sends = slices.DeleteFunc(env.Sends, func(s protocols.Send) bool { return s.Message.Kind() == task.KindTaken })
}

func TestMutants(t *testing.T) {
	refuses := brisk() // reports are old, so that tasks come back
	refuses.Interval, refuses.Fresh, refuses.Batch = 4*time.Second, 8*time.Second, 64
	refuses.Low = draw.Ratio(69, 100)
	for _, c := range []struct {
		name string
		p    *protocols.Protocol
		find string
	}{
		{"correct, with refusals", balance.New(plain(), refuses), ""},
		{"correct, nervous", balance.New(plain(), nervous()), ""},
		{"drops what could not migrate", balance.NewDropper(plain(), refuses), "kept"},
		{"ignores the cool-down", balance.NewRestless(plain(), nervous()), "cool_down"},
		{"takes without acknowledgement", protocoltest.Wrap(balance.New(plain(), brisk()), silent), "exactly-once"},
	} {
		k := hot(c.p, 120*time.Second)
		k.Groups[0].Count = 5
		in := k.Workload[0].(sim.Injections)
		for i := range in { // several hot nodes, which know of one another late
			in[i].To = protocols.NodeID(i % 3)
		}
		r, a := run(t, k)
		found := ""
		for _, v := range r.Violations {
			if found == "" || v.Check == c.find { // others may find it, too
				found = v.Check
			}
		}
		if found != c.find || c.find == "" && len(a.done) != 200 {
			t.Errorf("%s: found %q, %d tasks done", c.name, found, len(a.done))
		}
	}
}

// A task goes on from where it came to only after the cool-down.
func TestCoolDownChecker(t *testing.T) {
	for _, c := range []struct {
		after time.Duration
		bad   bool
	}{{time.Second, true}, {9 * time.Second, true}, {10 * time.Second, false}} {
		for _, spec := range balance.New(plain(), balance.Default()).Checkers {
			if spec.Name != "cool_down" {
				continue
			}
			k := spec.New(protocols.ProbeConfig{})
			k.Observe(protocols.Observed{Protocol: "task", Node: 3, Observation: protocols.Observation{Kind: task.Took, Key: 7}})
			text := k.Observe(protocols.Observed{At: protocols.Time(c.after), Protocol: "task", Node: 3, Observation: protocols.Observation{Kind: balance.Migrating, Key: 7}})
			if (text != "") != c.bad {
				t.Errorf("after %v: %q", c.after, text)
			}
		}
	}
}

// Load that goes up and down about the high threshold, since tasks come as fast as
// they are done, makes a node heavy again and again; with hysteresis once.
func TestHysteresis(t *testing.T) {
	for hysteresis, calm := range map[draw.Probability]bool{0: false, draw.Ratio(10, 100): true} {
		b := brisk() // a node of which 2.4s are the high threshold
		b.High, b.Hysteresis, b.Interval = draw.Ratio(60, 100), hysteresis, 30*time.Millisecond
		k := hot(balance.New(plain(), b), 25*time.Second)
		k.Groups[0].Count = 1
		in := sim.Injections{{Protocol: "task", Message: task.NewSubmit(&task.Task{ID: 1, Size: 2450 * time.Millisecond})}}
		for i := range 200 {
			in = append(in, sim.Injection{At: time.Duration(i+1) * 100 * time.Millisecond, Protocol: "task",
				Message: task.NewSubmit(&task.Task{ID: uint64(i + 2), Size: 100 * time.Millisecond})})
		}
		k.Workload = []sim.Workload{in}
		r, _ := run(t, k)
		if n, _ := r.Scalar("task.overloads"); calm && n != 1 || !calm && n < 100 {
			t.Errorf("with a hysteresis of %d the node is heavy %v times", hysteresis, n)
		}
	}
}
