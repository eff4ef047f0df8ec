package sim

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// allocations is how many an event there are in steady state.
func allocations(t *testing.T, c Config) float64 {
	t.Helper()
	c.Duration = 1000 * time.Hour
	k := newTestKernel(t, &c)
	k.start()
	k.boot()
	step := int64(60 * ms)
	k.runUntil(10 * step) // lists reach their size
	before := k.events()
	const runs = 5
	n := testing.AllocsPerRun(runs, func() {
		k.runUntil(k.now + step)
		k.flush()
	})
	events := float64(k.events()-before) / (runs + 1)
	if events < 1000 {
		t.Errorf("only %.0f events a step", events)
	}
	return n / events
}

// The kernel allocates nothing an event: neither for messages nor for timers,
// observations or local events, in any way of running.
func TestNoAllocationAnEvent(t *testing.T) {
	jitter := draw.Uniform(0, int64(20*ms))
	pass := func(env *protocols.Env) { env.Send(protocols.NodeID(env.Rand.IntN(256)), theToken) }
	steady := &script{
		start: func(env *protocols.Env) {
			for i := range uint64(5) {
				env.SetTimer(protocols.Timer(0, i), ms)
			}
		},
		expire: func(env *protocols.Env, tm protocols.TimerID) {
			env.SetTimer(tm, time.Duration(env.Rand.Int64N(int64(40*ms))))
			env.SetTimer(protocols.Timer(1, tm.Argument()), ms)
			env.StopTimer(protocols.Timer(1, tm.Argument()))
			env.Observe(0, 1, 2)
		}}
	for _, x := range []struct {
		name   string
		proto  *protocols.Protocol
		change func(c *Config)
	}{
		{"tokens", phold(), func(c *Config) {}},
		{"tokens with loss", passing(pass), func(c *Config) { c.Network.Default.Loss.P = draw.Ratio(1, 100) }},
		{"tokens, observed", passing(func(env *protocols.Env) { pass(env); env.Observe(0, 0, 0) }), func(c *Config) {
			c.Checks = []Check{{"passing", protocols.CheckerSpec{New: func(protocols.ProbeConfig) protocols.Checker { return blind{} }}}}
		}},
		{"tokens, several zones", phold(), func(c *Config) {
			c.Network.Zones = &Zones{Names: []string{"a", "b"}, OneWay: []time.Duration{2 * ms, 5 * ms, 6 * ms, 3 * ms}}
			c.Groups[0].Zones = []int{0, 1}
			c.Network.Default.Latency.Zoned = true
		}},
		{"timers", steady.protocol(), func(c *Config) {}},
		{"timers on skewed clocks", steady.protocol(), func(c *Config) { c.Groups[0].Clock.DriftRange = 1000 }},
	} {
		for _, mode := range []Mode{Windowed, Ordered} {
			for _, workers := range []int{1, 2} {
				c := Config{Seed: 1, Mode: mode, Workers: workers, Groups: []Group{{Name: "all", Count: 256, Stack: []*protocols.Protocol{x.proto}}},
					Network: Network{Default: Link{Latency: Latency{Base: ms, Jitter: jitter}}}}
				x.change(&c)
				limit := 0.0
				if mode == Windowed && workers > 1 {
					limit = 0.1 // workers start and end with each piece
				}
				if n := allocations(t, c); n > limit {
					t.Errorf("%s, mode %d, %d workers: %.4f allocations an event", x.name, mode, workers, n)
				}
			}
		}
	}
}

// blind wants to see everything and finds nothing.
type blind struct{}

func (blind) Wants() []protocols.ObservationKind      { return []protocols.ObservationKind{0} }
func (blind) Observe(protocols.Observed) (bad string) { return "" }

// passing is a protocol whose nodes say something every few milliseconds.
func passing(say func(env *protocols.Env)) *protocols.Protocol {
	p := *phold()
	p.Name, p.Observations = "passing", []string{"x"}
	p.New = func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		states := make([]passingNode, len(ids))
		for i := range states {
			states[i].say = say
		}
		return protocols.NodesOf(states)
	}
	return &p
}

type passingNode struct{ say func(env *protocols.Env) }

func (n *passingNode) Start(env *protocols.Env) { n.Expire(env, 0) }

func (n *passingNode) Expire(env *protocols.Env, t protocols.TimerID) {
	n.say(env)
	env.SetTimer(t, 5*time.Millisecond)
}

func (n *passingNode) Receive(*protocols.Env, protocols.NodeID, protocols.Message) {}
