package byzantine_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/protocols/gossip"
	"meshsim/protocols/paxos"
	"meshsim/sim"
)

// anything is every behaviour.
func anything(lie string) []protocols.Behaviour {
	return []protocols.Behaviour{
		&byzantine.Silent{}, &byzantine.Drop{Share: draw.Ratio(1, 2)}, &byzantine.Delay{By: 300 * time.Millisecond},
		&byzantine.Tamper{Share: draw.Always}, &byzantine.Replay{Every: 20 * time.Millisecond, Burst: 5}, &byzantine.Flood{Every: 20 * time.Millisecond, Burst: 5},
		&byzantine.Lie{Name: lie}, &byzantine.Equivocate{Name: lie, Sides: 2}, &byzantine.Twice{Name: lie}, &byzantine.Amnesia{}, &byzantine.Twins{},
	}
}

// agreeing is a Paxos among three, in which the last two are asked for different
// values at once, and the first may be Byzantine.
func agreeing(seed uint64, faults ...sim.Fault) sim.Config {
	p := byzantine.Wrap(paxos.New(paxos.Default()), ids(0))
	c := sim.Config{Seed: seed, Duration: 30 * time.Second, Probes: true, Goals: map[string][]float64{"paxos.learned": {2. / 3}},
		Groups:  []sim.Group{{Name: "mesh", Count: 3, Stack: []*protocols.Protocol{p}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond, Jitter: draw.Uniform(0, 10_000_000)}}},
		Workload: []sim.Workload{sim.Injections{
			{At: time.Second, To: 1, Protocol: "paxos", Message: paxos.NewPropose([]byte("red"))},
			{At: time.Second, To: 2, Protocol: "paxos", Message: paxos.NewPropose([]byte("blue"))},
		}},
		Faults: faults,
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: "paxos", Spec: spec})
	}
	return c
}

// Paxos stands nodes that are silent, late or loud: the other two decide. It does
// not stand those that change what was said, since its acceptors believe. And
// where the two others are cut from one another, an acceptor that runs twice is a
// majority with each of them, and each meets a node that is honest and whole.
func TestPaxos(t *testing.T) {
	broken := map[string]int{}
	for _, b := range anything("none") {
		for seed := range uint64(10) {
			c := agreeing(seed, sim.Fault{Name: "liar", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: ids(0)}, To: aim(b), Behaviour: b}},
				sim.Fault{Name: "cut", For: 10 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(1)}, {From: ids(2)}}, Bridge: &sim.Selector{From: ids(0)}}})
			c.Wire = seed%2 == 0
			r, err := sim.Run(c)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Violations) > 0 {
				broken[b.String()]++
			}
			if x := r.Figures["paxos"].Reached; len(x) != 1 || !x[0].OK {
				t.Errorf("%v, seed %d: not all honest nodes decide", b, seed)
			}
		}
	}
	for name, n := range broken {
		if name != "twins" && name != "tamper" {
			t.Errorf("%s breaks a property in %d of 10 runs", name, n)
		}
	}
	if broken["twins"] != 10 || broken["tamper"] < 5 {
		t.Errorf("twins break agreement in %d of 10 runs, tampering a property in %d", broken["twins"], broken["tamper"])
	}
}

// aim gives twins their sides: one of the others hears the second instance.
func aim(b protocols.Behaviour) *sim.Selector {
	if _, ok := b.(*byzantine.Twins); ok {
		return &sim.Selector{From: ids(2)}
	}
	return nil
}

// Gossip stands any behaviour of a tenth of its nodes: the rumors of honest nodes
// come to all who are honest.
func TestGossip(t *testing.T) {
	k := gossip.Default()
	k.Interval = time.Second
	p := byzantine.Wrap(gossip.New(k), nil)
	for _, b := range anything("withhold") {
		for seed := range uint64(3) {
			c := sim.Config{Seed: seed, Duration: 30 * time.Second, Probes: true, Goals: map[string][]float64{"gossip.coverage": {0.9}}, Wire: seed == 1,
				Groups:   []sim.Group{{Name: "mesh", Count: 50, Stack: []*protocols.Protocol{p}}},
				Network:  sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond}}},
				Workload: []sim.Workload{sim.Injections{{At: time.Second, To: 20, Protocol: "gossip", Message: gossip.NewPublish([]byte("news"))}}},
				Faults: []sim.Fault{{Name: "liars", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: ids(0, 1, 2, 3, 4)}, Behaviour: b}},
					{Name: "crash", At: 5 * time.Second, For: time.Second, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 1)}}}}}
			r, err := sim.Run(c)
			if err != nil {
				t.Fatal(err)
			}
			if x := r.Figures["gossip"].Reached; len(x) != 1 || !x[0].OK || x[0].After > 20*time.Second {
				t.Errorf("%v, seed %d: the rumor does not come to all who are honest: %+v", b, seed, x)
			}
		}
	}
}
