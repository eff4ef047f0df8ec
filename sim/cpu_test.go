package sim

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// waits lets packets arrive at one node and returns how long each waited for
// its call to start; -1 if it was dropped.
func waits(t *testing.T, cpu CPU, at []time.Duration, size int, work *draw.Dist) []float64 {
	out := make([]float64, len(at))
	for i := range out {
		out[i] = -1
	}
	c := meshOf(1, &script{receive: func(env *protocols.Env, _ protocols.NodeID, n uint64) {
		out[n] = float64(env.Now - protocols.Time(at[n]))
		if work != nil {
			env.Work(time.Duration(work.Sample(&env.Rand)))
		}
	}}, time.Millisecond)
	c.Duration = at[len(at)-1] + time.Hour
	c.Groups[0].CPU = cpu
	c.Workload = []Workload{&arrivals{at: at, size: size}}
	mustRun(t, c)
	return out
}

// The mean waiting time of M/D/1 is ρD/(2(1-ρ)) (Pollaczek 1930, Khinchine 1932).
func TestOneCoreIsMD1(t *testing.T) {
	const service = time.Millisecond
	for _, load := range []float64{0.3, 0.6, 0.8} {
		at := poisson(uint64(load*100), 40_000, time.Duration(float64(service)/load))
		want := load * float64(service) / (2 * (1 - load))
		near(t, fmt.Sprintf("load %.1f", load), waits(t, CPU{PerMessage: service}, at, 8, nil), want)
	}
}

// The mean waiting time of M/M/c is C(c,a)/(cμ-λ), where C is Erlang's formula
// for the chance to wait (Erlang 1917).
func TestCoresAreMMc(t *testing.T) {
	const service = time.Millisecond
	work, _ := draw.Exponential(0, int64(service))
	for cores := 1; cores <= 4; cores++ {
		const load = 0.7
		a := load * float64(cores) // offered load
		at := poisson(uint64(cores), 40_000, time.Duration(float64(service)/a))
		got := waits(t, CPU{Cores: cores}, at, 8, work)
		chance := erlangC(cores, a)
		near(t, fmt.Sprintf("%d cores: wait", cores), got, chance*float64(service)/(float64(cores)-a))
		waited := make([]float64, len(got))
		for i := range got {
			if got[i] > 0 {
				waited[i] = 1
			}
		}
		near(t, fmt.Sprintf("%d cores: chance to wait", cores), waited, chance)
	}
}

// erlangC is the chance to wait for one of c servers under an offered load of a.
func erlangC(c int, a float64) float64 {
	b := 1.0 // Erlang's loss formula, by its recursion
	for i := 1; i <= c; i++ {
		b = a * b / (float64(i) + a*b)
	}
	rho := a / float64(c)
	return b / (1 - rho + rho*b)
}

// Calls start in the order of arrival on the first core that is free, exactly
// as in the recursion of Kiefer and Wolfowitz (1955); a full queue drops.
func TestCoresAgainstRecursion(t *testing.T) {
	for seed := range uint64(40) {
		r := draw.New(seed)
		cpu := CPU{Cores: r.IntN(4), PerMessage: time.Duration(r.IntN(2000)) * time.Microsecond, PerByte: time.Duration(r.IntN(100)),
			PerKiB: time.Duration(r.IntN(4)) * 100 * time.Microsecond, Queue: r.IntN(2) * (1 + r.IntN(5))}
		const size = 2000
		service := cpu.PerMessage + size*cpu.PerByte + cpu.PerKiB*size/1024
		at := poisson(seed, 300, service/time.Duration(max(1, cpu.Cores)))
		for i := range at { // some at the same instant
			at[i] = at[i].Round(time.Millisecond)
		}
		want := queueModel(cpu, service, at)
		if got := waits(t, cpu, at, size, nil); !slices.Equal(got, want) {
			for i := range got {
				if got[i] != want[i] {
					t.Fatalf("seed %d, %+v: message %d waited %v, want %v", seed, cpu, i, got[i], want[i])
				}
			}
		}
	}
}

// queueModel is how long each arrival waits, -1 if the queue is full. At an
// instant cores become free before messages arrive.
func queueModel(cpu CPU, service time.Duration, at []time.Duration) []float64 {
	free := make([]time.Duration, max(1, cpu.Cores))
	var starts []time.Duration // of all that were taken
	out := make([]float64, len(at))
	for i, a := range at {
		waiting := 0
		for _, s := range starts {
			if s > a {
				waiting++
			}
		}
		if cpu.Queue > 0 && waiting >= cpu.Queue {
			out[i] = -1
			continue
		}
		core := 0
		for j := range free {
			if free[j] < free[core] {
				core = j
			}
		}
		start := max(a, free[core])
		free[core] = start + service
		starts = append(starts, start)
		out[i] = float64(start - a)
	}
	return out
}

