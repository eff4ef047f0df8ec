package main

import (
	"encoding/binary"
	"errors"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// plant is a protocol with a fault of determinism, or none: every node sends a
// note to another each second, and passes on what it receives while it has hops
// left. Faults are hooks that a test fills.
type plant struct {
	target func(p *plantNode, env *protocols.Env) protocols.NodeID // whom a node writes to
	fill   func(n *note)                                           // before it is sent
	on     func(n *note)                                           // when it is received
	append func(n *note, b []byte) []byte                          // the wire form
	probe  func(protocols.ProbeConfig) protocols.Probe
}

// honest returns the plant without a fault.
func honest() *plant {
	return &plant{
		target: func(p *plantNode, env *protocols.Env) protocols.NodeID {
			return protocols.NodeID(env.Rand.IntN(p.nodes))
		},
		fill: func(*note) {},
		on:   func(*note) {},
		append: func(n *note, b []byte) []byte {
			return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(b, n.hops), n.salt)
		},
	}
}

func (p *plant) protocol() *protocols.Protocol {
	return &protocols.Protocol{
		Name: "planted", Kinds: []string{"note"}, Timers: []string{"turn"}, Observations: []string{"got"},
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			states := make([]plantNode, len(ids))
			for i := range states {
				states[i] = plantNode{plant: p, nodes: w.Nodes}
			}
			return protocols.NodesOf(states)
		},
		Decode: func(b []byte) (protocols.Message, error) {
			if len(b) != 8 {
				return nil, errors.New("not a note")
			}
			return &note{p, binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}, nil
		},
		Probe: p.probe,
	}
}

// config is a mesh of nodes that run the plant.
func (p *plant) config() sim.Config {
	return sim.Config{
		Seed: 1, Duration: 10 * time.Second, Sample: time.Second, Probes: true,
		Groups:  []sim.Group{{Name: "all", Count: 50, Stack: []*protocols.Protocol{p.protocol()}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond}}},
	}
}

type note struct {
	plant      *plant
	hops, salt uint32
}

func (n *note) Kind() protocols.Kind     { return 0 }
func (n *note) Size() int                { return 8 }
func (n *note) AppendTo(b []byte) []byte { return n.plant.append(n, b) }

type plantNode struct {
	*plant
	nodes, turns int
}

func (p *plantNode) Start(env *protocols.Env) { env.SetTimer(protocols.Timer(0, 0), time.Second) }

func (p *plantNode) Receive(env *protocols.Env, _ protocols.NodeID, m protocols.Message) {
	n := m.(*note)
	p.on(n)
	env.Observe(0, 0, uint64(n.hops))
	if n.hops > 0 {
		env.Send(p.target(p, env), &note{p.plant, n.hops - 1, n.salt})
	}
}

func (p *plantNode) Expire(env *protocols.Env, _ protocols.TimerID) {
	p.turns++
	n := &note{plant: p.plant, hops: 3}
	p.fill(n)
	env.Multicast([]protocols.NodeID{p.target(p, env), p.target(p, env)}, n)
	env.SetTimer(protocols.Timer(0, 0), time.Second)
}

// lastHops is a probe whose figure depends on the order in which Go walks a map.
type lastHops struct{ seen map[uint64]bool }

func (l *lastHops) Wants() []protocols.ObservationKind { return []protocols.ObservationKind{0} }

func (l *lastHops) Observe(o protocols.Observed) { l.seen[o.Value+uint64(o.Node)<<8] = true }

func (l *lastHops) Sample(at protocols.Time, out *protocols.Figures) {
	for v := range l.seen {
		out.Point("hops", at, float64(v))
		break
	}
}

func (l *lastHops) Finish(protocols.RunTotals, *protocols.Figures) {}
