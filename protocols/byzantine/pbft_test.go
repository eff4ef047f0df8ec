package byzantine_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/client"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// cluster is pBFT with some clients, of whose replicas the first are Byzantine.
func cluster(seed uint64, replicas, liars int, b protocols.Behaviour) sim.Config {
	k := pbft.Default()
	k.ViewTimeout, k.Retransmit = 400*time.Millisecond, 150*time.Millisecond
	for id := range protocols.NodeID(replicas) {
		k.Replicas = append(k.Replicas, id)
	}
	server := byzantine.Wrap(pbft.New(k), k.Replicas[:liars])
	load := client.Default()
	load.Closed = &client.Closed{Concurrency: 2, Thinking: "constant"}
	load.Operations, load.Start, load.Timeout = 10, time.Second, 300*time.Millisecond
	k.Client = load
	c := sim.Config{Seed: seed, Duration: 20 * time.Second, Probes: true, Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond}}},
		Groups: []sim.Group{{Name: "replicas", Count: replicas, Stack: []*protocols.Protocol{server}},
			{Name: "clients", Count: 2, Stack: []*protocols.Protocol{byzantine.Wrap(pbft.New(k), ids())}}},
		Faults: []sim.Fault{{Name: "liars", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: k.Replicas[:liars]}, Behaviour: b}}}}
	for _, spec := range server.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: "pbft", Spec: spec})
	}
	return c
}

// Up to f of 3f+1 replicas may run twice, and nothing is violated. With f+1, each
// half of the others is a quorum together with an instance of each of them: all
// of that is the real code, every message is signed and stands, and two batches
// are executed at one number. No lie of the protocol's own is needed for it.
func TestTwinsOfPBFT(t *testing.T) {
	for _, replicas := range []int{4, 7, 10} {
		f, broken := (replicas-1)/3, 0
		for seed := range uint64(5) {
			for liars := f; liars <= f+1; liars++ {
				c := cluster(seed, replicas, liars, &byzantine.Twins{Parts: byzantine.Strata{0, protocols.NodeID(replicas)}})
				c.Wire = seed == 0
				r, err := sim.Run(c)
				if err != nil {
					t.Fatal(err)
				}
				what := fmt.Sprintf("%d of %d, seed %d", liars, replicas, seed)
				for _, v := range r.Violations {
					if liars == f {
						t.Errorf("%s: %s at %v: %s", what, v.Check, v.At, v.Text)
					} else if v.Check == "agreement" {
						broken++
					}
				}
				if done, _ := r.Scalar("pbft.operations_completed"); liars == f && done != 20 {
					t.Errorf("%s: %v of 20 operations are done", what, done)
				}
			}
		}
		if broken == 0 {
			t.Errorf("%d of %d replicas run twice, and agreement holds", f+1, replicas)
		}
		t.Logf("%d of %d: agreement broken in %d of 5 runs", f+1, replicas, broken)
	}
}
