package task

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// pile is a queue without cleverness: what has come, in the order in which it came, and
// a search for each question.
type pile struct {
	discipline string
	list       []*Task
}

// compare says which of two tasks runs first by the word of the discipline alone.
func (p *pile) compare(a, b *Task) int {
	switch p.discipline {
	case "shortest":
		return cmp.Compare(a.Size, b.Size)
	case "priority":
		return cmp.Compare(b.Priority, a.Priority)
	case "deadline":
		late := func(t *Task) protocols.Time {
			if t.Deadline == 0 {
				return 1 << 62
			}
			return t.At + protocols.Time(t.Deadline)
		}
		return cmp.Compare(late(a), late(b))
	}
	return 0
}

// order lists all from the one that runs next to the one that runs last.
func (p *pile) order() []*Task {
	list := slices.Clone(p.list)
	if p.discipline == "lifo" {
		slices.Reverse(list)
	}
	slices.SortStableFunc(list, p.compare)
	return list
}

func (p *pile) remove(t *Task) {
	at := slices.Index(p.list, t)
	p.list = slices.Delete(p.list, at, at+1)
}

// take removes the task that would run next, or last.
func (p *pile) take(last bool) *Task {
	list := p.order()
	if len(list) == 0 {
		return nil
	}
	t := list[0]
	if last {
		t = list[len(list)-1]
	}
	p.remove(t)
	return t
}

// Each discipline does what a pile does that is searched anew for every question.
func TestQueueAgainstPile(t *testing.T) {
	for _, word := range []string{"fifo", "lifo", "shortest", "priority", "deadline"} {
		for seed := range uint64(40) {
			r := draw.New(draw.DeriveString(seed, word))
			w := &Worker{shared: &shared{}}
			w.queue.discipline = disciplineOf(word)
			p := &pile{discipline: word}
			for step := range 300 {
				var got, want *Task
				switch do := r.IntN(20); {
				case do < 10-int(seed%4)*2:
					x := &Task{ID: uint64(step + 1), Size: time.Duration(1 + r.IntN(4)), Priority: uint8(r.IntN(3)),
						At: protocols.Time(step), Deadline: time.Duration(r.IntN(3)) * 50}
					w.queue.push(x)
					p.list = append(p.list, x)
				case do < 15:
					got, want = w.queue.pop(), p.take(false)
				case do < 17:
					got, want = w.Take(), p.take(true)
				case do == 17: // memory is short: what came out goes back
					if x := w.queue.pop(); x != nil {
						w.queue.unpop(x)
					}
				default:
					size := time.Duration(1 + r.IntN(4))
					got = w.TakeIf(func(t *Task) bool { return t.Size == size })
					want = p.takeIf(size)
				}
				if got != want {
					t.Fatalf("%s, seed %d, step %d: %v, want %v", word, seed, step, got, want)
				}
				checkQueue(t, w, p)
			}
		}
	}
}

// takeIf removes the task of a size that would run last.
func (p *pile) takeIf(size time.Duration) *Task {
	for _, x := range slices.Backward(p.order()) {
		if x.Size == size {
			p.remove(x)
			return x
		}
	}
	return nil
}

// checkQueue compares what a queue tells of itself.
func checkQueue(t *testing.T, w *Worker, p *pile) {
	t.Helper()
	work := time.Duration(0)
	for _, x := range p.list {
		work += x.Size
	}
	if w.Waiting() != len(p.list) || w.Backlog() != work {
		t.Fatalf("%s: %d tasks of %v wait, want %d of %v", p.discipline, w.Waiting(), w.Backlog(), len(p.list), work)
	}
}
