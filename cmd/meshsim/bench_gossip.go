package main

import (
	"time"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/gossip"
	"meshsim/scenarios/zones"
	"meshsim/sim"
)

func (a *app) gossipCommand() *cobra.Command {
	var b benchmark
	var network string
	c := &cobra.Command{
		Use:   "gossip",
		Short: "Push gossip of one rumor until all nodes know it",
		Long: `Node 0 publishes a rumor. A node that knows it has a round each second, the first at
a random phase, in which it sends it to 3 others, for ever; 1% of the messages are
lost. The run ends at the first tenth of a second at which all nodes know the rumor.
Rounds and deliveries are the events; how many there are depends on the draws.

The network is either uniform, 10ms to 100ms one way, or a measured matrix, whose
nearest zones are 33µs apart, so that the kernel cannot look far ahead.`,
		Example: `  meshsim bench gossip --nodes 1000000
  meshsim bench gossip --nodes 100000 --network aws19 --workers 2`,
		Args: a.none,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg := gossipConfig(&b)
			workload := "gossip"
			if network != "uniform" {
				workload += "-" + network
				if err := useMatrix(&cfg, network); err != nil {
					return err
				}
			}
			return a.measure(c.Context(), workload, cfg)
		},
	}
	b.flags(c)
	c.Flags().Var(newWord(&network, append([]string{"uniform"}, zones.Names()...)...), "network",
		"`NAME` of the latencies: uniform, or a measured matrix, as in --network aws19")
	return c
}

// gossipConfig is push gossip of one rumor to full coverage.
func gossipConfig(b *benchmark) sim.Config {
	const fastest, slowest = 10 * time.Millisecond, 100 * time.Millisecond
	g := gossip.Default()
	g.Interval = time.Second
	cfg := b.config()
	cfg.Duration = time.Minute // coverage takes some log N rounds: never so many
	cfg.Sample = 100 * time.Millisecond
	cfg.Groups = []sim.Group{{Name: "all", Count: b.nodes, Stack: []*protocols.Protocol{gossip.New(g)}}}
	cfg.Network.Default = sim.Link{
		Latency: sim.Latency{Base: fastest, Jitter: draw.Uniform(0, int64(slowest-fastest)), Floor: fastest},
		Loss:    sim.Loss{P: draw.Ratio(1, 100)},
	}
	cfg.Workload = []sim.Workload{sim.Injections{{To: 0, Protocol: "gossip", Message: gossip.NewPublish(make([]byte, 8))}}}
	cfg.Probes = true
	cfg.Goals = map[string][]float64{"gossip.coverage": {1}}
	cfg.Stop.Reached = true
	return cfg
}

// useMatrix spreads the nodes over the zones of a measured matrix, in turn.
func useMatrix(cfg *sim.Config, name string) error {
	m, err := zones.Lookup(name)
	if err != nil {
		return err
	}
	cfg.Network.Zones = &sim.Zones{Names: m.Names, OneWay: m.OneWay}
	cfg.Network.Default.Latency = sim.Latency{Zoned: true, Floor: 20 * time.Microsecond}
	for i := range m.Names {
		cfg.Groups[0].Zones = append(cfg.Groups[0].Zones, i)
	}
	return nil
}
