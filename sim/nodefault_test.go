package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

const ms = time.Millisecond

// notebook gathers lines "time node what" of a run on one worker.
type notebook []string

func (b *notebook) note(env *protocols.Env, format string, args ...any) {
	*b = append(*b, fmt.Sprintf("%v %d %s", time.Duration(env.Now), env.Self, fmt.Sprintf(format, args...)))
}

func (b notebook) want(t *testing.T, lines ...string) {
	t.Helper()
	if !slices.Equal(b, lines) {
		t.Errorf("what happened is\n%swant\n%s", joinLines(b), joinLines(lines))
	}
}

func nodes(ids ...protocols.NodeID) Selector { return Selector{From: ids} }

// teller notes what comes.
func teller(b *notebook) *script {
	return &script{
		start: func(env *protocols.Env) { b.note(env, "starts") },
		receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
			b.note(env, "gets %d", n)
		},
		expire: func(env *protocols.Env, t protocols.TimerID) { b.note(env, "timer %d", t.Argument()) },
	}
}

// A crash loses messages and timers; a restart boots a new node.
func TestCrashAndRestart(t *testing.T) {
	var b notebook
	s := teller(&b)
	s.start = func(env *protocols.Env) {
		b.note(env, "starts")
		env.SetTimer(protocols.Timer(0, 1), 15*ms)
	}
	c := meshOf(1, s, ms)
	c.Duration = 60 * ms
	c.Faults = []Fault{{Name: "f", At: 10 * ms, For: 20 * ms, Crash: &Crash{Nodes: nodes(0)}}}
	c.Workload = []Workload{&arrivals{at: []time.Duration{9 * ms, 10 * ms, 29 * ms, 30 * ms}}}
	r := mustRun(t, c)
	b.want(t, "0s 0 starts", "9ms 0 gets 0", "30ms 0 starts", "30ms 0 gets 3", "45ms 0 timer 1")
	if r.Drops.Down != 2 {
		t.Errorf("%d messages were dropped, want 2", r.Drops.Down)
	}
}

// Crashes that overlap: the node is up only when all are over.
func TestOverlappingCrashes(t *testing.T) {
	for seed := range uint64(60) {
		r := draw.New(seed)
		c := meshOf(1, &script{}, ms)
		c.Duration = 100 * ms
		c.Sample = ms
		down := make([]bool, 100)
		for i := range 4 {
			at, long := r.IntN(90), 1+r.IntN(40)
			c.Faults = append(c.Faults, Fault{Name: fmt.Sprint(i), At: time.Duration(at) * ms, For: time.Duration(long) * ms,
				Crash: &Crash{Nodes: nodes(0)}})
			for j := at; j < min(at+long, 100); j++ {
				down[j] = true
			}
		}
		for _, row := range mustRun(t, c).Samples {
			at := int(row.At / ms)
			if at > 0 && (row.Live == 0) != down[at-1] { // a sample sees what was before it
				t.Fatalf("seed %d: at %v there are %d nodes up, want down: %v", seed, row.At, row.Live, down[at-1])
			}
		}
	}
}

