package main

import (
	"time"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

func (a *app) lookupsCommand() *cobra.Command {
	var b benchmark
	lookups := 500_000
	c := &cobra.Command{
		Use:   "lookups",
		Short: "Lookups of Chord, a distributed hash table",
		Long: `Nodes of Chord, on a ring that is ready, look up keys drawn at random: recursively,
half of log2 of the nodes hops on average, and each of these hops is acknowledged.
Lookups enter for ten seconds, latencies are 50ms to 60ms one way, and each node asks
its neighbours and looks up a finger every 30 seconds. Nothing fails.`,
		Example: `  meshsim bench lookups --nodes 100000 --workers 2
  meshsim bench lookups --nodes 1000000 --lookups 100000`,
		Args: a.none,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.measure(c.Context(), "lookups", lookupsConfig(&b, lookups))
		},
	}
	b.flags(c)
	c.Flags().Var(&count{&lookups, 1, 1_000_000_000}, "lookups", "`N` lookups, as in --lookups 1000000")
	return c
}

// lookupsConfig is lookups among nodes whose ring is ready.
func lookupsConfig(b *benchmark, lookups int) sim.Config {
	const fastest, slowest = 50 * time.Millisecond, 60 * time.Millisecond
	d := dht.Default()
	d.Successors, d.Copies, d.Lookup = 4, 0, "recursive"
	d.Stabilise, d.FixFingers, d.Merge, d.Repair = 30*time.Second, 30*time.Second, 0, 0
	cfg := b.config()
	cfg.Duration = 12 * time.Second
	cfg.Sample = cfg.Duration
	cfg.Groups = []sim.Group{{Name: "all", Count: b.nodes, Stack: []*protocols.Protocol{dht.New(d)}}}
	cfg.Network.Default = sim.Link{Latency: sim.Latency{Base: fastest, Jitter: draw.Uniform(0, int64(slowest-fastest)), Floor: fastest}}
	cfg.Workload = []sim.Workload{lookupStream{b.nodes, lookups}}
	return cfg
}

// lookupStream is lookups at even times within ten seconds.
type lookupStream struct{ nodes, lookups int }

// Start begins a run.
func (s lookupStream) Start() sim.Feed { return &lookupFeed{lookupStream: s} }

type lookupFeed struct {
	lookupStream
	made int
}

// Next is the next lookup.
func (f *lookupFeed) Next(r *draw.Rand) (in sim.Injection, ok bool) {
	if f.made == f.lookups {
		return in, false
	}
	f.made++
	at := time.Duration(int64(10*time.Second) / int64(f.lookups) * int64(f.made))
	return sim.Injection{At: at, To: protocols.NodeID(r.IntN(f.nodes)), Protocol: "dht", Message: dht.NewLookup(r.Uint64())}, true
}
