package gossip

import (
	"fmt"
	"math"
	mathbits "math/bits"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

func intSize(v int64) int { return wire.UvarintSize(wire.Zigzag(v)) }

func appendInt(b []byte, v int64) []byte { return wire.AppendUvarint(b, wire.Zigzag(v)) }

func readInt(r *wire.Reader) int64 { return wire.Unzigzag(r.Uvarint()) }

func (s shares) size() int {
	n := wire.UvarintSize(uint64(len(s)))
	for _, x := range s {
		n += uvarintSize32(uint32(x.leader)) + 8
	}
	return n
}

func (s shares) appendTo(b []byte) []byte {
	b = wire.AppendUvarint(b, uint64(len(s)))
	for _, x := range s {
		b = wire.AppendUint64(wire.AppendUvarint(b, uint64(x.leader)), x.part)
	}
	return b
}

func readShares(r *wire.Reader) shares {
	n := r.Count(9)
	if n > maxShares {
		r.Fail(wire.ErrLimit)
		return nil
	}
	s := make(shares, n)
	for i := range s {
		s[i] = share{protocols.NodeID(r.UvarintMax(math.MaxUint32)), r.Uint64()}
		if i > 0 && s[i].leader <= s[i-1].leader {
			r.Fail(errDisorder)
		}
	}
	return s
}

// Swap asks for an exchange: what the sender has against what the receiver has.
type Swap struct {
	epoch    int64
	sequence uint32
	value    int64
	shares   shares
}

// Kind returns KindSwap.
func (*Swap) Kind() protocols.Kind { return KindSwap }

// Size is the length of the wire form.
func (m *Swap) Size() int {
	return 1 + intSize(m.epoch) + 4 + intSize(m.value) + m.shares.size() + wire.ChecksumSize
}

// AppendTo appends kind, epoch, sequence, value and shares.
func (m *Swap) AppendTo(b []byte) []byte {
	start := len(b)
	b = appendInt(append(b, byte(KindSwap)), m.epoch)
	b = appendInt(wire.AppendUint32(b, m.sequence), m.value)
	return wire.AppendChecksum(m.shares.appendTo(b), start)
}

// String returns the kind, the epoch and what is swapped.
func (m *Swap) String() string {
	return fmt.Sprintf("swap epoch %d: %s", m.epoch, amounts(m.value, m.shares))
}

// amounts writes a value and shares as numbers for people.
func amounts(value int64, s shares) string {
	text := decimal(value, scale)
	for _, x := range s {
		text += fmt.Sprintf(" %d:%s", x.leader, decimal(int64(x.part), unitShare))
	}
	return text
}

// decimal writes v/unit with up to six decimals, rounded towards 0.
func decimal(v int64, unit uint64) string {
	whole, rest := magnitude(v)/unit, magnitude(v)%unit
	hi, lo := mathbits.Mul64(rest, 1_000_000)
	part, _ := mathbits.Div64(hi, lo, unit)
	text := strings.TrimRight(fmt.Sprintf("%d.%06d", whole, part), "0")
	if v < 0 {
		text = "-" + text
	}
	return strings.TrimSuffix(text, ".")
}

// Swapped accepts an exchange: what the sender had.
type Swapped struct {
	sequence uint32
	value    int64
	shares   shares
}

// Kind returns KindSwapped.
func (*Swapped) Kind() protocols.Kind { return KindSwapped }

// Size is the length of the wire form.
func (m *Swapped) Size() int {
	return 1 + 4 + intSize(m.value) + m.shares.size() + wire.ChecksumSize
}

// AppendTo appends kind, sequence, value and shares.
func (m *Swapped) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(KindSwapped)), m.sequence)
	return wire.AppendChecksum(m.shares.appendTo(appendInt(b, m.value)), start)
}

// String returns the kind and what is swapped.
func (m *Swapped) String() string { return "swapped " + amounts(m.value, m.shares) }

// Refusal refuses an exchange: the sender is in another one, or in another epoch.
type Refusal struct {
	epoch    int64 // the sender's
	sequence uint32
}

// Kind returns KindRefusal.
func (*Refusal) Kind() protocols.Kind { return KindRefusal }

// Size is the length of the wire form.
func (m *Refusal) Size() int { return 1 + intSize(m.epoch) + 4 + wire.ChecksumSize }

// AppendTo appends kind, epoch and sequence.
func (m *Refusal) AppendTo(b []byte) []byte {
	start := len(b)
	b = appendInt(append(b, byte(KindRefusal)), m.epoch)
	return wire.AppendChecksum(wire.AppendUint32(b, m.sequence), start)
}

// String returns the kind and the epoch.
func (m *Refusal) String() string { return fmt.Sprintf("refusal epoch %d", m.epoch) }

// Gift gives half of what the sender has away (push-sum).
type Gift struct {
	epoch  int64
	value  int64
	weight uint64
	shares shares
}

// Kind returns KindGift.
func (*Gift) Kind() protocols.Kind { return KindGift }

// Size is the length of the wire form.
func (m *Gift) Size() int {
	return 1 + intSize(m.epoch) + intSize(m.value) + wire.UvarintSize(m.weight) + m.shares.size() + wire.ChecksumSize
}

// AppendTo appends kind, epoch, value, weight and shares.
func (m *Gift) AppendTo(b []byte) []byte {
	start := len(b)
	b = appendInt(append(b, byte(KindGift)), m.epoch)
	b = wire.AppendUvarint(appendInt(b, m.value), m.weight)
	return wire.AppendChecksum(m.shares.appendTo(b), start)
}

// String returns the kind, the epoch and what is given.
func (m *Gift) String() string {
	return fmt.Sprintf("gift epoch %d: %s weight %s", m.epoch, amounts(m.value, m.shares), decimal(int64(m.weight), unitWeight))
}

// Set comes from outside and gives a node its value for aggregation.
type Set struct{ Value int64 }

// NewSet returns a message that gives a node a value of at most [MaxValue].
func NewSet(value int64) *Set { return &Set{value} }

// Kind returns KindSet.
func (*Set) Kind() protocols.Kind { return KindSet }

// Size is the length of the wire form.
func (m *Set) Size() int { return 1 + intSize(m.Value) + wire.ChecksumSize }

// AppendTo appends kind and value.
func (m *Set) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(appendInt(append(b, byte(KindSet)), m.Value), len(b))
}

// String returns the kind and the value.
func (m *Set) String() string { return fmt.Sprintf("set %d", m.Value) }

// readAggregate reads the messages of this file.
func readAggregate(r *wire.Reader, kind protocols.Kind) protocols.Message {
	switch kind {
	case KindSwap:
		return &Swap{readInt(r), r.Uint32(), readInt(r), readShares(r)}
	case KindSwapped:
		return &Swapped{r.Uint32(), readInt(r), readShares(r)}
	case KindRefusal:
		return &Refusal{readInt(r), r.Uint32()}
	case KindGift:
		return &Gift{readInt(r), readInt(r), r.Uvarint(), readShares(r)}
	}
	return &Set{readInt(r)}
}
