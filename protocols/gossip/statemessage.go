package gossip

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// direction says who is to be brought up to date. The zero value is nobody.
type direction uint8

const (
	wanting    direction = 1 << iota // the sender wants what it lacks
	offering                         // the sender offers what the receiver lacks
	confirming                       // the sender of a Digest wants an answer even if it lacks nothing
)

// reversed is the direction as the receiver sees it.
func (d direction) reversed() direction { return d&wanting<<1 | d&offering>>1 }

func (d direction) String() string {
	s := [...]string{"", "wants", "offers", "wants offers"}[d&3]
	if d&confirming != 0 {
		s += " all"
	}
	return s
}

// Summary opens an exchange: whoever has another vector answers with a Digest.
type Summary struct {
	direction direction
	vector    uint64
}

// Kind returns KindSummary.
func (*Summary) Kind() protocols.Kind { return KindSummary }

// Size is the length of the wire form.
func (*Summary) Size() int { return 2 + 8 + wire.ChecksumSize }

// AppendTo appends kind, direction and vector.
func (m *Summary) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(KindSummary), byte(m.direction))
	return wire.AppendChecksum(wire.AppendUint64(b, m.vector), start)
}

// String returns the kind and the direction.
func (m *Summary) String() string { return fmt.Sprintf("summary %v", m.direction) }

// Digest says how far the sender knows the writes of each writer from first to
// last; of those not listed it knows nothing.
type Digest struct {
	direction   direction
	first, last writer
	list        []progress // by writer
}

// progress is how far a writer's writes are known.
type progress struct {
	by   writer
	upTo uint64
}

func (p progress) size() int { return writerSize(p.by) + wire.UvarintSize(p.upTo) }

func (p progress) appendTo(b []byte) []byte {
	return wire.AppendUvarint(appendWriter(b, p.by), p.upTo)
}

// What a Digest needs at most besides its list, and a Delta besides its parts.
const digestOverhead = 2 + 4*5 + 5 + wire.ChecksumSize

func writerSize(w writer) int {
	return uvarintSize32(uint32(w.node())) + uvarintSize32(uint32(w))
}

func appendWriter(b []byte, w writer) []byte {
	return wire.AppendUvarint(wire.AppendUvarint(b, uint64(w.node())), uint64(uint32(w)))
}

func readWriter(r *wire.Reader) writer {
	node := r.UvarintMax(math.MaxUint32)
	return writer(node<<32 | r.UvarintMax(math.MaxUint32))
}

// Kind returns KindDigest.
func (*Digest) Kind() protocols.Kind { return KindDigest }

// Size is the length of the wire form.
func (m *Digest) Size() int {
	n := 2 + writerSize(m.first) + writerSize(m.last) + wire.UvarintSize(uint64(len(m.list))) + wire.ChecksumSize
	for _, p := range m.list {
		n += p.size()
	}
	return n
}

// AppendTo appends kind, direction, first, last, count, and each writer's
// progress.
func (m *Digest) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(KindDigest), byte(m.direction))
	b = appendWriter(appendWriter(b, m.first), m.last)
	b = wire.AppendUvarint(b, uint64(len(m.list)))
	for _, p := range m.list {
		b = p.appendTo(b)
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind, the direction, and each writer's progress.
func (m *Digest) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "digest %v", m.direction)
	for _, p := range m.list {
		fmt.Fprintf(&s, " %d:%d", p.by.node(), p.upTo)
	}
	return s.String()
}

func readDirection(r *wire.Reader) direction {
	d := direction(r.Uint8())
	if d > wanting|offering|confirming {
		r.Fail(errors.New("unknown direction"))
		return 0
	}
	return d
}

func readDigest(r *wire.Reader) *Digest {
	m := &Digest{direction: readDirection(r), first: readWriter(r), last: readWriter(r)}
	m.list = make([]progress, r.Count(3))
	for i := range m.list {
		m.list[i] = progress{readWriter(r), r.UvarintMax(maxTime)}
		if p := m.list[i]; p.by < m.first || p.by > m.last || i > 0 && p.by <= m.list[i-1].by {
			r.Fail(errDisorder)
		}
	}
	return m
}

var errDisorder = errors.New("values out of order")

// Delta brings writes. For each part the sender vouches that it holds all
// writes of the writer in (from, upTo] that still stand.
type Delta struct {
	more  bool   // not all that the receiver lacks fitted
	whole bool   // the answer to a Digest that wants one
	fresh bool   // … of a node that may write
	last  writer // of the Digest that is answered
	parts []part // by writer
}

type part struct {
	by         writer
	from, upTo uint64
	entries    []*entry // by time, in (from, upTo]
}

