package heartbeat

import (
	"crypto/sha256"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindBeat     protocols.Kind = iota // the sender is alive
	KindPing                           // the same, and asks for a beat
	KindAccuse                         // a signed accusation, which asks for others'
	KindConfirm                        // a signed accusation, in answer to one
	KindVerdict                        // a quorum of accusations of one peer
	KindRevival                        // a signed word of a peer that it is alive in a new incarnation
	KindProbe                          // SWIM's ping
	KindAck                            // answers it
	KindIndirect                       // SWIM's ping-req: asks the receiver to ping somebody
	KindNack                           // Lifeguard: that one has not answered
	KindSync                           // all that a member knows of the others, and asks for the same
	KindState                          // answers it
)

var kindNames = []string{"beat", "ping", "accuse", "confirm", "verdict", "revival",
	"swim-ping", "swim-ack", "swim-ping-req", "swim-nack", "swim-sync", "swim-state"}

// Beat is a heartbeat. Its kind is KindBeat or KindPing.
type Beat struct {
	kind        protocols.Kind
	Incarnation uint32
	Sequence    uint32         // the interval of this incarnation in which it leaves, counted from 1
	Sent        protocols.Time // when that interval began, on the sender's clock
}

// Kind returns KindBeat or KindPing.
func (m *Beat) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Beat) Size() int {
	return 1 + wire.UvarintSize(uint64(m.Incarnation)) + wire.UvarintSize(uint64(m.Sequence)) + 8 + wire.ChecksumSize
}

// AppendTo appends kind, incarnation, sequence and time.
func (m *Beat) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	b = wire.AppendUvarint(b, uint64(m.Incarnation))
	b = wire.AppendUvarint(b, uint64(m.Sequence))
	b = wire.AppendUint64(b, uint64(m.Sent))
	return wire.AppendChecksum(b, start)
}

// String returns the kind, and incarnation and sequence.
func (m *Beat) String() string {
	return fmt.Sprintf("%s %d/%d", kindNames[m.kind], m.Incarnation, m.Sequence)
}

// Accusation is the signed word of a member that a peer is silent.
type Accusation struct {
	By          protocols.NodeID
	Incarnation uint32 // of the peer, or a higher one
	Signature   protocols.Signature
}

const accusationSize = 4 + 4 + 64 // bytes on the wire

func (a *Accusation) appendTo(b []byte) []byte {
	b = wire.AppendUint32(b, uint32(a.By))
	b = wire.AppendUint32(b, a.Incarnation)
	return append(b, a.Signature[:]...)
}

func readAccusation(r *wire.Reader) (a Accusation) {
	a.By = protocols.NodeID(r.Uint32())
	a.Incarnation = readIncarnation(r, r.Uint32())
	readSignature(r, &a.Signature)
	return a
}

// Accuse is an accusation on its way. Its kind is KindAccuse or KindConfirm.
type Accuse struct {
	kind protocols.Kind
	Peer protocols.NodeID
	Accusation
}

// Kind returns KindAccuse or KindConfirm.
func (m *Accuse) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Accuse) Size() int { return 1 + 4 + accusationSize + wire.ChecksumSize }

// AppendTo appends kind, peer and accusation.
func (m *Accuse) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	b = wire.AppendUint32(b, uint32(m.Peer))
	return wire.AppendChecksum(m.Accusation.appendTo(b), start)
}

// String tells who is accused by whom.
func (m *Accuse) String() string {
	return fmt.Sprintf("%s %d/%d by %d", kindNames[m.kind], m.Peer, m.Incarnation, m.By)
}

// Verdict proves that a quorum has accused a peer.
type Verdict struct {
	Peer        protocols.NodeID
	Incarnation uint32
	Accusations []Accusation // ascending by accuser, of this incarnation or a later one
}

// Kind returns KindVerdict.
func (m *Verdict) Kind() protocols.Kind { return KindVerdict }

// Size is the length of the wire form.
func (m *Verdict) Size() int {
	n := len(m.Accusations)
	return 1 + 4 + 4 + wire.UvarintSize(uint64(n)) + n*accusationSize + wire.ChecksumSize
}

// AppendTo appends kind, peer, incarnation and the accusations.
func (m *Verdict) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(KindVerdict))
	b = wire.AppendUint32(b, uint32(m.Peer))
	b = wire.AppendUint32(b, m.Incarnation)
	b = wire.AppendUvarint(b, uint64(len(m.Accusations)))
	for i := range m.Accusations {
		b = m.Accusations[i].appendTo(b)
	}
	return wire.AppendChecksum(b, start)
}

// String tells whom it is about, and how many confirm it.
func (m *Verdict) String() string {
	return fmt.Sprintf("verdict %d/%d signed by %d members", m.Peer, m.Incarnation, len(m.Accusations))
}

// Revival is a peer's word that it is alive.
type Revival struct {
	Peer        protocols.NodeID
	Incarnation uint32
	Signature   protocols.Signature
}

// Kind returns KindRevival.
func (m *Revival) Kind() protocols.Kind { return KindRevival }

// Size is the length of the wire form.
func (m *Revival) Size() int { return 1 + 4 + 4 + 64 + wire.ChecksumSize }

// AppendTo appends kind, peer, incarnation and signature.
func (m *Revival) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(KindRevival))
	b = wire.AppendUint32(b, uint32(m.Peer))
	b = wire.AppendUint32(b, m.Incarnation)
	return wire.AppendChecksum(append(b, m.Signature[:]...), start)
}

// String tells who lives in which incarnation.
func (m *Revival) String() string { return fmt.Sprintf("revival %d/%d", m.Peer, m.Incarnation) }

// digest is what is signed about a peer: the word, the peer, and its incarnation.
func digest(word byte, peer protocols.NodeID, incarnation uint32) protocols.Digest {
	b := append([]byte("heartbeat "), word)
	b = wire.AppendUint32(b, uint32(peer))
	return sha256.Sum256(wire.AppendUint32(b, incarnation))
}

// The words that are signed.
const (
	silent = 's' // an accuser's
	lives  = 'l' // of the peer itself
)
