package dht

import (
	"slices"

	"meshsim/protocols"
)

// repair compares each range with its copies, and drops what the node has to hold
// no longer.
func (n *node) repair(env *protocols.Env) {
	for v := range n.points {
		p := &n.points[v]
		if !p.joined || n.left || len(n.items) == 0 || p.pred == nobody || p.unfilled {
			continue
		}
		low := Place(p.pred)
		if p.successor() == p.self {
			low = p.place
		}
		count, sum := n.summary(low, p.place)
		if count == 0 {
			continue
		}
		for _, q := range n.holders(p) {
			m := &Message{kind: KindSummary, From: p.self.Virtual, Low: low, High: p.place, Count: count, Sum: sum}
			n.ask(env, call{purpose: toSummarise, virtual: p.self.Virtual, to: q, message: m})
		}
		n.nextMove(env, p)
	}
	n.clean(env)
}

// onSummary says whether the copies of a range are those that the owner has.
func (n *node) onSummary(env *protocols.Env, from protocols.NodeID, m *Message) {
	n.confirm(env, Peer{from, m.From}, m.Low, m.High)
	count, sum := n.summary(m.Low, m.High)
	status := OK
	if count != m.Count || sum != m.Sum {
		status = Differs
	}
	env.Send(from, &Message{kind: KindTaken, Seq: m.Seq, Status: status})
}

// maxWards bounds the arcs that a node holds copies of.
const maxWards = 1024

// confirm notes that a node holds copies of an arc, as its owner says. An owner
// has one range.
func (n *node) confirm(env *protocols.Env, owner Peer, low, high uint64) {
	i := slices.IndexFunc(n.wards, func(w ward) bool { return w.owner == owner })
	if i < 0 {
		if len(n.wards) == maxWards {
			return
		}
		i = len(n.wards)
		n.wards = append(n.wards, ward{})
	}
	n.wards[i] = ward{owner, low, high, env.Now}
}

// promise is confirm with an arc of which a part has been sent before.
func (n *node) promise(env *protocols.Env, owner Peer, low, high uint64) {
	for i := range n.wards {
		if w := &n.wards[i]; w.owner == owner && w.high == high {
			w.confirmed = env.Now
			return
		}
	}
	n.confirm(env, owner, low, high)
}

// keptFor is how many repairs an owner may miss before its copies are dropped.
const keptFor = 6

// clean forgets arcs that no owner has confirmed of late, and offers an item that
// is in no other, nor in the node's own ranges, to who is responsible for it. While
// a place does not know its range, all are kept.
func (n *node) clean(env *protocols.Env) {
	n.wards = slices.DeleteFunc(n.wards, func(w ward) bool {
		return env.Now-w.confirmed > keptFor*protocols.Time(n.Repair)
	})
	for v := range n.points {
		p := &n.points[v]
		if !p.joined || p.pred == nobody || p.unfilled || len(p.moves) > 0 {
			return
		}
	}
	if i := slices.IndexFunc(n.items, func(it Item) bool { return !n.concerned(it.Key) }); i >= 0 && !n.offering && !n.left {
		n.offering = true
		n.begin(env, operation{kind: opOffer, key: n.items[i].Key})
	}
}

// offer sends the owner of a key all that it owns and this node does not have to
// hold, as far as one message carries.
func (n *node) offer(env *protocols.Env, key uint64, owner Peer) {
	var items []Item
	n.arc(key-1, Place(owner), func(it *Item) bool {
		if !n.concerned(it.Key) {
			items = append(items, *it)
		}
		return len(items) < maxItems
	})
	m := &Message{kind: KindTransfer, Items: items}
	if owner.Node == n.self || len(items) == 0 || !n.ask(env, call{purpose: toOffer, to: owner, message: m}) {
		n.offering = false
	}
}

// offered drops what the owner has taken, and looks for more.
func (n *node) offered(env *protocols.Env, c *call, ok bool) {
	n.offering = false
	if !ok {
		return
	}
	for _, it := range c.message.Items {
		if i, held := n.at(it.Key); held && n.items[i].Version <= it.Version && !n.concerned(it.Key) {
			n.items = slices.Delete(n.items, i, i+1)
			env.Observe(Dropped, it.Key, it.Version)
		}
	}
	n.clean(env)
}

// concerned reports whether the node has to hold a key.
func (n *node) concerned(key uint64) bool {
	for v := range n.points {
		if n.points[v].owns(key) {
			return true
		}
	}
	return slices.ContainsFunc(n.wards, func(w ward) bool { return within(key, w.low, w.high) })
}