// Timers wait for a core like messages, but they take no place in its queue, and
// one that was stopped or set again while it waited does not come.
func TestTimersWaitForCore(t *testing.T) {
	type call struct {
		at   protocols.Time
		what string
	}
	var calls []call
	c := meshOf(1, &script{
		start: func(env *protocols.Env) {
			for i := range uint64(4) {
				env.SetTimer(protocols.Timer(0, i), 10*time.Millisecond+time.Duration(i))
			}
		},
		receive: func(env *protocols.Env, _ protocols.NodeID, n uint64) {
			calls = append(calls, call{env.Now, fmt.Sprint("message ", n)})
			env.Work(20 * time.Millisecond)
		},
		expire: func(env *protocols.Env, tm protocols.TimerID) {
			calls = append(calls, call{env.Now, fmt.Sprint("timer ", tm.Argument())})
			env.StopTimer(protocols.Timer(0, 2))
			if tm.Argument() == 1 {
				env.SetTimer(protocols.Timer(0, 3), 50*time.Millisecond) // it was due already
			}
			env.Work(time.Millisecond)
		}}, time.Millisecond)
	c.Groups[0].CPU = CPU{Cores: 1, Queue: 1}
	c.Workload = []Workload{&arrivals{at: []time.Duration{5 * time.Millisecond, 11 * time.Millisecond, 12 * time.Millisecond}}}
	r := mustRun(t, c)
	const ms = protocols.Time(time.Millisecond)
	want := []call{{5 * ms, "message 0"}, {25 * ms, "timer 0"}, {26 * ms, "timer 1"}, {27 * ms, "message 1"}, {77 * ms, "timer 3"}}
	if !slices.Equal(calls, want) || r.Drops.QueueFull != 1 {
		t.Errorf("calls are %v with %d drops, want %v with 1", calls, r.Drops.QueueFull, want)
	}
}

// A call's own work makes its node busy, whether or not the scenario charges
// anything, and what it sends leaves when the work is done.
func TestWorkDelaysSendsAndCalls(t *testing.T) {
	var starts, arrived []protocols.Time
	c := meshOf(2, &script{receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
		if env.Self == 1 {
			arrived = append(arrived, env.Now)
			return
		}
		starts = append(starts, env.Now)
		env.Work(5 * time.Millisecond)
		env.Send(1, &packet{n: n})
	}}, time.Millisecond)
	c.Workload = []Workload{&arrivals{at: []time.Duration{10 * time.Millisecond, 11 * time.Millisecond, 30 * time.Millisecond}}}
	mustRun(t, c)
	const ms = protocols.Time(time.Millisecond)
	if want := []protocols.Time{10 * ms, 15 * ms, 30 * ms}; !slices.Equal(starts, want) {
		t.Errorf("calls start at %v, want %v", starts, want)
	}
	if want := []protocols.Time{16 * ms, 21 * ms, 36 * ms}; !slices.Equal(arrived, want) {
		t.Errorf("what they sent arrives at %v, want %v", arrived, want)
	}
}

// The protocols of a node boot one after the other on one core.
func TestBootsAddUp(t *testing.T) {
	var arrived []protocols.Time
	boot := func(name string) *script {
		return &script{name: name, start: func(env *protocols.Env) {
			if env.Self == 0 {
				env.Work(10 * time.Millisecond)
				env.Send(1, &packet{})
			}
		}, receive: func(env *protocols.Env, _ protocols.NodeID, _ uint64) { arrived = append(arrived, env.Now) }}
	}
	c := meshOf(2, boot("first"), time.Millisecond)
	c.Groups[0].Stack = append(c.Groups[0].Stack, boot("second").protocol())
	mustRun(t, c)
	const ms = protocols.Time(time.Millisecond)
	if want := []protocols.Time{11 * ms, 21 * ms}; !slices.Equal(arrived, want) {
		t.Errorf("what the protocols sent at boot arrives at %v, want %v", arrived, want)
	}
}

// A call may ask for more time than there is.
func TestEndlessWork(t *testing.T) {
	n := 0
	c := meshOf(1, &script{receive: func(env *protocols.Env, _ protocols.NodeID, _ uint64) {
		n++
		env.Work(math.MaxInt64)
		env.SetTimer(0, math.MaxInt64)
		env.Send(0, &packet{})
	}}, time.Millisecond)
	c.Workload = []Workload{&arrivals{at: []time.Duration{1, 2, 3}}}
	mustRun(t, c)
	if n != 1 {
		t.Errorf("a node that is busy for ever took %d calls", n)
	}
}

// Scenarios name the number of cores even where calls cost nothing. A million
// nodes must not get a run queue for it.
func TestCoresWithoutCostTakeNoMemory(t *testing.T) {
	c := meshOf(2, &script{}, time.Millisecond)
	c.Duration = time.Second
	c.Groups[0].CPU = CPU{Cores: 4, Queue: 10}
	c.Workload = []Workload{&arrivals{at: []time.Duration{time.Millisecond}}}
	k, err := newKernel(&c)
	if err != nil {
		t.Fatal(err)
	}
	if r := k.run(); r.Events == 0 {
		t.Fatal("nothing ran")
	}
	for id, n := range k.states {
		if n.extras >= 0 || n.flags&nodeCostly != 0 {
			t.Errorf("node %d has a run queue", id)
		}
	}
}

// What calls cost is what the cores were busy, also over a crash.
func TestCPUUse(t *testing.T) {
	f := one(100, 10*ms)
	r := f.run(t, 2, Link{Latency: Latency{Base: ms}}, func(c *Config) {
		c.Duration = time.Second
		c.Groups[0].CPU = CPU{Cores: 2, PerMessage: 4 * ms}
		c.Faults = []Fault{{Name: "f", At: 505 * ms, For: 100 * ms, Crash: &Crash{Nodes: nodes(1)}}}
	})
	n := uint64(len(f.got))
	for _, x := range []struct {
		metric string
		want   float64
	}{{"cpu.time", float64(n) * 0.004}, {"cpu.mean_use", float64(n) * 0.004 / 2}, {"cpu.max_use", float64(n) * 0.004 / 2}} {
		if got, ok := r.Scalar(x.metric); !ok || math.Abs(got-x.want) > 1e-9 {
			t.Errorf("%s is %v, want %v", x.metric, got, x.want)
		}
	}
	if n < 80 || n > 95 {
		t.Errorf("%d calls", n)
	}
}
