package pbft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// certificate shows that a batch prepared at a number in a view: the pre-prepare
// and matching prepares of other replicas, together a quorum (section 4.2). With
// tags it is a claim that says the same and proves nothing.
type certificate struct {
	proposal *PrePrepare // its batch is not part of the certificate
	prepares []*Vote     // of different replicas; none with tags
}

func (c *certificate) appendTo(b []byte) []byte {
	b = c.proposal.body(b)
	b = wire.AppendUvarint(b, uint64(len(c.prepares)))
	if len(c.prepares) > 0 {
		b = append(b, c.proposal.signature[:]...)
	}
	for _, v := range c.prepares {
		b = wire.AppendUint32(b, uint32(v.Replica))
		b = append(b, v.signature[:]...)
	}
	return b
}

func readCertificate(r *reader) *certificate {
	p := newPrePrepare(r.Uvarint(), r.Uvarint(), r.digest(), protocols.NodeID(r.Uint32()))
	c := &certificate{proposal: p, prepares: make([]*Vote, r.Count(4+64))}
	if len(c.prepares) == 0 {
		p.carry(proof{form: byNothing}, nil)
		return c
	}
	p.carry(proof{signature: r.signature()}, nil)
	for i := range c.prepares {
		v := newVote(KindPrepare, p.View, p.Sequence, p.Batch, protocols.NodeID(r.Uint32()))
		v.prove(proof{signature: r.signature()}, 0)
		c.prepares[i] = v
	}
	return c
}

// minCertificate is the least size of one.
const minCertificate = 1 + 1 + 32 + 4 + 1

// accepted says that a replica took a pre-prepare at a number, and the last view
// in which it was this batch: an element of the set Q of the 2002 paper.
type accepted struct {
	sequence, view uint64
	batch          protocols.Digest
}

// ViewChange is ⟨VIEW-CHANGE, v+1, n, C, P, i⟩ (section 4.4). With tags, P holds
// claims, and Q and the checkpoints that the replica has made stand for the
// proofs (TOCS 2002, section 3.2.4). It is always signed.
type ViewChange struct {
	head
	View     uint64
	Stable   stable         // n and C
	Prepared []*certificate // P, by ascending number
	Accepted []accepted     // Q, by ascending number and view; none with signatures
	Made     []stable       // checkpoints above n that the replica has made, without proofs; none with signatures
	Replica  protocols.NodeID
}

// Kind is KindViewChange.
func (m *ViewChange) Kind() protocols.Kind { return KindViewChange }

// AppendTo appends the wire form.
func (m *ViewChange) AppendTo(b []byte) []byte { return m.envelope(b, KindViewChange, m.body, nil) }

func (m *ViewChange) body(b []byte) []byte {
	b = wire.AppendUvarint(b, m.View)
	b = wire.AppendUint32(b, uint32(m.Replica))
	b = m.Stable.appendTo(b)
	b = wire.AppendUvarint(b, uint64(len(m.Prepared)))
	for _, c := range m.Prepared {
		b = c.appendTo(b)
	}
	b = wire.AppendUvarint(b, uint64(len(m.Accepted)))
	for _, a := range m.Accepted {
		b = wire.AppendUvarint(wire.AppendUvarint(b, a.sequence), a.view)
		b = append(b, a.batch[:]...)
	}
	b = wire.AppendUvarint(b, uint64(len(m.Made)))
	for i := range m.Made {
		b = m.Made[i].appendTo(b)
	}
	return b
}

// String returns the view, the stable checkpoint and the prepared numbers.
func (m *ViewChange) String() string {
	s := fmt.Sprintf("view-change to %d, stable %d, prepared", m.View, m.Stable.sequence)
	if len(m.Prepared) == 0 {
		return s + " nothing"
	}
	for _, c := range m.Prepared {
		s += fmt.Sprintf(" %d", c.proposal.Sequence)
	}
	return s
}

func readViewChange(r *reader) *ViewChange {
	m := &ViewChange{View: r.Uvarint(), Replica: protocols.NodeID(r.Uint32()), Stable: readStable(r)}
	m.Prepared = make([]*certificate, r.Count(minCertificate))
	for i := range m.Prepared {
		m.Prepared[i] = readCertificate(r)
	}
	m.Accepted = make([]accepted, r.Count(1+1+32))
	for i := range m.Accepted {
		m.Accepted[i] = accepted{r.Uvarint(), r.Uvarint(), r.digest()}
	}
	m.Made = make([]stable, r.Count(1+32+1))
	for i := range m.Made {
		m.Made[i] = readStable(r)
	}
	m.fixed()
	m.seal(readSignature(r))
	return m
}

// fixed computes the digest, for the signature.
func (m *ViewChange) fixed() protocols.Digest {
	m.fix(KindViewChange, m.body(nil))
	return m.digest
}

// seal adds the signature.
func (m *ViewChange) seal(s protocols.Signature) { m.prove(proof{signature: s}, 0) }

// NewView is ⟨NEW-VIEW, v+1, V, O⟩ (section 4.4), always signed.
type NewView struct {
	head
	View        uint64
	ViewChanges []*ViewChange // V, by ascending place of the replica
	Proposals   []*PrePrepare // O, by ascending number, without batches
	Primary     protocols.NodeID
}

// Kind is KindNewView.
func (m *NewView) Kind() protocols.Kind { return KindNewView }

// AppendTo appends the wire form.
func (m *NewView) AppendTo(b []byte) []byte { return m.envelope(b, KindNewView, m.body, nil) }

func (m *NewView) body(b []byte) []byte {
	b = wire.AppendUvarint(b, m.View)
	b = wire.AppendUint32(b, uint32(m.Primary))
	b = wire.AppendUvarint(b, uint64(len(m.ViewChanges)))
	for _, v := range m.ViewChanges {
		b = v.proof.appendTo(v.body(b))
	}
	b = wire.AppendUvarint(b, uint64(len(m.Proposals)))
	for _, p := range m.Proposals {
		b = p.proof.appendTo(p.body(b))
	}
	return b
}

// String returns the view, whose view-changes it rests on, and what it proposes.
func (m *NewView) String() string {
	s := fmt.Sprintf("new-view %d of", m.View)
	for _, v := range m.ViewChanges {
		s += fmt.Sprintf(" %d", v.Replica)
	}
	for _, p := range m.Proposals {
		s += fmt.Sprintf(", %d %s", p.Sequence, name(p.Batch))
	}
	return s
}

func readNewView(r *reader) *NewView {
	m := &NewView{View: r.Uvarint(), Primary: protocols.NodeID(r.Uint32())}
	m.ViewChanges = make([]*ViewChange, r.Count(minViewChange))
	for i := range m.ViewChanges {
		m.ViewChanges[i] = readViewChange(r)
	}
	m.Proposals = make([]*PrePrepare, r.Count(1+1+32+4+1))
	for i := range m.Proposals {
		m.Proposals[i] = newPrePrepare(r.Uvarint(), r.Uvarint(), r.digest(), protocols.NodeID(r.Uint32())).carry(readProof(r), nil)
	}
	m.fixed()
	m.seal(readSignature(r))
	return m
}

// minViewChange is the least size of one in a new-view.
const minViewChange = 1 + 4 + (1 + 32 + 1) + 1 + 1 + 1 + 1 + 64

// fixed computes the digest, for the signature.
func (m *NewView) fixed() protocols.Digest {
	m.fix(KindNewView, m.body(nil))
	return m.digest
}

// seal adds the signature.
func (m *NewView) seal(s protocols.Signature) { m.prove(proof{signature: s}, 0) }
