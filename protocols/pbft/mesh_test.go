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

// rough is a network that loses, doubles, reorders and corrupts, and in which
// replicas crash and are cut off, for twenty seconds.
func rough(c sim.Config, replicas int) sim.Config {
	c.Network.Default = sim.Link{
		Latency:   sim.Latency{Base: 5 * time.Millisecond, Jitter: draw.Uniform(0, int64(40*time.Millisecond)), Floor: 2 * time.Millisecond},
		Loss:      sim.Loss{P: draw.Ratio(1, 20)},
		Duplicate: draw.Ratio(1, 50),
		Corrupt:   draw.Ratio(1, 100),
	}
	one := sim.Selector{From: ids(0, replicas), Count: 1}
	for i := range 12 {
		at := 1200*time.Millisecond + time.Duration(i)*1500*time.Millisecond
		c.Faults = append(c.Faults,
			sim.Fault{Name: fmt.Sprint("crash ", i), At: at, For: 400 * time.Millisecond, Crash: &sim.Crash{Nodes: one}},
			sim.Fault{Name: fmt.Sprint("split ", i), At: at + 600*time.Millisecond, For: 700 * time.Millisecond,
				Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(0, replicas), Count: 1 + i%(replicas/2)}}}})
	}
	c.Duration = 60 * time.Second
	return c
}

// quick is a configuration in which everything happens often.
func quick(authentication string) pbft.Config {
	k := pbft.Default()
	k.Checkpoint, k.Window, k.InFlight, k.Batch = 4, 8, 3, 3
	k.ViewTimeout, k.Retransmit = 400*time.Millisecond, 150*time.Millisecond
	k.Authentication = authentication
	return k
}

// busy is a load of several clients' slots that ends.
func busy(operations int) *client.Config {
	l := load(operations, 3)
	l.Timeout, l.Keys.Count = 300*time.Millisecond, 5
	l.Closed.Think = 100 * time.Millisecond
	l.Swaps = draw.Ratio(1, 10)
	return l
}

// violations reports what was violated.
func violations(t *testing.T, what any, r *sim.Result) {
	t.Helper()
	for _, v := range r.Violations {
		t.Errorf("%v: %s.%s at %v: %s", what, v.Protocol, v.Check, v.At, v.Text)
	}
}

// Whatever fails, all properties hold, and when it is over all that was asked for
// is done.
func TestFaults(t *testing.T) {
	views, transfers := 0.0, 0.0
	for seed := range uint64(24) {
		for _, replicas := range []int{4, 6, 7} {
			k := quick([]string{pbft.Signatures, pbft.MACs}[seed%2])
			k.Tentative, k.ReadOnly = seed/2%2 == 0, seed/4%2 == 0
			c := rough(mesh(k, seed, replicas, 2, busy(40)), replicas)
			r := run(t, c)
			what := fmt.Sprintf("seed %d, %d replicas, %+v", seed, replicas, k)
			violations(t, what, r)
			if done, _ := r.Scalar("pbft.operations_completed"); done != 80 {
				t.Errorf("%s: %v of 80 operations are done", what, done)
			}
			v, _ := r.Scalar("pbft.view_changes")
			x, _ := r.Scalar("pbft.transfers")
			views, transfers = views+v, transfers+x
		}
	}
	t.Logf("%v views, %v transfers", views, transfers)
	if views < 100 || transfers < 10 {
		t.Errorf("%v view changes and %v transfers: the faults are too tame to prove anything", views, transfers)
	}
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	for seed := range uint64(2) {
		k := quick([]string{pbft.Signatures, pbft.MACs}[seed])
		k.Tentative, k.ReadOnly = seed == 1, seed == 1
		config := func() sim.Config {
			l := load(1, 1)
			l.Closed.Think = 2 * time.Second
			c := rough(mesh(k, seed, 7, 300, l), 7) // several blocks of nodes, so that three workers have work
			c.Duration = 5 * time.Second
			return c
		}
		want := run(t, config())
		for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
			for _, workers := range []int{1, 3} {
				for _, wire := range []bool{false, true} {
					c := config()
					c.Mode, c.Workers, c.Wire = mode, workers, wire
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

// A client whose clock was set back while it was down begins with timestamps that
// the replicas have seen; it is told so, and goes on behind them.
func TestClientClockSetBack(t *testing.T) {
	k := pbft.Default()
	l := load(0, 1)
	l.Closed.Think, l.Stop = 100*time.Millisecond, 18*time.Second
	c := mesh(k, 1, 4, 1, l)
	client := sim.Selector{From: ids(4, 1)}
	c.Faults = []sim.Fault{
		{Name: "down", At: 10 * time.Second, For: time.Second, Crash: &sim.Crash{Nodes: client}},
		{Name: "back", At: 10500 * time.Millisecond, Clock: &sim.ClockFault{Nodes: client, Step: -8 * time.Second}},
	}
	r := run(t, c)
	violations(t, "a clock set back", r)
	if done, _ := r.Scalar("pbft.operations_completed"); done < 100 {
		t.Errorf("%v operations are done, want about 60 before the crash and as many after it", done)
	}
}
