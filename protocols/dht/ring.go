package dht

import "meshsim/protocols"

// Ring is the places of nodes in their order: consistent hashing, for who knows all
// nodes and looks up nothing. It is never changed, so nodes share it.
type Ring struct{ spots []spot }

// NewRing returns the ring on which each node has so many places.
func NewRing(nodes []protocols.NodeID, virtual int) *Ring { return &Ring{spots(nodes, virtual)} }

// Behind calls f for the node at or behind a key, and for those that follow it, until
// f returns false or the ring is through. A node with several places comes as often.
func (r *Ring) Behind(key uint64, f func(id protocols.NodeID) bool) {
	if len(r.spots) == 0 {
		return
	}
	i := follows(r.spots, key)
	for range r.spots {
		if !f(r.spots[i].peer.Node) {
			return
		}
		if i++; i == len(r.spots) {
			i = 0
		}
	}
}
