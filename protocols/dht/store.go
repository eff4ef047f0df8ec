package dht

import (
	"math/bits"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// store is what a node holds, for all its places: in memory, so a crash loses it.
// What survives does so as copies on other nodes.
type store struct {
	items  []Item // by key
	wards  []ward
	writes []write // a free slot has no asker
}

// ward is an arc of which another node is the owner and this one holds copies.
type ward struct {
	owner     Peer
	low, high uint64
	confirmed protocols.Time // when the owner last said so
}

// at is where a key is or belongs among the items.
func (s *store) at(key uint64) (int, bool) {
	return slices.BinarySearchFunc(s.items, key, func(it Item, k uint64) int { return order(it.Key, k) })
}

// get is what is held under a key.
func (s *store) get(key uint64) (Item, bool) {
	if i, ok := s.at(key); ok {
		return s.items[i], true
	}
	return Item{}, false
}

// keep stores an item, unless a version that is as new is held. It reports whether
// the item, or a newer one, is held now.
func (n *node) keep(env *protocols.Env, it Item) bool {
	i, ok := n.at(it.Key)
	switch {
	case ok && n.items[i].Version >= it.Version:
		return true
	case ok:
		n.items[i] = it
	case len(n.items) >= n.Capacity:
		return false
	default:
		n.items = slices.Insert(n.items, i, it)
	}
	env.Observe(Held, it.Key, it.Version)
	return true
}

// arc calls f for the items of the arc (low, high], in the order of the ring,
// until it returns false.
func (s *store) arc(low, high uint64, f func(it *Item) bool) {
	start, found := s.at(low)
	if found {
		start++
	}
	for k := range s.items {
		i := start + k
		if i >= len(s.items) {
			i -= len(s.items)
		}
		if !within(s.items[i].Key, low, high) || !f(&s.items[i]) {
			return
		}
	}
}

// summary is the number of items of an arc and a sum over their versions.
func (s *store) summary(low, high uint64) (count, sum uint64) {
	s.arc(low, high, func(it *Item) bool {
		count++
		sum += draw.Derive(it.Key, it.Version)
		return true
	})
	return count, sum
}

// serve answers a get or a put, for a key of the range of this place. A copy is
// read from, too, when its owner cannot be.
func (n *node) serve(env *protocols.Env, p *point, from protocols.NodeID, m *Message) {
	reply := &Message{kind: KindReply, Seq: m.Seq}
	owns := p.owns(m.Key)
	it, held := n.get(m.Key)
	switch {
	case !owns && !(m.kind == KindGet && held):
		reply.Status = Moved
		if p.pred != nobody {
			reply.Peers = []Peer{p.pred}
		}
	case m.kind == KindPut && n.readOnly:
		reply.Status = ReadOnly
	case p.unfilled && !(m.kind == KindGet && held):
		reply.Status = Again
	case m.kind == KindPut:
		n.write(env, p, from, m)
		return
	case held:
		reply.Version, reply.Value = it.Version, it.Value
	default:
		reply.Status = Missing
	}
	if owns && (reply.Status == OK || reply.Status == Missing) {
		env.Observe(Served, m.Key, p.self.pack())
	}
	env.Send(from, reply)
}

// write is a put that waits for its copies.
type write struct {
	asker   protocols.NodeID
	seq     uint32 // the asker's
	id      uint32 // its own
	missing int    // copies that have not answered
	failed  bool   // one of them has not been made
	version uint64
}

// maxWrites bounds the puts that wait at a node.
const maxWrites = 1024

// nextVersion is above a version, and no other node makes the same.
func nextVersion(v uint64, by protocols.NodeID) uint64 { return (v>>32+1)<<32 | uint64(by) }

// write stores a value and copies it to the next nodes; the asker is answered when
// all of them have it.
func (n *node) write(env *protocols.Env, p *point, from protocols.NodeID, m *Message) {
	reply := &Message{kind: KindReply, Seq: m.Seq}
	old, _ := n.get(m.Key)
	it := Item{m.Key, nextVersion(old.Version, n.self), m.Value}
	slot := slices.IndexFunc(n.writes, func(w write) bool { return w.id == 0 })
	switch {
	case slot < 0 && len(n.writes) == maxWrites, n.lacksHolders(p):
		reply.Status = Again
	case !n.keep(env, it):
		reply.Status = Full
	default:
		if slot < 0 {
			slot = len(n.writes)
			n.writes = append(n.writes, write{})
		}
		env.Observe(Served, m.Key, p.self.pack())
		n.seq++
		n.writes[slot] = write{from, m.Seq, max(n.seq, 1), 1, false, it.Version}
		id := n.writes[slot].id
		n.copyItem(env, p, &n.writes[slot], it)
		n.copied(env, id, true)
		return
	}
	env.Send(from, reply)
}

// copyItem sends an item to the nodes that have to hold a copy.
func (n *node) copyItem(env *protocols.Env, p *point, w *write, it Item) {
	for _, q := range n.holders(p) {
		m := &Message{kind: KindTransfer, From: p.self.Virtual, Low: n.lowEnd(p), High: p.place, Items: []Item{it}}
		if n.ask(env, call{purpose: toCopy, virtual: p.self.Virtual, to: q, of: w.id, message: m}) {
			w.missing++
		} else {
			w.failed = true
		}
	}
}

// holders are the next nodes on the ring that hold copies of a range: as many as
// there shall be, and are known.
func (n *node) holders(p *point) []Peer {
	list := make([]Peer, 0, n.Copies)
	for _, q := range p.successors {
		if len(list) == n.Copies {
			break
		}
		same := func(other Peer) bool { return other.Node == q.Node }
		if q.Node != n.self && !slices.ContainsFunc(list, same) && !n.failed(q.Node) {
			list = append(list, q)
		}
	}
	return list
}

// lacksHolders reports whether there are nodes to hold copies that this one does not
// know of yet, since those failed that it knew.
func (n *node) lacksHolders(p *point) bool {
	if len(n.holders(p)) == n.Copies {
		return false
	}
	failed := slices.ContainsFunc(p.successors, func(q Peer) bool { return n.failed(q.Node) })
	return failed || !p.small && len(p.successors) < n.Successors
}

// copied takes the answer of one who should hold a copy. A write of which a copy
// failed is asked for again: by then the successor that failed is replaced.
func (n *node) copied(env *protocols.Env, id uint32, ok bool) {
	i := slices.IndexFunc(n.writes, func(w write) bool { return w.id == id })
	if i < 0 || id == 0 {
		return
	}
	w := &n.writes[i]
	w.missing--
	w.failed = w.failed || !ok
	if w.missing > 0 {
		return
	}
	reply := &Message{kind: KindReply, Seq: w.seq, Version: w.version}
	if w.failed {
		reply.Status, reply.Version = Again, 0
	}
	env.Send(w.asker, reply)
	*w = write{}
}

// nextServer asks the peer that should be responsible, or after its silence the
// next.
func (n *node) nextServer(env *protocols.Env, seq uint32) {
	o := n.find(seq)
	switch {
	case o == nil || !o.found:
		return
	case len(o.next) == 0 || int(o.asked) > n.Copies+2:
		n.later(env, o)
		return
	}
	to := o.next[0]
	o.next = o.next[1:]
	o.asked++
	m := &Message{kind: KindGet, Key: o.key}
	if o.kind == opWrite {
		m.kind, m.Value = KindPut, o.value
	}
	if !n.ask(env, call{purpose: toServe, virtual: o.virtual, to: to, of: seq, message: m}) {
		n.later(env, o)
	}
}

// onReply takes the answer of the one who serves.
func (n *node) onReply(env *protocols.Env, c *call, m *Message) {
	o := n.find(c.of)
	switch {
	case o == nil || !o.found:
	case m.Status == OK && o.kind == opWrite:
		env.Observe(Wrote, o.key, m.Version)
		n.finish(env, o, c.to)
	case m.Status == OK || m.Status == Missing && o.kind == opRead:
		env.Observe(WasRead, o.key, m.Version)
		n.finish(env, o, c.to)
	case m.Status == ReadOnly || m.Status == Full:
		env.Observe(Refused, uint64(o.kind), o.key)
		n.end(env, o)
	case m.Status == Moved && len(m.Peers) > 0 && n.exists(m.Peers[0]) && bits.Len8(o.asked) < 5:
		o.next = append([]Peer{m.Peers[0]}, o.next...)
		n.nextServer(env, o.seq)
	default:
		n.later(env, o)
	}
}
