package sim

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// got is a packet that arrived.
type got struct {
	n        uint64
	from, to protocols.NodeID
	after    time.Duration // since it was sent
	at       time.Duration
}

// flow is a mesh in which every sender sends a packet to each receiver, again
// and again; packet n leaves at n times the gap.
type flow struct {
	senders, receivers []protocols.NodeID
	count              int
	gap                time.Duration
	size               int
	got                []got
}

func (f *flow) script() *script {
	return &script{
		start: func(env *protocols.Env) {
			if slices.Contains(f.senders, env.Self) {
				env.SetTimer(0, 0)
			}
		},
		expire: func(env *protocols.Env, t protocols.TimerID) {
			n := t.Argument()
			env.Multicast(f.receivers, &packet{n, f.size})
			if n+1 < uint64(f.count) {
				env.SetTimer(protocols.Timer(0, n+1), f.gap)
			}
		},
		receive: func(env *protocols.Env, from protocols.NodeID, n uint64) {
			at := time.Duration(env.Now)
			f.got = append(f.got, got{n, from, env.Self, at - time.Duration(n)*f.gap, at})
		}}
}

// run sends over the links of a Config; change may be nil.
func (f *flow) run(t testing.TB, nodes int, link Link, change func(c *Config)) *Result {
	c := meshOf(nodes, f.script(), 0)
	c.Duration = time.Duration(f.count)*f.gap + 24*time.Hour
	c.Network.Default = link
	if change != nil {
		change(&c)
	}
	return mustRun(t, c)
}

// one is a flow from node 0 to node 1.
func one(count int, gap time.Duration) *flow {
	return &flow{senders: []protocols.NodeID{0}, receivers: []protocols.NodeID{1}, count: count, gap: gap}
}

// What the network draws is distributed as it was declared.
func TestLatencyIsAsDeclared(t *testing.T) {
	const mean, base, floor = 10e6, 5e6, 4e6
	exponential, _ := draw.Exponential(0, mean)
	normal, _ := draw.Normal(10*mean, mean)
	pareto, _ := draw.Pareto(mean, 2)
	for _, x := range []struct {
		name   string
		jitter *draw.Dist
		cdf    func(x float64) float64 // of the jitter
	}{
		{"uniform", draw.Uniform(0, mean), func(x float64) float64 { return min(max(x/mean, 0), 1) }},
		{"exponential", exponential, func(x float64) float64 { return 1 - math.Exp(-max(x, 0)/mean) }},
		{"normal", normal, func(x float64) float64 { return math.Erfc((10*mean-x)/mean/math.Sqrt2) / 2 }},
		{"pareto", pareto, func(x float64) float64 { return 1 - math.Pow(mean/max(x, mean), 2) }},
		{"floored", draw.Uniform(-2e6, 2e6), func(x float64) float64 {
			if x < floor-base {
				return 0
			}
			return min((x+2e6)/4e6, 1)
		}},
	} {
		f := one(4000, 100*time.Microsecond)
		r := f.run(t, 2, Link{Latency: Latency{Base: base, Floor: floor, Jitter: x.jitter}}, func(c *Config) { c.Detail.Latency = true })
		var xs []float64
		for _, g := range f.got {
			if v := float64(g.after - base); x.name != "floored" || v > floor-base { // a quarter lies on the floor
				xs = append(xs, v)
			}
		}
		cdf := x.cdf
		if x.name == "floored" {
			nearShare(t, x.name, uint64(len(f.got)-len(xs)), uint64(len(f.got)), 0.25)
			cdf = func(v float64) float64 { return (x.cdf(v) - 0.25) / 0.75 }
		}
		if len(f.got) != 4000 {
			t.Errorf("%s: %d of 4000 packets arrived", x.name, len(f.got))
		}
		if d := kolmogorov(xs, cdf); d > 1.95 {
			t.Errorf("%s: the latencies are another distribution: Kolmogorov's statistic is %.2f", x.name, d)
		}
		if q, want := r.Latency.Quantile(1, 2), int64(base+xs[len(xs)/2]); x.name != "floored" && math.Abs(float64(q-want)) > float64(want)/31 {
			t.Errorf("%s: the median latency is counted as %d, want %d", x.name, q, want)
		}
	}
}

// Each direction of a pair of zones has an entry of its own; nodes without a
// zone have the base; a diagonal of 0 takes the floor.
func TestZones(t *testing.T) {
	z := &Zones{Names: []string{"a", "b", "c"}, OneWay: []time.Duration{0, 2 * ms, 3 * ms, 4 * ms, 5 * ms, 6 * ms, 7 * ms, 8 * ms, 9 * ms}}
	all := []protocols.NodeID{0, 1, 2, 3, 4, 5, 6, 7}
	f := &flow{senders: all, receivers: all, count: 1, gap: ms}
	f.run(t, 0, Link{Latency: Latency{Base: 20 * ms, Zoned: true, Floor: ms}}, func(c *Config) {
		stack := c.Groups[0].Stack
		c.Groups = []Group{{Name: "g", Count: 4, Zones: []int{0, 2}, Stack: stack}, {Name: "h", Count: 2, Zones: []int{1}, Stack: stack},
			{Name: "i", Count: 2, Stack: stack}}
		c.Network.Zones = z
	})
	zone := []int{0, 2, 0, 2, 1, 1, -1, -1}
	if len(f.got) != 64 {
		t.Errorf("%d of 64 packets arrived", len(f.got))
	}
	for _, g := range f.got {
		a, b := zone[g.from], zone[g.to]
		want := 20 * ms
		if a >= 0 && b >= 0 {
			want = max(z.OneWay[3*a+b], ms)
		}
		if g.after != want {
			t.Errorf("from node %d in zone %d to %d in %d it takes %v, want %v", g.from, a, g.to, b, g.after, want)
		}
	}
}

