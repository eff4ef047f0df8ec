package decision

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindPropose protocols.Kind = iota // from outside: propose that Subject goes to Target
	KindVote                          // a voter's vote
	KindAsk                           // from outside: how is Subject? From a member: what have I missed?
	KindReport                        // a proposal, its verdict, and its place in the order
)

var kindNames = []string{"propose", "vote", "ask", "report"}

// Propose asks a voter to propose something.
type Propose struct {
	Subject string
	Target  protocols.NodeID
	Payload int // bytes
}

// NewPropose returns a message from outside that asks a voter to propose that
// subject, of at most 64 bytes, goes to target, with a payload of so many bytes.
func NewPropose(subject string, target protocols.NodeID, payload int) *Propose {
	return &Propose{subject[:min(len(subject), maxSubject)], target, min(max(payload, 0), maxPayload)}
}

// Kind tells the message's kind.
func (m *Propose) Kind() protocols.Kind { return KindPropose }

// Size is the length of the wire form.
func (m *Propose) Size() int {
	return 1 + wire.BytesSize(m.Subject) + 4 + wire.UvarintSize(uint64(m.Payload)) + wire.ChecksumSize
}

// AppendTo appends the subject, the target and the length of the payload.
func (m *Propose) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendBytes(append(b, byte(KindPropose)), m.Subject)
	b = wire.AppendUint32(b, uint32(m.Target))
	return wire.AppendChecksum(wire.AppendUvarint(b, uint64(m.Payload)), start)
}

// String returns the message as traces print it.
func (m *Propose) String() string { return fmt.Sprintf("propose %s to %d", m.Subject, m.Target) }

// Vote is a voter's vote.
type Vote struct {
	ID        ID
	Digest    protocols.Digest // of the proposal
	Outcome   Outcome          // that the voter wants
	Signature protocols.Signature
}

// Kind tells the message's kind.
func (m *Vote) Kind() protocols.Kind { return KindVote }

// Size is the length of the wire form.
func (m *Vote) Size() int { return 1 + 8 + len(m.Digest) + 1 + len(m.Signature) + wire.ChecksumSize }

// AppendTo appends the proposal's identity and digest, the outcome and the signature.
func (m *Vote) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint64(append(b, byte(KindVote)), uint64(m.ID))
	b = append(append(b, m.Digest[:]...), byte(m.Outcome))
	return wire.AppendChecksum(append(b, m.Signature[:]...), start)
}

// String returns the message as traces print it.
func (m *Vote) String() string {
	if m.Outcome == Approved {
		return fmt.Sprintf("vote for %v", m.ID)
	}
	return fmt.Sprintf("vote against %v", m.ID)
}

// Ask is a question: from outside about a subject, from a member about what it
// has missed.
type Ask struct {
	Subject string
	Place   uint64 // the last verdict that the member knows …
	Count   uint64 // … and how many it knows up to there
}

// NewAsk returns a message from outside that asks a member what was decided on a
// subject. It answers by observing what it knows.
func NewAsk(subject string) *Ask { return &Ask{Subject: subject[:min(len(subject), maxSubject)]} }

// Kind tells the message's kind.
func (m *Ask) Kind() protocols.Kind { return KindAsk }

// Size is the length of the wire form.
func (m *Ask) Size() int {
	return 1 + wire.BytesSize(m.Subject) + wire.UvarintSize(m.Place) + wire.UvarintSize(m.Count) + wire.ChecksumSize
}

// AppendTo appends the subject, the place and the count.
func (m *Ask) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendBytes(append(b, byte(KindAsk)), m.Subject)
	b = wire.AppendUvarint(b, m.Place)
	return wire.AppendChecksum(wire.AppendUvarint(b, m.Count), start)
}

// String returns the message as traces print it.
func (m *Ask) String() string {
	if m.Subject != "" {
		return "ask about " + m.Subject
	}
	return fmt.Sprintf("ask beyond %d up to %d", m.Count, m.Place)
}

// Report tells what was decided, with the proof.
type Report struct {
	Place    uint64 // of the verdict in the order
	Proposal *Proposal
	Verdict  *Verdict
}

// Kind tells the message's kind.
func (m *Report) Kind() protocols.Kind { return KindReport }

// Size is the length of the wire form.
func (m *Report) Size() int {
	p, v := m.Proposal.size(), m.Verdict.size()
	return 1 + wire.UvarintSize(m.Place) + wire.UvarintSize(uint64(p)) + p + wire.UvarintSize(uint64(v)) + v + wire.ChecksumSize
}

// AppendTo appends the place, the proposal and the verdict.
func (m *Report) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindReport)), m.Place)
	b = wire.AppendBytes(b, m.Proposal.encode())
	return wire.AppendChecksum(wire.AppendBytes(b, m.Verdict.encode()), start)
}

// String returns the message as traces print it.
func (m *Report) String() string {
	return fmt.Sprintf("report %v %v at %d", m.Verdict.ID, m.Verdict.Outcome, m.Place)
}

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	k := protocols.Kind(r.Uint8())
	var m protocols.Message
	switch {
	case r.Err() != nil:
		return nil, r.Close("decision")
	case k == KindPropose:
		m = &Propose{r.String(maxSubject), protocols.NodeID(r.Uint32()), int(r.UvarintMax(maxPayload))}
	case k == KindVote:
		m = decodeVote(&r)
	case k == KindAsk:
		m = &Ask{r.String(maxSubject), r.Uvarint(), r.Uvarint()}
	case k == KindReport:
		m = decodeReport(&r)
	default:
		r.Fail(fmt.Errorf("unknown kind %d", k))
		return nil, r.Close("decision")
	}
	if err := r.Close("decision " + kindNames[k]); err != nil {
		return nil, err
	}
	return m, nil
}

func decodeVote(r *wire.Reader) *Vote {
	m := &Vote{ID: ID(r.Uint64())}
	readFixed(r, m.Digest[:])
	if m.Outcome = Outcome(r.Uint8()); m.Outcome != Approved && m.Outcome != Rejected {
		r.Fail(fmt.Errorf("outcome %d is none", m.Outcome))
	}
	readFixed(r, m.Signature[:])
	return m
}

func decodeReport(r *wire.Reader) *Report {
	m := &Report{Place: r.Uvarint()}
	var err error
	if m.Proposal, err = decodeProposal(slices.Clone(r.Bytes(2 * maxPayload))); err != nil {
		r.Fail(err)
	}
	if m.Verdict, err = decodeVerdict(r.Bytes(2 * maxPayload)); err != nil {
		r.Fail(err)
	}
	if r.Err() == nil && (m.Proposal.ID != m.Verdict.ID || m.Proposal.digest != m.Verdict.Digest) {
		r.Fail(fmt.Errorf("the verdict of %v is not that of %v", m.Verdict.ID, m.Proposal.ID))
	}
	return m
}
