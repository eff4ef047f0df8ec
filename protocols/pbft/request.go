package pbft

import (
	"crypto/sha256"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/kv"
	"meshsim/protocols/wire"
)

// Request is ⟨REQUEST, o, t, c⟩ (section 4.1), signed by the client. The command
// holds the operation and, as its session and sequence number, the client and
// its timestamp. A client may have several sessions, each with one request under
// way.
type Request struct {
	head
	Command  kv.Command
	ReadOnly bool   // to be answered at once, without a number (section 5.1)
	Event    []byte // what another protocol on a replica's node wants to have a place in the order; nil: none
}

// NewRequest makes a request of env's node, which must be the command's session's.
func NewRequest(env *protocols.Env, c kv.Command, readOnly bool) *Request {
	return (&Request{Command: c, ReadOnly: readOnly}).signed(env)
}

// newEventRequest makes a request of a replica.
func newEventRequest(env *protocols.Env, c kv.Command, event []byte) *Request {
	return (&Request{Command: c, Event: event}).signed(env)
}

func (m *Request) signed(env *protocols.Env) *Request {
	m.fix(KindRequest, m.body(nil))
	m.prove(proof{signature: env.Sign(m.digest)}, 0)
	return m
}

// Client is who signed.
func (m *Request) Client() protocols.NodeID { return m.Command.Session.Node() }

// writes reports whether the request changes the state, or is of another protocol.
func (m *Request) writes() bool { return m.Command.Op != kv.Get || len(m.Event) > 0 }

// Kind is KindRequest.
func (m *Request) Kind() protocols.Kind { return KindRequest }

// AppendTo appends the wire form.
func (m *Request) AppendTo(b []byte) []byte { return m.envelope(b, KindRequest, m.body, nil) }

func (m *Request) body(b []byte) []byte {
	b = wire.AppendBool(b, m.ReadOnly)
	b = wire.AppendUvarint(b, uint64(m.Command.Size()))
	return wire.AppendBytes(m.Command.AppendTo(b), m.Event)
}

// String returns the client, its timestamp and the command.
func (m *Request) String() string {
	if len(m.Event) > 0 {
		return fmt.Sprintf("request %d of %d: %q", m.Command.Sequence, m.Client(), m.Event)
	}
	what := "request"
	if m.ReadOnly {
		what = "read-only request"
	}
	return fmt.Sprintf("%s %d of %d: %v", what, m.Command.Sequence, m.Client(), m.Command)
}

func readRequest(r *reader) *Request {
	m := &Request{ReadOnly: r.Bool()}
	c, err := kv.Decode(r.Bytes(kv.MaxPayload + 100))
	if err != nil {
		r.Fail(err)
		return m
	}
	m.Command, m.Event = c, r.bytes()
	m.fix(KindRequest, m.body(nil))
	m.prove(readProof(r), 0)
	if m.form != bySignature || c.Sequence == 0 {
		r.Fail(wire.ErrForm)
	}
	return m
}

// inBatch is the size of the request within a batch.
func (m *Request) inBatch() int { return m.size - 1 - wire.ChecksumSize }

// minRequest is the least of those: flag, length, a get's four bytes, no event,
// signature.
const minRequest = 1 + 1 + 4 + 1 + 1 + 64

// batch is what one number orders: some requests or none, the paper's null
// request.
type batch struct {
	requests []*Request
	digest   protocols.Digest
	size     int // of the wire form
}

func newBatch(requests []*Request) *batch {
	b := &batch{requests: requests, size: wire.UvarintSize(uint64(len(requests)))}
	d := sha256.New()
	for _, r := range requests {
		d.Write(r.digest[:])
		d.Write(r.signature[:]) // so that nobody can hand on a batch with others
		b.size += r.inBatch()
	}
	d.Sum(b.digest[:0])
	return b
}

// null is the empty batch.
var null = newBatch(nil)

func (b *batch) appendTo(to []byte) []byte {
	to = wire.AppendUvarint(to, uint64(len(b.requests)))
	for _, r := range b.requests {
		to = r.proof.appendTo(r.body(to))
	}
	return to
}

func readBatch(r *reader) *batch {
	list := make([]*Request, r.Count(minRequest))
	for i := range list {
		list[i] = readRequest(r)
	}
	if r.Err() != nil {
		return null
	}
	return newBatch(list)
}
