package pbft

import (
	"fmt"
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// reader reads what all messages are made of.
type reader struct{ wire.Reader }

func (r *reader) fill(b []byte) {
	for i := range b {
		b[i] = r.Uint8()
	}
}

func (r *reader) digest() (d protocols.Digest) {
	r.fill(d[:])
	return d
}

func (r *reader) signature() (s protocols.Signature) {
	r.fill(s[:])
	return s
}

// bytes are a copy.
func (r *reader) bytes() []byte { return slices.Clone(r.Bytes(math.MaxInt)) }

// readSignature reads the proof of what must be signed.
func readSignature(r *reader) protocols.Signature {
	p := readProof(r)
	if p.form != bySignature {
		r.Fail(wire.ErrForm)
	}
	return p.signature
}

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := &reader{wire.NewChecked(b)}
	kind := protocols.Kind(r.Uint8())
	var m protocols.Message
	switch kind {
	case KindRequest:
		m = readRequest(r)
	case KindPrePrepare:
		m = readPrePrepare(r)
	case KindPrepare, KindCommit:
		m = readVote(kind, r)
	case KindReply:
		m = readReply(r)
	case KindCheckpoint:
		m = readCheckpoint(r)
	case KindViewChange:
		m = readViewChange(r)
	case KindNewView:
		m = readNewView(r)
	case KindStatus:
		m = readStatus(r)
	case KindFetch:
		m = readFetch(r)
	case KindBatch:
		m = newBatchMessage(r.Uvarint(), readBatch(r))
	case KindState:
		m = newState(r.Uvarint(), r.bytes())
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
		return nil, r.Close("pbft")
	}
	if err := r.Close("pbft " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}
