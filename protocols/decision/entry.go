package decision

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Limits of a proposal.
const (
	maxSubject = 64      // bytes
	maxPayload = 1 << 20 // bytes
)

// ID is the identity of a proposal: its proposer in the high 32 bits, the
// proposer's number for it, from 1, in the low ones.
type ID uint64

// NewID returns the identity of a proposer's proposal.
func NewID(proposer protocols.NodeID, number uint32) ID { return ID(proposer)<<32 | ID(number) }

// Proposer is who proposed.
func (id ID) Proposer() protocols.NodeID { return protocols.NodeID(id >> 32) }

// String returns proposer/number.
func (id ID) String() string { return fmt.Sprintf("%d/%d", uint32(id.Proposer()), uint32(id)) }

// Outcome is what became of a proposal.
type Outcome uint8

// The outcomes.
const (
	Open Outcome = iota // not decided
	Approved
	Rejected
)

var outcomeNames = [...]string{"open", "approved", "rejected"}

// String returns the outcome's name.
func (o Outcome) String() string {
	if int(o) >= len(outcomeNames) {
		return "unknown"
	}
	return outcomeNames[o]
}

// The kinds of entries of the order, which are also those of records on disk.
// The first byte tells them from what other protocols have ordered, the last four
// are the CRC-32C of all before.
const (
	proposalEntry uint8 = 0xd1
	verdictEntry  uint8 = 0xd2
)

// Proposal asks for a decision. It is never changed.
type Proposal struct {
	ID        ID
	Subject   string           // what it is about
	Target    protocols.NodeID // where it goes
	Payload   []byte
	Signature protocols.Signature // the proposer's, of the digest

	digest protocols.Digest // of all above but the signature
}

func (p *Proposal) body(b []byte) []byte {
	b = append(b, proposalEntry)
	b = wire.AppendUint64(b, uint64(p.ID))
	b = wire.AppendBytes(b, p.Subject)
	b = wire.AppendUint32(b, uint32(p.Target))
	return wire.AppendBytes(b, p.Payload)
}

// seal sets the digest.
func (p *Proposal) seal() *Proposal {
	p.digest = sha256.Sum256(p.body(nil))
	return p
}

func (p *Proposal) encode() []byte {
	return wire.AppendChecksum(append(p.body(nil), p.Signature[:]...), 0)
}

func (p *Proposal) size() int {
	return 1 + 8 + wire.BytesSize(p.Subject) + 4 + wire.BytesSize(p.Payload) + len(p.Signature) + wire.ChecksumSize
}

func decodeProposal(b []byte) (*Proposal, error) {
	r := wire.NewChecked(b)
	p := &Proposal{}
	if k := r.Uint8(); k != proposalEntry {
		r.Fail(fmt.Errorf("kind %x is no proposal", k))
	}
	p.ID = ID(r.Uint64())
	p.Subject = r.String(maxSubject)
	p.Target = protocols.NodeID(r.Uint32())
	p.Payload = slices.Clone(r.Bytes(maxPayload))
	readFixed(&r, p.Signature[:])
	if err := r.Close("proposal"); err != nil {
		return nil, err
	}
	return p.seal(), nil
}

// Ballot is a vote of one voter, which the verdict names.
type Ballot struct {
	Voter     protocols.NodeID
	Signature protocols.Signature // of ballotDigest
}

// Verdict says how a proposal was decided, and by whom. It is never changed.
type Verdict struct {
	ID      ID
	Digest  protocols.Digest // of the proposal
	Outcome Outcome
	Ballots []Ballot // by voter, ascending
}

// ballotDigest is what a voter signs.
func ballotDigest(proposal protocols.Digest, outcome Outcome) protocols.Digest {
	return sha256.Sum256(append(append([]byte("decision ballot "), proposal[:]...), byte(outcome)))
}

const ballotSize = 4 + len(protocols.Signature{})

func (v *Verdict) size() int {
	return 1 + 8 + len(v.Digest) + 1 + wire.UvarintSize(uint64(len(v.Ballots))) + len(v.Ballots)*ballotSize + wire.ChecksumSize
}

func (v *Verdict) encode() []byte {
	b := append(make([]byte, 0, v.size()), verdictEntry)
	b = wire.AppendUint64(b, uint64(v.ID))
	b = append(b, v.Digest[:]...)
	b = append(b, byte(v.Outcome))
	b = wire.AppendUvarint(b, uint64(len(v.Ballots)))
	for i := range v.Ballots {
		b = wire.AppendUint32(b, uint32(v.Ballots[i].Voter))
		b = append(b, v.Ballots[i].Signature[:]...)
	}
	return wire.AppendChecksum(b, 0)
}

func decodeVerdict(b []byte) (*Verdict, error) {
	r := wire.NewChecked(b)
	v := &Verdict{}
	if k := r.Uint8(); k != verdictEntry {
		r.Fail(fmt.Errorf("kind %x is no verdict", k))
	}
	v.ID = ID(r.Uint64())
	readFixed(&r, v.Digest[:])
	if v.Outcome = Outcome(r.Uint8()); v.Outcome != Approved && v.Outcome != Rejected {
		r.Fail(fmt.Errorf("outcome %d is none", v.Outcome))
	}
	v.Ballots = make([]Ballot, r.Count(ballotSize))
	for i := range v.Ballots {
		x := &v.Ballots[i]
		x.Voter = protocols.NodeID(r.Uint32())
		readFixed(&r, x.Signature[:])
		if i > 0 && x.Voter <= v.Ballots[i-1].Voter {
			r.Fail(wire.ErrForm)
		}
	}
	if err := r.Close("verdict"); err != nil {
		return nil, err
	}
	return v, nil
}

// readFixed fills to with bytes that have no length in front.
func readFixed(r *wire.Reader, to []byte) {
	for i := range to {
		to[i] = r.Uint8()
	}
}
