package byzantine

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// Wrap returns the protocol with nodes that a fault may make Byzantine: those that
// are listed, ascending, and others of their groups; nil: all. A node is wrapped
// when that happens first. Wrap the protocol for every group of nodes that runs it,
// so that all read one another's messages. It panics if the protocol has more than
// 127 timers. Cost: a byte a node, and a look at it each call.
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

// newNodes makes the nodes. One that is made alone, at a restart, is wrapped at once.
func newNodes(p *protocols.Protocol, may []protocols.NodeID, world protocols.World, ids []protocols.NodeID) protocols.Nodes {
	honest := p.New(world, ids)
	named := func(id protocols.NodeID) bool { return contains(may, id) }
	if may != nil && !slices.ContainsFunc(ids, named) {
		return honest
	}
	m := &mixed{Nodes: honest, shared: &shared{p, world}, wrapped: make([]bool, len(ids)), liars: make([]protocols.Node, len(ids))}
	if len(ids) == 1 {
		m.Corruptible(0, false)
	}
	return m
}

// mixed are nodes of which those are wrapped that a fault has struck.
type mixed struct {
	protocols.Nodes
	*shared
	wrapped []bool
	liars   []protocols.Node // by place
}

// At is the i-th node.
func (m *mixed) At(i int) protocols.Node {
	if m.wrapped[i] {
		return m.liars[i]
	}
	return m.Nodes.At(i)
}

// Corruptible wraps the i-th node if it is not yet.
func (m *mixed) Corruptible(i int, started bool) protocols.Corruptible {
	if !m.wrapped[i] {
		l := liar{shared: m.shared, core: m.Nodes.At(i), started: started}
		m.liars[i] = &l
		if _, hears := l.core.(protocols.Hearer); hears {
			m.liars[i] = &hearer{l}
		}
		m.wrapped[i] = true
	}
	return m.liars[i].(protocols.Corruptible)
}

// hearer is a liar whose protocol hears local events.
type hearer struct{ liar }

// Hear hands the event on, to both twins if there are two.
func (h *hearer) Hear(env *protocols.Env, e protocols.Event) {
	h.call(env, both, func(n protocols.Node) { n.(protocols.Hearer).Hear(env, e) })
}
