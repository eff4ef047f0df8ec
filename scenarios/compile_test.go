package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
	"meshsim/sim"
)

// config is the kernel's declaration of a mesh of core-0..3, edge-0..5 (zones z
// and y by turns) with what is added.
func config(t *testing.T, overrides ...string) sim.Config {
	t.Helper()
	const mesh = `
meshsim: 1
name: mesh
run: {duration: 60s, seed: 5}
nodes: {core: {count: 4, zone: x}, edge: {count: 6, zones: [z, y]}}
protocols: {gossip: {}}
`
	cfg, err := mustParse(t, mesh, overrides...).Config(0)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func ids(list ...protocols.NodeID) []protocols.NodeID { return list }

func TestSelectors(t *testing.T) {
	for text, want := range map[string]sim.Selector{
		"all":                            {},
		"core":                           {From: ids(0, 1, 2, 3)},
		"core-2":                         {From: ids(2)},
		"edge-1..edge-3":                 {From: ids(5, 6, 7)},
		"zone:x":                         {From: ids(0, 1, 2, 3)},
		"zone:y":                         {From: ids(5, 7, 9)},
		"10% of edge":                    {From: ids(4, 5, 6, 7, 8, 9), Share: draw.Ratio(1, 10)},
		"1/3 of all":                     {Share: draw.Ratio(1, 3)},
		"random 2 of zone:z":             {From: ids(4, 6, 8), Count: 2},
		"random 3":                       {Count: 3},
		"gossip.delivered":               {Observed: "gossip.delivered"},
		"[edge-5, core-1..core-2, core]": {From: ids(0, 1, 2, 3, 9)},
		"[core, all]":                    {},
	} {
		cfg := config(t, "faults=[{at: 1s, crash: "+text+"}]")
		if got := cfg.Faults[0].Crash.Nodes; len(cfg.Faults) != 1 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s selects %+v, want %+v", text, got, want)
		}
	}
}

// Draws that are named together are faults of their own, at the same times.
func TestDrawsNamedTogether(t *testing.T) {
	faults := config(t, "faults=[{name: boom, at: 1s, for: 2s, crash: [core-1, 50% of edge, random 1 of core, core-3]}]").Faults
	if len(faults) != 3 {
		t.Fatalf("%d faults", len(faults))
	}
	for i, want := range []sim.Fault{
		{Name: "boom", Crash: &sim.Crash{Nodes: sim.Selector{From: ids(1, 3)}}},
		{Name: "boom/2", Crash: &sim.Crash{Nodes: sim.Selector{From: ids(4, 5, 6, 7, 8, 9), Share: 1 << 63}}},
		{Name: "boom/3", Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 1, 2, 3), Count: 1}}},
	} {
		want.At, want.For = time.Second, 2*time.Second
		if !reflect.DeepEqual(faults[i], want) {
			t.Errorf("fault %d is %+v, want %+v", i, faults[i], want)
		}
	}
}

func TestPartitions(t *testing.T) {
	core, edge := sim.Selector{From: ids(0, 1, 2, 3)}, sim.Selector{From: ids(4, 5, 6, 7, 8, 9)}
	one := sim.Selector{From: ids(0)}
	for text, want := range map[string]sim.Partition{
		"core":                   {Sides: []sim.Selector{core}},
		"{isolate: core}":        {Sides: []sim.Selector{core}},
		"{groups: [core, edge]}": {Sides: []sim.Selector{core, edge}},
		"{groups: [core, [edge-0..edge-2, edge-3..edge-5]], others: connected}": {Sides: []sim.Selector{core, edge}, Bystanders: true},
		"{one_way: {from: core, to: edge}}":                                     {Sides: []sim.Selector{core, edge}, OneWay: true, Bystanders: true},
		"{one_way: {from: core}}":                                               {Sides: []sim.Selector{core}, OneWay: true},
		"{groups: [core, edge], bridge: core-0}":                                {Sides: []sim.Selector{core, edge}, Bridge: &one},
		"{isolate: core, flapping: {up: 2s, down: 1s}}":                         {Sides: []sim.Selector{core}, Up: 2 * time.Second, Down: time.Second},
	} {
		if got := config(t, "faults=[{at: 1s, partition: "+text+"}]").Faults[0].Partition; !reflect.DeepEqual(*got, want) {
			t.Errorf("%s is %+v, want %+v", text, *got, want)
		}
	}
}

