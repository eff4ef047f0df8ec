package raft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// ids are the identities from first on.
func ids(first, n int) (list []protocols.NodeID) {
	for i := range n {
		list = append(list, protocols.NodeID(first+i))
	}
	return list
}

// cluster declares replicas and clients on a network of a millisecond.
func cluster(c raft.Config, load *client.Config, replicas, clients int) sim.Config {
	return clusterOf(raft.New, c, load, replicas, clients)
}

func clusterOf(describe func(raft.Config) *protocols.Protocol, c raft.Config, load *client.Config, replicas, clients int) sim.Config {
	c.Replicas = ids(0, replicas)
	servers := describe(c)
	s := sim.Config{
		Seed: 1, Duration: 10 * time.Second, Sample: time.Second, Probes: true,
		Groups:  []sim.Group{{Name: "replicas", Count: replicas, Stack: []*protocols.Protocol{servers}, DiskSync: 200 * time.Microsecond}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond}}},
	}
	if clients > 0 {
		addClients(&s, "clients", c, load, clients)
	}
	for _, spec := range servers.Checkers {
		s.Checks = append(s.Checks, sim.Check{Protocol: "raft", Spec: spec})
	}
	return s
}

// addClients adds a group of clients of the replicas.
func addClients(s *sim.Config, name string, c raft.Config, load *client.Config, n int) {
	c.Client = load
	s.Groups = append(s.Groups, sim.Group{Name: name, Count: n, Stack: []*protocols.Protocol{raft.New(c)}})
}

func run(t testing.TB, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// storm makes all that can go wrong go wrong for twenty seconds.
func storm(c *sim.Config, replicas int) {
	c.Network.Default = sim.Link{
		Latency:   sim.Latency{Base: 2 * time.Millisecond, Jitter: draw.Uniform(0, int64(20*time.Millisecond))},
		Loss:      sim.Loss{P: draw.Ratio(1, 20)},
		Duplicate: draw.Ratio(1, 50),
		Corrupt:   draw.Ratio(1, 200),
	}
	group := ids(0, replicas)
	one, minority := sim.Selector{From: group, Count: 1}, sim.Selector{From: group, Count: replicas / 2}
	for i := range 10 {
		c.Faults = append(c.Faults,
			sim.Fault{Name: fmt.Sprint("crash ", i), At: time.Duration(1000+1500*i) * time.Millisecond, For: 300 * time.Millisecond, Crash: &sim.Crash{Nodes: one}},
			sim.Fault{Name: fmt.Sprint("leader ", i), At: time.Duration(1700+2000*i) * time.Millisecond, For: 50 * time.Millisecond,
				Crash: &sim.Crash{Nodes: sim.Selector{Observed: "raft.leader"}}},
			sim.Fault{Name: fmt.Sprint("split ", i), At: time.Duration(2000+1700*i) * time.Millisecond, For: 900 * time.Millisecond,
				Partition: &sim.Partition{Sides: []sim.Selector{minority}}},
			sim.Fault{Name: fmt.Sprint("pause ", i), At: time.Duration(1300+1900*i) * time.Millisecond, For: 400 * time.Millisecond, Pause: &sim.Pause{Nodes: one}},
		)
	}
	c.Duration = 25 * time.Second
}
