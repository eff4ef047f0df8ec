package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
)

type bug struct{ node protocols.NodeID }

// A panic of protocol code reaches the caller of Run, once, with its own value,
// however many workers there are, and leaves no worker behind.
func TestPanicReachesCaller(t *testing.T) {
	for _, mode := range []Mode{Windowed, Ordered, Auto} {
		for _, workers := range []int{1, 2, 3, 8} {
			for _, culprits := range []int{1, 300} {
				got := runWithBug(t, mode, workers, culprits)
				if b, ok := got.(bug); !ok || culprits == 1 && b.node != 299 {
					t.Errorf("mode %d, %d workers, %d culprits: the panic is %v", mode, workers, culprits, got)
				}
			}
		}
	}
}

func runWithBug(t *testing.T, mode Mode, workers, culprits int) (got any) {
	const n = 300
	c := meshOf(n, &script{
		start: func(env *protocols.Env) { env.SetTimer(0, time.Duration(env.Self)*1000) },
		expire: func(env *protocols.Env, tm protocols.TimerID) {
			if tm.Argument() == 5 && int(env.Self) >= n-culprits {
				panic(bug{env.Self})
			}
			env.SetTimer(protocols.Timer(0, tm.Argument()+1), ms)
			env.Send(env.Self/2, &packet{})
		}}, ms)
	c.Mode, c.Workers = mode, workers
	k := newTestKernel(t, &c)
	defer func() {
		got = recover()
		if p, ok := got.(*Panic); ok {
			got = p.Value
			if !strings.Contains(string(p.Stack), "runWithBug") {
				t.Errorf("the stack does not name what panicked:\n%s", p.Stack)
			}
		}
	}()
	k.run()
	return "nothing"
}

// What the kernel finds wrong in a protocol is a panic with a sentence.
func TestBugsOfProtocols(t *testing.T) {
	announce := &script{name: "echo", hear: func(env *protocols.Env, e protocols.Event) { env.Announce(e) }}
	for _, x := range []struct {
		want string
		s    *script
	}{
		{"sim: node 1 sends to node 4, but there are only 4", &script{start: func(env *protocols.Env) {
			if env.Self == 1 {
				env.Send(4, &packet{})
			}
		}}},
		{"sim: node 0 sends to node 4294967295, but there are only 4", &script{start: func(env *protocols.Env) { env.Send(protocols.External, &packet{}) }}},
		{"sim: the protocols of a node announce to one another without end", &script{
			start: func(env *protocols.Env) { env.Announce(protocols.Event{}) },
			hear:  func(env *protocols.Env, e protocols.Event) { env.Announce(e) }}},
		{"sim: script sends a message of kind 9, but lists 1", &script{start: func(env *protocols.Env) { env.Send(0, &stranger{}) }}},
		{"sim: script observes kind 63, but lists 3", &script{start: func(env *protocols.Env) { env.Observe(63, 0, 0) }}},
		{"sim: script: a packet says that its size is 8 bytes, but it appends 9", &script{start: func(env *protocols.Env) { env.Send(0, liar{}) }}},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != x.want {
					t.Errorf("the panic is %q, want %q", got, x.want)
				}
			}()
			c := meshOf(4, x.s, ms)
			c.Groups[0].Stack = append(c.Groups[0].Stack, announce.protocol())
			c.Wire = true
			mustRun(t, c)
		}()
	}
}

type stranger struct{ packet }

func (*stranger) Kind() protocols.Kind { return 9 }

type liar struct{}

func (liar) Kind() protocols.Kind     { return 0 }
func (liar) Size() int                { return 8 }
func (liar) AppendTo(b []byte) []byte { return append(b, make([]byte, 9)...) }
