package sim

import "slices"

// In the windowed way of running, time is cut into windows no wider than the
// lookahead: what a node does in one cannot reach another node in the same. A
// worker sorts a window's events into blocks of nodes that fit the cache, and
// each node runs its own in their order. What they make lands in later windows,
// but for a node's own timers.

// blockRunner holds a window's events by block, and by node within a block.
type blockRunner struct {
	bits   uint
	first  uint32    // the worker's first node
	events [][]event // by block
	head   []int32   // by node in the block: its last event, -1 if none
	next   []int32   // by event in the block: the node's event before it
	mine   []event   // one node's events, in order
	ahead  int       // events of the next block whose nodes were fetched already
}

func (b *blockRunner) init(bits uint, firstBlock, blocks int) {
	b.bits, b.first = bits, uint32(firstBlock)<<bits
	b.events = make([][]event, blocks)
	b.head = make([]int32, 1<<bits)
	for i := range b.head {
		b.head[i] = -1
	}
}

// runSlot runs the worker's events of a window that lie before until. The rest
// stay in the window. It returns how many events there were.
func (w *worker) runSlot(slot, until int64) int {
	k := w.k
	w.limit = min((slot+1)<<k.shift, until)
	w.round++
	for _, c := range w.out {
		c.advance(&w.pool, slot)
		c.took()
		c.spent[(w.round-1)&1].release(&w.pool)
	}
	n := 0
	for _, from := range k.workers {
		c := from.out[w.id]
		for l := c.take(slot); l != nil; {
			n += w.scatter(l)
			next := l.next
			if from == w {
				w.pool.put(l)
			} else {
				c.spent[w.round&1].add(l)
			}
			l = next
		}
	}
	if n > 0 {
		w.runBlocks()
	}
	return n
}

// runBlocks runs the window's events, block by block.
func (w *worker) runBlocks() {
	b := &w.block
	b.ahead = 0
	for block := b.after(-1); block < len(b.events); {
		next, then := b.after(block), []event(nil)
		if next < len(b.events) {
			then = b.events[next]
		}
		w.runBlock(block, then)
		block = next
	}
}

// after is the next block that holds events; the number of blocks if none does.
func (b *blockRunner) after(block int) int {
	for block++; block < len(b.events) && len(b.events[block]) == 0; block++ {
	}
	return block
}

// scatter sorts a chunk's events into blocks.
func (w *worker) scatter(l *chunk) int {
	b := &w.block
	for i := range l.ev[:l.n] {
		e := &l.ev[i]
		if e.at >= w.limit {
			w.out[w.id].put(&w.pool, e)
			continue
		}
		at := (e.to - b.first) >> b.bits
		b.events[at] = append(b.events[at], *e)
	}
	return l.n
}

// runBlock runs the events of a block, node by node. Meanwhile it fetches the
// nodes of those that run then, in the next block: a cold load takes as long as
// a whole event.
func (w *worker) runBlock(block int, then []event) {
	b := &w.block
	events := b.events[block]
	w.link(events)
	mask := uint32(1)<<b.bits - 1
	b.ahead = min(len(events), len(then))
	for i := range events {
		if i < len(then) {
			w.k.fetch(then[i].to)
		}
		x := events[i].to & mask
		last := b.head[x]
		if last < 0 {
			continue // ran with an earlier event of its node
		}
		b.head[x] = -1
		if b.next[last] < 0 && len(w.near) == 0 {
			w.run(&events[last])
			w.drainNear()
			continue
		}
		w.runNode(events, last)
	}
	b.events[block] = events[:0] // not cleared: the window's messages are kept until others take their place
}

// link joins the events of each node in a block, and fetches the nodes that were
// not yet.
func (w *worker) link(events []event) {
	b := &w.block
	mask := uint32(1)<<b.bits - 1
	if len(b.next) < len(events) {
		b.next = make([]int32, 2*len(events))
	}
	for i := range events {
		x := events[i].to & mask
		b.next[i] = b.head[x]
		b.head[x] = int32(i)
		if i >= b.ahead {
			w.k.fetch(events[i].to)
		}
	}
}

// runNode runs several events of one node in their order, together with what
// the node makes for this window.
func (w *worker) runNode(events []event, last int32) {
	mine := w.block.mine[:0]
	for i := last; i >= 0; i = w.block.next[i] {
		mine = append(mine, events[i])
	}
	w.k.order.sort(mine)
	for i := range mine {
		for len(w.near) > 0 && w.k.order.less(&w.near[0], &mine[i]) {
			e := w.near.pop(w.k.order)
			w.run(&e)
		}
		w.run(&mine[i])
	}
	w.drainNear()
	clear(mine)
	w.block.mine = mine[:0]
}

// drainNear runs what the node made for this window.
func (w *worker) drainNear() {
	for len(w.near) > 0 {
		e := w.near.pop(w.k.order)
		w.run(&e)
	}
}

// sort puts events in the total order.
func (o order) sort(s []event) {
	if len(s) > 24 {
		slices.SortFunc(s, func(a, b event) int {
			if o.less(&a, &b) {
				return -1
			}
			return 1
		})
		return
	}
	for i := 1; i < len(s); i++ {
		if !o.less(&s[i], &s[i-1]) {
			continue
		}
		e := s[i]
		j := i
		for ; j > 0 && o.less(&e, &s[j-1]); j-- {
			s[j] = s[j-1]
		}
		s[j] = e
	}
}

// nextSlot is the first window that may hold events a worker made.
func (w *worker) nextSlot() int64 {
	slot := int64(never)
	for _, c := range w.out {
		slot = min(slot, c.next())
	}
	return slot
}
