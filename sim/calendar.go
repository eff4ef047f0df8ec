package sim

import "math/bits"

const (
	slotBits  = 10
	slots     = 1 << slotBits // slots within reach of the current one
	pageBits  = slotBits - 1  // a page is half of that, so that the next page is always within reach
	chunkSize = 30
)

// chunk is a piece of an unordered list of events.
type chunk struct {
	next *chunk
	n    int
	ev   [chunkSize]event
}

// chunkPool hands out chunks and takes them back.
type chunkPool struct{ free *chunk }

func (p *chunkPool) get() *chunk {
	if c := p.free; c != nil {
		p.free = c.next
		c.n = 0
		return c
	}
	batch := make([]chunk, 16)
	for i := 1; i < len(batch)-1; i++ {
		batch[i].next = &batch[i+1]
	}
	p.free = &batch[1]
	return &batch[0]
}

func (p *chunkPool) put(c *chunk) {
	c.next = p.free
	p.free = c
}

// calendar sorts events into slots of time, no further (after Brown, CACM 1988,
// with Varghese and Lauck's hierarchy, SOSP 1987): slots within reach, pages of
// slots beyond, and one list for what is farther still. Put costs a constant;
// each event moves at most once from its page to its slot.
//
// One worker owns a calendar and puts; another may take from the current slot
// at the same time, since nothing is ever put there.
type calendar struct {
	shift    uint  // a slot is 2^shift ns
	base     int64 // the current slot
	promoted int64 // the last page whose events are in their slots
	near     [slots]*chunk
	nearBits [slots / 64]uint64
	page     [slots]*chunk
	pageBits [slots / 64]uint64
	far      []event
	farPage  int64 // smallest page in far

	// spent holds the chunks that another worker took, for the owner's pool: in
	// one way traffic the takers' pools would swell for ever. The taker fills one
	// of them while the owner empties the other.
	spent [2]chunkList
}

// chunkList is a list of chunks that can be joined in one step.
type chunkList struct{ first, last *chunk }

func (l *chunkList) add(c *chunk) {
	if c.next = l.first; c.next == nil {
		l.last = c
	}
	l.first = c
}

// release moves the list to a pool.
func (l *chunkList) release(p *chunkPool) {
	if l.first != nil {
		l.last.next = p.free
		p.free = l.first
		l.first = nil
	}
}

func newCalendar(shift uint) *calendar {
	return &calendar{shift: shift, promoted: 1, farPage: 1 << 62}
}

// put adds an event that lies in a slot not before the current one.
func (c *calendar) put(pool *chunkPool, e *event) { *c.reserve(pool, e.at) = *e }

// reserve makes room for an event at a time in a slot not before the current
// one. The caller fills it, all of it: the room may hold an old event.
func (c *calendar) reserve(pool *chunkPool, at int64) *event {
	slot := at >> c.shift
	if slot-c.base < slots {
		i := slot & (slots - 1)
		c.nearBits[i>>6] |= 1 << (i & 63)
		return room(pool, &c.near[i])
	}
	return c.reservePage(pool, slot>>pageBits)
}

func (c *calendar) reservePage(pool *chunkPool, page int64) *event {
	if page-c.base>>pageBits < slots {
		i := page & (slots - 1)
		c.pageBits[i>>6] |= 1 << (i & 63)
		return room(pool, &c.page[i])
	}
	c.far = append(c.far, event{})
	c.farPage = min(c.farPage, page)
	return &c.far[len(c.far)-1]
}

// room is the next free place of a list.
func room(pool *chunkPool, list **chunk) *event {
	h := *list
	if h == nil || h.n == chunkSize {
		n := pool.get()
		n.next = h
		*list = n
		h = n
	}
	h.n++
	return &h.ev[h.n-1]
}

// next is the first slot from the current one on that may hold events; an empty
// calendar says never. It may name an empty slot ahead of a page, so that the
// page is in its slots before the first of them is taken.
func (c *calendar) next() int64 {
	slot := int64(never)
	if i := firstBit(&c.nearBits, c.base&(slots-1)); i >= 0 {
		slot = c.base + i
	}
	from := c.promoted + 1
	if i := firstBit(&c.pageBits, from&(slots-1)); i >= 0 {
		slot = min(slot, (from+i)<<pageBits-1)
	}
	if len(c.far) > 0 {
		slot = min(slot, max(c.base, c.farPage<<pageBits-1-(slots-2)<<pageBits))
	}
	return slot
}

const never = int64(1) << 61

// advance makes slot the current one. No slot that it passes holds events.
func (c *calendar) advance(pool *chunkPool, slot int64) {
	c.base = slot
	here := slot >> pageBits
	if len(c.far) > 0 && c.farPage-here < slots {
		c.sift(pool)
	}
	if here+1 > c.promoted {
		c.promoted = here + 1
		c.promote(pool, c.promoted&(slots-1))
	}
}

// promote moves a page's events into their slots.
func (c *calendar) promote(pool *chunkPool, i int64) {
	l := c.page[i]
	c.page[i] = nil
	c.pageBits[i>>6] &^= 1 << (i & 63)
	for l != nil {
		for j := range l.ev[:l.n] {
			c.put(pool, &l.ev[j])
		}
		n := l.next
		pool.put(l)
		l = n
	}
}

// sift moves what came within reach out of the far list.
func (c *calendar) sift(pool *chunkPool) {
	old := c.far
	c.far, c.farPage = old[:0], 1<<62
	for i := range old {
		e := old[i] // a copy: far is rewritten in place
		c.put(pool, &e)
	}
	clear(old[len(c.far):])
}

// take removes and returns the list of a slot, which is the current one.
func (c *calendar) take(slot int64) *chunk {
	i := slot & (slots - 1)
	l := c.near[i]
	if l != nil {
		c.near[i] = nil
	}
	return l
}

// took says that the current slot was taken. Only the owner calls it.
func (c *calendar) took() {
	i := c.base & (slots - 1)
	c.nearBits[i>>6] &^= 1 << (i & 63)
}

// drain removes all events and gives them to f, in no particular order.
func (c *calendar) drain(pool *chunkPool, f func(*event)) {
	lists := [2]*[slots]*chunk{&c.near, &c.page}
	for _, ls := range lists {
		for i, l := range ls {
			ls[i] = nil
			for l != nil {
				for j := range l.ev[:l.n] {
					f(&l.ev[j])
				}
				n := l.next
				pool.put(l)
				l = n
			}
		}
	}
	for i := range c.far {
		f(&c.far[i])
	}
	c.far, c.farPage = nil, 1<<62
	c.nearBits, c.pageBits = [slots / 64]uint64{}, [slots / 64]uint64{}
}

// firstBit returns how far behind from, around the ring, the first set bit is;
// -1 if there is none.
func firstBit(b *[slots / 64]uint64, from int64) int64 {
	w := from >> 6
	if x := b[w] >> (from & 63); x != 0 {
		return int64(bits.TrailingZeros64(x))
	}
	for i := int64(1); i <= slots/64; i++ {
		if x := b[(w+i)&(slots/64-1)]; x != 0 {
			return ((w+i)<<6 + int64(bits.TrailingZeros64(x)) - from) & (slots - 1)
		}
	}
	return -1
}

// startAt makes the slot of time t the current one of an empty calendar.
func (c *calendar) startAt(t int64) {
	c.base = t >> c.shift
	c.promoted = c.base>>pageBits + 1
}
