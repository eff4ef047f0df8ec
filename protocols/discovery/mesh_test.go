package discovery_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/discovery"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
	"meshsim/protocols/protocoltest"
	"meshsim/sim"
)

// mesh declares nodes that join through the first three.
func mesh(p *protocols.Protocol, seed uint64, nodes int, duration time.Duration) sim.Config {
	c := sim.Config{
		Seed: seed, Duration: duration, Sample: duration / 20, Probes: true,
		Groups:  []sim.Group{{Name: "mesh", Count: nodes, Stack: []*protocols.Protocol{p}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 20 * time.Millisecond, Jitter: draw.Uniform(0, int64(40*time.Millisecond))}, Loss: sim.Loss{P: draw.Ratio(1, 100)}}},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

func seeded() discovery.Config {
	c := discovery.Default()
	c.Seeds = []protocols.NodeID{0, 1, 2}
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

// ids are the nodes from lo up to hi.
func ids(lo, hi int) (list []protocols.NodeID) {
	for i := lo; i < hi; i++ {
		list = append(list, protocols.NodeID(i))
	}
	return list
}

func crash(at time.Duration, nodes sim.Selector) sim.Fault {
	return sim.Fault{Name: "crash", At: at, Crash: &sim.Crash{Nodes: nodes}}
}

// holds reports what a run violates.
func holds(t *testing.T, name string, r *sim.Result) {
	t.Helper()
	for _, v := range r.Violations {
		t.Errorf("%s: %s at %v: %s", name, v.Check, v.At, v.Text)
	}
}

// last is the last value of a series.
func last(r *sim.Result, name string) float64 {
	s := r.Series("discovery." + name)
	if len(s) == 0 {
		return -1
	}
	return s[len(s)-1].Value
}

// Whatever happens, the properties hold, and in the end the mesh is one.
func TestMesh(t *testing.T) {
	const n = 200
	spared := sim.Selector{From: ids(3, n)}
	some := func(share uint64) sim.Selector { return sim.Selector{From: spared.From, Share: draw.Ratio(share, 100)} }
	for _, tc := range []struct {
		name   string
		faults []sim.Fault
	}{
		{"quiet", nil},
		{"a third crashes", []sim.Fault{crash(60*time.Second, some(30))}},
		{"nine of ten crash", []sim.Fault{crash(60*time.Second, some(90))}},
		{"all but the seeds crash and restart", []sim.Fault{{Name: "c", At: 60 * time.Second, For: 20 * time.Second, Crash: &sim.Crash{Nodes: spared}}}},
		{"the seeds crash and restart", []sim.Fault{{Name: "c", At: 60 * time.Second, For: 30 * time.Second, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 3)}}}}},
		{"half is cut off", []sim.Fault{{Name: "p", At: 40 * time.Second, For: 60 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(100, n)}}}}}},
		{"the seeds are cut off from the start", []sim.Fault{{Name: "p", For: 60 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(0, 3)}}}}}},
		{"one is cut off", []sim.Fault{{Name: "p", At: 40 * time.Second, For: 60 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(9, 10)}}}}}},
		{"churn", []sim.Fault{{Name: "a", At: 20 * time.Second, For: 5 * time.Second, Every: 7 * time.Second, Crash: &sim.Crash{Nodes: some(5)}}}},
		{"pauses", []sim.Fault{{Name: "a", At: 20 * time.Second, For: 30 * time.Second, Every: 40 * time.Second, Pause: &sim.Pause{Nodes: some(10)}}}},
	} {
		for seed := range uint64(2) {
			c := mesh(discovery.New(seeded()), seed, n, 5*time.Minute)
			c.Faults = tc.faults
			r := run(t, c)
			holds(t, tc.name, r)
			if last(r, "connectivity") != 1 || last(r, "joined") != 1 || last(r, "degree_mean") < 3 {
				t.Errorf("%s, seed %d: at the end %v connected, %v joined, mean degree %v", tc.name, seed,
					last(r, "connectivity"), last(r, "joined"), last(r, "degree_mean"))
			}
		}
	}
}

