package byzantine

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// Wrap returns the protocol with those nodes wrapped that a fault may make
// Byzantine, ascending; nil: all. Wrap it for every group of nodes that runs it,
// so that all read one another's messages; nodes that are not named are made as
// before. It panics if the protocol has more than 127 timers.
func Wrap(p *protocols.Protocol, may []protocols.NodeID) *protocols.Protocol {
	if len(p.Timers) > 127 {
		panic(fmt.Sprintf("byzantine: %s has %d timers; the most is 127", p.Name, len(p.Timers)))
	}
	w := *p
	w.Timers = append(slices.Clone(p.Timers), "byzantine")
	for _, name := range p.Timers {
		w.Timers = append(w.Timers, "twin-"+name)
	}
	w.Decode = func(b []byte) (protocols.Message, error) { return decode(p, b) }
	w.New = func(world protocols.World, ids []protocols.NodeID) protocols.Nodes {
		return newNodes(p, may, world, ids)
	}
	return &w
}

// shared is what the liars of one protocol have in common.
type shared struct {
	protocol *protocols.Protocol // as it was
	world    protocols.World
}

// newNodes makes the nodes and wraps those that may become Byzantine.
func newNodes(p *protocols.Protocol, may []protocols.NodeID, world protocols.World, ids []protocols.NodeID) protocols.Nodes {
	honest := p.New(world, ids)
	var places []int32 // of those to wrap
	for i, id := range ids {
		if _, ok := slices.BinarySearch(may, id); ok || may == nil {
			places = append(places, int32(i))
		}
	}
	if len(places) == 0 {
		return honest
	}
	m := &mixed{Nodes: honest, at: make([]int32, len(ids))}
	for k, i := range places {
		m.at[i] = int32(k) + 1
	}
	s := &shared{p, world}
	if _, hears := honest.At(0).(protocols.Hearer); hears {
		states := make([]hearer, len(places))
		for k, i := range places {
			states[k].liar = liar{shared: s, core: honest.At(int(i))}
		}
		m.liars = protocols.NodesOf(states)
		return m
	}
	states := make([]liar, len(places))
	for k, i := range places {
		states[k] = liar{shared: s, core: honest.At(int(i))}
	}
	m.liars = protocols.NodesOf(states)
	return m
}

// mixed are nodes of which some are wrapped.
type mixed struct {
	protocols.Nodes
	liars protocols.Nodes
	at    []int32 // place → 1 + place among the liars, 0 if it is none
}

// At is the i-th node.
func (m *mixed) At(i int) protocols.Node {
	if k := m.at[i]; k > 0 {
		return m.liars.At(int(k) - 1)
	}
	return m.Nodes.At(i)
}

// hearer is a liar whose protocol hears local events.
type hearer struct{ liar }

// Hear hands the event on, to both twins if there are two.
func (h *hearer) Hear(env *protocols.Env, e protocols.Event) {
	h.call(env, both, func(n protocols.Node) { n.(protocols.Hearer).Hear(env, e) })
}