// The last rule that matches a pair wins, per direction.
func TestLinkRules(t *testing.T) {
	for seed := range uint64(40) {
		r := draw.New(seed)
		const n = 12
		var rules []LinkRule
		set := func() Set {
			s := Set{All: r.IntN(4) == 0}
			for id := range protocols.NodeID(n) {
				if r.IntN(3) == 0 {
					s.IDs = append(s.IDs, id)
				}
			}
			return s
		}
		for i := range r.IntN(8) {
			rules = append(rules, LinkRule{From: set(), To: set(), Link: Link{Latency: Latency{Base: time.Duration(i+2) * ms}}})
		}
		var all []protocols.NodeID
		for id := range protocols.NodeID(n) {
			all = append(all, id)
		}
		f := &flow{senders: all, receivers: all, count: 1, gap: ms}
		f.run(t, n, Link{Latency: Latency{Base: ms}}, func(c *Config) { c.Network.Links = rules })
		for _, g := range f.got {
			want := ms
			for i := range rules {
				if has(rules[i].From, g.from) && has(rules[i].To, g.to) {
					want = rules[i].Link.Latency.Base
				}
			}
			if g.after != want {
				t.Fatalf("seed %d: from %d to %d it takes %v, want %v", seed, g.from, g.to, g.after, want)
			}
		}
		if len(f.got) != n*n {
			t.Fatalf("seed %d: %d of %d packets arrived", seed, len(f.got), n*n)
		}
	}
}

func has(s Set, id protocols.NodeID) bool { return s.All || slices.Contains(s.IDs, id) }

// Loss, duplicates and damage come as often as declared, also on top of one
// another and of a fault.
func TestRates(t *testing.T) {
	const n = 20_000
	link := Link{Latency: Latency{Base: ms}, Loss: Loss{P: draw.Ratio(3, 100)}, Duplicate: draw.Ratio(5, 100), Corrupt: draw.Ratio(2, 100)}
	worse := Fault{Name: "f", Degrade: &Degrade{Loss: draw.Ratio(10, 100), Duplicate: draw.Ratio(20, 100), Corrupt: draw.Ratio(30, 100)}}
	for _, x := range []struct {
		name                     string
		link                     Link
		faults                   []Fault
		loss, duplicate, corrupt float64
	}{
		{"link", link, nil, 0.03, 0.05, 0.02},
		{"fault", Link{Latency: Latency{Base: ms}}, []Fault{worse}, 0.1, 0.2, 0.3},
		{"both", link, []Fault{worse}, 1 - 0.97*0.9, 1 - 0.95*0.8, 1 - 0.98*0.7},
		{"two faults", link, []Fault{worse, {Name: "g", Degrade: &Degrade{Loss: draw.Ratio(1, 2)}}}, 1 - 0.97*0.9*0.5, 1 - 0.95*0.8, 1 - 0.98*0.7},
	} {
		f := one(n, 10*time.Microsecond)
		r := f.run(t, 2, x.link, func(c *Config) { c.Faults = x.faults })
		k := r.Kinds[0]
		passed := k.Sent - r.Drops.Loss
		if k.Sent != n || k.Lost != r.Drops.Loss {
			t.Errorf("%s: counted as sent %d, lost %d and %d", x.name, k.Sent, k.Lost, r.Drops.Loss)
		}
		damaged := uint64(0) // a packet's bits are all its number
		for _, g := range f.got {
			if g.n >= n || g.after != ms {
				damaged++
			}
		}
		nearShare(t, x.name+": loss", r.Drops.Loss, n, x.loss)
		nearShare(t, x.name+": duplicates", k.Duplicated, passed, x.duplicate)
		nearShare(t, x.name+": damage", damaged, passed+k.Duplicated, x.corrupt)
		if k.Delivered != uint64(len(f.got)) || k.Delivered+r.Drops.Total() != k.Sent+k.Duplicated {
			t.Errorf("%s: %d sent and %d copies, but %d delivered and %d dropped", x.name, k.Sent, k.Duplicated, k.Delivered, r.Drops.Total())
		}
	}
}

