package client_test

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/kv"
	"meshsim/protocols/wire"
)

// The smallest protocol with clients: node 0 keeps the store, on no disk. Node 1
// sends those who ask it to node 0. All others are clients, and ask node 1 first.
const (
	kindRequest protocols.Kind = iota
	kindReply
	kindRedirect
	kindReject
)

var base = client.Base{Timer: 1, Observation: 1}

type message struct {
	kind     protocols.Kind
	sequence uint64
	body     []byte
}

func (m *message) Kind() protocols.Kind { return m.kind }
func (m *message) Size() int {
	return 1 + wire.UvarintSize(m.sequence) + wire.BytesSize(m.body) + wire.ChecksumSize
}
func (m *message) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	b = wire.AppendUvarint(b, m.sequence)
	b = wire.AppendBytes(b, m.body)
	return wire.AppendChecksum(b, start)
}
func (m *message) String() string {
	s := fmt.Sprintf("%s %d", kindNames[m.kind], m.sequence)
	if c, err := kv.Decode(m.body); err == nil && m.kind == kindRequest {
		return s + ": " + text(c)
	}
	if r, err := kv.DecodeResult(m.body); err == nil && m.kind == kindReply {
		return s + ": " + r.Status.String()
	}
	return s
}

// text leaves out the value, which is a long number.
func text(c kv.Command) string { return fmt.Sprintf("%v %d", c.Op, c.Key) }

var kindNames = []string{"request", "reply", "redirect", "reject"}

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	m := &message{kind: protocols.Kind(r.Uint8()), sequence: r.Uvarint(), body: slices.Clone(r.Bytes(1 << 20))}
	if m.kind > kindReject {
		r.Fail(fmt.Errorf("unknown kind %d", m.kind))
	}
	if err := r.Close("message"); err != nil {
		return nil, err
	}
	return m, nil
}

type node struct {
	plan     *client.Plan
	faults   *faults
	store    *kv.Store
	client   *client.Client
	whom     protocols.NodeID
	requests int
}

// faults are what is wrong with node 0.
type faults struct {
	reject int  // so many requests are rejected for each that is served
	lost   bool // node 0 sends clients on to node 1
	twice  bool // requests are executed again when they come again
	deaf   func(now protocols.Time) bool
}

func (n *node) Start(env *protocols.Env) {
	switch {
	case env.Self == 0:
		n.store = &kv.Store{}
	case env.Self > 1:
		n.whom = 1
		n.client = client.New(n.plan, n)
		n.client.Start(env)
	}
}

// Submit is client.Host.
func (n *node) Submit(env *protocols.Env, r *client.Request) {
	env.Send(n.whom, &message{kindRequest, r.Sequence, r.Command})
}

func (n *node) Receive(env *protocols.Env, from protocols.NodeID, msg protocols.Message) {
	m, ok := msg.(*message)
	if !ok || from == protocols.External {
		return
	}
	switch {
	case m.kind == kindRequest && env.Self == 1:
		env.Send(from, &message{kindRedirect, m.sequence, nil})
	case m.kind == kindRequest && n.store != nil:
		n.serve(env, from, m)
	case n.client == nil:
	case m.kind == kindRedirect:
		n.whom = 1 - from
		n.client.Redirect(env, m.sequence)
	case m.kind == kindReject:
		n.client.Reject(env, m.sequence)
	case m.kind == kindReply:
		n.client.Reply(env, m.sequence, m.body)
	}
}

func (n *node) serve(env *protocols.Env, from protocols.NodeID, m *message) {
	n.requests++
	switch {
	case n.faults.lost:
		env.Send(from, &message{kindRedirect, m.sequence, nil})
		return
	case n.faults.deaf != nil && n.faults.deaf(env.Now):
		return
	case n.requests%(n.faults.reject+1) != 0:
		env.Send(from, &message{kindReject, m.sequence, nil})
		return
	}
	command := m.body
	if c, err := kv.Decode(command); err == nil && n.faults.twice {
		c.Sequence = 0
		command = c.AppendTo(nil)
	}
	env.Send(from, &message{kindReply, m.sequence, n.store.Apply(command)})
}

func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	if n.client != nil {
		n.client.Expire(env, t)
	}
}

// store describes the protocol.
func store(c *client.Config, f *faults) *protocols.Protocol {
	return &protocols.Protocol{
		Name: "store", Kinds: kindNames,
		Timers:       append([]string{"own"}, client.Timers...),
		Observations: append([]string{"own"}, client.Observations...),
		New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
			plan := client.NewPlan(*c, base)
			states := make([]node, len(ids))
			for i := range states {
				states[i] = node{plan: plan, faults: f}
			}
			return protocols.NodesOf(states)
		},
		Decode:   decode,
		Checkers: client.Checkers(base),
		Metrics:  client.Metrics,
		Probe:    func(pc protocols.ProbeConfig) protocols.Probe { return client.NewProbe(c, base, pc) },
	}
}