// What a crash leaves on the disk: what was synced before, nothing with a disk
// that is lost, even if it is lost while the node is down already.
func TestCrashAndDisk(t *testing.T) {
	for _, x := range []struct {
		name   string
		faults []Fault
		want   string
	}{
		{"kept", []Fault{{Crash: &Crash{}}}, "ab"},
		{"lost", []Fault{{Crash: &Crash{LoseDisk: true}}}, ""},
		{"lost while down", []Fault{{Crash: &Crash{}}, {Crash: &Crash{LoseDisk: true}}}, ""},
		{"kept after lost", []Fault{{Crash: &Crash{LoseDisk: true}}, {Crash: &Crash{}}}, ""},
	} {
		got := "nothing"
		c := meshOf(1, &script{
			start: func(env *protocols.Env) {
				b, _ := env.Disk.Read("f")
				got = string(b)
			},
			receive: func(env *protocols.Env, _ protocols.NodeID, n uint64) {
				env.Disk.Append("f", []byte{byte('a' + n)})
				if n < 3 {
					env.Disk.Sync()
				}
			}}, ms)
		c.Groups[0].DiskSync = 5 * ms
		// c is synced too late, d is not synced at all.
		c.Workload = []Workload{&arrivals{at: []time.Duration{10 * ms, 20 * ms, 46 * ms, 47 * ms}}}
		for i, f := range x.faults {
			f.Name, f.At, f.For = fmt.Sprint(i), (50+time.Duration(i))*ms, 10*ms
			c.Faults = append(c.Faults, f)
		}
		// A second crash shows what is durable besides what the node reads.
		c.Faults = append(c.Faults, Fault{Name: "again", At: 80 * ms, For: 10 * ms, Crash: &Crash{}})
		mustRun(t, c)
		if got != x.want {
			t.Errorf("%s: after the crash the disk holds %q, want %q", x.name, got, x.want)
		}
	}
}

// What a call sends, and all that later calls send, leaves when the disk has
// done what was promised before; syncs queue for the device.
func TestSyncIsBarrier(t *testing.T) {
	var b notebook
	c := meshOf(2, &script{receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
		if from != protocols.External {
			b.note(env, "gets %d", n)
			return
		}
		if n%2 == 0 {
			env.Disk.Append("f", []byte("x"))
			env.Disk.Sync()
		}
		env.Send(1, &packet{n: n})
	}}, ms)
	c.Groups[0].DiskSync = 5 * ms
	c.Workload = []Workload{&arrivals{at: []time.Duration{10 * ms, 11 * ms, 12 * ms, 13 * ms, 30 * ms, 31 * ms, 40*ms + 1, 41 * ms}}}
	c.Duration = 100 * ms
	mustRun(t, c)
	b.want(t, "16ms 1 gets 0", "16ms 1 gets 1", "21ms 1 gets 2", "21ms 1 gets 3", "36ms 1 gets 4", "36ms 1 gets 5", "46.000001ms 1 gets 6", "46.000001ms 1 gets 7")
}

// What waits for a sync or for the end of a call is lost with the sender, also
// if it is up again by then; what has left arrives.
func TestCrashLosesWhatHasNotLeft(t *testing.T) {
	for _, long := range []time.Duration{2 * ms, 20 * ms} {
		var b notebook
		c := meshOf(2, &script{receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
			switch {
			case from != protocols.External:
				b.note(env, "gets %d", n)
				return
			case n == 1:
				env.Disk.Append("f", []byte("x"))
				env.Disk.Sync()
			case n == 2:
				env.Work(20 * ms)
			}
			env.Send(1, &packet{n: n})
		}}, 30*ms)
		c.Groups[0].DiskSync = 10 * ms
		c.Workload = []Workload{&arrivals{at: []time.Duration{9 * ms, 15 * ms, 16 * ms, 45 * ms}}}
		c.Faults = []Fault{{Name: "f", At: 20 * ms, For: long, Crash: &Crash{Nodes: nodes(0)}}}
		r := mustRun(t, c)
		b.want(t, "39ms 1 gets 0", "75ms 1 gets 3")
		if r.Drops.Crash != 2 {
			t.Errorf("%d messages were lost with their sender, want 2", r.Drops.Crash)
		}
	}
}

// While a node is paused its messages and timers wait; then they come in their
// order, before what arrives at that very instant.
func TestPauseKeepsOrder(t *testing.T) {
	for seed := range uint64(20) { // of the ties
		var b notebook
		s := teller(&b)
		s.start = func(env *protocols.Env) {
			for i := range uint64(3) {
				env.SetTimer(protocols.Timer(0, i), time.Duration(5+10*i)*ms)
			}
		}
		c := meshOf(1, s, ms)
		c.Seed = seed
		c.Duration = 60 * ms
		c.Faults = []Fault{{Name: "f", At: 10 * ms, For: 20 * ms, Pause: &Pause{nodes(0)}}}
		c.Workload = []Workload{&arrivals{at: []time.Duration{9 * ms, 12 * ms, 20 * ms, 27 * ms, 30 * ms, 31 * ms}}}
		mustRun(t, c)
		b.want(t, "5ms 0 timer 0", "9ms 0 gets 0", "30ms 0 gets 1", "30ms 0 timer 1", "30ms 0 gets 2", "30ms 0 timer 2",
			"30ms 0 gets 3", "30ms 0 gets 4", "31ms 0 gets 5")
	}
}

