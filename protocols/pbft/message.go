package pbft

import (
	"crypto/sha256"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindRequest    protocols.Kind = iota // a client asks for an operation
	KindPrePrepare                       // the primary gives a batch of requests a number
	KindPrepare                          // a backup agrees to the number
	KindCommit                           // a replica has a prepared certificate
	KindReply                            // the result of a request
	KindCheckpoint                       // the digest of the state at a number
	KindViewChange                       // a replica wants another primary
	KindNewView                          // the new primary begins its view
	KindStatus                           // what a replica has and lacks
	KindFetch                            // a replica asks for a batch or a state that it knows by digest
	KindBatch                            // the batch that was asked for
	KindState                            // the state that was asked for
)

var kindNames = []string{"request", "pre-prepare", "prepare", "commit", "reply", "checkpoint",
	"view-change", "new-view", "status", "fetch", "batch", "state"}

// none is the kind of authentication of what is proved by something else.
const (
	bySignature = iota
	byTags
	byNothing
)

// proof shows who made a message: a signature, or a tag for each replica in the
// order of their places, or nothing where what is around the message is signed
// or the content is known by its digest.
type proof struct {
	form      uint8
	signature protocols.Signature
	tags      []protocols.Tag
}

func (p *proof) size() int {
	switch p.form {
	case bySignature:
		return 1 + len(p.signature)
	case byTags:
		return 1 + wire.UvarintSize(uint64(len(p.tags))) + len(p.tags)*len(protocols.Tag{})
	}
	return 1
}

func (p *proof) appendTo(b []byte) []byte {
	b = append(b, p.form)
	switch p.form {
	case bySignature:
		b = append(b, p.signature[:]...)
	case byTags:
		b = wire.AppendUvarint(b, uint64(len(p.tags)))
		for i := range p.tags {
			b = append(b, p.tags[i][:]...)
		}
	}
	return b
}

func readProof(r *reader) (p proof) {
	p.form = r.Uint8()
	switch p.form {
	case bySignature:
		p.signature = r.signature()
	case byTags:
		p.tags = make([]protocols.Tag, r.Count(len(protocols.Tag{})))
		for i := range p.tags {
			r.fill(p.tags[i][:])
		}
	case byNothing:
	default:
		r.Fail(wire.ErrForm)
	}
	return p
}

// head is what all messages have. Digest and size are computed once, when the
// message is made or read, so that a thousand receivers of one message compute
// nothing.
type head struct {
	proof
	digest protocols.Digest // of the kind and all that is proved
	size   int              // of the wire form
}

// Digest is what the sender signed, or made tags of.
func (h *head) Digest() protocols.Digest { return h.digest }

// Size is the length of the wire form.
func (h *head) Size() int { return h.size }

// fix computes the digest. body is what the kind carries, without the proof.
func (h *head) fix(kind protocols.Kind, body []byte) {
	d := sha256.New()
	d.Write([]byte{byte(kind)})
	d.Write(body)
	d.Sum(h.digest[:0])
	h.size = 1 + len(body) + wire.ChecksumSize
}

// prove completes a message: the proof is known, and what follows it.
func (h *head) prove(p proof, more int) {
	h.proof = p
	h.size += p.size() + more
}

// envelope appends the wire form: kind, body, proof, what more there is, checksum.
func (h *head) envelope(b []byte, kind protocols.Kind, body, more func([]byte) []byte) []byte {
	start := len(b)
	b = body(append(b, byte(kind)))
	b = h.proof.appendTo(b)
	if more != nil {
		b = more(b)
	}
	return wire.AppendChecksum(b, start)
}

// short is how observations and texts tell digests apart.
func short(d protocols.Digest) uint64 {
	r := wire.NewReader(d[:])
	return r.Uint64()
}
