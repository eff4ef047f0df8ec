package sim

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// This file holds all of the kernel's concurrency. Workers run one window at a
// time, side by side; between windows they meet at a barrier. What a worker
// reads of another during a window is the window's own lists, which nobody
// writes then.

// crew is the state that workers share while they run windows together.
type crew struct {
	k       *kernel
	until   int64
	windows int
	next    [2][]padded // by parity of the round: each worker's next window
	events  []padded
	gate    barrier
}

// padded keeps workers' words on cache lines of their own.
type padded struct {
	v int64
	_ [56]byte
}

// runTogether runs up to windows windows with all workers, and returns how many
// events there were and whether all before until have run.
func (k *kernel) runTogether(until int64, windows int) (events int, done bool) {
	n := len(k.workers)
	c := &crew{k: k, until: until, windows: windows, events: make([]padded, n)}
	c.next = [2][]padded{make([]padded, n), make([]padded, n)}
	c.gate.init(n)
	panics := make([]*Panic, n)
	var wg sync.WaitGroup
	for _, w := range k.workers[1:] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer c.rescue(panics, w.id)
			c.work(w)
		}()
	}
	func() {
		defer c.rescue(panics, 0)
		c.work(k.workers[0])
	}()
	wg.Wait()
	for _, p := range panics {
		if p != nil {
			panic(p) // that of the first worker that had one
		}
	}
	for i := range c.events {
		events += int(c.events[i].v)
	}
	next := k.nextWindow()
	return events, k.workers[0].limit >= until || next >= never || next<<k.shift >= until
}

// Panic is what [Run] panics with on the caller's goroutine when a worker
// panicked on its own.
type Panic struct {
	Value any    // what the protocol's code, or the kernel's, panicked with
	Stack []byte // the worker's, from package runtime/debug
}

// String is the value, and below it the stack.
func (p *Panic) String() string { return fmt.Sprintf("%v\n%s", p.Value, p.Stack) }

// rescue keeps a panic for the caller and lets the others go.
func (c *crew) rescue(panics []*Panic, id int) {
	if p := recover(); p != nil {
		panics[id] = &Panic{p, debug.Stack()}
		c.gate.abandon()
	}
}

// work is one worker's part.
func (c *crew) work(w *worker) {
	for round := 0; round < c.windows; round++ {
		mine := c.next[round&1]
		mine[w.id].v = w.nextSlot()
		if !c.gate.wait() {
			return
		}
		slot := int64(never)
		for i := range mine {
			slot = min(slot, mine[i].v)
		}
		if slot >= never || slot<<c.k.shift >= c.until {
			return
		}
		c.events[w.id].v += int64(w.runSlot(slot, c.until))
		if (slot+1)<<c.k.shift >= c.until {
			return
		}
	}
}

// barrier lets workers wait for one another: spinning for a while where each has
// a core, parked after that.
type barrier struct {
	n       int32
	spins   int
	arrived atomic.Int32
	round   atomic.Uint32
	broken  atomic.Bool
	mu      sync.Mutex
	cond    *sync.Cond
}

func (b *barrier) init(n int) {
	b.n = int32(n)
	b.cond = sync.NewCond(&b.mu)
	if n <= runtime.GOMAXPROCS(0) {
		b.spins = 20000
	}
}

// wait returns when all have come; false if one of them never will.
func (b *barrier) wait() bool {
	round := b.round.Load()
	if b.arrived.Add(1) == b.n {
		b.arrived.Store(0)
		b.mu.Lock()
		b.round.Add(1)
		b.mu.Unlock()
		b.cond.Broadcast()
		return !b.broken.Load()
	}
	for range b.spins {
		if b.round.Load() != round {
			return !b.broken.Load()
		}
	}
	b.mu.Lock()
	for b.round.Load() == round && !b.broken.Load() {
		b.cond.Wait()
	}
	b.mu.Unlock()
	return !b.broken.Load()
}

// abandon frees all who wait, now and later.
func (b *barrier) abandon() {
	b.broken.Store(true)
	b.mu.Lock()
	b.round.Add(1)
	b.mu.Unlock()
	b.cond.Broadcast()
}
