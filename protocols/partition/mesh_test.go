package partition_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/partition"
	"meshsim/sim"
)

// mesh is a mesh of n nodes on good links whose clocks run as false as the
// configuration allows.
func mesh(p *protocols.Protocol, seed uint64, n int, d time.Duration, faults ...sim.Fault) sim.Config {
	c := sim.Config{
		Seed: seed, Duration: d, Sample: 500 * time.Millisecond, Probes: true,
		Groups:  []sim.Group{{Name: "node", Count: n, Stack: []*protocols.Protocol{p}, Clock: sim.Clock{DriftRange: 1_000_000}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 20 * time.Millisecond, Jitter: draw.Uniform(0, int64(30*time.Millisecond))}, Loss: sim.Loss{P: draw.Ratio(1, 200)}}},
		Faults:  faults,
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
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

// holds runs a mesh in which nothing may be violated.
func holds(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	r := run(t, c)
	for _, v := range r.Violations {
		t.Errorf("seed %d: %s at %v: %s", c.Seed, v.Check, v.At, v.Text)
	}
	return r
}

// ids lists the nodes from one to before another.
func ids(from, to int) (list []protocols.NodeID) {
	for i := from; i < to; i++ {
		list = append(list, protocols.NodeID(i))
	}
	return list
}

// side selects them.
func side(from, to int) sim.Selector { return sim.Selector{From: ids(from, to)} }

// cut is a partition from 20s to 40s.
func cut(p sim.Partition) sim.Fault {
	return sim.Fault{Name: "cut", At: 20 * time.Second, For: 20 * time.Second, Partition: &p}
}

// share is the share of read-only nodes at a sample.
func share(r *sim.Result, at time.Duration) float64 {
	v := -1.0
	for _, p := range r.Series("partition.read_only") {
		if time.Duration(p.At) <= at {
			v = p.Value
		}
	}
	return v
}

// Who is read-only in the middle of a cut, whichever seed.
func TestWhoIsReadOnly(t *testing.T) {
	b := func(from, to int) *sim.Selector { s := side(from, to); return &s }
	for _, c := range []struct {
		name      string
		n         int
		partition sim.Partition
		low, high float64 // share of read-only nodes
	}{
		{"40/60", 10, sim.Partition{Sides: []sim.Selector{side(0, 4)}}, 0.4, 0.4},
		{"one alone", 5, sim.Partition{Sides: []sim.Selector{side(2, 3)}}, 0.2, 0.2},
		{"even", 10, sim.Partition{Sides: []sim.Selector{side(0, 5)}}, 1, 1},
		{"three ways", 9, sim.Partition{Sides: []sim.Selector{side(0, 3), side(3, 6)}}, 1, 1},
		{"three ways, one large", 9, sim.Partition{Sides: []sim.Selector{side(0, 2), side(2, 4)}}, 4.0 / 9, 4.0 / 9},
		{"one way", 10, sim.Partition{Sides: []sim.Selector{side(0, 4)}, OneWay: true}, 0.4, 0.4},
		{"bridge between equal sides", 9, sim.Partition{Sides: []sim.Selector{side(0, 4), side(4, 8)}, Bridge: b(8, 9)}, 4.0 / 9, 4.0 / 9},
		{"bridge between others", 10, sim.Partition{Sides: []sim.Selector{side(0, 3), side(3, 9)}, Bridge: b(9, 10)}, 0.3, 0.3},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(10) {
				r := holds(t, mesh(partition.New(partition.Default()), seed, c.n, 70*time.Second, cut(c.partition)))
				if v := share(r, 19*time.Second); v != 0 {
					t.Errorf("seed %d: %v are read-only before the cut", seed, v)
				}
				if v := share(r, 39*time.Second); v < c.low-1e-9 || v > c.high+1e-9 {
					t.Errorf("seed %d: %v are read-only in the cut, want %v to %v", seed, v, c.low, c.high)
				}
				if v := share(r, 69*time.Second); v != 0 {
					t.Errorf("seed %d: %v are read-only long after it", seed, v)
				}
			}
		})
	}
}

// Whoever is cut from a majority is read-only before the lease of a fast clock is
// over, even without a failure detector; and nobody on the other side begins before.
func TestReadOnlyInTime(t *testing.T) {
	c := partition.Default()
	c.Reach = "detector"
	sooner, later := time.Hour, time.Duration(0)
	for seed := range uint64(40) {
		m := mesh(partition.New(c), seed, 10, 60*time.Second, cut(sim.Partition{Sides: []sim.Selector{{Count: 4}}}))
		r := holds(t, m)
		after := r.Items("partition.read_only_after")
		if len(after) < 4 {
			t.Fatalf("seed %d: only %d nodes are read-only", seed, len(after))
		}
		for _, it := range after {
			if d := time.Duration(it.Value * 1e9); d > partition.Permit(&c)*1001/1000+time.Millisecond {
				t.Errorf("seed %d: a node is read-only only %v after the cut", seed, d)
			} else {
				later = max(later, d)
			}
		}
		if len(after) > 4 { // the coordinator was cut off: how soon does somebody else write?
			for _, p := range r.Series("partition.read_only") {
				if d := time.Duration(p.At) - 20*time.Second; d > later && p.Value < 1 && p.At < 40e9 {
					sooner = min(sooner, d)
					break
				}
			}
		}
	}
	if later < c.Lease/2 || sooner < c.Lease-time.Second {
		t.Errorf("the last node is read-only after %v, the first of another coordinator writes after %v: of no use as a test", later, sooner)
	}
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	const n = 300 // several blocks of nodes, so that three workers have work
	for seed := range uint64(2) {
		var want *sim.Result
		for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
			for _, workers := range []int{1, 3} {
				k := partition.Default()
				if seed == 1 {
					k.Side, k.Probes = "common", 3
				}
				c := mesh(partition.New(k), seed, n, 35*time.Second, cut(sim.Partition{Sides: []sim.Selector{side(0, n/3)}}))
				c.Mode, c.Workers, c.Wire = mode, workers, workers == 3
				r := run(t, c)
				if want == nil {
					want = r
				}
				if r.Fingerprint != want.Fingerprint || r.Events != want.Events {
					t.Errorf("seed %d, mode %d, %d workers: fingerprint %x of %d events, want %x of %d", seed, mode, workers, r.Fingerprint, r.Events, want.Fingerprint, want.Events)
				}
			}
		}
	}
}