// A full view knows all.
func TestFullView(t *testing.T) {
	k := seeded()
	k.View = "full"
	c := mesh(discovery.New(k), 1, 40, 4*time.Minute)
	c.Faults = []sim.Fault{crash(2*time.Minute, sim.Selector{From: ids(10, 20)})}
	r := run(t, c)
	holds(t, "full", r)
	for _, it := range r.Items("discovery.degree") {
		if it.Value != 29 {
			t.Errorf("a node has %v links, want 29", it.Value)
		}
	}
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	nearer := func() sim.Config {
		k := seeded()
		k.Optimise = &discovery.Optimise{Interval: 2 * time.Second, Unbiased: 1}
		c := mesh(discovery.New(k), 7, 400, 30*time.Second)
		c.Faults = []sim.Fault{crash(10*time.Second, sim.Selector{From: ids(3, 100), Share: draw.Ratio(1, 4)})}
		c.Network.Zones, c.Network.Default.Latency.Zoned = zones(5), true
		for i := range 5 {
			c.Groups[0].Zones = append(c.Groups[0].Zones, i)
		}
		return c
	}
	want := run(t, nearer())
	holds(t, "nearer", want)
	if swaps, _ := want.Scalar("discovery.swaps"); swaps < 100 {
		t.Errorf("%v swaps: nothing was tried", swaps)
	}
	for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
		for _, workers := range []int{1, 3} {
			c := nearer()
			c.Mode, c.Workers, c.Wire = mode, workers, workers == 3
			if got := run(t, c); got.Fingerprint != want.Fingerprint || got.Events != want.Events {
				t.Errorf("mode %d, %d workers: fingerprint %x of %d events, want %x of %d",
					mode, workers, got.Fingerprint, got.Events, want.Fingerprint, want.Events)
			}
		}
	}
}

// Optimisation makes links shorter, and keeps their number and the mesh one.
func TestOptimise(t *testing.T) {
	k := seeded()
	o := discovery.DefaultOptimise()
	o.From = time.Minute
	k.Optimise = &o
	c := mesh(discovery.New(k), 1, 300, 5*time.Minute)
	c.Network.Zones, c.Network.Default.Latency.Zoned = zones(10), true
	for i := range 10 {
		c.Groups[0].Zones = append(c.Groups[0].Zones, i)
	}
	r := run(t, c)
	holds(t, "optimise", r)
	s := r.Series("discovery.link_latency")
	before := s[slices.IndexFunc(s, func(p protocols.Point) bool { return p.At >= protocols.Time(o.From) })].Value
	if after := last(r, "link_latency"); after > before*0.6 {
		t.Errorf("links of %v on average became %v, want less than 0.6 of that", before, after)
	}
	if d := last(r, "degree_mean"); d < 4 || last(r, "connectivity") != 1 {
		t.Errorf("mean degree %v, connectivity %v", d, last(r, "connectivity"))
	}
}

// A node of a large mesh takes less than a kilobyte, and its announcements little more.
func TestMemory(t *testing.T) {
	const n = 300
	c := protocoltest.NewCluster(discovery.New(seeded()), n, protocoltest.Options{Seed: 1, Latency: 30 * time.Millisecond})
	c.Run(150 * time.Second)
	total, distinct := 0, map[*discovery.Announcement]bool{}
	for _, node := range c.Nodes {
		own, all := discovery.Bytes(node)
		total += own
		for _, a := range all {
			distinct[a] = true
		}
	}
	if own, shared := total/n, len(distinct)*96/n; own > 900 || shared > 400 {
		t.Errorf("a node takes %d bytes, and %d of announcements", own, shared)
	} else {
		t.Logf("%d and %d bytes a node", own, shared)
	}
	env := &protocols.Env{Crypto: keys.Costed(1), Costs: &keys.Measured, Disk: &protocols.Disk{}}
	receive := func() {
		env.Reset(7, c.Now(), 1, env.Disk)
		c.Nodes[7].Receive(env, discovery.Neighbour(c.Nodes[7]), discovery.KeepAlive)
	}
	if a := testing.AllocsPerRun(100, receive); a > 0 {
		t.Errorf("a sign of life takes %v allocations", a)
	}
}

func zones(n int) *sim.Zones {
	z := &sim.Zones{OneWay: make([]time.Duration, n*n)}
	for i := range n {
		z.Names = append(z.Names, fmt.Sprint(i))
		for k := range n {
			z.OneWay[i*n+k] = time.Duration(1+20*max(i-k, k-i)) * time.Millisecond
		}
	}
	return z
}
