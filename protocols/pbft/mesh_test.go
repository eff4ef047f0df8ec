package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// load is a closed loop without think time.
func load(operations, concurrency int) *client.Config {
	c := client.Default()
	c.Closed = &client.Closed{Concurrency: concurrency, Thinking: "constant"}
	c.Operations, c.Start = operations, time.Second
	return c
}

// ids are the identities from first on.
func ids(first, count int) (list []protocols.NodeID) {
	for i := range count {
		list = append(list, protocols.NodeID(first+i))
	}
	return list
}

// mesh is a cluster of replicas and its clients.
func mesh(k pbft.Config, seed uint64, replicas, clients int, load *client.Config) sim.Config {
	k.Replicas = ids(0, replicas)
	server := pbft.New(k)
	k.Client = load
	c := sim.Config{
		Seed: seed, Duration: 20 * time.Second, Probes: true,
		Groups: []sim.Group{
			{Name: "replicas", Count: replicas, Stack: []*protocols.Protocol{server}},
			{Name: "clients", Count: clients, Stack: []*protocols.Protocol{pbft.New(k)}},
		},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond}}},
	}
	for _, spec := range server.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: "pbft", Spec: spec})
	}
	return c
}

func run(t testing.TB, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFirst(t *testing.T) {
	for _, a := range []string{pbft.Signatures, pbft.MACs} {
		k := pbft.Default()
		k.Authentication = a
		c := mesh(k, 1, 4, 2, load(100, 1))
		r := run(t, c)
		for _, k := range r.Kinds {
			fmt.Println(k)
		}
		c.Network.Default.Latency.Jitter = draw.Uniform(0, int64(400*time.Millisecond))
		c.Network.Default.Loss.P = draw.Ratio(1, 10)
		c.Duration = 60 * time.Second
		r = run(t, c)
		for _, k := range r.Kinds {
			fmt.Println(k)
		}
	}
}
