package sim

import (
	"fmt"
	"slices"
	"testing"

	"meshsim/protocols/draw"
)

// calendarModel drives a calendar beside a plain list of events.
type calendarModel struct {
	c    *calendar
	pool chunkPool
	rand draw.Rand
	want map[uint64]int64 // event → time
	next uint64
	ops  []string
}

func newCalendarModel(seed uint64) *calendarModel {
	m := &calendarModel{rand: draw.New(seed), want: map[uint64]int64{}}
	shifts := [...]uint{0, 3, 20, 33}
	m.c = newCalendar(shifts[m.rand.IntN(len(shifts))])
	if m.rand.IntN(2) == 0 {
		m.restart(m.rand.Int64N(1 << 40))
	}
	return m
}

func (m *calendarModel) note(format string, args ...any) {
	m.ops = append(m.ops, fmt.Sprintf(format, args...))
}

// restart moves everything to a new calendar that starts at time t.
func (m *calendarModel) restart(t int64) {
	m.note("restart at slot %d", t>>m.c.shift)
	old := m.c
	m.c = newCalendar(old.shift)
	m.c.startAt(t)
	old.drain(&m.pool, func(e *event) { m.c.put(&m.pool, e) })
}

// put adds an event at a distance that falls into the current slot, near it,
// at the edges of what is in reach, or far away.
func (m *calendarModel) put() {
	ahead := [...]int64{0, 1, m.rand.Int64N(slots), slots - 1, slots, slots + m.rand.Int64N(slots), m.rand.Int64N(slots << pageBits),
		slots<<pageBits - 1 - m.rand.Int64N(2*slots), slots<<pageBits + m.rand.Int64N(2*slots), m.rand.Int64N(slots << (pageBits + 6))}
	slot := m.c.base + ahead[m.rand.IntN(len(ahead))]
	at := slot<<m.c.shift + m.rand.Int64N(1<<m.c.shift)
	m.next++
	m.note("put %d into slot %d", m.next, slot)
	m.want[m.next] = at
	m.c.put(&m.pool, &event{at: at, seq: m.next})
}

// take makes the next slot the current one, or one on the way to it, and
// removes its events.
func (m *calendarModel) take() error {
	slot, first := m.c.next(), never
	for _, at := range m.want {
		first = min(first, at>>m.c.shift)
	}
	switch {
	case slot > first:
		return fmt.Errorf("next is slot %d, but slot %d holds an event", slot, first)
	case slot < m.c.base:
		return fmt.Errorf("next is slot %d, which is past", slot)
	case slot >= never:
		return nil
	case m.rand.IntN(4) == 0: // others may drive the time, but never past the next slot
		slot = m.c.base + m.rand.Int64N(slot-m.c.base+1)
	}
	m.note("take slot %d of base %d", slot, m.c.base)
	m.c.advance(&m.pool, slot)
	m.c.took()
	for l := m.c.take(slot); l != nil; {
		for i := range l.ev[:l.n] {
			e := &l.ev[i]
			at, ok := m.want[e.seq]
			if !ok || at != e.at || at>>m.c.shift != slot {
				return fmt.Errorf("event %d of slot %d was taken from slot %d", e.seq, at>>m.c.shift, slot)
			}
			delete(m.want, e.seq)
		}
		next := l.next
		m.pool.put(l)
		l = next
	}
	if first == slot {
		for e, at := range m.want {
			if at>>m.c.shift == slot {
				return fmt.Errorf("event %d was not in its slot %d", e, slot)
			}
		}
	}
	return nil
}

func (m *calendarModel) run() error {
	for range 300 {
		for range m.rand.IntN(4) {
			m.put()
		}
		if m.rand.IntN(60) == 0 {
			m.restart(m.c.base << m.c.shift)
		}
		if err := m.take(); err != nil {
			return err
		}
	}
	for tries := 0; len(m.want) > 0; tries++ {
		if err := m.take(); err != nil {
			return err
		}
		if tries > 100000 {
			return fmt.Errorf("%d events are never reached", len(m.want))
		}
	}
	if slot := m.c.next(); slot < never {
		return fmt.Errorf("an empty calendar names slot %d", slot)
	}
	return nil
}

// Every event is taken once, from its own slot, and slots come in order.
func TestCalendarAgainstList(t *testing.T) {
	for seed := range uint64(300) {
		m := newCalendarModel(seed)
		if err := m.run(); err != nil {
			t.Fatalf("seed %d, slots of 2^%d ns: %v; the last operations were\n%s", seed, m.c.shift, err,
				joinLines(m.ops[max(0, len(m.ops)-25):]))
		}
	}
}

// Drain gives back each event once, wherever it lies, and leaves nothing.
func TestCalendarDrain(t *testing.T) {
	for seed := range uint64(50) {
		m := newCalendarModel(seed)
		for range 200 {
			m.put()
		}
		var got []uint64
		m.c.drain(&m.pool, func(e *event) { got = append(got, e.seq) })
		slices.Sort(got)
		if want := sortedKeys(m.want); !slices.Equal(got, want) {
			t.Fatalf("seed %d: drained %v, want %v", seed, got, want)
		}
		if slot := m.c.next(); slot < never {
			t.Fatalf("seed %d: drained, but slot %d is next", seed, slot)
		}
	}
}

// Chunks are used again.
func TestCalendarMemory(t *testing.T) {
	m := newCalendarModel(1)
	put := func() {
		for i := range uint64(500) {
			m.c.put(&m.pool, &event{at: (m.c.base + 1 + int64(i%7)*200) << m.c.shift, seq: i})
		}
		for m.c.next() < never {
			slot := m.c.next()
			m.c.advance(&m.pool, slot)
			m.c.took()
			for l := m.c.take(slot); l != nil; {
				next := l.next
				m.pool.put(l)
				l = next
			}
		}
	}
	put()
	if n := testing.AllocsPerRun(100, put); n != 0 {
		t.Errorf("a calendar of constant load makes %v allocations a round", n)
	}
}
