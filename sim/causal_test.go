package sim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
)

// quietWorld is a random world that runs to its end, with chatter edited.
func quietWorld(seed uint64, e edit) Config {
	c := randomWorld(seed, 120)
	c.Stop = Stop{}
	p := byzantine.Wrap(chatter(e), nil)
	for i := range c.Groups {
		c.Groups[i].Stack = slices.Clone(c.Groups[i].Stack)
		for j := range c.Groups[i].Stack {
			if c.Groups[i].Stack[j].Name == p.Name {
				c.Groups[i].Stack[j] = p
			}
		}
	}
	return c
}

var oneWorker = way{mode: Windowed, workers: 1}

// What is measured, how often and in what detail is no part of what happens.
func TestMeasuringChangesNothing(t *testing.T) {
	for seed := range uint64(10) {
		c := quietWorld(seed, edit{})
		want := runBy(t, c, oneWorker, nil)
		for name, change := range map[string]func(c *Config){
			"no samples":   func(c *Config) { c.Sample = 0 },
			"more samples": func(c *Config) { c.Sample = 777_777 },
			"no detail":    func(c *Config) { c.Detail = Detail{} },
			"all detail":   func(c *Config) { c.Detail = Detail{PerNode: true, Latency: true, Connectivity: true} },
			"no probes":    func(c *Config) { c.Probes, c.Checks = false, nil },
			"all probes":   func(c *Config) { c.Probes, c.Checks = true, []Check{{"chatter", chatter(edit{}).Checkers[0]}} },
			"warmup":       func(c *Config) { c.Warmup = c.Duration / 2 },
			"progress":     func(c *Config) { c.Progress = func(time.Duration, uint64) {} },
		} {
			d := c
			change(&d)
			got := runBy(t, d, oneWorker, want)
			a, b := want.result, got.result
			if got.differ != "" || got.lines != want.lines || a.Fingerprint != b.Fingerprint || a.Events != b.Events || a.Drops != b.Drops {
				t.Fatalf("seed %d, %s: other things happen: %d events, not %d; %s", seed, name, b.Events, a.Events, got.differ)
			}
			d.Trace, d.Mode, d.Workers = nil, Ordered, 1
			if r := mustRun(t, d); r.Fingerprint != a.Fingerprint {
				t.Fatalf("seed %d, %s: without a trace the fingerprint is another", seed, name)
			}
		}
	}
}

// A protocol that observes more, or draws once more at the end of a call, does
// the same as before.
func TestEditsOfProtocolsStayLocal(t *testing.T) {
	for seed := range uint64(10) {
		want := runBy(t, quietWorld(seed, edit{}), oneWorker, nil)
		drawn := runBy(t, quietWorld(seed, edit{draw: true}), oneWorker, want)
		if d := differ(want, drawn); d != "" {
			t.Fatalf("seed %d: with one more draw a call, %s", seed, d)
		}
		observed := runBy(t, quietWorld(seed, edit{observe: true}), oneWorker, nil)
		observed.trace = slices.DeleteFunc(observed.trace, func(e TraceEvent) bool { return e.What == TraceObserve && e.Name == "extra" })
		if !slices.Equal(want.trace, observed.trace) {
			t.Fatalf("seed %d: with more observations other things happen", seed)
		}
	}
}

// A fault changes what it touches and what that touches in turn, no more: until
// a message of a node that was touched reaches it, a node does the same as
// without the fault.
func TestFaultsStayInTheirCone(t *testing.T) {
	before, after := 0, 0
	for seed := range uint64(30) {
		c := quietWorld(seed, edit{})
		c.Faults = c.Faults[:min(len(c.Faults), 2)]
		want := runBy(t, c, oneWorker, nil)
		r := draw.New(seed)
		at := c.Duration/4 + time.Duration(r.Int64N(int64(c.Duration)/2))
		id := protocols.NodeID(r.IntN(c.nodes()))
		f := []Fault{
			{Crash: &Crash{Nodes: nodes(id)}}, {Pause: &Pause{nodes(id)}}, {Clock: &ClockFault{Nodes: nodes(id), Step: time.Second}},
			{Partition: &Partition{Sides: []Selector{nodes(id)}, OneWay: true}}, {Degrade: &Degrade{From: nodes(id), Loss: draw.Always}},
		}[r.IntN(5)]
		f.Name, f.At, f.For = "more", at, c.Duration/10
		c.Faults = append([]Fault{f}, c.Faults...)
		got := runBy(t, c, oneWorker, nil)
		cone := map[protocols.NodeID]protocols.Time{id: protocols.Time(at)}
		for spread(cone, want.trace) || spread(cone, got.trace) {
		}
		a, b := outside(cone, want.trace), outside(cone, got.trace)
		if !slices.Equal(a, b) {
			for i := range a {
				if a[i] != b[i] {
					t.Fatalf("seed %d: a fault of node %d at %v changes\n\t%+v to\n\t%+v", seed, id, at, a[i], b[i])
				}
			}
			t.Fatalf("seed %d: a fault of node %d at %v adds events outside its cone", seed, id, at)
		}
		before += len(a)
		after += len(want.trace) - len(a)
	}
	if before < 20_000 || after < 10_000 {
		t.Errorf("%d lines lie outside the cones and %d inside; the test has lost its teeth", before, after)
	}
}

