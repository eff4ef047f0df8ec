package pbft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// PrePrepare gives a batch a number (section 4.2): ⟨PRE-PREPARE, v, n, d⟩ of the
// primary, with the batch behind it. Certificates and new views hold it without
// the batch, which its proof does not cover but by the digest.
type PrePrepare struct {
	head
	View, Sequence uint64
	Batch          protocols.Digest
	Primary        protocols.NodeID
	batch          *batch // nil: not carried
}

func newPrePrepare(view, sequence uint64, d protocols.Digest, primary protocols.NodeID) *PrePrepare {
	m := &PrePrepare{View: view, Sequence: sequence, Batch: d, Primary: primary}
	var b [64]byte
	m.fix(KindPrePrepare, m.body(b[:0]))
	return m
}

// carry completes the message: with its proof and, unless that is nil, the batch.
func (m *PrePrepare) carry(p proof, b *batch) *PrePrepare {
	m.batch = b
	m.prove(p, m.batchSize())
	return m
}

// Requests are the requests of the batch.
func (m *PrePrepare) Requests() []*Request {
	if m.batch == nil {
		return nil
	}
	return m.batch.requests
}

// Kind is KindPrePrepare.
func (m *PrePrepare) Kind() protocols.Kind { return KindPrePrepare }

// AppendTo appends the wire form.
func (m *PrePrepare) AppendTo(b []byte) []byte {
	return m.envelope(b, KindPrePrepare, m.body, m.appendBatch)
}

func (m *PrePrepare) body(b []byte) []byte {
	b = wire.AppendUvarint(b, m.View)
	b = wire.AppendUvarint(b, m.Sequence)
	b = append(b, m.Batch[:]...)
	return wire.AppendUint32(b, uint32(m.Primary))
}

func (m *PrePrepare) batchSize() int {
	if m.batch == nil {
		return 1
	}
	return 1 + m.batch.size
}

func (m *PrePrepare) appendBatch(b []byte) []byte {
	b = wire.AppendBool(b, m.batch != nil)
	if m.batch != nil {
		b = m.batch.appendTo(b)
	}
	return b
}

// String returns view, number and digest.
func (m *PrePrepare) String() string {
	return fmt.Sprintf("pre-prepare %d of view %d, %s", m.Sequence, m.View, name(m.Batch))
}

// name is how texts call a batch.
func name(d protocols.Digest) string {
	if d == null.digest {
		return "null"
	}
	return fmt.Sprintf("%016x", short(d))
}

func readPrePrepare(r *reader) *PrePrepare {
	m := newPrePrepare(r.Uvarint(), r.Uvarint(), r.digest(), protocols.NodeID(r.Uint32()))
	p := readProof(r)
	var b *batch
	if r.Bool() {
		b = readBatch(r)
	}
	return m.carry(p, b)
}

// Vote is a prepare ⟨PREPARE, v, n, d, i⟩ or a commit ⟨COMMIT, v, n, d, i⟩
// (section 4.2).
type Vote struct {
	head
	kind           protocols.Kind
	View, Sequence uint64
	Batch          protocols.Digest
	Replica        protocols.NodeID
}

func newVote(kind protocols.Kind, view, sequence uint64, d protocols.Digest, replica protocols.NodeID) *Vote {
	m := &Vote{kind: kind, View: view, Sequence: sequence, Batch: d, Replica: replica}
	var b [64]byte
	m.fix(kind, m.body(b[:0]))
	return m
}

// Kind is KindPrepare or KindCommit.
func (m *Vote) Kind() protocols.Kind { return m.kind }

// AppendTo appends the wire form.
func (m *Vote) AppendTo(b []byte) []byte { return m.envelope(b, m.kind, m.body, nil) }

func (m *Vote) body(b []byte) []byte {
	b = wire.AppendUvarint(b, m.View)
	b = wire.AppendUvarint(b, m.Sequence)
	b = append(b, m.Batch[:]...)
	return wire.AppendUint32(b, uint32(m.Replica))
}

// String returns kind, view, number and digest.
func (m *Vote) String() string {
	return fmt.Sprintf("%s %d of view %d, %s", kindNames[m.kind], m.Sequence, m.View, name(m.Batch))
}

func readVote(kind protocols.Kind, r *reader) *Vote {
	m := newVote(kind, r.Uvarint(), r.Uvarint(), r.digest(), protocols.NodeID(r.Uint32()))
	m.prove(readProof(r), 0)
	return m
}
