package task

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// The kinds of messages that all strategies share. The first byte of the wire
// form is the kind, the last four are the CRC-32C of all before.
const (
	KindSubmit   protocols.Kind = iota // from outside: tasks, one job if there are several
	KindGive                           // hand-over: tasks for the receiver to answer for
	KindTaken                          // answer: which of them it took
	KindReport                         // to the origin: tasks are done
	KindGiveUp                         // to the origin: tasks were rejected
	KindReported                       // answer: it knows
	KindRenew                          // to the origin: tasks are still here
	OwnKind                            // the first kind of a strategy's own
)

var kindNames = []string{"submit", "give", "taken", "report", "give-up", "reported", "renew"}

// Submit brings a task from outside, or the tasks of a job.
type Submit struct {
	Job   uint64     // 0: one task by itself
	Tasks []*Task    // the parts of the job in their order
	After [][]uint16 // of each part: which parts must be done before, ascending; nil: none of any
}

// NewSubmit is a task from outside. Its origin is whoever receives it.
func NewSubmit(t *Task) *Submit { return &Submit{Tasks: []*Task{t}} }

// Kind tells the message's kind.
func (m *Submit) Kind() protocols.Kind { return KindSubmit }

// Size is the length of the wire form.
func (m *Submit) Size() int {
	n := 1 + 8 + tasksSize(m.Tasks) + wire.UvarintSize(uint64(len(m.After))) + wire.ChecksumSize
	for _, a := range m.After {
		n += wire.UvarintSize(uint64(len(a)))
		for _, p := range a {
			n += wire.UvarintSize(uint64(p))
		}
	}
	return n
}

// AppendTo appends the wire form.
func (m *Submit) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint64(append(b, byte(KindSubmit)), m.Job)
	b = appendTasks(b, m.Tasks)
	b = wire.AppendUvarint(b, uint64(len(m.After)))
	for _, a := range m.After {
		b = wire.AppendUvarint(b, uint64(len(a)))
		for _, p := range a {
			b = wire.AppendUvarint(b, uint64(p))
		}
	}
	return wire.AppendChecksum(b, start)
}

// String tells what is submitted.
func (m *Submit) String() string {
	if m.Job != 0 {
		return fmt.Sprintf("submit job %x of %d tasks", m.Job, len(m.Tasks))
	}
	return fmt.Sprintf("submit %v", m.Tasks[0])
}

// Give hands tasks over.
type Give struct {
	Sequence uint32 // of the giver's hand-overs; the same at each try
	Tasks    []*Task
}

// Kind tells the message's kind.
func (m *Give) Kind() protocols.Kind { return KindGive }

// Size is the length of the wire form.
func (m *Give) Size() int { return 1 + 4 + tasksSize(m.Tasks) + wire.ChecksumSize }

// AppendTo appends the wire form.
func (m *Give) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(KindGive)), m.Sequence)
	return wire.AppendChecksum(appendTasks(b, m.Tasks), start)
}

// String tells what is handed over.
func (m *Give) String() string { return fmt.Sprintf("give %d: %d tasks", m.Sequence, len(m.Tasks)) }

// Tally is a message that names tasks: of any other kind.
type Tally struct {
	kind     protocols.Kind
	Sequence uint32   // of taken: the hand-over; else 0
	IDs      []uint64 // of taken: the tasks that were not taken
}

// Kind tells the message's kind.
func (m *Tally) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Tally) Size() int {
	return 1 + 4 + wire.UvarintSize(uint64(len(m.IDs))) + 8*len(m.IDs) + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *Tally) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(m.kind)), m.Sequence)
	b = wire.AppendUvarint(b, uint64(len(m.IDs)))
	for _, id := range m.IDs {
		b = wire.AppendUint64(b, id)
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind and the tasks.
func (m *Tally) String() string {
	if m.kind == KindTaken {
		return fmt.Sprintf("taken %d, but for %x", m.Sequence, m.IDs)
	}
	return fmt.Sprintf("%s %x", kindNames[m.kind], m.IDs)
}

// decode reads a message that all strategies share.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind := protocols.Kind(r.Uint8())
	if r.Err() == nil && kind >= OwnKind {
		return nil, fmt.Errorf("task: unknown kind %d", kind)
	}
	var m protocols.Message
	switch kind {
	case KindSubmit:
		m = readSubmit(&r)
	case KindGive:
		m = &Give{r.Uint32(), readTasks(&r)}
	default:
		t := &Tally{kind: kind, Sequence: r.Uint32()}
		for range r.Count(8) {
			t.IDs = append(t.IDs, r.Uint64())
		}
		m = t
	}
	if err := r.Close("task " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}

func readSubmit(r *wire.Reader) *Submit {
	m := &Submit{Job: r.Uint64(), Tasks: readTasks(r)}
	for range r.Count(1) {
		var list []uint16
		for range r.Count(1) {
			list = append(list, uint16(r.UvarintMax(1<<16-1)))
		}
		m.After = append(m.After, list)
	}
	if err := m.check(); err != nil {
		r.Fail(err)
	}
	return m
}

// check reports a job that cannot be done: a part that waits for one that does
// not stand before it. So what is cyclic cannot even be written.
func (m *Submit) check() error {
	if len(m.Tasks) == 0 || m.Job == 0 && len(m.Tasks) != 1 || len(m.Tasks) > maxParts {
		return fmt.Errorf("%d tasks in a job", len(m.Tasks))
	}
	if len(m.After) != 0 && len(m.After) != len(m.Tasks) {
		return fmt.Errorf("an order for %d of %d tasks", len(m.After), len(m.Tasks))
	}
	for i, list := range m.After {
		if !slices.IsSorted(list) || len(list) > 0 && int(list[len(list)-1]) >= i {
			return fmt.Errorf("part %d waits for parts %v", i, list)
		}
	}
	return nil
}

// maxParts bounds the tasks of a job.
const maxParts = 1 << 14
