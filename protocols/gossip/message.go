package gossip

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before, so a message that a link has corrupted
// does not decode.
const (
	KindPush     protocols.Kind = iota // rumors that nobody asked for
	KindPull                           // asks for rumors
	KindExchange                       // rumors, and asks for those of the receiver
	KindAnswer                         // rumors that were asked for
	KindFeedback                       // which rumors of a message were news

	KindSummary // opens an exchange of anti-entropy
	KindDigest  // how far the sender knows the writes of each writer
	KindDelta   // writes that the receiver lacks

	KindSwap    // asks for an exchange of aggregation
	KindSwapped // accepts it
	KindRefusal // refuses it
	KindGift    // push-sum: half of what the sender had

	KindPublish // from outside: spread this as a new rumor
	KindPut     // from outside: put or delete a key
	KindSet     // from outside: the node's value for aggregation
)

var kindNames = []string{"push", "pull", "exchange", "answer", "feedback",
	"summary", "digest", "delta", "swap", "swapped", "refusal", "gift", "publish", "put", "set"}

// Rumors carries rumors. Its kind is KindPush, KindExchange or KindAnswer.
type Rumors struct {
	kind protocols.Kind
	of   *batch
}

// List returns the rumors; do not change it.
func (m *Rumors) List() []*Rumor { return m.of.list }

// Kind returns KindPush, KindExchange or KindAnswer.
func (m *Rumors) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Rumors) Size() int { return m.of.size }

// AppendTo appends kind, count, and for each rumor origin, sequence, payload.
func (m *Rumors) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	b = wire.AppendUvarint(b, uint64(len(m.of.list)))
	for _, r := range m.of.list {
		b = appendID(b, r.ID)
		b = wire.AppendBytes(b, r.Payload)
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind and the rumors' identities.
func (m *Rumors) String() string {
	var s strings.Builder
	s.WriteString(kindNames[m.kind])
	for _, r := range m.of.list {
		fmt.Fprintf(&s, " %v", r.ID)
	}
	return s.String()
}

func readRumors(r *wire.Reader, kind protocols.Kind) protocols.Message {
	list := make([]*Rumor, r.Count(3))
	for i := range list {
		id := readID(r)
		list[i] = newRumor(id, slices.Clone(r.Bytes(math.MaxInt)))
	}
	b := newBatch(list)
	switch kind {
	case KindPush:
		return &b.push
	case KindExchange:
		return &b.exchange
	}
	return &b.answer
}

func appendID(b []byte, id ID) []byte {
	b = wire.AppendUvarint(b, uint64(id.Origin()))
	return wire.AppendUvarint(b, uint64(id.Sequence()))
}

func readID(r *wire.Reader) ID {
	origin := r.UvarintMax(math.MaxUint32)
	return NewID(protocols.NodeID(origin), uint32(r.UvarintMax(math.MaxUint32)))
}

// Pull asks for the receiver's rumors.
type Pull struct{}

var pull = &Pull{}

// Kind returns KindPull.
func (*Pull) Kind() protocols.Kind { return KindPull }

// Size is the length of the wire form.
func (*Pull) Size() int { return 1 + wire.ChecksumSize }

// AppendTo appends the kind.
func (*Pull) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(append(b, byte(KindPull)), len(b))
}

// String returns the kind.
func (*Pull) String() string { return "pull" }

// Feedback tells the sender of rumors which of them were news to the receiver.
type Feedback struct {
	Answer bool // the rumors came in an Answer, not unasked
	list   []*Rumor
	useful bits // by place in list
}

// Kind returns KindFeedback.
func (*Feedback) Kind() protocols.Kind { return KindFeedback }

// Size is the length of the wire form.
func (m *Feedback) Size() int {
	n := 2 + wire.UvarintSize(uint64(len(m.list))) + wire.ChecksumSize
	for _, r := range m.list {
		n += uvarintSize32(uint32(r.ID.Origin())) + wire.UvarintSize(uint64(r.ID.Sequence())<<1)
	}
	return n
}

// AppendTo appends kind, Answer, count, and for each rumor its origin and
// 2·sequence + useful.
func (m *Feedback) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendBool(append(b, byte(KindFeedback)), m.Answer)
	b = wire.AppendUvarint(b, uint64(len(m.list)))
	for i, r := range m.list {
		b = wire.AppendUvarint(b, uint64(r.ID.Origin()))
		b = wire.AppendUvarint(b, uint64(r.ID.Sequence())<<1|m.useful.bit(i))
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind and the identities, those that were news with a plus.
func (m *Feedback) String() string {
	var s strings.Builder
	s.WriteString("feedback")
	for i, r := range m.list {
		fmt.Fprintf(&s, " %c%v", "-+"[m.useful.bit(i)], r.ID)
	}
	return s.String()
}

func readFeedback(r *wire.Reader) *Feedback {
	m := &Feedback{Answer: r.Bool()}
	m.list = make([]*Rumor, r.Count(2))
	for i := range m.list {
		origin := protocols.NodeID(r.UvarintMax(math.MaxUint32))
		v := r.UvarintMax(math.MaxUint32<<1 | 1)
		m.list[i] = &Rumor{ID: NewID(origin, uint32(v>>1))}
		if v&1 != 0 {
			m.useful.set(i, len(m.list))
		}
	}
	return m
}

// bits is a set of small numbers; the nil set is empty.
type bits []uint64

func (s *bits) set(i, n int) {
	if *s == nil {
		*s = make(bits, (n+63)/64)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

func (s bits) bit(i int) uint64 {
	if s == nil {
		return 0
	}
	return s[i/64] >> (i % 64) & 1
}

// Publish comes from outside and asks a node to spread a new rumor.
type Publish struct{ Payload []byte }

// NewPublish returns a Publish that takes payload over.
func NewPublish(payload []byte) *Publish { return &Publish{payload} }

// Kind returns KindPublish.
func (*Publish) Kind() protocols.Kind { return KindPublish }

// Size is the length of the wire form.
func (m *Publish) Size() int { return 1 + wire.BytesSize(m.Payload) + wire.ChecksumSize }

// AppendTo appends kind and payload.
func (m *Publish) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendBytes(append(b, byte(KindPublish)), m.Payload), len(b))
}

// String returns the kind and the size of the payload.
func (m *Publish) String() string { return fmt.Sprintf("publish %dB", len(m.Payload)) }

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind := protocols.Kind(r.Uint8())
	var m protocols.Message
	switch kind {
	case KindPush, KindExchange, KindAnswer:
		m = readRumors(&r, kind)
	case KindPull:
		m = pull
	case KindFeedback:
		m = readFeedback(&r)
	case KindSummary:
		m = &Summary{readDirection(&r), r.Uint64()}
	case KindDigest:
		m = readDigest(&r)
	case KindDelta:
		m = readDelta(&r)
	case KindSwap, KindSwapped, KindRefusal, KindGift, KindSet:
		m = readAggregate(&r, kind)
	case KindPut:
		m = readPut(&r)
	case KindPublish:
		m = NewPublish(slices.Clone(r.Bytes(math.MaxInt)))
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
		return nil, r.Close("gossip")
	}
	if err := r.Close("gossip " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}
