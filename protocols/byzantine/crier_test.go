package byzantine_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Crier is a protocol in which each member cries a signed number to all every
// ten milliseconds, and each who hears it answers.

// cry is its message.
type cry struct {
	kind      protocols.Kind
	by        protocols.NodeID
	number    uint64
	life      uint64 // drawn at each start, so that twins can be told apart
	signature protocols.Signature
}

func (m *cry) Kind() protocols.Kind { return m.kind }
func (m *cry) Size() int            { return 1 + 4 + 8 + 8 + 64 + wire.ChecksumSize }

func (m *cry) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(m.body(b), m.signature[:]...)
	return wire.AppendChecksum(b, start)
}

func (m *cry) body(b []byte) []byte {
	b = wire.AppendUint32(append(b, byte(m.kind)), uint32(m.by))
	return wire.AppendUint64(wire.AppendUint64(b, m.number), m.life)
}

func (m *cry) String() string { return fmt.Sprintf("cry %d of %d", m.number, m.by) }

func (m *cry) signed(env *protocols.Env) *cry {
	m.by = env.Self
	m.signature = env.Sign(sha256.Sum256(m.body(nil)))
	return m
}

func decodeCry(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	m := &cry{kind: protocols.Kind(r.Uint8()), by: protocols.NodeID(r.Uint32()), number: r.Uint64(), life: r.Uint64()}
	for i := range m.signature {
		m.signature[i] = r.Uint8()
	}
	if m.kind > 1 {
		r.Fail(errors.New("no cry"))
	}
	if err := r.Close("cry"); err != nil {
		return nil, err
	}
	return m, nil
}

// What criers observe: of each message that they receive its sender, and the
// number or the life.
const (
	heard    protocols.ObservationKind = iota // sender, number
	lived                                     // sender, life
	answered                                  // sender, number
	forged                                    // sender, 0
	read                                      // at a start: 0, what was on disk
)

// crier describes the protocol.
var crier = &protocols.Protocol{
	Name: "crier", Kinds: []string{"cry", "answer"}, Timers: []string{"next"},
	Observations: []string{"heard", "lived", "answered", "forged", "read"},
	New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		states := make([]crying, len(ids))
		for i := range states {
			states[i].members = w.Members
		}
		return protocols.NodesOf(states)
	},
	Decode: decodeCry,
	Lies:   []protocols.LieSpec{{Name: "count", Doc: "a number too high, in cries"}},
	Alter: func(env *protocols.Env, _ uint8, variant uint64, m protocols.Message) protocols.Message {
		c := *m.(*cry)
		if c.kind != 0 {
			return nil
		}
		c.number += 1000 * variant
		return c.signed(env)
	},
}

type crying struct {
	members []protocols.NodeID
	number  uint64
	life    uint64
}

const beat = 10 * time.Millisecond

func (n *crying) Start(env *protocols.Env) {
	n.life = env.Rand.Uint64()
	if b, _ := env.Disk.Read("crier"); len(b) == 8 {
		r := wire.NewReader(b)
		n.number = r.Uint64()
	}
	env.Observe(read, 0, n.number)
	env.SetTimer(0, beat)
}

func (n *crying) Expire(env *protocols.Env, _ protocols.TimerID) {
	n.number++
	_ = env.Disk.Write("crier", wire.AppendUint64(nil, n.number))
	env.Disk.Sync()
	env.Multicast(n.members, (&cry{number: n.number, life: n.life}).signed(env))
	env.SetTimer(0, beat)
}

func (n *crying) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*cry)
	switch {
	case !ok || from == protocols.External:
	case !env.Verify(m.by, sha256.Sum256(m.body(nil)), &m.signature):
		env.Observe(forged, uint64(from), 0)
	case m.kind == 1:
		env.Observe(answered, uint64(from), m.number)
	default:
		env.Observe(heard, uint64(from), m.number)
		env.Observe(lived, uint64(from), m.life)
		env.Send(from, (&cry{kind: 1, number: m.number, life: n.life}).signed(env))
	}
}
