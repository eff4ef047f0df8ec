package wal

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// state is what a log should hold.
type state struct {
	head    []byte
	first   uint64
	records [][]byte
}

func (s state) next() uint64 { return s.first + uint64(len(s.records)) }

func (s state) equals(r Replay) bool {
	return s.first == r.First && bytes.Equal(s.head, r.Head) && slices.EqualFunc(s.records, r.Records, bytes.Equal)
}

// model drives a log and knows all states that a crash may leave.
type model struct {
	rand    draw.Rand
	disk    protocols.Disk
	log     *Log
	history []state // since the last completed sync, the first of it included
	points  []int   // syncs under way: index into history
}

func (m *model) now() state { return m.history[len(m.history)-1] }

func (m *model) bytes() []byte {
	b := make([]byte, m.rand.IntN(40)*m.rand.IntN(40))
	if m.rand.IntN(2) == 0 { // else zeros, which look like a hole
		for i := range b {
			b[i] = byte(m.rand.Uint64())
		}
	}
	return b
}

func (m *model) step() error {
	s := m.now()
	switch m.rand.IntN(12) {
	case 0:
		from := s.first + uint64(m.rand.IntN(len(s.records)+2))
		if err := m.log.Cut(&m.disk, from); err != nil {
			return err
		}
		if from < s.next() {
			s.records = s.records[: from-s.first : from-s.first]
		}
	case 1:
		first, head := s.first+uint64(m.rand.IntN(len(s.records)+3)), m.bytes()
		if err := m.log.Compact(&m.disk, head, first); err != nil {
			return err
		}
		s = state{head, first, s.records[min(first-s.first, uint64(len(s.records))):]}
	case 2, 3:
		m.disk.Sync()
		if _, ok := m.disk.TakeSync(); ok {
			m.points = append(m.points, len(m.history)-1)
		}
		return nil
	case 4:
		m.complete()
		return nil
	default:
		b := m.bytes()
		n, err := m.log.Append(&m.disk, b)
		if err != nil || n != s.next() {
			return fmt.Errorf("record %d got number %d, %v", s.next(), n, err)
		}
		s.records = append(slices.Clip(s.records), b)
	}
	m.history = append(m.history, s)
	if m.log.First() != s.first || m.log.Next() != s.next() || m.log.Size() != m.disk.Size() {
		return fmt.Errorf("the log is %+v on a disk of %d bytes, want records %d to %d", m.log, m.disk.Size(), s.first, s.next())
	}
	return nil
}

func (m *model) complete() {
	if len(m.points) == 0 {
		return
	}
	m.disk.Complete(false)
	done := m.points[0]
	m.history, m.points = m.history[done:], m.points[1:]
	for i := range m.points {
		m.points[i] -= done
	}
}

// crash opens the log anew. What it holds is what it held at some time since the
// last sync that was completed.
func (m *model) crash() error {
	m.disk.Tear(&m.rand)
	m.disk.Crash(true)
	log, r, err := Open(&m.disk, "log")
	if err != nil {
		return err
	}
	for _, s := range m.history {
		if s.equals(r) {
			m.log, m.history, m.points = log, []state{s}, nil
			if r.Cut == 0 {
				return nil // else the cut is a write that is not durable yet
			}
			m.disk.Sync()
			m.disk.TakeSync()
			m.disk.Complete(false)
			return nil
		}
	}
	return fmt.Errorf("after a crash the log holds %d records from %d on, which it never did: %v", len(r.Records), r.First, r)
}

func TestAgainstModel(t *testing.T) {
	for seed := range uint64(400) {
		m := &model{rand: draw.New(seed), log: &Log{name: "log", first: 1, next: 1}, history: []state{{first: 1}}}
		for i := range 150 {
			err := m.step()
			if err == nil && m.rand.IntN(15) == 0 {
				err = m.crash()
			}
			if err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, i, err)
			}
		}
	}
}

// A bit that flips anywhere in a log is found, in the last frame as well, and
// what stands before it is whole.
func TestEveryBit(t *testing.T) {
	var d protocols.Disk
	l, err := Create(&d, "log", []byte("head"), 5, []byte("five"), nil, make([]byte, 700))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Cut(&d, 7); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(&d, []byte("seven")); err != nil {
		t.Fatal(err)
	}
	whole, _ := d.Read("log")
	want := [][]byte{[]byte("five"), {}, []byte("seven")}
	for bit := range 8 * len(whole) {
		b := bytes.Clone(whole)
		b[bit/8] ^= 1 << (bit % 8)
		var d protocols.Disk
		if err := d.Write("log", b); err != nil {
			t.Fatal(err)
		}
		log, r, err := Open(&d, "log")
		if !errors.Is(err, ErrDamaged) || log != nil {
			t.Fatalf("bit %d of byte %d flipped: %v", bit%8, bit/8, err)
		}
		for i := range r.Records {
			// The third of the log as it was made may be there: the cut is lost.
			if i < 2 && !bytes.Equal(r.Records[i], want[i]) {
				t.Fatalf("bit %d of byte %d flipped: record %d is %q", bit%8, bit/8, i, r.Records[i])
			}
		}
		if err := (&Log{"log", 5, 8, len(b)}).Compact(&d, nil, 6); !errors.Is(err, ErrDamaged) {
			t.Fatalf("bit %d of byte %d flipped: compaction says %v", bit%8, bit/8, err)
		}
	}
}

// A file that ends early is a torn tail, from the head's end on.
func TestEveryLength(t *testing.T) {
	var d protocols.Disk
	if _, err := Create(&d, "log", nil, 1, []byte("one"), make([]byte, 600), []byte("three")); err != nil {
		t.Fatal(err)
	}
	whole, _ := d.Read("log")
	ends := []int{24, 24 + 24, 24 + 24 + 624, len(whole)}
	for n := 1; n < len(whole); n++ {
		var d protocols.Disk
		if err := d.Write("log", whole[:n]); err != nil {
			t.Fatal(err)
		}
		_, r, err := Open(&d, "log")
		if n < ends[0] {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%d bytes of a head: %v", n, err)
			}
			continue
		}
		records := 0
		for ends[records+1] <= n {
			records++
		}
		if err != nil || len(r.Records) != records || r.Cut != n-ends[records] || d.Size() != ends[records] {
			t.Errorf("%d bytes: %d records, %d bytes cut, %d left, %v", n, len(r.Records), r.Cut, d.Size(), err)
		}
	}
}
