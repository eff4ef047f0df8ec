package sim

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
)

// patient is a node that says what it waits for.
type patient struct{ scriptNode }

func (p *patient) Waits() string { return "an answer" }

// At the end of a run each node tells what it waits for, in all ways of running:
// what its protocol says, its next timers, or that it is down.
func TestWaits(t *testing.T) {
	s := &script{start: func(env *protocols.Env) {
		env.SetTimer(protocols.Timer(1, 0), 900*ms)
		env.SetTimer(protocols.Timer(0, 0), 500*ms)
		env.SetTimer(protocols.Timer(2, 0), 10*ms)
	}}
	p := s.protocol()
	p.New = func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		var list protocols.NodeList
		for range ids {
			list = append(list, &patient{scriptNode{s: s}})
		}
		return list
	}
	c := Config{Duration: 100 * ms, Groups: []Group{{Name: "g", Count: 3, Stack: []*protocols.Protocol{p}}}}
	c.Faults = []Fault{
		{Name: "down", At: 50 * ms, Crash: &Crash{Nodes: nodes(0)}},
		{Name: "back", At: 20 * ms, For: 10 * ms, Crash: &Crash{Nodes: nodes(1)}},
	}
	c.Detail.Waits = true
	for _, workers := range []int{1, 2} {
		for _, mode := range []Mode{Windowed, Ordered} {
			c.Workers, c.Mode = workers, mode
			got := mustRun(t, c).Waits
			timers := func(from time.Duration) []PendingTimer {
				return []PendingTimer{{"a", from + 500*ms}, {"b", from + 900*ms}}
			}
			want := []Waiting{{0, "node", "it is down", nil}, {1, p.Name, "an answer", timers(30 * ms)}, {2, p.Name, "an answer", timers(0)}}
			if !slices.EqualFunc(got, want, func(a, b Waiting) bool {
				return a.Node == b.Node && a.Protocol == b.Protocol && a.Text == b.Text && slices.Equal(a.Timers, b.Timers)
			}) {
				t.Errorf("%d workers, mode %d: they wait for %v, want %v", workers, mode, got, want)
			}
		}
	}
}
