package sim

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// setter sets and stops timers at random and keeps a map of its own of what it
// may expect.
type setter struct {
	report *setterReport
	due    map[protocols.TimerID]setting
	count  int
}

type setting struct {
	at    protocols.Time
	count int
}

// setterReport gathers what all nodes found.
type setterReport struct {
	nodes   map[protocols.NodeID]*setter // those that run now
	wrong   string
	expired int
}

func (r *setterReport) protocol() *protocols.Protocol {
	return &protocols.Protocol{Name: "setter", Timers: []string{"a", "b", "c"}, New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := make(protocols.NodeList, len(ids))
		for i, id := range ids {
			n := &setter{report: r, due: map[protocols.TimerID]setting{}}
			nodes[i], r.nodes[id] = n, n
		}
		return nodes
	}}
}

func (n *setter) Start(env *protocols.Env) {
	for range 4 {
		n.set(env)
	}
}

func (n *setter) set(env *protocols.Env) {
	t := protocols.Timer(uint8(env.Rand.IntN(3)), uint64(env.Rand.IntN(3))<<30)
	after := time.Duration(env.Rand.Int64N(1<<env.Rand.IntN(24))) &^ 7
	n.count++
	n.due[t] = setting{env.Now + protocols.Time(after), n.count}
	env.SetTimer(t, after)
}

func (n *setter) Receive(*protocols.Env, protocols.NodeID, protocols.Message) {}

func (n *setter) Expire(env *protocols.Env, t protocols.TimerID) {
	n.report.expired++
	mine, ok := n.due[t]
	if !ok || mine.at != env.Now {
		n.complain("node %d: timer %x came at %d, but it was set for %v (%v)", env.Self, t, env.Now, mine.at, ok)
	}
	delete(n.due, t)
	for other, s := range n.due {
		if s.at < env.Now || s.at == env.Now && s.count < mine.count {
			n.complain("node %d: timer %x came at %d before %x, which was due at %d", env.Self, t, env.Now, other, s.at)
		}
	}
	for len(n.due) < 2 || env.Rand.IntN(2) == 0 {
		n.set(env)
	}
	if env.Rand.IntN(3) == 0 {
		stopped := protocols.Timer(uint8(env.Rand.IntN(3)), uint64(env.Rand.IntN(3))<<30)
		env.StopTimer(stopped)
		delete(n.due, stopped)
	}
}

func (n *setter) complain(format string, args ...any) {
	if n.report.wrong == "" {
		n.report.wrong = fmt.Sprintf(format, args...)
	}
}

// Nodes get what they asked for, through windows, crashes and every way of
// running: no timer early, late, twice, in the wrong order or after a crash.
func TestTimersOfNodes(t *testing.T) {
	expired := 0
	for seed := range uint64(60) {
		r := &setterReport{nodes: map[protocols.NodeID]*setter{}}
		c := Config{Seed: seed, Duration: 40 * time.Millisecond,
			Groups:  []Group{{Name: "all", Count: 3, Stack: []*protocols.Protocol{r.protocol()}}},
			Network: Network{Default: Link{Latency: Latency{Base: time.Duration(1+seed%9) * time.Millisecond}}}}
		d := draw.New(seed)
		for i := range 3 {
			c.Faults = append(c.Faults, Fault{Name: fmt.Sprint(i), At: time.Duration(d.Int64N(40e6)), For: time.Duration(d.Int64N(20e6)),
				Crash: &Crash{Nodes: Selector{Count: 2}}})
		}
		v := way{mode: Mode(seed % 3), workers: 1}
		if v.mode == Auto {
			v.restless = seed + 1
		}
		down := downAtEnd(runBy(t, c, v, nil).trace)
		for id, n := range r.nodes {
			for timer, s := range n.due {
				if s.at < protocols.Time(c.Duration) && !down[id] {
					n.complain("node %d: timer %x was due at %d and never came", id, timer, s.at)
				}
			}
		}
		if r.wrong != "" {
			t.Fatalf("seed %d, %v: %s", seed, v, r.wrong)
		}
		expired += r.expired
	}
	if expired < 20000 {
		t.Errorf("only %d timers expired; the test has lost its teeth", expired)
	}
}

// downAtEnd lists who crashed and did not start again.
func downAtEnd(trace []TraceEvent) map[protocols.NodeID]bool {
	down := map[protocols.NodeID]bool{}
	for i := range trace {
		switch trace[i].What {
		case TraceCrash:
			down[trace[i].Node] = true
		case TraceStart:
			delete(down, trace[i].Node)
		}
	}
	return down
}
