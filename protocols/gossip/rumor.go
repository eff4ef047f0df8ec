package gossip

import (
	"fmt"
	"hash/crc32"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// ID is the identity of a rumor: the node that published it in the high 32
// bits, that node's sequence number in the low ones. A node's sequence numbers
// only grow; see counter.
type ID uint64

// NewID returns the identity of the rumor that origin publishes as sequence.
func NewID(origin protocols.NodeID, sequence uint32) ID {
	return ID(origin)<<32 | ID(sequence)
}

// Origin is the node that published the rumor.
func (id ID) Origin() protocols.NodeID { return protocols.NodeID(id >> 32) }

// Sequence is the origin's number for the rumor.
func (id ID) Sequence() uint32 { return uint32(id) }

// String returns origin/sequence.
func (id ID) String() string { return fmt.Sprintf("%d/%d", id.Origin(), id.Sequence()) }

// Rumor is a piece of news. It is immutable and shared by all who hold it.
type Rumor struct {
	ID      ID
	Payload []byte
	digest  uint32 // CRC-32C of the payload, for checkers
	// stub has the same identity and no payload: what a node keeps of a rumor
	// that it no longer spreads.
	stub *Rumor
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// newRumor takes payload over.
func newRumor(id ID, payload []byte) *Rumor {
	digest := crc32.Checksum(payload, castagnoli)
	stub := &Rumor{ID: id, digest: digest}
	stub.stub = stub
	return &Rumor{id, payload, digest, stub}
}

func (r *Rumor) size() int {
	return uvarintSize32(uint32(r.ID.Origin())) + uvarintSize32(r.ID.Sequence()) + wire.BytesSize(r.Payload)
}

func uvarintSize32(v uint32) int { return wire.UvarintSize(uint64(v)) }
