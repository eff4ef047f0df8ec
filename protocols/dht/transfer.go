package dht

import (
	"slices"

	"meshsim/protocols"
)

// move sends the items of an arc to a peer, batch by batch, each when the one
// before has arrived.
type move struct {
	to        Peer
	low, high uint64
	handOver  bool // the peer becomes responsible; else it gets copies
	leaving   bool // the place is left when all is sent
	began     bool
}

// maxBatch is about how many bytes of values a transfer carries.
const maxBatch = 16 << 10

// batch are the next items of a move, and whether they are the last.
func (n *node) batch(m *move) (list []Item, last bool) {
	size, last := 0, true
	n.arc(m.low, m.high, func(it *Item) bool {
		if len(list) == maxItems || size > maxBatch {
			last = false
			return false
		}
		list = append(list, *it)
		size += len(it.Value)
		return true
	})
	return list, last
}

// maxMoves bounds what waits to be sent from a place.
const maxMoves = 20

// startMove adds a move, unless there is one to the same peer for the same reason.
// A hand-over goes before copies.
func (n *node) startMove(env *protocols.Env, p *point, m move) {
	same := func(x move) bool { return x.to == m.to && x.handOver == m.handOver }
	if slices.ContainsFunc(p.moves, same) || len(p.moves) == maxMoves {
		return
	}
	p.moves = append(p.moves, m)
	if m.handOver && len(p.moves) > 2 {
		last := len(p.moves) - 1
		p.moves = slices.Insert(p.moves[:last], 1, m)
	}
	n.nextMove(env, p)
}

// nextMove sends the next batch of the first move, if none is under way.
func (n *node) nextMove(env *protocols.Env, p *point) {
	if len(p.moves) == 0 || p.moves[0].began {
		return
	}
	m := &p.moves[0]
	m.began = true
	items, last := n.batch(m)
	message := &Message{kind: KindTransfer, From: p.self.Virtual, Flag: last && m.handOver, Low: m.low, High: m.high, Items: items}
	if !n.ask(env, call{purpose: toMove, virtual: p.self.Virtual, to: m.to, message: message}) {
		m.began = false // the next repair or notice tries again
	}
}

// moved goes on when a batch has arrived.
func (n *node) moved(env *protocols.Env, p *point, c *call, answer *Message) {
	if len(p.moves) == 0 || p.moves[0].to != c.to || !p.moves[0].began {
		return
	}
	m := &p.moves[0]
	sent := c.message.Items
	if answer.Status != OK {
		n.moveFailed(env, p, c.to)
		return
	}
	if k := len(sent); k > 0 {
		m.low = sent[k-1].Key
	}
	m.began = false
	if items, _ := n.batch(m); len(items) > 0 && m.low != m.high {
		n.nextMove(env, p)
		return
	}
	done := *m
	p.moves = slices.Delete(p.moves, 0, 1)
	if done.leaving {
		n.depose(env, p)
		n.stopIfOut(env)
		return
	}
	n.nextMove(env, p)
}

// moveFailed gives a move up. Copies are made at the next repair, a hand-over when
// its peer notifies again; who leaves tries the next successor.
func (n *node) moveFailed(env *protocols.Env, p *point, to Peer) {
	if len(p.moves) == 0 || p.moves[0].to != to || !p.moves[0].began {
		return
	}
	leaving := p.moves[0].leaving
	p.moves = slices.Delete(p.moves, 0, 1)
	if leaving {
		n.dropSuccessor(env, p, to)
		if p.successor() == p.self {
			n.depose(env, p)
			n.stopIfOut(env)
			return
		}
		n.startMove(env, p, move{to: p.successor(), low: n.lowEnd(p), high: p.place, leaving: true})
		return
	}
	n.nextMove(env, p)
}

// cancelMoves drops what was meant for a peer that is not the predecessor any
// more.
func (n *node) cancelMoves(p *point, to Peer) {
	p.moves = slices.DeleteFunc(p.moves, func(m move) bool { return m.to == to && m.handOver && !m.began })
}

// handOver sends the new predecessor the keys that are its own now: those of the
// range that the place had until then, or without such a range, all that are not
// in its own now.
func (n *node) handOver(env *protocols.Env, p *point, to, old Peer) {
	low := p.place
	if old != nobody && old != to && !p.owes(old) {
		low = Place(old)
	}
	n.startMove(env, p, move{to: to, low: low, high: Place(to), handOver: true})
}

// owes reports whether a hand-over to a peer is not done yet.
func (p *point) owes(to Peer) bool {
	return slices.ContainsFunc(p.moves, func(m move) bool { return m.to == to && m.handOver })
}

// onTransfer stores what another node sends: a range that is handed over, or
// copies. With the last of a range from the successor the place may answer for it.
func (n *node) onTransfer(env *protocols.Env, p *point, from protocols.NodeID, m *Message) {
	answer := &Message{kind: KindTaken, Seq: m.Seq}
	for _, it := range m.Items {
		if !n.keep(env, it) {
			answer.Status = Full
		}
	}
	if len(m.Items) > 0 && !m.Flag && (m.Low != m.High || p.owns(m.Items[0].Key)) {
		n.promise(env, Peer{from, m.From}, m.Low, m.High)
	}
	if m.Flag && p.unfilled && p.successor() == (Peer{from, m.From}) {
		n.fill(env, p)
	}
	env.Send(from, answer)
}

// fill lets a place answer for its range.
func (n *node) fill(env *protocols.Env, p *point) {
	p.unfilled = false
	env.Observe(Filled, p.place, p.self.pack())
}

// copyTo sends a peer the keys of the own range.
func (n *node) copyTo(env *protocols.Env, p *point, to Peer) {
	if p.joined && p.pred != nobody && !n.left {
		n.startMove(env, p, move{to: to, low: Place(p.pred), high: p.place})
	}
}