func TestOtherFaults(t *testing.T) {
	d := config(t, "faults=[{at: 1s, degrade: {between: [core, 50% of edge], latency: 3ms, jitter: 2ms, bandwidth: 25%}}]").Faults[0].Degrade
	if !d.Both || d.From.Share != 0 || d.To.Share != 1<<63 || d.Latency != 3*time.Millisecond || d.Bandwidth != draw.Ratio(1, 4) {
		t.Errorf("degrade = %+v", d)
	}
	if d.Jitter.Min() != 0 || d.Jitter.Max() != int64(2*time.Millisecond) {
		t.Errorf("degrading adds %d … %d", d.Jitter.Min(), d.Jitter.Max())
	}
	k := config(t, "faults=[{at: 1s, clock: {nodes: core, drift: -5ppm, step: -2s}}]").Faults[0].Clock
	if k.DriftPPB != -5000 || k.Step != -2*time.Second || k.Offset != 0 {
		t.Errorf("clock = %+v", k)
	}
	c := config(t, "faults=[{at: 1s, churn: {nodes: edge, session: {distribution: weibull, mean: 10m, shape: 0.6}, downtime: 30s, disk: lose}}]").Faults[0].Churn
	if !c.LoseDisk || !near(c.Session.Mean(), int64(10*time.Minute)) || !near(c.Downtime.Mean(), int64(30*time.Second)) {
		t.Errorf("churn with means %v and %v", time.Duration(c.Session.Mean()), time.Duration(c.Downtime.Mean()))
	}
}

func TestDiskFaults(t *testing.T) {
	faults := config(t, "faults=[{at: 1s, disk: {nodes: [core, edge-1], sync: 20ms, per_kib: 1ms, full: true, lying_sync: true, torn_writes: true, read_errors: 1/4, bit_rot: 8}}]").Faults
	if len(faults) != 1 {
		t.Fatalf("%d faults", len(faults))
	}
	d := *faults[0].Disk
	if len(d.Nodes.From) != len(config(t, "faults=[{at: 1s, pause: core}]").Faults[0].Pause.Nodes.From)+1 {
		t.Errorf("it strikes %v", d.Nodes)
	}
	d.Nodes = sim.Selector{}
	want := sim.DiskFault{Sync: 20 * time.Millisecond, PerKiB: time.Millisecond, Full: true, Lie: true, Torn: true, Unreadable: 1 << 62, FlipBits: 8}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("disk = %+v, want %+v", d, want)
	}
	for word, want := range map[string]sim.Crash{"keep": {}, "lose": {LoseDisk: true}, "torn": {TearDisk: true}} {
		got := *config(t, "faults=[{at: 1s, crash: {nodes: core, disk: "+word+"}}]").Faults[0].Crash
		churn := config(t, "faults=[{at: 1s, churn: {nodes: core, session: 1s, downtime: 1s, disk: "+word+"}}]").Faults[0].Churn
		if got.LoseDisk != want.LoseDisk || got.TearDisk != want.TearDisk || churn.LoseDisk != want.LoseDisk || churn.TearDisk != want.TearDisk {
			t.Errorf("disk: %s is %+v and %+v", word, got, churn)
		}
	}
}

func near(got, want int64) bool { return got > want-want/1000 && got < want+want/1000 }

