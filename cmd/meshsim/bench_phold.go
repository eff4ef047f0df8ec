package main

import (
	"time"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

func (a *app) pholdCommand() *cobra.Command {
	var b benchmark
	var events int
	c := &cobra.Command{
		Use:   "phold",
		Short: "PHOLD: every event makes one at a random node",
		Long: `PHOLD (Fujimoto 1990): each node sends a token at the start; whoever gets one
sends it on to a node drawn uniformly. A token is 0.1s plus an exponential time of
mean 1s on the way. It measures the kernel alone.`,
		Example: `  meshsim bench phold --nodes 1000 --events 10000000
  meshsim bench phold --nodes 100000 --events 5000000 --workers 2`,
		Args: a.none,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := pholdConfig(&b, events)
			if err != nil {
				return err
			}
			return a.measure(c.Context(), "phold", cfg)
		},
	}
	b.flags(c)
	events = 1_000_000
	c.Flags().Var(&count{&events, 1, 2_000_000_000}, "events", "end after about `N` events, as in --events 5000000")
	return c
}

const (
	pholdFloor = 100 * time.Millisecond
	pholdMean  = time.Second
)

// pholdConfig is a mesh in which as many tokens as nodes are on their way.
func pholdConfig(b *benchmark, events int) (sim.Config, error) {
	mean, err := draw.Exponential(0, int64(pholdMean))
	if err != nil {
		return sim.Config{}, err
	}
	cfg := b.config()
	cfg.Duration = time.Duration(float64(events) / float64(b.nodes) * float64(pholdFloor+pholdMean))
	cfg.Groups = []sim.Group{{Name: "all", Count: b.nodes, Stack: []*protocols.Protocol{phold()}}}
	cfg.Network.Default.Latency = sim.Latency{Base: pholdFloor, Jitter: mean, Floor: pholdFloor}
	return cfg, nil
}

// phold is the protocol of PHOLD.
func phold() *protocols.Protocol {
	return &protocols.Protocol{
		Name:  "phold",
		Kinds: []string{"token"},
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			states := make([]pholdNode, len(ids))
			for i := range states {
				states[i].nodes = w.Nodes
			}
			return protocols.NodesOf(states)
		},
		Decode: func([]byte) (protocols.Message, error) { return theToken, nil },
	}
}

// token is the message. All are alike, so that one will do.
type token struct{}

var theToken = new(token)

func (*token) Kind() protocols.Kind     { return 0 }
func (*token) Size() int                { return 0 }
func (*token) AppendTo(b []byte) []byte { return b }

// pholdNode counts the tokens that it had.
type pholdNode struct{ nodes, handled int }

// Start sends the node's first token.
func (p *pholdNode) Start(env *protocols.Env) { p.pass(env) }

// Receive sends the token on.
func (p *pholdNode) Receive(env *protocols.Env, _ protocols.NodeID, _ protocols.Message) {
	p.handled++
	p.pass(env)
}

// Expire is never called: nobody sets a timer.
func (p *pholdNode) Expire(*protocols.Env, protocols.TimerID) {}

func (p *pholdNode) pass(env *protocols.Env) {
	env.Send(protocols.NodeID(env.Rand.IntN(p.nodes)), theToken)
}
