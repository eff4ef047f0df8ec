package placement

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/task"
	"meshsim/protocols/wire"
)

// The kinds of messages beside those of package task. The first byte of the wire
// form is the kind, the last four are the CRC-32C of all before.
const (
	KindCopy    = task.OwnKind + iota // tasks to hold copies of
	KindKeep                          // all that the sender has and the receiver shall have copies of
	KindLack                          // answer to keep: those that the sender has no copy of
	KindSettled                       // tasks that are done
	KindRuns                          // tasks that run at the sender
	KindAsk                           // is the receiver there?
	KindHello                         // the sender was away, and has its places again
)

var kindNames = []string{"copy", "keep", "lack", "settled", "runs", "ask", "hello"}

// message is one of any kind; what its kind does not carry is empty.
type message struct {
	kind  protocols.Kind
	round uint32   // of copy and keep: the sender's renewals so far
	ids   []uint64 // tasks that are named
	tasks []*task.Task
}

// Kind tells the message's kind.
func (m *message) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *message) Size() int {
	n := 1 + 4 + wire.ChecksumSize
	if m.kind != KindCopy {
		return n + wire.UvarintSize(uint64(len(m.ids))) + 8*len(m.ids)
	}
	n += wire.UvarintSize(uint64(len(m.tasks)))
	for _, t := range m.tasks {
		n += t.EncodedSize()
	}
	return n
}

// AppendTo appends the wire form.
func (m *message) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(m.kind)), m.round)
	if m.kind == KindCopy {
		b = wire.AppendUvarint(b, uint64(len(m.tasks)))
		for _, t := range m.tasks {
			b = t.AppendTo(b)
		}
		return wire.AppendChecksum(b, start)
	}
	b = wire.AppendUvarint(b, uint64(len(m.ids)))
	for _, id := range m.ids {
		b = wire.AppendUint64(b, id)
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind and what it carries.
func (m *message) String() string {
	if m.kind == KindCopy {
		return fmt.Sprintf("copy %v", m.tasks)
	}
	return fmt.Sprintf("%s %x", kindNames[m.kind-KindCopy], m.ids)
}

// leastTask is below the length of any task's wire form.
const leastTask = 16

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	m := &message{kind: protocols.Kind(r.Uint8()), round: r.Uint32()}
	switch {
	case m.kind < KindCopy || m.kind > KindHello:
		r.Fail(fmt.Errorf("unknown kind %d", m.kind))
	case m.kind == KindCopy:
		for range r.Count(leastTask) {
			m.tasks = append(m.tasks, task.Read(&r))
		}
	default:
		for range r.Count(8) {
			m.ids = append(m.ids, r.Uint64())
		}
	}
	if err := r.Close("placement"); err != nil {
		return nil, err
	}
	return m, nil
}
