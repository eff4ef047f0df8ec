package sim

import (
	"testing"
	"time"

	"meshsim/protocols"
)

// What one protocol announces the others hear after the call, in the order of
// announcing, at the same instant, each in the order of the stack, but not
// itself; the work of all adds up, and what a hearer sends leaves after its own.
func TestAnnouncements(t *testing.T) {
	var b notebook
	says := func(name string) *script {
		return &script{name: name,
			hear: func(env *protocols.Env, e protocols.Event) {
				b.note(env, "%s hears %d", name, e.ID)
				env.Work(ms)
				env.Send(1, &packet{n: e.ID*10 + uint64(len(name))})
				if e.ID < 3 {
					env.Announce(protocols.Event{ID: e.ID + 2})
				}
			},
			receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
				b.note(env, "%s gets %d", name, n)
				if from == protocols.External {
					env.Announce(protocols.Event{ID: 1})
					env.Announce(protocols.Event{ID: 2})
					env.Work(ms)
					b.note(env, "%s is done", name)
				}
			}}
	}
	c := meshOf(2, says("script"), 10*ms)
	c.Groups[0].Stack = append(c.Groups[0].Stack, says("two").protocol(), says("three").protocol())
	c.Workload = []Workload{&arrivals{at: []time.Duration{5 * ms}}}
	mustRun(t, c)
	b.want(t,
		"5ms 0 script gets 0", "5ms 0 script is done",
		"5ms 0 two hears 1", "5ms 0 three hears 1", // 2 and 3 ms of work done
		"5ms 0 two hears 2", "5ms 0 three hears 2", // 4 and 5
		"5ms 0 script hears 3", "5ms 0 three hears 3", // of two: 6 and 7
		"5ms 0 script hears 3", "5ms 0 two hears 3", // of three
		"5ms 0 script hears 4", "5ms 0 three hears 4", // of two
		"5ms 0 script hears 4", "5ms 0 two hears 4", // of three
		"17ms 1 two gets 13", "18ms 1 three gets 15", "19ms 1 two gets 23", "20ms 1 three gets 25",
		"21ms 1 script gets 36", "22ms 1 three gets 35", "23ms 1 script gets 36", "24ms 1 two gets 33",
		"25ms 1 script gets 46", "26ms 1 three gets 45", "27ms 1 script gets 46", "28ms 1 two gets 43")
}

// At boot all protocols of a node start before they hear of one another.
func TestBootThenHear(t *testing.T) {
	var b notebook
	says := func(name string) *script {
		return &script{name: name,
			start: func(env *protocols.Env) {
				b.note(env, "%s starts", name)
				env.Announce(protocols.Event{ID: uint64(len(name))})
			},
			hear: func(env *protocols.Env, e protocols.Event) { b.note(env, "%s hears %d", name, e.ID) }}
	}
	c := meshOf(1, says("script"), ms)
	c.Duration = 20 * ms
	c.Groups[0].Stack = append(c.Groups[0].Stack, says("two").protocol())
	c.Faults = []Fault{{Name: "f", At: 5 * ms, For: 5 * ms, Crash: &Crash{}}}
	mustRun(t, c)
	b.want(t, "0s 0 script starts", "0s 0 two starts", "0s 0 two hears 6", "0s 0 script hears 3",
		"10ms 0 script starts", "10ms 0 two starts", "10ms 0 two hears 6", "10ms 0 script hears 3")
}

// Groups run different protocols; a message for one that the receiver lacks is
// dropped and costs it nothing.
func TestProtocolsOfGroups(t *testing.T) {
	var b notebook
	s := &script{start: func(env *protocols.Env) { env.Multicast([]protocols.NodeID{0, 1}, &packet{n: 7}) },
		receive: func(env *protocols.Env, from protocols.NodeID, n uint64) { b.note(env, "gets %d from %d", n, from) }}
	c := meshOf(1, s, ms)
	c.Groups = append(c.Groups, Group{Name: "other", Count: 1, CPU: CPU{PerMessage: time.Hour}, Stack: []*protocols.Protocol{(&script{name: "other",
		start:   func(env *protocols.Env) { env.SetTimer(0, 5*ms) },
		expire:  func(env *protocols.Env, _ protocols.TimerID) { b.note(env, "is free") },
		receive: func(env *protocols.Env, _ protocols.NodeID, _ uint64) { b.note(env, "gets what is not for it") }}).protocol()}})
	r := mustRun(t, c)
	b.want(t, "1ms 0 gets 7 from 0", "5ms 1 is free")
	if r.Drops.NoProtocol != 1 {
		t.Errorf("%d messages found no protocol, want 1", r.Drops.NoProtocol)
	}
}

// Timers of the protocols of a node are their own, whatever they are called.
func TestTimersOfStack(t *testing.T) {
	var b notebook
	says := func(name string, after time.Duration) *script {
		return &script{name: name,
			start: func(env *protocols.Env) {
				env.SetTimer(0, after)
				env.SetTimer(1, 5*ms)
			},
			expire: func(env *protocols.Env, tm protocols.TimerID) {
				b.note(env, "%s %d", name, tm)
				env.StopTimer(1)
			}}
	}
	c := meshOf(1, says("a", ms), ms)
	c.Groups[0].Stack = append(c.Groups[0].Stack, says("b", 7*ms).protocol())
	mustRun(t, c)
	b.want(t, "1ms 0 a 0", "5ms 0 b 1", "7ms 0 b 0")
}

// The clock at the start of a call is what its node sees, and a timer counts
// from the end of the call's work.
func TestTimerCountsFromEndOfWork(t *testing.T) {
	var b notebook
	c := meshOf(1, &script{
		start: func(env *protocols.Env) { env.SetTimer(0, 10*ms) },
		expire: func(env *protocols.Env, tm protocols.TimerID) {
			b.note(env, "timer %d", tm.Argument())
			if tm.Argument() < 2 {
				env.Work(3 * ms)
				env.SetTimer(protocols.Timer(0, tm.Argument()+1), 10*ms)
			}
		}}, ms)
	c.Groups[0].Clock.Offset = time.Second
	mustRun(t, c)
	b.want(t, "1.01s 0 timer 0", "1.023s 0 timer 1", "1.036s 0 timer 2")
}
