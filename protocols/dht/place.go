package dht

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Peer is a virtual node: one of the places of a node on the ring.
type Peer struct {
	Node    protocols.NodeID
	Virtual uint16
}

// nobody is no peer.
var nobody = Peer{Node: protocols.External}

// String returns the node, and the number of its place if that is not the first.
func (p Peer) String() string {
	switch {
	case p == nobody:
		return "nobody"
	case p.Virtual == 0:
		return fmt.Sprint(p.Node)
	}
	return fmt.Sprintf("%d/%d", p.Node, p.Virtual)
}

// pack is the peer as the value of an observation.
func (p Peer) pack() uint64 { return uint64(p.Node)<<16 | uint64(p.Virtual) }

// unpack is the peer that pack made.
func unpack(v uint64) Peer { return Peer{protocols.NodeID(v >> 16), uint16(v)} }

// placeKey is the root of all places on the ring.
const placeKey = 0x43686f7264 // "Chord"

// Place is where a peer stands on the ring of 64 bits (section 4.2, consistent
// hashing). It is a hash of the identity, so nobody has to be told of it. The
// paper's SHA-1 would give places that are as even.
func Place(p Peer) uint64 {
	return draw.Derive(draw.Derive(placeKey, uint64(p.Node)), uint64(p.Virtual))
}

// HashKey is the place of a key with this name.
func HashKey(name string) uint64 { return draw.DeriveString(placeKey, name) }

// within reports whether x lies on the arc (a, b]. The arc from a place to
// itself is the whole ring.
func within(x, a, b uint64) bool { return a == b || x != a && x-a <= b-a }

// inside reports whether x lies on the open arc (a, b).
func inside(x, a, b uint64) bool { return x != b && within(x, a, b) && x != a }

// spot is a peer with its place.
type spot struct {
	place uint64
	peer  Peer
}

// spots are all places of the nodes, in the order of the ring.
func spots(nodes []protocols.NodeID, virtual int) []spot {
	list := make([]spot, 0, len(nodes)*virtual)
	for _, id := range nodes {
		for v := range virtual {
			p := Peer{id, uint16(v)}
			list = append(list, spot{Place(p), p})
		}
	}
	slices.SortFunc(list, bySpot)
	return list
}

// bySpot orders by place; two peers at one place, of which there are hardly any,
// by their identity.
func bySpot(a, b spot) int {
	switch {
	case a.place != b.place:
		return order(a.place, b.place)
	default:
		return order(a.peer.pack(), b.peer.pack())
	}
}

func order(a, b uint64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// follows is the index of the first spot at or behind a place; that of the first
// of all if there is none.
func follows(ring []spot, place uint64) int {
	i, _ := slices.BinarySearchFunc(ring, place, func(s spot, x uint64) int { return order(s.place, x) })
	if i == len(ring) {
		return 0
	}
	return i
}
