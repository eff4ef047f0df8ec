package pbft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/kv"
	"meshsim/protocols/wire"
)

// Reply is ⟨REPLY, v, t, c, i, r⟩ (section 4.1).
type Reply struct {
	head
	View      uint64
	Session   kv.Session
	Timestamp uint64
	Replica   protocols.NodeID
	Tentative bool // the request was executed before it had committed (section 5.1)
	Result    kv.Result
}

// Kind is KindReply.
func (m *Reply) Kind() protocols.Kind { return KindReply }

// AppendTo appends the wire form.
func (m *Reply) AppendTo(b []byte) []byte { return m.envelope(b, KindReply, m.body, nil) }

func (m *Reply) body(b []byte) []byte {
	b = wire.AppendUvarint(b, m.View)
	b = wire.AppendUvarint(b, uint64(m.Session))
	b = wire.AppendUvarint(b, m.Timestamp)
	b = wire.AppendUint32(b, uint32(m.Replica))
	b = wire.AppendBool(b, m.Tentative)
	b = wire.AppendUvarint(b, uint64(m.Result.Size()))
	return m.Result.AppendTo(b)
}

// String returns the client, its timestamp and the result.
func (m *Reply) String() string {
	what := "reply"
	if m.Tentative {
		what = "tentative reply"
	}
	return fmt.Sprintf("%s %d to %d: %v", what, m.Timestamp, m.Session.Node(), m.Result)
}

func readReply(r *reader) *Reply {
	m := &Reply{View: r.Uvarint(), Session: kv.Session(r.Uvarint()), Timestamp: r.Uvarint(),
		Replica: protocols.NodeID(r.Uint32()), Tentative: r.Bool()}
	x, err := kv.DecodeResult(r.Bytes(kv.MaxPayload + 100))
	if err != nil {
		r.Fail(err)
		return m
	}
	m.Result = x
	m.fix(KindReply, m.body(nil))
	m.prove(readProof(r), 0)
	return m
}
