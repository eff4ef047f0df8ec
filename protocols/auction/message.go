package auction

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
	"meshsim/protocols/wire"
)

// The kinds of messages beside those of package task. The first byte of the wire
// form is the kind, the last four are the CRC-32C of all before.
const (
	KindAnnounce = task.OwnKind + iota
	KindBid
	KindPass
	KindOutcome
)

// announce asks for bids.
type announce struct {
	number uint64 // of the auctioneer's rounds
	task   uint64 // its identity
	size   time.Duration
	memory int64
	needs  task.Vector
}

// Kind tells the message's kind.
func (*announce) Kind() protocols.Kind { return KindAnnounce }

// Size is the length of the wire form.
func (m *announce) Size() int {
	return 1 + 8 + 8 + wire.UvarintSize(uint64(m.size)) + wire.UvarintSize(uint64(m.memory)) + m.needs.EncodedSize() + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *announce) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint64(append(b, byte(KindAnnounce)), m.number)
	b = wire.AppendUint64(b, m.task)
	b = wire.AppendUvarint(b, uint64(m.size))
	b = wire.AppendUvarint(b, uint64(m.memory))
	return wire.AppendChecksum(m.needs.AppendTo(b), start)
}

// String tells the task and its size.
func (m *announce) String() string { return fmt.Sprintf("announce task %x of %v", m.task, m.size) }

// bid offers to run a task.
type bid struct {
	number  uint64        // of the round
	match   int64         // mark of the capabilities, in millionths
	free    int64         // mark of the resources, in millionths
	promise time.Duration // from now until the task would be done
}

// Kind tells the message's kind.
func (*bid) Kind() protocols.Kind { return KindBid }

// Size is the length of the wire form.
func (m *bid) Size() int {
	return 1 + 8 + wire.UvarintSize(uint64(m.match)) + wire.UvarintSize(uint64(m.free)) + wire.UvarintSize(uint64(m.promise)) + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *bid) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint64(append(b, byte(KindBid)), m.number)
	b = wire.AppendUvarint(b, uint64(m.match))
	b = wire.AppendUvarint(b, uint64(m.free))
	return wire.AppendChecksum(wire.AppendUvarint(b, uint64(m.promise)), start)
}

// String tells the marks, in percent, and the promise.
func (m *bid) String() string {
	return fmt.Sprintf("bid: match %d%%, free %d%%, done in %v", m.match/1e4, m.free/1e4, m.promise)
}

// pass says that there is no bid.
type pass struct{ number uint64 }

// Kind tells the message's kind.
func (*pass) Kind() protocols.Kind { return KindPass }

// Size is the length of the wire form.
func (*pass) Size() int { return 1 + 8 + wire.ChecksumSize }

// AppendTo appends the wire form.
func (m *pass) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendUint64(append(b, byte(KindPass)), m.number), len(b))
}

// String says that there is no bid.
func (m *pass) String() string { return "pass" }

// outcome says that an awarded task ran.
type outcome struct{ task uint64 }

// Kind tells the message's kind.
func (*outcome) Kind() protocols.Kind { return KindOutcome }

// Size is the length of the wire form.
func (*outcome) Size() int { return 1 + 8 + wire.ChecksumSize }

// AppendTo appends the wire form.
func (m *outcome) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendUint64(append(b, byte(KindOutcome)), m.task), len(b))
}

// String tells the task.
func (m *outcome) String() string { return fmt.Sprintf("task %x ran", m.task) }

// maxPromise bounds what a bid can say: twice the largest task.
const maxPromise = 2 * task.MaxSize

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind, id := protocols.Kind(r.Uint8()), r.Uint64()
	var m protocols.Message
	switch kind {
	case KindAnnounce:
		m = &announce{id, r.Uint64(), time.Duration(r.UvarintMax(uint64(task.MaxSize))), int64(r.UvarintMax(1 << 62)), task.ReadVector(&r)}
	case KindBid:
		m = &bid{id, int64(r.UvarintMax(one)), int64(r.UvarintMax(one)), time.Duration(r.UvarintMax(uint64(maxPromise)))}
	case KindPass:
		m = &pass{id}
	case KindOutcome:
		m = &outcome{id}
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
	}
	if err := r.Close("auction"); err != nil {
		return nil, err
	}
	return m, nil
}