func TestChurnFollowsATrace(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "pcs.avt", "0 2 100 200 300 450\n1 1 150 400\n")
	write(t, dir, "s.yaml", "{meshsim: 1, name: s, nodes: {a: {count: 3}}, protocols: {gossip: {}}, faults: [{at: 1s, churn: {nodes: a, trace: pcs.avt}}]}")
	s, err := Load(filepath.Join(dir, "s.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	const sec = time.Second
	want := [][]sim.Span{{{Start: 0, End: 100 * sec}, {Start: 200 * sec, End: 350 * sec}}, {{Start: 50 * sec, End: 300 * sec}}}
	if got := s.base.Faults[0].Churn.Sessions; !reflect.DeepEqual(got, want) {
		t.Errorf("sessions %v, want %v", got, want)
	}
	write(t, dir, "pcs.avt", "0 2 100\n")
	if _, err := Load(filepath.Join(dir, "s.yaml"), nil); err == nil || !strings.Contains(err.Error(), "faults[0].churn.trace: pcs.avt: line 1") {
		t.Errorf("error %v", err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLatencyDistributions(t *testing.T) {
	const jitter = int64(10 * time.Millisecond)
	for distribution, want := range map[string]struct{ least, most, mean int64 }{
		"uniform":           {-jitter, jitter, 0},
		"normal":            {-92 * jitter / 10, 92 * jitter / 10, 0},
		"lognormal":         {0, draw.Limit, jitter},
		"exponential":       {0, 45 * jitter, jitter},
		"pareto, tail: 3":   {0, draw.Limit, jitter},
		"pareto, tail: 1.5": {0, draw.Limit, jitter},
	} {
		l := config(t, "network.default={latency: 50ms, jitter: 10ms, distribution: "+distribution+"}").Network.Default.Latency
		d := l.Jitter
		if d.Min() < want.least || d.Max() > want.most {
			t.Errorf("%s lies in %d … %d, want %d … %d", distribution, d.Min(), d.Max(), want.least, want.most)
		}
		if mean := d.Mean(); mean < want.mean-jitter/50 || mean > want.mean+jitter/50 {
			t.Errorf("%s has the mean %v, want %v", distribution, time.Duration(mean), time.Duration(want.mean))
		}
		if l.Base != 50*time.Millisecond || l.Floor != 20*time.Microsecond {
			t.Errorf("%s: base %v, floor %v", distribution, l.Base, l.Floor)
		}
	}
	if d := config(t, "network.default={latency: 5ms}").Network.Default.Latency.Jitter; d != nil {
		t.Errorf("no jitter is %+v", d)
	}
}

func TestEmpiricalLatency(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "rtt.txt", "# measured\n3ms\n\n1ms\n2.5ms\n")
	text := "{meshsim: 1, name: s, nodes: {a: {count: 3}}, protocols: {gossip: {}}, network: {default: {latency: 1ms, distribution: empirical, samples: rtt.txt}}}"
	write(t, dir, "s.yaml", text)
	s, err := Load(filepath.Join(dir, "s.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := s.base.Network.Default.Latency.Jitter; d.Min() != 1e6 || d.Max() != 3e6 {
		t.Errorf("samples lie in %d … %d", d.Min(), d.Max())
	}
	for content, want := range map[string]string{"": "no values", "3ms\nfast\n": "line 2", "-1ms": "line 1: -1ms is outside", "5h": "outside"} {
		write(t, dir, "rtt.txt", content)
		if _, err := Load(filepath.Join(dir, "s.yaml"), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", content, err, want)
		}
	}
}

// A rule lies over the default link; one that names a latency means it, zones or
// not.
func TestLinkRules(t *testing.T) {
	cfg := config(t, "nodes={core: {count: 4, zone: eu-west-1}, edge: {count: 6, zone: us-east-1}}",
		"network={zones: aws19, default: {latency: 30ms, loss: 1%, bandwidth: 10Mbit/s, queue: 1KiB}, links: ["+
			"{from: core, to: edge, loss: {model: gilbert-elliott, p: 2%, r: 50%, loss_good: 1%}}, {between: [core, edge-1], latency: 5ms},"+
			"{to: core-0, bandwidth: unlimited, queue: unlimited, transport: stream}]}")
	links := cfg.Network.Links
	if len(links) != 4 || cfg.Network.Default.Latency.Base != 30*time.Millisecond || !cfg.Network.Default.Latency.Zoned {
		t.Fatalf("%d links, default %+v", len(links), cfg.Network.Default)
	}
	burst := links[0].Link
	if want := (sim.Loss{GilbertElliott: true, P: draw.Ratio(1, 100), ToBad: draw.Ratio(1, 50), ToGood: 1 << 63, Bad: draw.Always}); burst.Loss != want {
		t.Errorf("bursts %+v, want %+v", burst.Loss, want)
	}
	if !burst.Latency.Zoned || burst.Pipe != (sim.Pipe{BitsPerSecond: 10_000_000, QueueBytes: 1024}) {
		t.Errorf("the rule did not keep the default's %+v", burst)
	}
	for i, ends := range [][2][]protocols.NodeID{{ids(0, 1, 2, 3), ids(5)}, {ids(5), ids(0, 1, 2, 3)}} {
		l := links[1+i]
		if !reflect.DeepEqual(l.From.IDs, ends[0]) || !reflect.DeepEqual(l.To.IDs, ends[1]) || l.Link.Latency.Zoned || l.Link.Latency.Base != 5*time.Millisecond {
			t.Errorf("between: %+v", l)
		}
	}
	if l := links[3]; !l.From.All || l.Link.Pipe != (sim.Pipe{}) || !l.Link.Stream || l.Link.Retry != 200*time.Millisecond || l.Link.Loss.P != draw.Ratio(1, 100) {
		t.Errorf("the last rule: %+v", l)
	}
}

func TestNodesOfGroups(t *testing.T) {
	cfg := config(t, "network.zones=aws19", "nodes={a: {count: 40, zones: all, cpu: {cores: 3, per_message: 2us, queue: 9}, clock: {offset: -1ms, drift_spread: 7ppm}},"+
		"b: {count: 2, bandwidth: {up: 1Mbit/s, both: 8Mbit/s, queue: 2KiB}, disk: {sync: 3ms, per_kib: 2us, capacity: 4KiB}, protocols: {gossip: off, paxos: {}}}}")
	a, b := cfg.Groups[0], cfg.Groups[1]
	if len(a.Zones) != 19 || a.Zones[3] != 3 || a.CPU.Cores != 3 || a.CPU.Queue != 9 || a.Clock.Offset != -time.Millisecond || a.Clock.DriftRange != 7000 {
		t.Errorf("a = %+v", a)
	}
	if b.Uplink != (sim.Pipe{BitsPerSecond: 1_000_000, QueueBytes: 2048}) || b.Downlink != (sim.Pipe{BitsPerSecond: 8_000_000, QueueBytes: 2048}) || b.DiskSync != 3*time.Millisecond || b.DiskPerKiB != 2*time.Microsecond || b.DiskCapacity != 4096 {
		t.Errorf("b = %+v", b)
	}
	if len(a.Stack) != 1 || a.Stack[0].Name != "gossip" || len(b.Stack) != 1 || b.Stack[0].Name != "paxos" {
		t.Errorf("stacks %v, %v", a.Stack, b.Stack)
	}
}

// What is not written about signatures costs what was measured; the arithmetic is
// the costed one unless the real one is asked for.
func TestCrypto(t *testing.T) {
	cfg := config(t, "nodes={a: {count: 2}, b: {count: 2, cpu: {sign: 1ms, verify: 2ms, tag: 3us}}}", "run.crypto=real")
	if got := *cfg.Groups[0].Crypto; got != keys.Measured {
		t.Errorf("the defaults are %+v, but %+v was measured; write that into the tags of CPU", got, keys.Measured)
	}
	if got, want := *cfg.Groups[1].Crypto, (protocols.CryptoCosts{Sign: time.Millisecond, Verify: 2 * time.Millisecond, Tag: 3 * time.Microsecond}); got != want {
		t.Errorf("costs %+v, want %+v", got, want)
	}
	d := protocols.Digest{1}
	if got, want := cfg.Keys(7).Sign(1, d), keys.Real(7).Sign(1, d); got != want {
		t.Error("real is not the real arithmetic")
	}
	if got, want := config(t).Keys(7).Sign(1, d), keys.Costed(7).Sign(1, d); got != want {
		t.Error("the default is not the costed arithmetic")
	}
}

// Groups that override nothing share one descriptor.
func TestSharedDescriptors(t *testing.T) {
	g := config(t, "nodes.edge.protocols={gossip: {fanout: 2}}", "nodes.third={count: 1}").Groups
	if g[0].Stack[0] != g[2].Stack[0] || g[0].Stack[0] == g[1].Stack[0] {
		t.Error("descriptors are not shared as the groups are declared")
	}
}

func TestRandomTopologiesDifferByReplication(t *testing.T) {
	s := mustParse(t, small)
	graph := func(i int) (out []protocols.NodeID) {
		cfg, err := s.Config(i)
		if err != nil {
			t.Fatal(err)
		}
		for id := range protocols.NodeID(40) {
			for k := range cfg.Topology.Degree(id) {
				out = append(out, cfg.Topology.Neighbour(id, k))
			}
		}
		return out
	}
	if reflect.DeepEqual(graph(0), graph(1)) || !reflect.DeepEqual(graph(1), graph(1)) {
		t.Error("the graph does not follow the replication's seed")
	}
}

func TestSampling(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{
		60 * time.Second: 500 * time.Millisecond, 40 * time.Second: 200 * time.Millisecond, time.Second: 5 * time.Millisecond,
		1: time.Microsecond, 24 * time.Hour: 500 * time.Second, 10 * 365 * 24 * time.Hour: 2_000_000 * time.Second,
	} {
		if got := sampling(d); got != want {
			t.Errorf("%v is sampled each %v, want %v", d, got, want)
		}
	}
}

// Sets against a dumb version.
func TestSets(t *testing.T) {
	r := newRand()
	for range 500 {
		var in [2][64]bool
		var sets [2]set
		for k := range sets {
			var spans []span
			for range r.IntN(6) {
				lo := r.IntN(60)
				hi := lo + r.IntN(64-lo)
				spans = append(spans, span{protocols.NodeID(lo), protocols.NodeID(hi)})
				for id := lo; id < hi; id++ {
					in[k][id] = true
				}
			}
			sets[k] = newSet(spans...)
		}
		both := sets[0].intersect(sets[1])
		var want, wantBoth []protocols.NodeID
		for id := range 64 {
			if in[0][id] {
				want = append(want, protocols.NodeID(id))
			}
			if in[0][id] && in[1][id] {
				wantBoth = append(wantBoth, protocols.NodeID(id))
			}
		}
		if got := sets[0].ids(); len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) || sets[0].count() != len(want) {
			t.Fatalf("%v holds %v, want %v", sets[0], got, want)
		}
		if got := both.ids(); len(got) != len(wantBoth) || len(got) > 0 && !reflect.DeepEqual(got, wantBoth) {
			t.Fatalf("%v and %v share %v, want %v", sets[0], sets[1], got, wantBoth)
		}
	}
}

// An operator's orders are for replicas of raft, one at a time.
func TestReconfigure(t *testing.T) {
	const cluster = `meshsim: 1
name: orders
nodes: {r: {count: 5}, c: {count: 2, protocols: {raft: {client: {}}}}}
protocols: {raft: {voters: 3}}
`
	for order, want := range map[string]string{
		"{change: add-voter, node: r-4}":        "",
		"{change: transfer, node: r-1, via: r}": "",
		"{change: add-voter, node: r}":          "names 5 nodes; an order is about one replica",
		"{change: remove, node: c-0}":           "nodes of c do not run it; write protocols: {raft: {}}",
		"{change: remove, node: r-0, via: c}":   "nodes of c do not run it",
		"{change: remove, node: random 1 of r}": "not the same nodes at all times",
		"{change: promote, node: r-4}":          `"promote"`,
	} {
		_, err := Parse("orders.yaml", []byte(cluster+"workload: [{reconfigure: "+order+"}]\n"), nil)
		if got := fmt.Sprint(err); (err == nil) != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %v, want %q", order, err, want)
		}
	}
}

// Clients may take the instants at which they ask from a file; the scenario that
// is kept holds them.
func TestTraceOfClients(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{"# at\n1s\n\n1500ms\n2s\n": "", "2s\n1s\n": "not in order", "": "no instants", "1s\nsoon\n": "line 2"} {
		if err := os.WriteFile(filepath.Join(dir, "at.txt"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Parse(filepath.Join(dir, "trace.yaml"), []byte(`meshsim: 1
name: trace
nodes: {r: {count: 3}, c: {count: 2, protocols: {raft: {client: {load: trace, file: at.txt}}}}}
protocols: {raft: {}}
`), nil)
		switch {
		case want != "":
			if !strings.Contains(fmt.Sprint(err), want) || !strings.Contains(fmt.Sprint(err), "client.file") {
				t.Errorf("%q: %v, want %q", text, err, want)
			}
		case err != nil:
			t.Errorf("%q: %v", text, err)
		case !strings.Contains(string(s.Resolved()), "instants: [1s, 1.5s, 2s]"):
			t.Errorf("%q: the instants are not kept:\n%s", text, s.Resolved())
		}
	}
}
