package decision_test

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/wire"
)

// The smallest consensus: node 0 numbers what it is sent and tells all. Messages
// get lost, and nobody makes up for it.
const (
	kindWant protocols.Kind = iota + 4
	kindPlaced
)

type entry struct {
	kind  protocols.Kind
	place uint64
	data  []byte
}

func (m *entry) Kind() protocols.Kind { return m.kind }
func (m *entry) Size() int {
	return 1 + wire.UvarintSize(m.place) + wire.BytesSize(m.data) + wire.ChecksumSize
}
func (m *entry) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(m.kind)), m.place)
	return wire.AppendChecksum(wire.AppendBytes(b, m.data), start)
}
func (m *entry) String() string {
	what := decision.EntryName(m.data)
	if m.kind == kindWant {
		return "want " + what
	}
	return fmt.Sprintf("place %d %s", m.place, what)
}

// stacked is a node that runs the consensus and decisions.
type stacked struct {
	protocols.Node
	members []protocols.NodeID
	next    uint64
}

func (n *stacked) Start(env *protocols.Env) {
	n.Node.Start(env)
	n.pass(env)
}

func (n *stacked) Expire(env *protocols.Env, t protocols.TimerID) {
	n.Node.Expire(env, t)
	n.pass(env)
}

func (n *stacked) Hear(env *protocols.Env, e protocols.Event) {
	n.Node.(protocols.Hearer).Hear(env, e)
	n.pass(env)
}

func (n *stacked) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	e, ok := m.(*entry)
	switch {
	case !ok:
		n.Node.Receive(env, from, m)
	case from == protocols.External:
	case e.kind == kindWant && env.Self == 0:
		n.next++
		env.Multicast(n.members, &entry{kindPlaced, n.next, e.data})
	case e.kind == kindPlaced && from == 0:
		n.Node.(protocols.Hearer).Hear(env, protocols.Event{Kind: protocols.Committed, ID: e.place, Data: e.data})
	}
	n.pass(env)
}

// pass sends what is to be ordered to node 0.
func (n *stacked) pass(env *protocols.Env) {
	env.Announcements = slices.DeleteFunc(env.Announcements, func(e protocols.Event) bool {
		if e.Kind == protocols.Propose {
			env.Send(0, &entry{kindWant, 0, e.Data})
		}
		return e.Kind == protocols.Propose
	})
}

// onSequencer is decisions over the smallest consensus. change wraps each node; it may be nil.
func onSequencer(c decision.Config, change func(protocols.Node) protocols.Node) *protocols.Protocol {
	p := *decision.New(c)
	inner := p
	p.Kinds = append(slices.Clone(p.Kinds), "want", "placed")
	p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := inner.New(w, ids)
		states := make([]stacked, len(ids))
		for i := range states {
			states[i] = stacked{Node: nodes.At(i), members: w.Members}
			if change != nil {
				states[i].Node = change(nodes.At(i))
			}
		}
		return protocols.NodesOf(states)
	}
	p.Decode = func(b []byte) (protocols.Message, error) {
		if len(b) == 0 || b[0] < byte(kindWant) || b[0] > byte(kindPlaced) {
			return inner.Decode(b)
		}
		r := wire.NewChecked(b)
		m := &entry{protocols.Kind(r.Uint8()), r.Uvarint(), slices.Clone(r.Bytes(1 << 22))}
		return m, r.Close("entry")
	}
	return &p
}

// Unwrap is the node that decides.
func (n *stacked) Unwrap() protocols.Node { return n.Node }
