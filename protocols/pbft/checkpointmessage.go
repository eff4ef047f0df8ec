package pbft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Checkpoint is ⟨CHECKPOINT, n, d, i⟩ (section 4.3): the digest of the state
// after the batch of that number.
type Checkpoint struct {
	head
	Sequence uint64
	State    protocols.Digest
	Replica  protocols.NodeID
}

func newCheckpoint(sequence uint64, state protocols.Digest, replica protocols.NodeID) *Checkpoint {
	m := &Checkpoint{Sequence: sequence, State: state, Replica: replica}
	m.fix(KindCheckpoint, m.body(nil))
	return m
}

// Kind is KindCheckpoint.
func (m *Checkpoint) Kind() protocols.Kind { return KindCheckpoint }

// AppendTo appends the wire form.
func (m *Checkpoint) AppendTo(b []byte) []byte { return m.envelope(b, KindCheckpoint, m.body, nil) }

func (m *Checkpoint) body(b []byte) []byte {
	b = wire.AppendUvarint(b, m.Sequence)
	b = append(b, m.State[:]...)
	return wire.AppendUint32(b, uint32(m.Replica))
}

// String returns number and digest.
func (m *Checkpoint) String() string {
	return fmt.Sprintf("checkpoint %d, %016x", m.Sequence, short(m.State))
}

func readCheckpoint(r *reader) *Checkpoint {
	m := newCheckpoint(r.Uvarint(), r.digest(), protocols.NodeID(r.Uint32()))
	m.prove(readProof(r), 0)
	return m
}

// stable is a checkpoint with its proof: the checkpoint messages of a quorum.
// Number 0 needs none. With tags nothing can be proved to others, and the proof
// is only as good as who says that it was seen.
type stable struct {
	sequence uint64
	state    protocols.Digest
	proof    []*Checkpoint
}

func (s *stable) appendTo(b []byte) []byte {
	b = wire.AppendUvarint(b, s.sequence)
	b = append(b, s.state[:]...)
	b = wire.AppendUvarint(b, uint64(len(s.proof)))
	for _, c := range s.proof {
		b = wire.AppendUint32(b, uint32(c.Replica))
		b = append(b, c.signature[:]...)
	}
	return b
}

func readStable(r *reader) (s stable) {
	s.sequence, s.state = r.Uvarint(), r.digest()
	s.proof = make([]*Checkpoint, r.Count(4+64))
	for i := range s.proof {
		c := newCheckpoint(s.sequence, s.state, protocols.NodeID(r.Uint32()))
		c.prove(proof{signature: r.signature()}, 0)
		s.proof[i] = c
	}
	return s
}
