package heartbeat_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/heartbeat"
	"meshsim/sim"
)

// mesh is a mesh with a second of jitter in some links and a little loss, in which
// members crash for a while, a third is cut off, and one crashes for good.
func mesh(p *protocols.Protocol, seed uint64, members int) sim.Config {
	one := sim.Selector{Count: 1}
	c := sim.Config{
		Seed: seed, Duration: 300 * time.Second, Sample: 10 * time.Second, Probes: true,
		Groups: []sim.Group{{Name: "member", Count: members, Stack: []*protocols.Protocol{p}, DiskSync: 4 * time.Millisecond,
			Crypto: &protocols.CryptoCosts{Sign: 20 * time.Microsecond, Verify: 50 * time.Microsecond}}},
		Network: sim.Network{Default: sim.Link{
			Latency:   sim.Latency{Base: 20 * time.Millisecond, Jitter: draw.Uniform(0, int64(200*time.Millisecond)), Floor: 10 * time.Millisecond},
			Loss:      sim.Loss{P: draw.Ratio(1, 20)},
			Duplicate: draw.Ratio(1, 50),
		}},
		Faults: []sim.Fault{
			{Name: "blink", At: 10 * time.Second, For: 2 * time.Second, Crash: &sim.Crash{Nodes: one}},
			{Name: "lost", At: 40 * time.Second, For: 20 * time.Second, Crash: &sim.Crash{Nodes: one, LoseDisk: true}},
			{Name: "island", At: 70 * time.Second, For: 30 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{Share: draw.Ratio(1, 3)}}}},
			{Name: "freeze", At: 110 * time.Second, For: 15 * time.Second, Pause: &sim.Pause{Nodes: one}},
			{Name: "gone", At: 130 * time.Second, Crash: &sim.Crash{Nodes: sim.Selector{Count: 2}}},
		},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

// variants are the ways to detect failures, quick ones.
var variants = []struct {
	name   string
	config heartbeat.Config
}{
	{"fixed-ring", with(func(c *heartbeat.Config) {})},
	{"nfd-s-all", with(func(c *heartbeat.Config) { c.Detector, c.Monitoring = "nfd-s", "all" })},
	{"nfd-e-random", with(func(c *heartbeat.Config) { c.Detector, c.Monitoring, c.K = "nfd-e", "random", 4 })},
	{"phi-members", with(func(c *heartbeat.Config) { c.Detector, c.Confirm, c.K = "phi", "members", 2 })},
	{"swim", with(func(c *heartbeat.Config) { c.Detector, c.SWIM.Sync = "swim", 5*time.Second })},
	{"swim-lifeguard", with(func(c *heartbeat.Config) {
		c.Detector, c.SWIM.Sync, c.SWIM.Lifeguard = "swim", 5*time.Second, heartbeat.DefaultLifeguard()
	})},
}

func run(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever happens meanwhile, in the end those that are gone are known to be, those
// that are back are trusted, and no failure was declared without a quorum.
func TestMesh(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(8) {
				r := run(t, mesh(heartbeat.New(v.config), seed, 12))
				for _, v := range r.Violations {
					t.Errorf("seed %d: %s at %v: %s", seed, v.Check, v.At, v.Text)
				}
				for _, c := range r.Checks {
					if c.Undecided != "" {
						t.Errorf("seed %d: %s: %s", seed, c.Check, c.Undecided)
					}
				}
			}
		})
	}
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	for _, v := range variants {
		c := mesh(heartbeat.New(v.config), 1, 80)
		c.Duration, c.Checks = 25*time.Second, nil
		want := run(t, c)
		for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
			for _, workers := range []int{1, 3} {
				d := c
				d.Mode, d.Workers, d.Wire = mode, workers, workers == 3
				got := run(t, d)
				if got.Fingerprint != want.Fingerprint || got.Events != want.Events {
					t.Errorf("%s, mode %d, %d workers: fingerprint %x of %d events, want %x of %d",
						v.name, mode, workers, got.Fingerprint, got.Events, want.Fingerprint, want.Events)
				}
			}
		}
	}
}

// figure is a scalar of a run.
func figure(t *testing.T, r *sim.Result, name string) float64 {
	t.Helper()
	v, ok := r.Scalar("heartbeat." + name)
	if !ok {
		t.Fatalf("no figure %s", name)
	}
	return v
}

// Mistakes are put down to what caused them.
func TestCauses(t *testing.T) {
	for cause, fault := range map[string]sim.Fault{
		"mistakes_partition": {Name: "f", At: 20 * time.Second, For: 10 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{Count: 3}}}},
		"mistakes_slow":      {Name: "f", At: 20 * time.Second, For: 10 * time.Second, Pause: &sim.Pause{Nodes: sim.Selector{Count: 1}}},
		"mistakes_loss":      {Name: "f", At: 20 * time.Second, For: 10 * time.Second, Degrade: &sim.Degrade{Loss: draw.Ratio(9, 10)}},
	} {
		c := mesh(heartbeat.New(with(func(*heartbeat.Config) {})), 1, 12)
		c.Network.Default.Loss = sim.Loss{}
		c.Duration, c.Faults = 60*time.Second, []sim.Fault{fault}
		r := run(t, c)
		all, some := figure(t, r, "mistakes"), figure(t, r, cause)
		if all == 0 || some != all {
			t.Errorf("%s has %v of %v mistakes", cause, some, all)
		}
	}
}
