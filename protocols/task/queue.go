package task

import (
	"slices"
	"time"
)

// discipline is the order in which tasks wait.
type discipline int8

const (
	fifo discipline = iota
	lifo
	shortest
	priority
	deadline
)

func disciplineOf(word string) discipline {
	return discipline(slices.Index([]string{"fifo", "lifo", "shortest", "priority", "deadline"}, word))
}

// queue holds tasks in the order in which they run: the next one at the owner's
// end, the last one at the thief's. Of tasks that are alike the one that came
// first runs first. Cost: constant for fifo and lifo, a search and a copy else.
type queue struct {
	discipline
	list []*Task // the owner takes from the front, save under lifo from the back
	head int
	work time.Duration // sizes of all
}

func (q *queue) len() int { return len(q.list) - q.head }

// push puts a task where the discipline says.
func (q *queue) push(t *Task) {
	q.work += t.Size
	if q.discipline <= lifo {
		q.list = append(q.list, t)
		return
	}
	live := q.list[q.head:]
	at, _ := slices.BinarySearchFunc(live, t, func(have, t *Task) int {
		if q.before(t, have) {
			return 1
		}
		return -1
	})
	q.list = slices.Insert(q.list, q.head+at, t)
}

// before reports whether a must run before b, which came earlier.
func (q *queue) before(a, b *Task) bool {
	switch q.discipline {
	case shortest:
		return a.Size < b.Size
	case priority:
		return a.Priority > b.Priority
	}
	return b.Due() == 0 && a.Due() != 0 || a.Due() != 0 && a.Due() < b.Due()
}

// pop takes the task that runs next, nil if there is none.
func (q *queue) pop() *Task { return q.takeEnd(q.discipline == lifo) }

// unpop puts back what pop took.
func (q *queue) unpop(t *Task) {
	q.work += t.Size
	switch {
	case q.discipline == lifo:
		q.list = append(q.list, t)
	case q.head > 0:
		q.head--
		q.list[q.head] = t
	default:
		q.list = slices.Insert(q.list, 0, t)
	}
}

// steal takes the task that would run last, nil if there is none.
func (q *queue) steal() *Task { return q.takeEnd(q.discipline != lifo) }

func (q *queue) takeEnd(back bool) (t *Task) {
	if q.len() == 0 {
		return nil
	}
	if back {
		t = q.list[len(q.list)-1]
		q.list[len(q.list)-1] = nil
		q.list = q.list[:len(q.list)-1]
	} else {
		t = q.list[q.head]
		q.list[q.head] = nil
		q.head++
		q.pack()
	}
	q.work -= t.Size
	return t
}

// pack moves the tasks to the front when half of the list is empty.
func (q *queue) pack() {
	if 2*q.head < len(q.list) {
		return
	}
	n := copy(q.list, q.list[q.head:])
	clear(q.list[n:])
	q.list, q.head = q.list[:n], 0
}

// remove takes the i-th task from the front of the list.
func (q *queue) remove(i int) *Task {
	t := q.list[q.head+i]
	q.list = slices.Delete(q.list, q.head+i, q.head+i+1)
	q.work -= t.Size
	return t
}

// at is the i-th task from the front of the list.
func (q *queue) at(i int) *Task { return q.list[q.head+i] }
