package dht_test

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// mesh declares nodes that run p, with all its checkers.
func mesh(p *protocols.Protocol, seed uint64, nodes int, duration time.Duration) sim.Config {
	c := sim.Config{
		Seed: seed, Duration: duration, Sample: duration / 20, Probes: true,
		Groups:  []sim.Group{{Name: "mesh", Count: nodes, Stack: []*protocols.Protocol{p}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 20 * time.Millisecond, Jitter: draw.Uniform(0, int64(40*time.Millisecond))}}},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
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

// ids are the nodes from lo up to hi.
func ids(lo, hi int) (list []protocols.NodeID) {
	for i := lo; i < hi; i++ {
		list = append(list, protocols.NodeID(i))
	}
	return list
}

// lookups asks every so often a node drawn at random for a key drawn at random.
func lookups(nodes int, from, to, every time.Duration) sim.Workload {
	r := draw.New(7)
	var s sim.Injections
	for at := from; at < to; at += every {
		s = append(s, sim.Injection{At: at, To: protocols.NodeID(r.IntN(nodes)), Protocol: "dht", Message: dht.NewLookup(r.Uint64())})
	}
	return s
}

// keys writes that many keys, and reads each again and again.
func keys(nodes, count int, from, to, every time.Duration) sim.Workload {
	r := draw.New(9)
	var s sim.Injections
	add := func(at time.Duration, m *dht.Message) {
		s = append(s, sim.Injection{At: at, To: protocols.NodeID(r.IntN(nodes)), Protocol: "dht", Message: m})
	}
	for i := 0; from < to; i, from = i+1, from+every {
		key := draw.Mix(uint64(i % count))
		if i < count || i%7 == 0 {
			add(from, dht.NewWrite(key, []byte{byte(i), byte(i >> 8)}))
		} else {
			add(from, dht.NewRead(key))
		}
	}
	return s
}

// holds reports what a run violates.
func holds(t *testing.T, name string, r *sim.Result) {
	t.Helper()
	for _, v := range r.Violations {
		t.Errorf("%s: %s at %v: %s", name, v.Check, v.At, v.Text)
	}
	for _, c := range r.Checks {
		if c.Undecided != "" {
			t.Errorf("%s: %s undecided: %s", name, c.Check, c.Undecided)
		}
	}
}

func scalar(t *testing.T, r *sim.Result, name string) float64 {
	t.Helper()
	v, ok := r.Scalar("dht." + name)
	if !ok {
		t.Fatalf("no figure %s", name)
	}
	return v
}

// mean is that of a sample.
func mean(r *sim.Result, name string) float64 {
	sum, n := 0.0, 0
	for _, it := range r.Items("dht." + name) {
		sum += it.Value
		n++
	}
	return sum / float64(n)
}

// last is the last value of a series.
func last(r *sim.Result, name string) float64 {
	s := r.Series("dht." + name)
	if len(s) == 0 {
		return -1
	}
	return s[len(s)-1].Value
}

// A lookup takes about half of log2 of the nodes, whoever asks on the way.
func TestPathLength(t *testing.T) {
	for _, kind := range []string{"iterative", "recursive"} {
		for _, n := range []int{1 << 8, 1 << 10} {
			k := dht.Default()
			k.Successors, k.Copies, k.Lookup = 1, 0, kind
			k.Stabilise, k.FixFingers, k.Merge, k.Repair = 0, 0, 0, 0
			c := mesh(dht.New(k), 1, n, 60*time.Second)
			c.Workload = []sim.Workload{lookups(n, 0, 50*time.Second, 5*time.Millisecond)}
			r := run(t, c)
			holds(t, kind, r)
			half := math.Log2(float64(n)) / 2
			if got := mean(r, "path_length"); got < half-0.3 || got > half || scalar(t, r, "failed") > 0 {
				t.Errorf("%s among %d: %.2f hops, not a little less than %.1f, or some failed", kind, n, got, half)
			}
		}
	}
}

func TestJoin(t *testing.T) {
	k := dht.Default()
	k.Ring = "join"
	const n = 200
	c := mesh(dht.New(k), 1, n, 200*time.Second)
	c.Workload = []sim.Workload{keys(n, 500, 100*time.Second, 190*time.Second, 50*time.Millisecond), lookups(n, 100*time.Second, 190*time.Second, 50*time.Millisecond)}
	r := run(t, c)
	holds(t, "join", r)
	if last(r, "consistent") != 1 || last(r, "members") != n || last(r, "replicated") != 1 || scalar(t, r, "failed") > 0 {
		t.Errorf("of %d nodes that joined %v are on the ring, %v consistent, %v replicated; %v failed", n, last(r, "members"), last(r, "consistent"), last(r, "replicated"), scalar(t, r, "failed"))
	}
}
