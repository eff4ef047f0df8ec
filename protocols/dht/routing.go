package dht

import "slices"

// Section 4.3, scalable key location. Figure 4 of the paper:
//
//	n.find_successor(id): if id is in (n, successor] return successor; else ask
//	the closest preceding finger
//
// is done in steps, so that either the asker or the node on the way can go on
// around a peer that does not answer.

// alternatives is how many peers a step names: the closest that precedes the key,
// and others before it for the case that it has failed.
const alternatives = 3

// step is what a place knows of a key: final, the peers that follow it; else some
// that precede it more closely, the closest first.
func (n *node) step(p *point, key uint64) (final bool, peers []Peer) {
	if p.pred != nobody && within(key, Place(p.pred), p.place) {
		return true, append([]Peer{p.self}, p.successors[:min(len(p.successors), maxPeers-1)]...)
	}
	if within(key, p.place, Place(p.successor())) {
		return true, p.successors
	}
	if n.Table == "full" {
		return false, n.preceding(p, key)
	}
	return false, n.closest(p, key)
}

// closest are the known peers that most closely precede a key, those that are
// suspected last.
func (n *node) closest(p *point, key uint64) []Peer {
	best := make([]Peer, 0, alternatives)
	var places [alternatives]uint64 // distance from p, less for suspects
	consider := func(q Peer) {
		if q == nobody || !inside(Place(q), p.place, key) || slices.Contains(best, q) {
			return
		}
		rank := Place(q) - p.place
		if n.suspected(q.Node) {
			rank = 0
		}
		at := len(best)
		for at > 0 && places[at-1] < rank {
			at--
		}
		if at == alternatives {
			return
		}
		if len(best) < alternatives {
			best = best[:len(best)+1]
		}
		copy(best[at+1:], best[at:])
		copy(places[at+1:], places[at:])
		best[at], places[at] = q, rank
	}
	for _, q := range p.fingers {
		consider(q)
	}
	for _, q := range p.successors {
		consider(q)
	}
	return best
}

// nearest is the place of the node that most closely precedes a key, nil if it
// has not joined yet.
func (n *node) nearest(key uint64) *point {
	var best *point
	for v := range n.points {
		p := &n.points[v]
		if p.joined && (best == nil || key-1-p.place < key-1-best.place) {
			best = p
		}
	}
	return best
}

// known are the peers that a place can fall back on when all its successors are
// gone, in the order of the ring.
func (n *node) known(p *point) []Peer {
	var list []Peer
	for i := len(p.fingers) - 1; i >= 0; i-- {
		if q := p.fingers[i]; q != nobody && !n.failed(q.Node) {
			list = append(list, q)
		}
	}
	if p.pred != nobody && !n.failed(p.pred.Node) {
		list = append(list, p.pred)
	}
	return list
}
