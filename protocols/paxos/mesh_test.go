package paxos_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/gossip"
	"meshsim/protocols/paxos"
	"meshsim/sim"
)

// proposals asks three nodes at once, and two more when the first faults are over.
func proposals(members int) sim.Workload {
	s := sim.Injections{}
	for i, at := range []time.Duration{900, 1000, 1200, 1400, 9000} {
		s = append(s, sim.Injection{At: at * time.Millisecond, To: protocols.NodeID(i % members), Protocol: "paxos",
			Message: paxos.NewPropose(fmt.Appendf(nil, "value of %d", i))})
	}
	return s
}

// board stands on nodes outside the group and observes the decisions that rumors
// bring there.
type board struct{}

func (board) Start(*protocols.Env)                                        {}
func (board) Receive(*protocols.Env, protocols.NodeID, protocols.Message) {}
func (board) Expire(*protocols.Env, protocols.TimerID)                    {}
func (board) Hear(env *protocols.Env, e protocols.Event) {
	if e.Kind != protocols.RumorDelivered {
		return
	}
	if value, ok := paxos.ReadRumor(e.Data); ok {
		env.Observe(0, 0, paxos.Digest(value))
	}
}

var boards = &protocols.Protocol{
	Name: "board", Kinds: []string{}, Observations: []string{"read"},
	New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := make(protocols.NodeList, len(ids))
		for i := range nodes {
			nodes[i] = board{}
		}
		return nodes
	},
}

// everywhere watches that what is learned in the group and what is read outside
// are one value. It is one checker behind two names, as a checker sees the
// observations of one protocol.
type everywhere struct {
	value   uint64
	learned map[protocols.NodeID]bool // who knows it
}

func (e *everywhere) checks() []sim.Check {
	e.learned = map[protocols.NodeID]bool{}
	view := func(protocol string, kind protocols.ObservationKind) sim.Check {
		return sim.Check{Protocol: protocol, Spec: protocols.CheckerSpec{Name: "everywhere",
			New: func(protocols.ProbeConfig) protocols.Checker { return &view{e, kind} }}}
	}
	return []sim.Check{view("paxos", paxos.Learned), view("board", 0)}
}

type view struct {
	*everywhere
	kind protocols.ObservationKind
}

func (v *view) Wants() []protocols.ObservationKind { return []protocols.ObservationKind{v.kind} }
func (v *view) Observe(o protocols.Observed) string {
	if o.Protocol == "node" {
		return ""
	}
	if len(v.learned) == 0 {
		v.value = o.Value
	}
	v.learned[o.Node] = true
	if o.Value != v.value {
		return fmt.Sprintf("node %d holds %016x for the decision, others %016x", o.Node, o.Value, v.value)
	}
	return ""
}

// mesh is a group that runs p and gossip, and others that only gossip.
// Crashes, partitions and loss strike for twenty seconds; after that there is
// loss alone.
func mesh(p *protocols.Protocol, seed uint64, members, outside int) sim.Config {
	g := gossip.Default()
	g.Interval, g.Retention = time.Second, 20*time.Second
	rumors := gossip.New(g)
	c := sim.Config{
		Seed: seed, Duration: 60 * time.Second, Sample: 10 * time.Second, Probes: true,
		Groups: []sim.Group{
			{Name: "group", Count: members, Stack: []*protocols.Protocol{p, rumors}, DiskSync: 4 * time.Millisecond},
			{Name: "outside", Count: outside, Stack: []*protocols.Protocol{rumors, boards}},
		},
		Network: sim.Network{Default: sim.Link{
			Latency:   sim.Latency{Base: 20 * time.Millisecond, Jitter: draw.Uniform(0, int64(400*time.Millisecond)), Floor: 10 * time.Millisecond},
			Loss:      sim.Loss{P: draw.Ratio(1, 10)},
			Duplicate: draw.Ratio(1, 50),
			Corrupt:   draw.Ratio(1, 100),
		}},
		Workload: []sim.Workload{proposals(members)},
		Faults:   faults(members),
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

func faults(members int) (list []sim.Fault) {
	var group []protocols.NodeID
	for i := range members {
		group = append(group, protocols.NodeID(i))
	}
	one := sim.Selector{From: group, Count: 1}
	minority := sim.Selector{From: group, Count: members / 2}
	for i := range 80 { // every 75ms at first, every second later
		at := 900*time.Millisecond + time.Duration(i)*75*time.Millisecond
		if i >= 64 {
			at = time.Duration(i-60) * time.Second
		}
		list = append(list, sim.Fault{Name: fmt.Sprint("crash ", i), At: at, For: 5 * time.Millisecond, Crash: &sim.Crash{Nodes: one}})
	}
	for i := range 12 {
		list = append(list, sim.Fault{Name: fmt.Sprint("split ", i), At: 950*time.Millisecond + time.Duration(i)*1500*time.Millisecond,
			For: 600 * time.Millisecond, Partition: &sim.Partition{Sides: []sim.Selector{minority}}})
	}
	return append(list, sim.Fault{Name: "island", At: 1200 * time.Millisecond, For: 18 * time.Second,
		Partition: &sim.Partition{Sides: []sim.Selector{{Share: draw.Ratio(1, 4)}}}})
}

func withRumors() paxos.Config {
	c := paxos.Default()
	c.Rumors = true
	return c
}

func run(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever fails meanwhile, all nodes of the group learn one value that was
// proposed, and the nodes outside read the same.
func TestMesh(t *testing.T) {
	const members, outside = 5, 20
	conflicts := 0
	for seed := range uint64(200) {
		c := mesh(paxos.New(withRumors()), seed, members, outside)
		var e everywhere
		c.Checks = append(c.Checks, e.checks()...)
		r := run(t, c)
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s.%s at %v: %s", seed, v.Protocol, v.Check, v.At, v.Text)
		}
		if len(e.learned) != members+outside {
			t.Errorf("seed %d: %d of %d nodes know the decision at the end", seed, len(e.learned), members+outside)
		}
		if v, ok := r.Scalar("paxos.ballots"); !ok {
			t.Errorf("seed %d: no figure of ballots", seed)
		} else if v > 3 {
			conflicts++
		}
	}
	if conflicts < 100 {
		t.Errorf("only %d of 200 runs needed more than three ballots: the faults are too tame to prove anything", conflicts)
	}
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	const members, outside = 5, 400 // several blocks of nodes, so that three workers have work
	for seed := range uint64(3) {
		c := mesh(paxos.New(withRumors()), seed, members, outside)
		c.Duration = 25 * time.Second
		want := run(t, c)
		for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
			for _, workers := range []int{1, 3} {
				for _, wire := range []bool{false, true} {
					c := mesh(paxos.New(withRumors()), seed, members, outside)
					c.Duration, c.Mode, c.Workers, c.Wire = 25*time.Second, mode, workers, wire
					got := run(t, c)
					if got.Fingerprint != want.Fingerprint || got.Events != want.Events {
						t.Errorf("seed %d, mode %d, %d workers, wire %v: fingerprint %x of %d events, want %x of %d",
							seed, mode, workers, wire, got.Fingerprint, got.Events, want.Fingerprint, want.Events)
					}
				}
			}
		}
	}
}
