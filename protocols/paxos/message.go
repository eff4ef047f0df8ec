package paxos

import (
	"fmt"
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Ballot is the number of a proposal: a round in the high 32 bits, the proposer
// in the low ones. 0 is none.
type Ballot uint64

// NewBallot returns the ballot of a proposer in a round, counted from 1.
func NewBallot(round uint32, proposer protocols.NodeID) Ballot {
	return Ballot(round)<<32 | Ballot(proposer)
}

// Round is the ballot's round.
func (b Ballot) Round() uint32 { return uint32(b >> 32) }

// String returns round.proposer, or none.
func (b Ballot) String() string {
	if b == 0 {
		return "none"
	}
	return fmt.Sprintf("%d.%d", b.Round(), uint32(b))
}

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindPrepare  protocols.Kind = iota // promise to accept nothing below Ballot
	KindPromise                        // Ballot is promised; Other with Value was accepted before
	KindAccept                         // accept Value in Ballot
	KindAccepted                       // Value was accepted in Ballot
	KindReject                         // Ballot is below Other, which was promised
	KindDecided                        // Value is the decision
	KindPropose                        // from outside: decide on Value
)

var kindNames = []string{"prepare", "promise", "accept", "accepted", "reject", "decided", "propose"}

// Which fields a kind carries.
var hasBallot, hasOther, hasValue = [...]bool{true, true, true, true, true, false, false},
	[...]bool{false, true, false, false, true, false, false},
	[...]bool{false, true, true, true, false, true, true}

// Message is a message of any kind. What its kind does not carry is zero.
type Message struct {
	kind   protocols.Kind
	Ballot Ballot
	Other  Ballot // another ballot that the acceptor knows, 0 if none
	Value  []byte // never changed
}

// NewPropose returns a message from outside that asks a node to have value
// decided. It takes value over.
func NewPropose(value []byte) *Message { return &Message{kind: KindPropose, Value: value} }

// Kind tells the message's kind.
func (m *Message) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Message) Size() int {
	n := 1 + wire.ChecksumSize
	if hasBallot[m.kind] {
		n += wire.UvarintSize(uint64(m.Ballot))
	}
	if hasOther[m.kind] {
		n += wire.UvarintSize(uint64(m.Other))
	}
	if hasValue[m.kind] {
		n += wire.BytesSize(m.Value)
	}
	return n
}

// AppendTo appends the kind, then what it carries of Ballot, Other and Value.
func (m *Message) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	if hasBallot[m.kind] {
		b = wire.AppendUvarint(b, uint64(m.Ballot))
	}
	if hasOther[m.kind] {
		b = wire.AppendUvarint(b, uint64(m.Other))
	}
	if hasValue[m.kind] {
		b = wire.AppendBytes(b, m.Value)
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind and what it carries.
func (m *Message) String() string {
	s := kindNames[m.kind]
	if hasBallot[m.kind] {
		s += " " + m.Ballot.String()
	}
	if hasOther[m.kind] {
		s += ", " + m.Other.String()
	}
	if hasValue[m.kind] {
		s += fmt.Sprintf(" %q", m.Value)
	}
	return s
}

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	m := &Message{kind: protocols.Kind(r.Uint8())}
	if int(m.kind) >= len(kindNames) {
		r.Fail(fmt.Errorf("unknown kind %d", m.kind))
		return nil, r.Close("paxos")
	}
	if hasBallot[m.kind] {
		m.Ballot = Ballot(r.Uvarint())
	}
	if hasOther[m.kind] {
		m.Other = Ballot(r.Uvarint())
	}
	if hasValue[m.kind] {
		m.Value = slices.Clone(r.Bytes(math.MaxInt))
	}
	if err := r.Close("paxos " + kindNames[m.kind]); err != nil {
		return nil, err
	}
	return m, nil
}

// ReadRumor returns the decision that a rumor carries; ok is false if it is a
// rumor about something else.
func ReadRumor(data []byte) (value []byte, ok bool) {
	m, err := decode(data)
	if err != nil || m.Kind() != KindDecided {
		return nil, false
	}
	return m.(*Message).Value, true
}
