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
	number uint32 // of the auctioneer's rounds
	size   time.Duration
	memory int64
	needs  task.Vector
}

// Kind tells the message's kind.
func (*announce) Kind() protocols.Kind { return KindAnnounce }

// Size is the length of the wire form.
func (m *announce) Size() int {
	return 1 + 4 + wire.UvarintSize(uint64(m.size)) + wire.UvarintSize(uint64(m.memory)) + m.needs.EncodedSize() + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *announce) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(KindAnnounce)), m.number)
	b = wire.AppendUvarint(b, uint64(m.size))
	b = wire.AppendUvarint(b, uint64(m.memory))
	return wire.AppendChecksum(m.needs.AppendTo(b), start)
}

// String tells the round.
func (m *announce) String() string { return fmt.Sprintf("announce %d, of %v", m.number, m.size) }

// bid offers to run a task.
type bid struct {
	number    uint32        // of the round
	match     uint16        // of the capabilities, in thousandths
	load      uint16        // the mark for it, in thousandths
	resources uint16        // what is free, in thousandths
	promise   time.Duration // from now until the task would be done
}

// Kind tells the message's kind.
func (*bid) Kind() protocols.Kind { return KindBid }

// Size is the length of the wire form.
func (m *bid) Size() int {
	return 1 + 4 + wire.UvarintSize(uint64(m.match)) + wire.UvarintSize(uint64(m.load)) + wire.UvarintSize(uint64(m.resources)) +
		wire.UvarintSize(uint64(m.promise)) + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *bid) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(KindBid)), m.number)
	b = wire.AppendUvarint(b, uint64(m.match))
	b = wire.AppendUvarint(b, uint64(m.load))
	b = wire.AppendUvarint(b, uint64(m.resources))
	return wire.AppendChecksum(wire.AppendUvarint(b, uint64(m.promise)), start)
}

// String tells the marks and the promise.
func (m *bid) String() string {
	return fmt.Sprintf("bid %d: match %d, load %d, resources %d, done in %v", m.number, m.match, m.load, m.resources, m.promise)
}

// pass says that there is no bid.
type pass struct{ number uint32 }

// Kind tells the message's kind.
func (*pass) Kind() protocols.Kind { return KindPass }

// Size is the length of the wire form.
func (*pass) Size() int { return 1 + 4 + wire.ChecksumSize }

// AppendTo appends the wire form.
func (m *pass) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendUint32(append(b, byte(KindPass)), m.number), len(b))
}

// String tells the round.
func (m *pass) String() string { return fmt.Sprintf("pass %d", m.number) }

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
func (m *outcome) String() string { return fmt.Sprintf("outcome of %x", m.task) }

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	var m protocols.Message
	switch kind := protocols.Kind(r.Uint8()); kind {
	case KindAnnounce:
		m = &announce{r.Uint32(), time.Duration(r.UvarintMax(uint64(task.MaxSize))), int64(r.UvarintMax(1 << 62)), task.ReadVector(&r)}
	case KindBid:
		m = &bid{r.Uint32(), uint16(r.UvarintMax(1000)), uint16(r.UvarintMax(1000)), uint16(r.UvarintMax(1000)), time.Duration(r.UvarintMax(1 << 62))}
	case KindPass:
		m = &pass{r.Uint32()}
	case KindOutcome:
		m = &outcome{r.Uint64()}
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
	}
	if err := r.Close("auction"); err != nil {
		return nil, err
	}
	return m, nil
}

var lies = []protocols.LieSpec{
	{Name: "overbid", Doc: "bids say that the node is idle, offers all that is needed and is done at once; it bids even for what it cannot run"},
}

// alter makes the best bid there is of any answer.
func alter(_ *protocols.Env, _ uint8, _ uint64, message protocols.Message) protocols.Message {
	best := bid{match: 1000, load: 1000, resources: 1000, promise: time.Millisecond}
	switch m := message.(type) {
	case *bid:
		best.number = m.number
	case *pass:
		best.number = m.number
	default:
		return nil
	}
	return &best
}