// Damage hits every bit alike, in the copies of a message independently.
func TestDamageHitsEveryBit(t *testing.T) {
	const n = 32_000
	f := one(n, 10*time.Microsecond)
	f.run(t, 2, Link{Latency: Latency{Base: ms}, Corrupt: draw.Ratio(1, 10)}, nil)
	seen := map[uint64]bool{}
	for _, g := range f.got {
		seen[g.n] = true
	}
	var bits [64]int
	hits := 0
	for _, g := range f.got {
		sent := uint64(g.at-ms) / 10_000
		if flip := g.n ^ sent; flip != 0 {
			hits++
			for i := range bits {
				if flip>>i == 1 {
					bits[i]++
				}
			}
		}
	}
	nearShare(t, "damage", uint64(hits), n, 0.1)
	if x := chiSquare(bits[:], float64(hits)/64); x > 130 { // 63 degrees of freedom, 1e-6
		t.Errorf("the damage prefers some bits (chi-square %.0f): %v", x, bits)
	}
}

// Gilbert's and Elliott's channel has the stationary loss
// (p·bad + r·good)/(p+r), and bursts of mean length 1/r if bad is 1 and good 0.
func TestGilbertElliott(t *testing.T) {
	const n = 60_000
	for _, x := range []struct{ p, r, good, bad float64 }{{0.02, 0.25, 0, 1}, {0.1, 0.5, 0, 1}, {0.05, 0.2, 0.01, 0.6}, {0.3, 0.3, 0.1, 0.9}} {
		ratio := func(v float64) draw.Probability { return draw.Ratio(uint64(v*1000+0.5), 1000) }
		f := one(n, 10*time.Microsecond)
		f.run(t, 2, Link{Loss: Loss{P: ratio(x.good), GilbertElliott: true, ToBad: ratio(x.p), ToGood: ratio(x.r), Bad: ratio(x.bad)}}, nil)
		lost := make([]float64, n)
		for i := range lost {
			lost[i] = 1
		}
		for _, g := range f.got {
			lost[g.n] = 0
		}
		name := fmt.Sprintf("p %g, r %g, good %g, bad %g", x.p, x.r, x.good, x.bad)
		near(t, name+": loss", lost, (x.p*x.bad+x.r*x.good)/(x.p+x.r))
		// The state moves and messages are lost by chances of their own: two in a
		// row are lost with the chance of the chain.
		var both []float64
		for i := range lost[1:] {
			both = append(both, lost[i]*lost[i+1])
		}
		afterBad, afterGood := x.bad*(1-x.r)+x.good*x.r, x.bad*x.p+x.good*(1-x.p)
		near(t, name+": two in a row", both, (x.p*x.bad*afterBad+x.r*x.good*afterGood)/(x.p+x.r))
		if x.good == 0 && x.bad == 1 {
			near(t, name+": burst", runs(lost), 1/x.r)
		}
	}
}

// runs is the lengths of the runs of ones.
func runs(xs []float64) (out []float64) {
	n := 0.0
	for _, x := range xs {
		if x == 1 {
			n++
		} else if n > 0 {
			out, n = append(out, n), 0
		}
	}
	return out
}

// The channel's state is the sender's own: a sender that is idle does not see
// it change, and two senders have different bursts.
func TestGilbertElliottPerSender(t *testing.T) {
	f := &flow{senders: []protocols.NodeID{0, 1}, receivers: []protocols.NodeID{2}, count: 2000, gap: ms}
	f.run(t, 3, Link{Loss: Loss{GilbertElliott: true, ToBad: draw.Ratio(1, 20), ToGood: draw.Ratio(1, 20), Bad: draw.Always}}, nil)
	var seen [2][2000]bool
	for _, g := range f.got {
		seen[g.from][g.n] = true
	}
	both := uint64(0)
	for i := range seen[0] {
		if seen[0][i] == seen[1][i] {
			both++
		}
	}
	if both < 500 || both > 1500 {
		t.Errorf("two senders agree on the fate of %d of 2000 packets, want about half", both)
	}
}

// Reordering overtakes; without it constant latency never does.
func TestReorder(t *testing.T) {
	const n = 20_000
	f := one(n, 100*time.Microsecond)
	f.run(t, 2, Link{Latency: Latency{Base: ms}, Reorder: draw.Ratio(1, 10), ReorderBy: 5 * ms}, nil)
	var held, overtaken uint64
	var delays []float64
	last := uint64(0)
	for _, g := range f.got {
		if g.after > ms {
			held++
			delays = append(delays, float64(g.after-ms)/float64(5*ms))
		}
		if g.n < last {
			overtaken++
		}
		last = max(last, g.n)
	}
	nearShare(t, "held back", held, n, 0.1)
	if d := kolmogorov(delays, func(x float64) float64 { return min(max(x, 0), 1) }); d > 1.95 {
		t.Errorf("the delays are not uniform up to ReorderBy: Kolmogorov's statistic is %.2f", d)
	}
	if overtaken < held*9/10 {
		t.Errorf("of %d packets held back, only %d were overtaken", held, overtaken)
	}
	f = one(n, 100*time.Microsecond)
	f.run(t, 2, Link{Latency: Latency{Base: ms}}, nil)
	if !slices.IsSortedFunc(f.got, func(a, b got) int { return int(a.n) - int(b.n) }) {
		t.Error("packets of constant latency overtake one another")
	}
}