// spread adds to the cone whom a touched node's messages reach, and tells whether
// there was anybody.
func spread(cone map[protocols.NodeID]protocols.Time, trace []TraceEvent) (more bool) {
	for i := range trace {
		e := &trace[i]
		if since, ok := cone[e.Peer]; e.What != TraceDeliver || !ok || since > e.At {
			continue
		}
		if since, ok := cone[e.Node]; !ok || e.At < since {
			cone[e.Node], more = e.At, true
		}
	}
	return more
}

// outside is what happens outside the cone. A drop is written down where the
// message would have arrived; which side of a partition nodes are on is told of
// them all.
func outside(cone map[protocols.NodeID]protocols.Time, trace []TraceEvent) (out []TraceEvent) {
	for _, e := range trace {
		touched := func(id protocols.NodeID) bool { since, ok := cone[id]; return ok && since <= e.At }
		if e.What == TracePartition || e.What == TraceHeal {
			continue
		}
		if !touched(e.Node) && !(e.What == TraceDrop && touched(e.Peer)) {
			out = append(out, e)
		}
	}
	return out
}

// A node's randomness depends on the names of its group and protocol and on its
// place in the group, not on who else is there.
func TestRandomnessHangsOnNames(t *testing.T) {
	run := func(change func(c *Config, stack []*protocols.Protocol)) string {
		var out []byte
		s := &script{name: "mine", start: func(env *protocols.Env) { env.SetTimer(protocols.Timer(1, 1<<50), ms) }}
		note := func(env *protocols.Env) {
			out = fmt.Append(out, env.Now, " ", env.Rand.Uint64(), "\n")
			env.Announce(protocols.Event{Kind: protocols.PeerUp})
		}
		s.expire = func(env *protocols.Env, _ protocols.TimerID) { note(env); env.SetTimer(0, ms) }
		heard := &script{name: "heard", hear: func(env *protocols.Env, _ protocols.Event) { out = fmt.Append(out, env.Rand.Uint64(), "\n") }}
		stack := []*protocols.Protocol{s.protocol(), heard.protocol()}
		c := meshOf(1, s, ms)
		c.Duration = 5 * ms
		c.Groups[0] = Group{Name: "g", Count: 1, Stack: stack, Clock: Clock{OffsetRange: time.Second, DriftRange: 1000}}
		change(&c, stack)
		mustRun(t, c)
		return string(out)
	}
	other := (&script{name: "other"}).protocol()
	want := run(func(*Config, []*protocols.Protocol) {})
	for name, change := range map[string]func(c *Config, stack []*protocols.Protocol){
		"a group in front": func(c *Config, _ []*protocols.Protocol) {
			c.Groups = append([]Group{{Name: "front", Count: 3, Stack: []*protocols.Protocol{other}}}, c.Groups...)
		},
		"a group behind": func(c *Config, _ []*protocols.Protocol) {
			c.Groups = append(c.Groups, Group{Name: "z", Count: 3, Stack: []*protocols.Protocol{other}})
		},
		"a protocol in front": func(c *Config, s []*protocols.Protocol) {
			c.Groups[0].Stack = append([]*protocols.Protocol{other}, s...)
		},
		"a workload": func(c *Config, _ []*protocols.Protocol) {
			c.Workload = []Workload{Injections{{Protocol: "heard", Message: &packet{}}}}
		},
	} {
		if got := run(change); got != want {
			t.Errorf("with %s a node draws\n%snot\n%s", name, got, want)
		}
	}
	for name, change := range map[string]func(c *Config, stack []*protocols.Protocol){
		"another seed":       func(c *Config, _ []*protocols.Protocol) { c.Seed++ },
		"another group name": func(c *Config, _ []*protocols.Protocol) { c.Groups[0].Name = "h" },
	} {
		if run(change) == want {
			t.Errorf("%s changes nothing", name)
		}
	}
}

// No two events of a run share a key, nor do their draws: what is drawn from it
// would be the same twice.
func TestKeysAreDistinct(t *testing.T) {
	seen := map[uint64]TraceEvent{}
	for seed := range uint64(5) {
		for _, e := range runBy(t, quietWorld(seed, edit{}), oneWorker, nil).trace {
			if e.What != TraceDeliver && e.What != TraceExpire && e.What != TraceHear && e.What != TraceStart {
				continue
			}
			if other, ok := seen[e.Key]; ok {
				t.Fatalf("two events share a key:\n\t%+v\n\t%+v", other, e)
			}
			seen[e.Key] = e
		}
	}
}
