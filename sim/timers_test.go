package sim

import (
	"fmt"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// timerModel drives a timerPool and a queue of hints beside a dumb map of
// deadlines.
type timerModel struct {
	pool  timerPool
	first []timerSlot
	seq   []uint64
	queue eventHeap
	order order
	now   int64
	want  map[modelTimer]modelDeadline
	rand  draw.Rand
	ops   []string
	fired int
	many  int // arguments of timers
}

type modelTimer struct {
	node     uint32
	protocol uint8
	timer    protocols.TimerID
}

type modelDeadline struct {
	at  int64
	seq uint64
}

func newTimerModel(seed uint64) *timerModel {
	m := &timerModel{rand: draw.New(seed), order: order{tieKey: seed}, want: map[modelTimer]modelDeadline{}}
	m.first = make([]timerSlot, 1+m.rand.IntN(4))
	m.many = [...]int{2, 4, 40}[seed%3]
	m.seq = make([]uint64, len(m.first))
	for i := range m.first {
		m.first[i].hint = noHint
	}
	return m
}

func (m *timerModel) note(format string, args ...any) {
	m.ops = append(m.ops, fmt.Sprintf("%d: ", m.now)+fmt.Sprintf(format, args...))
}

func (m *timerModel) pick() modelTimer {
	argument := uint64(m.rand.IntN(m.many)) << (24 * m.rand.IntN(3)) // also in the high half
	return modelTimer{uint32(m.rand.IntN(len(m.first))), uint8(m.rand.IntN(2)), protocols.Timer(uint8(m.rand.IntN(2)), argument)}
}

// step makes one random wish, as a call would.
func (m *timerModel) step() {
	k := m.pick()
	first := &m.first[k.node]
	switch m.rand.IntN(12 + 5*m.many) {
	case 0:
		m.note("crash %d", k.node)
		m.pool.stopAll(first)
		for old := range m.want {
			if old.node == k.node {
				delete(m.want, old)
			}
		}
	case 1, 2, 3:
		m.note("stop %v", k)
		m.pool.stop(first, k.protocol, k.timer)
		delete(m.want, k)
	default:
		after := [...]int64{0, 1, int64(m.rand.IntN(5)), int64(m.rand.IntN(60)), int64(m.rand.IntN(100 * m.many)), 1 << 40}[m.rand.IntN(6)]
		m.seq[k.node]++
		d := modelDeadline{m.now + after, m.seq[k.node]<<8 | uint64(k.protocol)}
		m.note("set %v for %d", k, d.at)
		slot, hint := m.pool.set(first, k.timer, timerSlot{deadline: d.at, seq: d.seq, key: uint64(k.timer)})
		if hint {
			m.hint(k.node, slot, d)
		}
		m.want[k] = d
	}
}

func (m *timerModel) hint(node, slot uint32, d modelDeadline) {
	m.queue.push(m.order, &event{at: d.at, seq: d.seq, key: uint64(slot), from: node, to: node})
}

// runTo lets all hints before until come, and expires what is due.
func (m *timerModel) runTo(until int64) error {
	for len(m.queue) > 0 && m.queue[0].at < until {
		e := m.queue.pop(m.order)
		m.now = e.at
		slot := uint32(e.key)
		t := m.pool.at(&m.first[e.to], slot)
		switch t.due(e.at, e.seq) {
		case hintLater:
			m.hint(e.to, slot, modelDeadline{t.deadline, t.seq})
		case hintDue:
			if err := m.expire(e.to, slot, t); err != nil {
				return err
			}
		}
	}
	m.now = until
	for k, d := range m.want {
		if d.at < until {
			return fmt.Errorf("%v was due at %d and never came", k, d.at)
		}
	}
	return nil
}

// expire checks that the slot's timer is the first of all in the total order.
func (m *timerModel) expire(node, slot uint32, t *timerSlot) error {
	k := modelTimer{node, uint8(t.seq), m.pool.timer(&m.first[node], slot)}
	d, ok := m.want[k]
	m.note("expire %v", k)
	switch {
	case !ok:
		return fmt.Errorf("%v came, but it is not set", k)
	case d.at != m.now || d.seq != t.seq:
		return fmt.Errorf("%v came, but it was set for %d", k, d.at)
	case t.key != uint64(k.timer):
		return fmt.Errorf("%v came with the key of another", k)
	}
	for other, o := range m.want {
		if o.at < d.at || o.at == d.at && m.order.tied(d.at, other.node, o.seq, node, d.seq) {
			return fmt.Errorf("%v came before %v, which was set for %d", k, other, o.at)
		}
	}
	delete(m.want, k)
	m.pool.disarm(&m.first[node], slot)
	m.fired++
	for m.rand.IntN(3) == 0 {
		m.step()
	}
	return nil
}

// A deadline is never lost, never early, never twice, and in the total order.
func TestTimersAgainstMap(t *testing.T) {
	fired, indexed := 0, 0
	for seed := range uint64(300) {
		m := newTimerModel(seed)
		busy := 6 + int(seed%3)*20
		for range 60 {
			for range m.rand.IntN(busy) {
				m.step()
			}
			if err := m.runTo(m.now + int64(m.rand.IntN(40))); err != nil {
				last := m.ops[max(0, len(m.ops)-25):]
				t.Fatalf("seed %d: %v; the last operations were\n%s", seed, err, joinLines(last))
			}
		}
		fired += m.fired
		indexed += len(m.pool.index)
	}
	if fired < 10000 || indexed < 100 {
		t.Errorf("only %d timers expired, and %d nodes had many; the test has lost its teeth", fired, indexed)
	}
}

// Slots are used again: a node's list grows with the timers that are set at a
// time, not with those that were ever set.
func TestTimerSlotsAreReused(t *testing.T) {
	for _, n := range []uint8{1, 3, manyTimers, manyTimers + 1, 100} {
		var p timerPool
		first := timerSlot{hint: noHint}
		for i := range uint64(1000) {
			for name := range n {
				p.set(&first, protocols.Timer(name, i<<30), timerSlot{deadline: int64(i), seq: i<<8 | 0xff00000000})
			}
			if i%10 == 0 {
				p.stopAll(&first)
			}
			for name := range n {
				p.stop(&first, 0, protocols.Timer(name, i<<30))
			}
		}
		if len(p.slots) > int(n) {
			t.Errorf("%d timers at a time took %d slots", n, len(p.slots))
		}
	}
}

func joinLines(lines []string) string {
	var b []byte
	for _, l := range lines {
		b = append(append(append(b, '\t'), l...), '\n')
	}
	return string(b)
}

// sortedKeys lists the keys of a small map in order.
func sortedKeys[K interface{ ~uint64 | ~int64 | ~string }, V any](m map[K]V) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
