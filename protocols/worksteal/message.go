package worksteal

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/task"
	"meshsim/protocols/wire"
)

// The kinds of messages beside those of package task. The first byte of the wire
// form is the kind, the last four are the CRC-32C of all before.
const (
	KindRequest = task.OwnKind + iota
	KindNone
)

// request asks a victim for tasks.
type request struct {
	number uint32      // of the thief's requests
	load   uint32      // what the thief has, waiting or running
	memory int64       // the most that a task may need there; 0: no limit
	offers task.Vector // what a task may need there
}

// Kind tells the message's kind.
func (*request) Kind() protocols.Kind { return KindRequest }

// Size is the length of the wire form.
func (m *request) Size() int {
	return 1 + 4 + wire.UvarintSize(uint64(m.load)) + wire.UvarintSize(uint64(m.memory)) + m.offers.EncodedSize() + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *request) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(KindRequest)), m.number)
	b = wire.AppendUvarint(b, uint64(m.load))
	b = wire.AppendUvarint(b, uint64(m.memory))
	return wire.AppendChecksum(m.offers.AppendTo(b), start)
}

// String tells what the thief has.
func (m *request) String() string { return fmt.Sprintf("request %d, has %d", m.number, m.load) }

// none answers that the victim has too little.
type none struct {
	number uint32 // of the request
	load   uint32 // what the victim has, waiting or running
}

// Kind tells the message's kind.
func (*none) Kind() protocols.Kind { return KindNone }

// Size is the length of the wire form.
func (m *none) Size() int { return 1 + 4 + wire.UvarintSize(uint64(m.load)) + wire.ChecksumSize }

// AppendTo appends the wire form.
func (m *none) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(KindNone)), m.number)
	return wire.AppendChecksum(wire.AppendUvarint(b, uint64(m.load)), start)
}

// String tells what the victim has.
func (m *none) String() string { return fmt.Sprintf("none for %d, has %d", m.number, m.load) }

// maxLoad bounds what a message can say of a load.
const maxLoad = 1<<31 - 1

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind, number := protocols.Kind(r.Uint8()), r.Uint32()
	load := uint32(r.UvarintMax(maxLoad))
	var m protocols.Message
	switch kind {
	case KindRequest:
		m = &request{number, load, int64(r.UvarintMax(1 << 62)), task.ReadVector(&r)}
	case KindNone:
		m = &none{number, load}
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
	}
	if err := r.Close("work stealing"); err != nil {
		return nil, err
	}
	return m, nil
}
