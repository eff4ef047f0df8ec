package protocoltest

import (
	"errors"
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// pinger is a small protocol that keeps all laws unless a fault is switched on:
// each node pings the next one every second with a number that survives
// restarts, and gets it back.
type pinger struct {
	fault string
	n     int

	next uint64
	lost error // why next is not known
	env  *protocols.Env
	old  []protocols.Send
	last *number
}

const (
	ping protocols.Kind = iota
	pong
)

// number is a ping or a pong.
type number struct {
	kind  protocols.Kind
	value uint64
	fault string
}

func (m *number) Kind() protocols.Kind { return m.kind }
func (m *number) Size() int {
	if m.fault == "lying size" {
		return 4
	}
	return 1 + wire.UvarintSize(m.value) + wire.ChecksumSize
}
func (m *number) AppendTo(b []byte) []byte {
	start := len(b)
	if m.fault == "overwriting AppendTo" {
		start = 0
		b = b[:0]
	}
	return wire.AppendChecksum(wire.AppendUvarint(append(b, byte(m.kind)), m.value), start)
}
func (m *number) String() string { return fmt.Sprintf("%s %d", pingerKinds[m.kind], m.value) }

// plain is a message that is no pointer.
type plain struct{ number }

func (m plain) Kind() protocols.Kind     { return ping }
func (m plain) Size() int                { return m.number.Size() }
func (m plain) AppendTo(b []byte) []byte { return m.number.AppendTo(b) }

var waste []byte

var pingerKinds = []string{"ping", "pong"}

func decodeNumber(b []byte, fault string) (protocols.Message, error) {
	r := wire.NewChecked(b)
	if fault == "careless Decode" {
		waste = make([]byte, int(b[0])<<10) // panics on no bytes, and trusts the first
	}
	m := &number{kind: protocols.Kind(r.Uint8()), fault: fault}
	m.value = r.Uvarint()
	if m.kind > pong {
		r.Fail(errors.New("unknown kind"))
	}
	switch fault {
	case "lossy Decode":
		m.value &^= 1
	case "lax Decode":
		return m, r.Err()
	}
	if err := r.Close("number"); err != nil {
		return nil, err
	}
	return m, nil
}

func newPinger(fault string) *protocols.Protocol {
	var shared uint64
	return &protocols.Protocol{
		Name: "pinger", Kinds: pingerKinds, Timers: []string{"tick"}, Observations: []string{"sent", "heard"},
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes := make(protocols.NodeList, len(ids))
			for i := range nodes {
				nodes[i] = &pingerNode{pinger{fault: fault, n: w.Nodes}, &shared, len(ids)}
			}
			return nodes
		},
		Decode: func(b []byte) (protocols.Message, error) { return decodeNumber(b, fault) },
		Checkers: []protocols.CheckerSpec{{Name: "grows", Doc: "numbers grow", New: func(protocols.ProbeConfig) protocols.Checker {
			return &grows{fault: fault, last: map[protocols.NodeID]uint64{}}
		}}},
	}
}

type pingerNode struct {
	pinger
	shared *uint64
	made   int
}

func (p *pingerNode) Start(env *protocols.Env) {
	p.load(env)
	if p.fault == "amnesia" {
		p.next = 0
	}
	p.env = env
	env.SetTimer(0, time.Second)
}

// load reads the last number back. A node that cannot does not know which numbers
// it may use, and sends none.
func (p *pingerNode) load(env *protocols.Env) {
	b, err := env.Disk.Read("next")
	if p.fault == "panics at a bad disk" && err != nil {
		panic(err)
	}
	if p.lost = err; b == nil {
		return
	}
	r := wire.NewChecked(b)
	p.next = r.Uvarint()
	p.lost = r.Close("next")
	if p.fault == "trusts its disk" && p.lost != nil {
		r = wire.NewReader(b)
		p.next, p.lost = r.Uvarint(), nil
	}
}

func (p *pingerNode) Expire(env *protocols.Env, t protocols.TimerID) {
	if t != 0 && p.fault != "curious about timers" {
		return
	}
	env.SetTimer(0, time.Second)
	if p.lost != nil {
		p.load(env)
	}
	if b := wire.AppendUvarint(nil, p.next+1); p.lost != nil || env.Disk.Write("next", wire.AppendChecksum(b, 0)) != nil && p.fault != "sends what it could not note" {
		return
	}
	p.next++
	env.Disk.Sync()
	m := &number{ping, p.next, p.fault}
	to := protocols.NodeID((int(env.Self) + 1) % p.n)
	p.misbehave(env, m)
	env.Send(to, m)
	env.Observe(0, p.next, 0)
	if p.fault == "keeps Env" {
		p.env.Send(to, m)
	}
	if p.fault == "keeps a slice" {
		p.old = env.Sends
	}
}

// misbehave does what a faulty node does at a tick.
func (p *pingerNode) misbehave(env *protocols.Env, m *number) {
	switch p.fault {
	case "mutates what it sent":
		if p.last != nil {
			p.last.value++
		}
		p.last = m
	case "keeps a slice":
		if p.old != nil {
			p.old[0].To = 0
		}
	case "shares state":
		*p.shared++
		m.value += *p.shared
	case "depends on its neighbours in New":
		m.value += uint64(p.made)
	case "floods":
		for range 80 {
			env.Send(0, m)
		}
	case "sends to nobody":
		env.Send(protocols.NodeID(p.n), m)
	case "sends values":
		env.Send(0, plain{*m})
	}
}

func (p *pingerNode) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	x, ok := m.(*number)
	if !ok {
		if p.fault == "believes kinds" && m.Kind() == pong {
			env.Observe(1, 0, 0)
		}
		return
	}
	switch {
	case p.fault == "mutates what it gets":
		x.value |= 1 << 40
	case p.fault == "panics at large numbers" && x.value > 1<<30:
		panic("too large")
	}
	if x.kind == ping && from != protocols.External {
		env.Send(from, &number{pong, x.value, p.fault})
	} else {
		env.Observe(1, x.value, 0)
	}
}

func (p *pingerNode) Hear(env *protocols.Env, e protocols.Event) {
	if p.fault == "curious about events" {
		env.Observe(1, e.ID, 0)
	}
}

// grows checks that each node's numbers grow.
type grows struct {
	fault string
	last  map[protocols.NodeID]uint64
}

func (g *grows) Wants() []protocols.ObservationKind { return []protocols.ObservationKind{0} }

func (g *grows) Observe(o protocols.Observed) string {
	if o.Protocol == "node" {
		return ""
	}
	if o.Key <= g.last[o.Node] {
		return fmt.Sprintf("number %d comes after %d", o.Key, g.last[o.Node])
	}
	g.last[o.Node] = o.Key
	return ""
}
