package task

import (
	"fmt"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Task is a piece of work. It is never changed after it was made, so nodes and
// messages share it.
type Task struct {
	ID       uint64           // no other task of the run has it; never 0
	Size     time.Duration    // how long a core of speed 1 is busy with it
	Bytes    int              // that travel with it when it moves
	Memory   int64            // bytes that it needs while it runs
	Needs    Vector           // what a node must offer to run it; shared
	Priority uint8            // larger is more urgent
	Origin   protocols.NodeID // where it entered: who answers for it
	At       protocols.Time   // when it was asked for, in simulated time; for figures alone
	Deadline time.Duration    // after At; 0: none

	Parent uint64 // the task or job that it is a part of; 0: none
	Place  uint16 // which part of it, from 0
	Width  uint8  // it spawns so many children when it has run,
	Depth  uint8  // which do the same, so many levels down; 0: it spawns none
}

// Limits of a task.
const (
	MaxSize  = 10 * 365 * 24 * time.Hour
	MaxBytes = 1 << 30
	MaxDepth = 24
	MaxWidth = 64
)

// Forks reports whether the task spawns children.
func (t *Task) Forks() bool { return t.Depth > 0 && t.Width > 0 }

// Due is when the task is late, in simulated time; 0: never.
func (t *Task) Due() protocols.Time {
	if t.Deadline == 0 {
		return 0
	}
	return t.At + protocols.Time(t.Deadline)
}

// String tells which task it is, and of which size.
func (t *Task) String() string { return fmt.Sprintf("task %x of %v", t.ID, t.Size) }

// EncodedSize is the number of bytes that AppendTo appends.
func (t *Task) EncodedSize() int {
	return 8 + 8 + wire.UvarintSize(uint64(t.Size)) + wire.UvarintSize(uint64(t.Bytes)) + t.Bytes +
		wire.UvarintSize(uint64(t.Memory)) + t.Needs.encodedSize() + 1 + wire.UvarintSize(uint64(t.Origin)) +
		wire.UvarintSize(uint64(t.At)) + wire.UvarintSize(uint64(t.Deadline)) + wire.UvarintSize(uint64(t.Place)) + 2
}

// AppendTo appends the wire form of the task, with zeros for the bytes that it
// carries.
func (t *Task) AppendTo(b []byte) []byte {
	b = wire.AppendUint64(b, t.ID)
	b = wire.AppendUint64(b, t.Parent)
	b = wire.AppendUvarint(b, uint64(t.Size))
	b = wire.AppendUvarint(b, uint64(t.Memory))
	b = t.Needs.appendTo(b)
	b = append(b, t.Priority)
	b = wire.AppendUvarint(b, uint64(t.Origin))
	b = wire.AppendUvarint(b, uint64(t.At))
	b = wire.AppendUvarint(b, uint64(t.Deadline))
	b = wire.AppendUvarint(b, uint64(t.Place))
	b = append(b, t.Width, t.Depth)
	b = wire.AppendUvarint(b, uint64(t.Bytes))
	return append(b, make([]byte, t.Bytes)...)
}

// minEncoded is the least number of bytes of a task's wire form.
const minEncoded = 8 + 8 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 2 + 1

// Read reads what AppendTo wrote.
func Read(r *wire.Reader) *Task {
	t := &Task{ID: r.Uint64(), Parent: r.Uint64()}
	t.Size = time.Duration(r.UvarintMax(uint64(MaxSize)))
	t.Memory = int64(r.UvarintMax(1 << 62))
	t.Needs = readVector(r)
	t.Priority = r.Uint8()
	t.Origin = protocols.NodeID(r.UvarintMax(1<<32 - 1))
	t.At = protocols.Time(r.UvarintMax(1<<63 - 1))
	t.Deadline = time.Duration(r.UvarintMax(uint64(MaxSize)))
	t.Place = uint16(r.UvarintMax(1<<16 - 1))
	t.Width, t.Depth = r.Uint8(), r.Uint8()
	carried := r.Bytes(MaxBytes)
	t.Bytes = len(carried)
	if slices.ContainsFunc(carried, func(b byte) bool { return b != 0 }) {
		r.Fail(wire.ErrForm)
	}
	switch {
	case r.Err() != nil:
	case t.ID == 0 || t.Size == 0 || t.Width > MaxWidth || t.Depth > MaxDepth:
		r.Fail(wire.ErrLimit)
	}
	return t
}

// appendTasks appends the number of tasks, then each.
func appendTasks(b []byte, list []*Task) []byte {
	b = wire.AppendUvarint(b, uint64(len(list)))
	for _, t := range list {
		b = t.AppendTo(b)
	}
	return b
}

func tasksSize(list []*Task) int {
	n := wire.UvarintSize(uint64(len(list)))
	for _, t := range list {
		n += t.EncodedSize()
	}
	return n
}

func readTasks(r *wire.Reader) (list []*Task) {
	for range r.Count(minEncoded) {
		list = append(list, Read(r))
	}
	return list
}
