package capability

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
	KindAnswer
	KindOutcome
)

// announcement is what a node offers, as it said itself.
type announcement struct {
	id       protocols.NodeID
	sequence uint64        // newer ones of a node have larger ones
	age      time.Duration // for how long nodes have held it; in a message, of whole ticks
	room     uint32        // tasks that it would take
	memory   int64         // the most that a task may need there; 0: no limit
	offers   task.Vector
}

// announce is a message of several announcements, the sender's own first.
type announce struct{ list []announcement }

// Ages travel in milliseconds, rounded up, so that what is passed on grows older.
const tick = time.Millisecond

func ticks(age time.Duration) uint64 { return min(uint64((age+tick-1)/tick), 1<<32-1) }

// Kind tells the message's kind.
func (*announce) Kind() protocols.Kind { return KindAnnounce }

// Size is the length of the wire form.
func (m *announce) Size() int {
	n := 1 + wire.UvarintSize(uint64(len(m.list))) + wire.ChecksumSize
	for i := range m.list {
		a := &m.list[i]
		n += wire.UvarintSize(uint64(a.id)) + 8 + wire.UvarintSize(ticks(a.age)) + wire.UvarintSize(uint64(a.room)) +
			wire.UvarintSize(uint64(a.memory)) + a.offers.EncodedSize()
	}
	return n
}

// AppendTo appends the wire form.
func (m *announce) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindAnnounce)), uint64(len(m.list)))
	for i := range m.list {
		a := &m.list[i]
		b = wire.AppendUvarint(b, uint64(a.id))
		b = wire.AppendUint64(b, a.sequence)
		b = wire.AppendUvarint(b, ticks(a.age))
		b = wire.AppendUvarint(b, uint64(a.room))
		b = wire.AppendUvarint(b, uint64(a.memory))
		b = a.offers.AppendTo(b)
	}
	return wire.AppendChecksum(b, start)
}

// String tells of whom.
func (m *announce) String() string {
	text := "announce"
	for i := range m.list {
		text += fmt.Sprintf(" %d (room %d)", m.list[i].id, m.list[i].room)
	}
	return text
}

// feedback tells a router what became of a task.
type feedback struct {
	kind     protocols.Kind // answer or outcome
	task     uint64
	reason   reason // of an answer; else taken
	sequence uint64 // of the sender's announcements
	room     uint32 // what the sender would take now
}

// reason says why a task was not taken.
type reason uint8

const (
	taken    reason = iota
	full            // no room
	unable          // the node offers too little, or has too little memory
	readOnly        // this side of a partition takes no tasks
)

var reasonNames = [...]string{"taken", "full", "unable", "read-only"}

// String returns the word for the reason.
func (r reason) String() string { return reasonNames[r] }

// Kind tells the message's kind.
func (m *feedback) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *feedback) Size() int {
	return 1 + 8 + 1 + 8 + wire.UvarintSize(uint64(m.room)) + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *feedback) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint64(append(b, byte(m.kind)), m.task)
	b = wire.AppendUint64(append(b, byte(m.reason)), m.sequence)
	return wire.AppendChecksum(wire.AppendUvarint(b, uint64(m.room)), start)
}

// String tells what became of the task.
func (m *feedback) String() string {
	if m.kind == KindOutcome {
		return fmt.Sprintf("outcome %x ran, room %d", m.task, m.room)
	}
	return fmt.Sprintf("answer %x %v, room %d", m.task, m.reason, m.room)
}

// minAnnouncement is the least number of bytes of an announcement's wire form.
const minAnnouncement = 1 + 8 + 1 + 1 + 1 + 1

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	var m protocols.Message
	switch kind := protocols.Kind(r.Uint8()); kind {
	case KindAnnounce:
		a := &announce{}
		for range r.Count(minAnnouncement) {
			a.list = append(a.list, readAnnouncement(&r))
		}
		m = a
	case KindAnswer, KindOutcome:
		f := &feedback{kind: kind, task: r.Uint64(), reason: reason(r.Uint8()), sequence: r.Uint64(), room: uint32(r.UvarintMax(maxRoom))}
		if f.reason > readOnly || kind == KindOutcome && f.reason != taken {
			r.Fail(wire.ErrForm)
		}
		m = f
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
	}
	if err := r.Close("capability routing"); err != nil {
		return nil, err
	}
	return m, nil
}

// maxRoom bounds what a message can say of room.
const maxRoom = 1<<31 - 1

func readAnnouncement(r *wire.Reader) announcement {
	return announcement{
		id:       protocols.NodeID(r.UvarintMax(1<<32 - 2)),
		sequence: r.Uint64(),
		age:      time.Duration(r.UvarintMax(1<<32-1)) * tick,
		room:     uint32(r.UvarintMax(maxRoom)),
		memory:   int64(r.UvarintMax(1 << 62)),
		offers:   task.ReadVector(r),
	}
}