// head is the size of the part without entries.
func (p *part) head() int {
	return writerSize(p.by) + wire.UvarintSize(p.from) + wire.UvarintSize(p.upTo) + wire.UvarintSize(uint64(len(p.entries)))
}

// Kind returns KindDelta.
func (*Delta) Kind() protocols.Kind { return KindDelta }

// Size is the length of the wire form.
func (m *Delta) Size() int {
	n := 2 + writerSize(m.last) + wire.UvarintSize(uint64(len(m.parts))) + wire.ChecksumSize
	for i := range m.parts {
		n += m.parts[i].head()
		for _, e := range m.parts[i].entries {
			n += e.size()
		}
	}
	return n
}

// flags are more, whole and fresh.
func (m *Delta) flags() (f byte) {
	if m.more {
		f |= 1
	}
	if m.whole {
		f |= 2
	}
	if m.fresh {
		f |= 4
	}
	return f
}

// AppendTo appends kind, flags, last, count, and for each part writer, from,
// upTo, count, entries.
func (m *Delta) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(KindDelta), m.flags())
	b = wire.AppendUvarint(appendWriter(b, m.last), uint64(len(m.parts)))
	for i := range m.parts {
		p := &m.parts[i]
		b = wire.AppendUvarint(wire.AppendUvarint(appendWriter(b, p.by), p.from), p.upTo)
		b = wire.AppendUvarint(b, uint64(len(p.entries)))
		for _, e := range p.entries {
			b = e.appendTo(b)
		}
	}
	return wire.AppendChecksum(b, start)
}

// String returns the kind and, for each part, the range and the entries.
func (m *Delta) String() string {
	var s strings.Builder
	s.WriteString("delta")
	for i := range m.parts {
		p := &m.parts[i]
		fmt.Fprintf(&s, " %d:(%d,%d]", p.by.node(), p.from, p.upTo)
		for _, e := range p.entries {
			s.WriteString(" " + e.String())
		}
	}
	if m.more {
		s.WriteString(" more")
	}
	if m.whole {
		s.WriteString(" whole")
	}
	if m.fresh {
		s.WriteString(" fresh")
	}
	return s.String()
}

func readDelta(r *wire.Reader) *Delta {
	flags := r.Uint8()
	if flags > 7 {
		r.Fail(wire.ErrForm)
	}
	m := &Delta{more: flags&1 != 0, whole: flags&2 != 0, fresh: flags&4 != 0, last: readWriter(r)}
	m.parts = make([]part, r.Count(5))
	for i := range m.parts {
		p := &m.parts[i]
		p.by = readWriter(r)
		p.from, p.upTo = r.UvarintMax(maxTime), r.UvarintMax(maxTime)
		if p.from > p.upTo || i > 0 && p.by <= m.parts[i-1].by {
			r.Fail(errDisorder)
		}
		p.read(r)
	}
	return m
}

func (p *part) read(r *wire.Reader) {
	p.entries = make([]*entry, r.Count(minEntrySize))
	before := p.from
	for i := range p.entries {
		e := readEntry(r, p.by)
		if t := e.version.time; t <= before || t > p.upTo {
			r.Fail(errDisorder)
			return // the rest are nil, but the message is refused
		} else {
			before = t
		}
		p.entries[i] = e
	}
}

// Put comes from outside and sets a key.
type Put struct {
	Key     string
	Value   []byte
	deleted bool
}

// NewPut returns a message that sets a key to a value, which it takes over.
func NewPut(key string, value []byte) *Put { return &Put{key, value, false} }

// NewDelete returns a message that deletes a key.
func NewDelete(key string) *Put { return &Put{key, nil, true} }

// Kind returns KindPut.
func (*Put) Kind() protocols.Kind { return KindPut }

// Size is the length of the wire form.
func (m *Put) Size() int {
	return 2 + wire.BytesSize(m.Key) + wire.BytesSize(m.Value) + wire.ChecksumSize
}

// AppendTo appends kind, deleted, key and value.
func (m *Put) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendBool(append(b, byte(KindPut)), m.deleted)
	return wire.AppendChecksum(wire.AppendBytes(wire.AppendBytes(b, m.Key), m.Value), start)
}

// String returns what is written.
func (m *Put) String() string {
	if m.deleted {
		return "delete " + m.Key
	}
	return fmt.Sprintf("put %s=%s", m.Key, m.Value)
}

func readPut(r *wire.Reader) *Put {
	m := &Put{deleted: r.Bool(), Key: r.String(maxKeyBytes)}
	m.Value = append([]byte(nil), r.Bytes(math.MaxInt)...)
	return m
}
