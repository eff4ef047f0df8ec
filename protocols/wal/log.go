package wal

import (
	"errors"
	"fmt"

	"meshsim/protocols"
)

// ErrDamaged says that bytes of a log changed after they were written.
var ErrDamaged = errors.New("log is damaged")

// Log is a write-ahead log, empty or opened. It holds no records, only how many.
type Log struct {
	name  string
	first uint64
	next  uint64
	size  int // of the file; 0: there is none
}

// Replay is what a log held.
type Replay struct {
	Head    []byte   // stored by Create or Compact; nil if there was none
	First   uint64   // number of the first record
	Records [][]byte // the i-th has number First+i
	Cut     int      // bytes that a crash left of writes that were never synced, cut off
}

// Open reads the log back from a file, which need not exist. If it cuts a torn
// tail off it does so by a write, which wants a Sync as any other. Its errors are
// protocols.ErrRead, which may pass; [ErrDamaged], with what is whole before the
// damage; and protocols.ErrFull, if there was no room to cut a torn tail off.
// There is no Log with an error.
func Open(d *protocols.Disk, name string) (*Log, Replay, error) {
	b, err := d.Read(name)
	if err != nil {
		return nil, Replay{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(b) == 0 {
		return &Log{name: name, first: 1, next: 1}, Replay{First: 1}, nil
	}
	s := read(b)
	r := s.replay(b)
	if s.end < len(b) && !s.torn(b) {
		return nil, r, fmt.Errorf("%s: %w at byte %d of %d, after record %d", name, ErrDamaged, s.end, len(b), s.next()-1)
	}
	if s.end < len(b) {
		// Not by Truncate: frames behind the end must not come back after another crash.
		if err := d.Replace(name, b[:s.end]); err != nil {
			return nil, r, fmt.Errorf("%s: %w", name, err)
		}
		r.Cut = len(b) - s.end
	}
	return &Log{name, s.first, s.next(), s.end}, r, nil
}

// replay copies what the frames hold.
func (s *scan) replay(b []byte) Replay {
	if s.end == 0 {
		return Replay{First: 1}
	}
	r := Replay{First: s.first}
	if s.head.length > 0 {
		r.Head = s.head.payload()
	}
	for _, at := range s.at {
		f, _ := parse(b[at:])
		r.Records = append(r.Records, f.payload())
	}
	return r
}

// Create makes a log in the place of whatever the file holds: a head and records
// that are numbered from first on, at least 1. It is done as a whole or, with
// protocols.ErrFull, not at all.
func Create(d *protocols.Disk, name string, head []byte, first uint64, records ...[]byte) (*Log, error) {
	b := begin(head, first)
	for i, r := range records {
		b = appendFrame(b, record, first+uint64(i), fits(r))
	}
	l := &Log{name: name}
	if err := l.replace(d, b, first, first+uint64(len(records))); err != nil {
		return nil, err
	}
	return l, nil
}

// begin is a file with nothing but a head.
func begin(payload []byte, first uint64) []byte {
	if first == 0 {
		panic("wal: records are numbered from 1 on")
	}
	return appendFrame(nil, head, first-1, fits(payload))
}

// fits panics if the payload is too long for a frame.
func fits(payload []byte) []byte {
	if len(payload) > maxPayload {
		panic("wal: a record has more than 1 GiB")
	}
	return payload
}

func (l *Log) replace(d *protocols.Disk, b []byte, first, next uint64) error {
	if err := d.Replace(l.name, b); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	l.first, l.next, l.size = first, next, len(b)
	return nil
}

// First is the number of the first record, if there is one.
func (l *Log) First() uint64 { return l.first }

// Next is the number that the next record gets.
func (l *Log) Next() uint64 { return l.next }

// Size is the length of the file, with what was cut and not yet compacted.
func (l *Log) Size() int { return l.size }

// Append adds a record and returns its number. With protocols.ErrFull it has
// done nothing.
func (l *Log) Append(d *protocols.Disk, payload []byte) (number uint64, err error) {
	if err := l.add(d, record, l.next, fits(payload)); err != nil {
		return 0, err
	}
	l.next++
	return l.next - 1, nil
}

// Cut drops the records from a number on. With protocols.ErrFull, since it writes
// a mark, it has done nothing.
func (l *Log) Cut(d *protocols.Disk, from uint64) error {
	from = max(from, l.first)
	if from >= l.next {
		return nil
	}
	if err := l.add(d, cut, from, nil); err != nil {
		return err
	}
	l.next = from
	return nil
}

func (l *Log) add(d *protocols.Disk, k kind, number uint64, payload []byte) error {
	if l.size == 0 {
		b := appendFrame(begin(nil, l.first), k, number, payload)
		return l.replace(d, b, l.first, l.next)
	}
	b := appendFrame(make([]byte, 0, frameSize(len(payload))), k, number, payload)
	if err := d.Append(l.name, b); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	l.size += len(b)
	return nil
}

// Compact drops the records before first and stores a head in their place, as a
// whole or not at all. A first beyond the end drops all records, and the next one
// gets that number. It reads the log, so besides protocols.ErrFull it may return
// protocols.ErrRead and [ErrDamaged].
func (l *Log) Compact(d *protocols.Disk, head []byte, first uint64) error {
	first = max(first, l.first)
	out := begin(head, first)
	if first < l.next {
		b, err := d.Read(l.name)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		s := read(b)
		if s.end < l.size || s.next() != l.next {
			return fmt.Errorf("%s: %w at byte %d of %d", l.name, ErrDamaged, s.end, l.size)
		}
		for _, at := range s.at[first-s.first:] {
			f, _ := parse(b[at:])
			out = append(out, b[at:at+f.size()]...)
		}
	}
	return l.replace(d, out, first, max(first, l.next))
}
