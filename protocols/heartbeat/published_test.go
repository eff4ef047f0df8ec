package heartbeat_test

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/heartbeat"
	"meshsim/sim"
)

// pings notes who pings whom in which period, in a mesh of SWIM in which nobody fails.
func pings(t *testing.T, n int, targets string, periods int) map[[2]protocols.NodeID][]int {
	t.Helper()
	p := *heartbeat.New(with(func(c *heartbeat.Config) {
		c.Detector, c.Phase, c.SWIM.Targets, c.SWIM.Sync = "swim", "synchronous", targets, 0
	}))
	seen := map[[2]protocols.NodeID][]int{}
	made := p.New
	p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := made(w, ids)
		list := make(protocols.NodeList, nodes.Len())
		for i := range list {
			list[i] = &watcher{nodes.At(i), seen}
		}
		return list
	}
	run(t, sim.Config{Seed: 1, Duration: time.Duration(periods) * time.Second, Workers: 1,
		Groups:  []sim.Group{{Name: "member", Count: n, Stack: []*protocols.Protocol{&p}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 5 * time.Millisecond, Floor: time.Millisecond}}}})
	return seen
}

type watcher struct {
	protocols.Node
	seen map[[2]protocols.NodeID][]int
}

func (w *watcher) Hear(env *protocols.Env, e protocols.Event) { w.Node.(protocols.Hearer).Hear(env, e) }

func (w *watcher) Expire(env *protocols.Env, t protocols.TimerID) {
	w.Node.Expire(env, t)
	for _, s := range env.Sends {
		if s.Message.Kind() == heartbeat.KindProbe {
			pair := [2]protocols.NodeID{env.Self, s.To}
			w.seen[pair] = append(w.seen[pair], int(env.Now/1e9))
		}
	}
}

// "A member is selected for ping at most 2n-1 periods apart" (Das et al. 2002, section
// 4.3), n being the others; and as it happens nearly so far.
func TestRoundRobinBound(t *testing.T) {
	const n = 12
	longest := 0
	for pair, when := range pings(t, n, "round-robin", 600) {
		for i := 1; i < len(when); i++ {
			longest = max(longest, when[i]-when[i-1])
		}
		if len(when) < 600/(n-1)-2 {
			t.Errorf("%v: pinged %d times", pair, len(when))
		}
	}
	if bound := 2*(n-1) - 1; longest > bound || longest < bound-2 {
		t.Errorf("the same target is %d periods apart, want nearly %d", longest, bound)
	}
}

// Dissemination grows with the logarithm of the members: each factor of four takes about
// as many periods more.
func TestDisseminationGrowsWithLogarithm(t *testing.T) {
	times := map[int]float64{}
	for _, n := range []int{16, 64, 256, 1024} {
		sum, count := 0.0, 0
		for seed := range uint64(10) {
			p := heartbeat.New(with(func(c *heartbeat.Config) { c.Detector, c.SWIM.Suspicion = "swim", 0 }))
			r := run(t, sim.Config{Seed: seed, Duration: 25 * time.Second, Probes: true,
				Groups:  []sim.Group{{Name: "member", Count: n, Stack: []*protocols.Protocol{p}}},
				Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 5 * time.Millisecond, Floor: time.Millisecond}}},
				Faults:  []sim.Fault{{Name: "crash", At: 3 * time.Second, Crash: &sim.Crash{Nodes: sim.Selector{Count: 1}}}}})
			for _, x := range r.Figures["heartbeat"].Items {
				if x.Metric == "dissemination_time" && !x.Censored {
					sum += x.Value
					count++
				}
			}
		}
		if count < 9 {
			t.Fatalf("%d members: only %d of 10 runs inform all", n, count)
		}
		times[n] = sum / float64(count)
	}
	per := (times[1024] - times[16]) / 3 // factor of four
	for n, want := range map[int]float64{64: times[16] + per, 256: times[16] + 2*per} {
		if math.Abs(times[n]-want) > 0.6 {
			t.Errorf("%d members take %.2f periods, where the logarithm gives %.2f: %v", n, times[n], want, times)
		}
	}
	if per < 0.7 || per > 1.8 {
		t.Errorf("a factor of four takes %.2f periods", per)
	}
}

// Chen's formula for NFD-S in a third setting: p = 5%, D exponential with mean 100 ms,
// eta = 1s, delta = 300 ms.
func TestClosedForm(t *testing.T) {
	const loss, mean, eta, delta = 0.05, 0.1, 1.0, 0.3
	late := func(x float64) float64 { return loss + (1-loss)*math.Exp(-math.Max(x, 0)/mean) }
	k := int(math.Ceil(delta / eta))
	u := func(x float64) float64 {
		product := 1.0
		for j := 0; j <= k; j++ {
			product *= late(delta + x - float64(j)*eta)
		}
		return product
	}
	ps := (1 - late(delta+eta)) * u(0)
	integral := 0.0
	for i := range 10_000 {
		integral += u((float64(i)+0.5)/10_000) / 10_000
	}
	jitter, err := draw.Exponential(0, int64(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	p := heartbeat.New(with(func(c *heartbeat.Config) {
		c.Detector, c.Timeout, c.Monitoring, c.Confirm = "nfd-s", 1300*time.Millisecond, "all", "none"
	}))
	r := run(t, sim.Config{Seed: 3, Duration: 60_000 * time.Second, Probes: true,
		Groups: []sim.Group{{Name: "node", Count: 2, Stack: []*protocols.Protocol{p}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Jitter: jitter, Floor: time.Microsecond},
			Loss: sim.Loss{P: draw.Ratio(1, 20)}}}})
	if got, want := figure(t, r, "mistake_recurrence"), eta/ps; math.Abs(got/want-1) > 0.03 {
		t.Errorf("mistakes come every %.3f s, the formula gives %.3f", got, want)
	}
	if got, want := figure(t, r, "query_accuracy"), 1-integral/eta; math.Abs(got-want) > 0.002 {
		t.Errorf("the accuracy is %.4f, the formula gives %.4f", got, want)
	}
}
