package gossip

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// A batch is the content of a message with rumors. Nodes that spread the same
// rumors share one: as long as a node has nothing to add to or take from the
// batch in which it got its rumors, it sends that one on and allocates nothing.
type batch struct {
	list []*Rumor
	size int // of the wire form of a Rumors with this content

	push, exchange, answer Rumors // the messages with this content
}

// nothing is the batch of a node that spreads no rumor.
var nothing = newBatch(nil)

// newBatch takes list over.
func newBatch(list []*Rumor) *batch {
	b := &batch{list: list, size: 1 + wire.UvarintSize(uint64(len(list))) + wire.ChecksumSize}
	for _, r := range list {
		b.size += r.size()
	}
	b.push = Rumors{KindPush, b}
	b.exchange = Rumors{KindExchange, b}
	b.answer = Rumors{KindAnswer, b}
	return b
}

// What a message needs at most besides its rumors: kind, count and checksum; and
// a message with one rumor besides the payload: origin, sequence and length.
const (
	batchOverhead = 1 + 5 + 4
	maxOverhead   = batchOverhead + 5 + 5 + 5
)

// current returns the batch of all that the node spreads.
func (n *node) current() *batch {
	if n.batch != nil {
		return n.batch
	}
	b, whole := n.pack()
	if whole {
		n.batch = b
	}
	return b
}

// pack makes a batch of the hot rumors that are not to be skipped, in the order
// of learning; whole is false if not all of them fit into a message.
func (n *node) pack() (b *batch, whole bool) {
	var list []*Rumor
	bytes := batchOverhead
	for i := range n.held {
		if h := &n.held[i]; h.state&(hot|skip) == hot {
			list = append(list, h.rumor)
			bytes += h.rumor.size()
		}
	}
	if len(list) == 0 {
		return nothing, true
	}
	if n.fits(len(list), bytes) {
		return newBatch(list), true
	}
	return newBatch(n.choose(list[:0])), false
}

// choose appends what fits into a message to list: the rumors that were sent
// least, among them the newest, first.
func (n *node) choose(list []*Rumor) []*Rumor {
	order := make([]uint64, 0, cap(list))
	for i := range n.held {
		if h := &n.held[i]; h.state&(hot|skip) == hot {
			order = append(order, uint64(h.sends)<<32|uint64(^uint32(i)))
		}
	}
	slices.Sort(order)
	bytes := batchOverhead
	for _, o := range order {
		h := &n.held[^uint32(o)]
		size := h.rumor.size()
		if !n.fits(len(list)+1, bytes+size) {
			if len(list) == n.MaxMessageRumors {
				break
			}
			continue
		}
		bytes += size
		h.sends += min(1, ^h.sends) // saturates
		list = append(list, h.rumor)
	}
	return list
}

// fits reports whether the node may spread so many rumors in one message.
func (n *node) fits(count, bytes int) bool {
	return count <= min(n.MaxMessageRumors, n.MaxRumors) && bytes <= n.MaxMessageBytes
}

// fresh is the number of rumors learned in this cycle, if cycles count.
func (n *node) fresh(env *protocols.Env) (count int) {
	if !n.synchronous {
		return 0
	}
	now := n.cycleAt(env.Now)
	for count < len(n.held) && n.held[len(n.held)-1-count].cycle == now {
		count++
	}
	return count
}

// packWithout packs all but what the other knows and what was learned last.
func (n *node) packWithout(known *batch, old int) *batch {
	for i := old; i < len(n.held); i++ {
		n.held[i].state |= skip
	}
	for _, r := range known.list {
		if h := n.find(r.ID); h != nil {
			h.state |= skip
		}
	}
	b, _ := n.pack()
	for i := range n.held {
		n.held[i].state &^= skip
	}
	return b
}
