package pbft

import (
	"crypto/sha256"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Status tells what a replica has, so that others send what it lacks again (TOCS
// 2002, section 5.2). It is sent only by a replica that waits for something.
type Status struct {
	head
	Replica  protocols.NodeID
	View     uint64
	Pending  bool   // the replica waits for the new-view of View
	Stable   uint64 // its last stable checkpoint
	Executed uint64 // the last number that it executed
	First    uint64 // the first number that is open in this view
	Last     uint64 // the highest number with a proposal in this view
	Prepared uint64 // bit i: number First+i has prepared
}

// Kind is KindStatus.
func (m *Status) Kind() protocols.Kind { return KindStatus }

// AppendTo appends the wire form.
func (m *Status) AppendTo(b []byte) []byte { return m.envelope(b, KindStatus, m.body, nil) }

func (m *Status) body(b []byte) []byte {
	b = wire.AppendUint32(b, uint32(m.Replica))
	b = wire.AppendUvarint(b, m.View)
	b = wire.AppendBool(b, m.Pending)
	b = wire.AppendUvarint(b, m.Stable)
	b = wire.AppendUvarint(b, m.Executed)
	b = wire.AppendUvarint(b, m.First)
	b = wire.AppendUvarint(b, m.Last)
	return wire.AppendUvarint(b, m.Prepared)
}

// String returns what it tells.
func (m *Status) String() string {
	s := fmt.Sprintf("status view %d", m.View)
	if m.Pending {
		s = fmt.Sprintf("status waits for view %d", m.View)
	}
	return s + fmt.Sprintf(", stable %d, executed %d, open from %d to %d", m.Stable, m.Executed, m.First, m.Last)
}

func readStatus(r *reader) *Status {
	m := &Status{Replica: protocols.NodeID(r.Uint32()), View: r.Uvarint(), Pending: r.Bool(),
		Stable: r.Uvarint(), Executed: r.Uvarint(), First: r.Uvarint(), Last: r.Uvarint(), Prepared: r.Uvarint()}
	m.fix(KindStatus, m.body(nil))
	m.prove(readProof(r), 0)
	return m
}

// Fetch asks for the batch of a digest at a number, or for the state of a digest
// after a number.
type Fetch struct {
	head
	Replica  protocols.NodeID
	State    bool
	Sequence uint64
	Wanted   protocols.Digest
}

// Kind is KindFetch.
func (m *Fetch) Kind() protocols.Kind { return KindFetch }

// AppendTo appends the wire form.
func (m *Fetch) AppendTo(b []byte) []byte { return m.envelope(b, KindFetch, m.body, nil) }

func (m *Fetch) body(b []byte) []byte {
	b = wire.AppendUint32(b, uint32(m.Replica))
	b = wire.AppendBool(b, m.State)
	b = wire.AppendUvarint(b, m.Sequence)
	return append(b, m.Wanted[:]...)
}

// String returns what it asks for.
func (m *Fetch) String() string {
	if m.State {
		return fmt.Sprintf("fetch state %d, %016x", m.Sequence, short(m.Wanted))
	}
	return fmt.Sprintf("fetch batch %d, %s", m.Sequence, name(m.Wanted))
}

func readFetch(r *reader) *Fetch {
	m := &Fetch{Replica: protocols.NodeID(r.Uint32()), State: r.Bool(), Sequence: r.Uvarint(), Wanted: r.digest()}
	m.fix(KindFetch, m.body(nil))
	m.prove(readProof(r), 0)
	return m
}

// Batch answers a Fetch. It needs no signature: who asked knows the digest.
type Batch struct {
	size     int
	Sequence uint64
	batch    *batch
}

func newBatchMessage(sequence uint64, b *batch) *Batch {
	return &Batch{1 + wire.UvarintSize(sequence) + b.size + wire.ChecksumSize, sequence, b}
}

// Kind is KindBatch.
func (m *Batch) Kind() protocols.Kind { return KindBatch }

// Size is the length of the wire form.
func (m *Batch) Size() int { return m.size }

// AppendTo appends the wire form.
func (m *Batch) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindBatch)), m.Sequence)
	return wire.AppendChecksum(m.batch.appendTo(b), start)
}

// String returns number and digest.
func (m *Batch) String() string { return fmt.Sprintf("batch %d, %s", m.Sequence, name(m.batch.digest)) }

// State answers a Fetch with a snapshot. It needs no signature: who asked knows
// the digest.
type State struct {
	Sequence uint64
	Snapshot []byte
	digest   protocols.Digest // of the snapshot
}

func newState(sequence uint64, snapshot []byte) *State {
	return &State{sequence, snapshot, sha256.Sum256(snapshot)}
}

// Kind is KindState.
func (m *State) Kind() protocols.Kind { return KindState }

// Size is the length of the wire form.
func (m *State) Size() int {
	return 1 + wire.UvarintSize(m.Sequence) + wire.BytesSize(m.Snapshot) + wire.ChecksumSize
}

// AppendTo appends the wire form.
func (m *State) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindState)), m.Sequence)
	return wire.AppendChecksum(wire.AppendBytes(b, m.Snapshot), start)
}

// String returns number and digest.
func (m *State) String() string { return fmt.Sprintf("state %d, %016x", m.Sequence, short(m.digest)) }