// A call after a pause may take its time: the others wait for it.
func TestPauseThenWork(t *testing.T) {
	var b notebook
	s := teller(&b)
	s.receive = func(env *protocols.Env, _ protocols.NodeID, n uint64) {
		b.note(env, "gets %d", n)
		env.Work(10 * ms)
	}
	c := meshOf(1, s, ms)
	c.Faults = []Fault{{Name: "f", At: 10 * ms, For: 20 * ms, Pause: &Pause{nodes(0)}}}
	c.Workload = []Workload{&arrivals{at: []time.Duration{12 * ms, 20 * ms, 33 * ms}}}
	mustRun(t, c)
	b.want(t, "0s 0 starts", "30ms 0 gets 0", "40ms 0 gets 1", "50ms 0 gets 2")
}

// Pauses that overlap end with the last; a node that crashes while it is paused
// forgets what waited and boots when it runs again.
func TestPauseAndCrash(t *testing.T) {
	var b notebook
	s := teller(&b)
	c := meshOf(1, s, ms)
	c.Duration = 200 * ms
	c.Faults = []Fault{
		{Name: "a", At: 10 * ms, For: 20 * ms, Pause: &Pause{nodes(0)}},
		{Name: "b", At: 20 * ms, For: 20 * ms, Pause: &Pause{nodes(0)}},
		{Name: "c", At: 100 * ms, For: 50 * ms, Pause: &Pause{nodes(0)}},
		{Name: "d", At: 110 * ms, For: 10 * ms, Crash: &Crash{Nodes: nodes(0)}},
		{Name: "e", At: 170 * ms, For: 20 * ms, Crash: &Crash{Nodes: nodes(0)}},
		{Name: "f", At: 175 * ms, For: 5 * ms, Pause: &Pause{nodes(0)}},
	}
	c.Workload = []Workload{&arrivals{at: []time.Duration{15 * ms, 35 * ms, 105 * ms, 115 * ms, 130 * ms, 151 * ms, 178 * ms, 191 * ms}}}
	r := mustRun(t, c)
	b.want(t, "0s 0 starts", "40ms 0 gets 0", "40ms 0 gets 1", "150ms 0 starts", "151ms 0 gets 5", "190ms 0 starts", "191ms 0 gets 7")
	if r.Drops.Down != 4 {
		t.Errorf("%d messages were dropped, want 4", r.Drops.Down)
	}
}

// A step moves what the clock shows and nothing else; an offset ends with its
// fault; drift moves the timers that are set.
func TestClockFaults(t *testing.T) {
	for _, x := range []struct {
		name  string
		fault ClockFault
		want  []string // of a timer of 100ms set at 0, seen at 50ms, 75ms and when it comes
	}{
		{"step", ClockFault{Step: time.Second}, []string{"1.05s 0 gets 0", "1.075s 0 gets 1", "1.1s 0 timer 0"}},
		{"offset", ClockFault{Offset: time.Second}, []string{"1.05s 0 gets 0", "75ms 0 gets 1", "100ms 0 timer 0"}},
		{"drift", ClockFault{DriftPPB: 100_000_000}, []string{"51ms 0 gets 0", "77ms 0 gets 1", "100ms 0 timer 0"}},
		{"lag", ClockFault{DriftPPB: -100_000_000}, []string{"49ms 0 gets 0", "73ms 0 gets 1", "100ms 0 timer 0"}},
	} {
		var b notebook
		s := teller(&b)
		s.start = func(env *protocols.Env) { env.SetTimer(0, 100*ms) }
		c := meshOf(1, s, ms)
		c.Faults = []Fault{{Name: "f", At: 40 * ms, For: 20 * ms, Clock: &x.fault}}
		c.Workload = []Workload{&arrivals{at: []time.Duration{50 * ms, 75 * ms}}}
		var real []protocols.Time
		o := runBy(t, c, way{workers: 1}, nil)
		for _, e := range o.trace {
			if e.What == TraceExpire {
				real = append(real, e.At)
			}
		}
		b.want(t, x.want...)
		want := 100*ms - time.Duration(int64(20*ms)*x.fault.DriftPPB/billion)
		if len(real) != 1 || time.Duration(real[0]) != want {
			t.Errorf("%s: the timer comes at %v, want %v", x.name, real, want)
		}
	}
}

