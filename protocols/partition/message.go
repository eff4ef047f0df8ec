package partition

import (
	"crypto/sha256"
	"fmt"
	"math"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Epoch is the identity of a reign: a number that grows in the high 32 bits, the
// coordinator in the low ones. 0 is none.
type Epoch uint64

// NewEpoch returns the epoch of a coordinator, numbers count from 1.
func NewEpoch(number uint32, coordinator protocols.NodeID) Epoch {
	return Epoch(number)<<32 | Epoch(coordinator)
}

// Number grows from reign to reign.
func (e Epoch) Number() uint32 { return uint32(e >> 32) }

// Coordinator is who reigns.
func (e Epoch) Coordinator() protocols.NodeID { return protocols.NodeID(uint32(e)) }

// String returns number.coordinator, or none.
func (e Epoch) String() string {
	if e == 0 {
		return "none"
	}
	return fmt.Sprintf("%d.%d", e.Number(), uint32(e))
}

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindPing    protocols.Kind = iota // does the receiver hear the sender?
	KindPong                          // it does
	KindClaim                         // a coordinator claims to reign, and tells who forms its side
	KindPledge                        // a member stands by a claim, and tells whom it does not reach
	KindRelease                       // a coordinator gives up
)

var kindNames = []string{"ping", "pong", "claim", "pledge", "release"}

// signal is a message without content.
type signal struct{ kind protocols.Kind }

var ping, pong = &signal{KindPing}, &signal{KindPong}

// Claim is what a coordinator sends to all members, once a round.
type Claim struct {
	Epoch     Epoch
	Round     uint64 // from 1
	Confirmed uint64 // the last round for which a quorum of the side has pledged; 0: none
	Out       places // members that do not belong to the side
	Unheard   places // members who had not pledged to round Confirmed or a later one when this claim left
	Votes     []Vote // the pledges to the round before, if members may lie

	digest protocols.Digest // of all above, if members may lie
}

// Vote is a signature under a claim.
type Vote struct {
	Place     uint32
	Signature protocols.Signature
}

// Pledge answers a claim: for a lease, the sender stands by no other coordinator.
type Pledge struct {
	Epoch     Epoch
	Round     uint64
	Unreached places              // members that the sender does not reach
	Signature protocols.Signature // of the claim's digest; zero if nobody may lie
}

// Release ends a reign. Pledges to rounds after Confirmed are of no more use.
type Release struct {
	Epoch     Epoch
	Confirmed uint64
}

// Kind tells which signal it is.
func (m *signal) Kind() protocols.Kind { return m.kind }

// Kind is KindClaim.
func (*Claim) Kind() protocols.Kind { return KindClaim }

// Kind is KindPledge.
func (*Pledge) Kind() protocols.Kind { return KindPledge }

// Kind is KindRelease.
func (*Release) Kind() protocols.Kind { return KindRelease }

// Size is the length of the wire form.
func (*signal) Size() int { return 1 + wire.ChecksumSize }

// AppendTo appends the kind.
func (m *signal) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(append(b, byte(m.kind)), len(b))
}

// String returns the kind.
func (m *signal) String() string { return kindNames[m.kind] }

const voteSize = 4 + len(protocols.Signature{})

// Size is the length of the wire form.
func (m *Claim) Size() int {
	return 1 + wire.UvarintSize(uint64(m.Epoch)) + wire.UvarintSize(m.Round) + wire.UvarintSize(m.Confirmed) + m.Out.size() + m.Unheard.size() +
		wire.UvarintSize(uint64(len(m.Votes))) + len(m.Votes)*voteSize + wire.ChecksumSize
}

// AppendTo appends the kind and the fields in order.
func (m *Claim) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(m.body(b), len(b))
}

func (m *Claim) body(b []byte) []byte {
	b = wire.AppendUvarint(append(b, byte(KindClaim)), uint64(m.Epoch))
	b = wire.AppendUvarint(wire.AppendUvarint(b, m.Round), m.Confirmed)
	b = m.Unheard.appendTo(m.Out.appendTo(b))
	b = wire.AppendUvarint(b, uint64(len(m.Votes)))
	for i := range m.Votes {
		b = wire.AppendUint32(b, m.Votes[i].Place)
		b = append(b, m.Votes[i].Signature[:]...)
	}
	return b
}

// seal sets the digest.
func (m *Claim) seal() *Claim {
	m.digest = sha256.Sum256(m.body(nil))
	return m
}

// String returns the epoch and the round, and what is told of the side.
func (m *Claim) String() string {
	s := fmt.Sprintf("claim %v round %d", m.Epoch, m.Round)
	if m.Confirmed > 0 {
		s += fmt.Sprintf(" confirmed %d", m.Confirmed)
	}
	return s + listed(" out", m.Out) + listed(" unheard", m.Unheard)
}

func listed(what string, s places) string {
	if len(s) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(what)
	s.each(math.MaxInt, func(p int) { fmt.Fprintf(&b, " %d", p) })
	return b.String()
}

// Size is the length of the wire form.
func (m *Pledge) Size() int {
	return 1 + wire.UvarintSize(uint64(m.Epoch)) + wire.UvarintSize(m.Round) + m.Unreached.size() + 1 + m.signatureSize() + wire.ChecksumSize
}

func (m *Pledge) signed() bool { return m.Signature != protocols.Signature{} }

func (m *Pledge) signatureSize() int {
	if m.signed() {
		return len(m.Signature)
	}
	return 0
}

// AppendTo appends the kind and the fields in order.
func (m *Pledge) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindPledge)), uint64(m.Epoch))
	b = m.Unreached.appendTo(wire.AppendUvarint(b, m.Round))
	b = wire.AppendBool(b, m.signed())
	return wire.AppendChecksum(append(b, m.Signature[:m.signatureSize()]...), start)
}

// String returns the epoch, the round, and whom the sender does not reach.
func (m *Pledge) String() string {
	return fmt.Sprintf("pledge %v round %d", m.Epoch, m.Round) + listed(" unreached", m.Unreached)
}

// Size is the length of the wire form.
func (m *Release) Size() int {
	return 1 + wire.UvarintSize(uint64(m.Epoch)) + wire.UvarintSize(m.Confirmed) + wire.ChecksumSize
}

// AppendTo appends the kind and the fields in order.
func (m *Release) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindRelease)), uint64(m.Epoch))
	return wire.AppendChecksum(wire.AppendUvarint(b, m.Confirmed), start)
}

// String returns the epoch and the round that stands.
func (m *Release) String() string {
	return fmt.Sprintf("release %v confirmed %d", m.Epoch, m.Confirmed)
}