// Faults come again at their distance, each time with another draw of nodes.
func TestFaultsEvery(t *testing.T) {
	c := meshOf(100, &script{}, ms)
	c.Faults = []Fault{{Name: "f", At: 100 * ms, For: 50 * ms, Every: 200 * ms, Crash: &Crash{Nodes: Selector{Count: 10}}}}
	c.Sample = 10 * ms
	o := runBy(t, c, way{workers: 1}, nil)
	if len(o.result.Spans) != 5 {
		t.Errorf("the fault struck %d times, want 5: %v", len(o.result.Spans), o.result.Spans)
	}
	for _, row := range o.result.Samples {
		since := (row.At - 100*ms) % (200 * ms)
		want := 100
		if row.At > 100*ms && since > 0 && since <= 50*ms {
			want = 90
		}
		if row.Live != want {
			t.Errorf("at %v there are %d nodes up, want %d", row.At, row.Live, want)
		}
	}
	struck := map[protocols.NodeID]int{}
	for _, e := range o.trace {
		if e.What == TraceCrash {
			struck[e.Node]++
		}
	}
	if len(struck) < 30 || len(struck) > 50 { // 100·(1-0.9⁵) = 41
		t.Errorf("five draws of 10 struck %d nodes", len(struck))
	}
}

// Faults at time 0 come first at their instant, too: before the nodes boot. Who
// is down does not boot until the fault is over, so it can join late.
func TestFaultsAtTimeZero(t *testing.T) {
	var b notebook
	s := teller(&b)
	s.start = func(env *protocols.Env) {
		b.note(env, "starts")
		env.Send(1-env.Self, &packet{n: uint64(env.Self)})
	}
	for _, x := range []struct {
		fault Fault
		lines []string
	}{
		{Fault{Crash: &Crash{Nodes: nodes(1)}}, []string{"0s 0 starts", "5ms 1 starts", "6ms 0 gets 1"}},
		{Fault{Partition: &Partition{Sides: []Selector{nodes(1)}, OneWay: true}}, []string{"0s 0 starts", "0s 1 starts", "1ms 1 gets 0"}},
		{Fault{Degrade: &Degrade{From: nodes(0), Latency: 10 * ms}}, []string{"0s 0 starts", "0s 1 starts", "1ms 0 gets 1", "11ms 1 gets 0"}},
		{Fault{Clock: &ClockFault{Nodes: nodes(1), Step: time.Second}}, []string{"0s 0 starts", "1s 1 starts", "1.001s 1 gets 0", "1ms 0 gets 1"}},
		{Fault{Churn: &Churn{Nodes: nodes(1), Sessions: [][]Span{{{3 * ms, 4 * ms}}}}}, []string{"0s 0 starts", "3ms 1 starts", "4ms 0 gets 1", "5ms 1 starts", "6ms 0 gets 1"}},
		{Fault{Pause: &Pause{nodes(1)}}, []string{"0s 0 starts", "0s 1 starts", "1ms 0 gets 1", "5ms 1 gets 0"}},
	} {
		b = nil
		c := meshOf(2, s, ms)
		c.Duration = 20 * ms
		x.fault.Name, x.fault.For = "f", 5*ms
		c.Faults = []Fault{x.fault}
		mustRun(t, c)
		b.want(t, x.lines...)
	}
}
