package dht

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Limits of what one message carries.
const (
	maxPeers = 64
	maxItems = 64
	maxValue = 1 << 20
	peerSize = 6
	itemSize = 17 // at least
)

// Size is the length of the wire form.
func (m *Message) Size() int {
	n := 1 + wire.ChecksumSize
	add := func(field, size int) {
		if m.has(field) {
			n += size
		}
	}
	add(hasSeq, 4)
	add(hasTo, 2)
	add(hasFrom, 2)
	add(hasKey, 8)
	add(hasHops, 1)
	add(hasFlag, 1)
	add(hasStatus, 1)
	add(hasOrigin, 8)
	add(hasVersion, 8)
	add(hasArc, 16)
	add(hasSum, 8+wire.UvarintSize(m.Count))
	add(hasPred, peerSize)
	add(hasPeers, 1+peerSize*len(m.Peers))
	add(hasValue, wire.BytesSize(m.Value))
	if m.has(hasItems) {
		n++
		for i := range m.Items {
			n += 16 + wire.BytesSize(m.Items[i].Value)
		}
	}
	return n
}

// AppendTo appends the kind, then what it carries, in the order of the fields.
func (m *Message) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	if m.has(hasSeq) {
		b = wire.AppendUint32(b, m.Seq)
	}
	if m.has(hasTo) {
		b = appendUint16(b, m.To)
	}
	if m.has(hasFrom) {
		b = appendUint16(b, m.From)
	}
	if m.has(hasKey) {
		b = wire.AppendUint64(b, m.Key)
	}
	if m.has(hasHops) {
		b = append(b, m.Hops)
	}
	if m.has(hasFlag) {
		b = wire.AppendBool(b, m.Flag)
	}
	if m.has(hasStatus) {
		b = append(b, byte(m.Status))
	}
	if m.has(hasOrigin) {
		b = wire.AppendUint32(wire.AppendUint32(b, uint32(m.Origin)), m.OriginS)
	}
	return wire.AppendChecksum(m.appendRest(b), start)
}

// appendRest appends the longer fields.
func (m *Message) appendRest(b []byte) []byte {
	if m.has(hasVersion) {
		b = wire.AppendUint64(b, m.Version)
	}
	if m.has(hasArc) {
		b = wire.AppendUint64(wire.AppendUint64(b, m.Low), m.High)
	}
	if m.has(hasSum) {
		b = wire.AppendUvarint(wire.AppendUint64(b, m.Sum), m.Count)
	}
	if m.has(hasPred) {
		b = appendPeer(b, m.Pred)
	}
	if m.has(hasPeers) {
		b = append(b, byte(len(m.Peers)))
		for _, p := range m.Peers {
			b = appendPeer(b, p)
		}
	}
	if m.has(hasValue) {
		b = wire.AppendBytes(b, m.Value)
	}
	if m.has(hasItems) {
		b = append(b, byte(len(m.Items)))
		for i := range m.Items {
			it := &m.Items[i]
			b = wire.AppendUint64(wire.AppendUint64(b, it.Key), it.Version)
			b = wire.AppendBytes(b, it.Value)
		}
	}
	return b
}

func appendUint16(b []byte, v uint16) []byte { return append(b, byte(v), byte(v>>8)) }

func appendPeer(b []byte, p Peer) []byte {
	return appendUint16(wire.AppendUint32(b, uint32(p.Node)), p.Virtual)
}

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	m := &Message{kind: protocols.Kind(r.Uint8())}
	if int(m.kind) >= len(kindNames) {
		r.Fail(fmt.Errorf("unknown kind %d", m.kind))
		return nil, r.Close("dht")
	}
	m.read(&r)
	m.readRest(&r)
	if err := r.Close("dht " + kindNames[m.kind]); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Message) read(r *wire.Reader) {
	if m.has(hasSeq) {
		m.Seq = r.Uint32()
	}
	if m.has(hasTo) {
		m.To = readUint16(r)
	}
	if m.has(hasFrom) {
		m.From = readUint16(r)
	}
	if m.has(hasKey) {
		m.Key = r.Uint64()
	}
	if m.has(hasHops) {
		m.Hops = r.Uint8()
	}
	if m.has(hasFlag) {
		m.Flag = r.Bool()
	}
	if m.has(hasStatus) {
		if m.Status = Status(r.Uint8()); m.Status > Differs {
			r.Fail(wire.ErrLimit)
		}
	}
	if m.has(hasOrigin) {
		m.Origin, m.OriginS = protocols.NodeID(r.Uint32()), r.Uint32()
	}
}

func (m *Message) readRest(r *wire.Reader) {
	if m.has(hasVersion) {
		m.Version = r.Uint64()
	}
	if m.has(hasArc) {
		m.Low, m.High = r.Uint64(), r.Uint64()
	}
	if m.has(hasSum) {
		m.Sum, m.Count = r.Uint64(), r.Uvarint()
	}
	if m.has(hasPred) {
		m.Pred = readPeer(r)
	}
	if m.has(hasPeers) {
		m.Peers = readPeers(r)
	}
	if m.has(hasValue) {
		m.Value = slices.Clone(r.Bytes(maxValue))
	}
	if m.has(hasItems) {
		for range count(r, maxItems, itemSize) {
			m.Items = append(m.Items, Item{r.Uint64(), r.Uint64(), slices.Clone(r.Bytes(maxValue))})
		}
	}
}

func readPeers(r *wire.Reader) (list []Peer) {
	n := count(r, maxPeers, peerSize)
	if n == 0 {
		return nil
	}
	list = make([]Peer, n)
	for i := range list {
		list[i] = readPeer(r)
	}
	return list
}

// count reads how many elements of at least that size follow.
func count(r *wire.Reader, limit, size int) int {
	n := int(r.Uint8())
	if n > limit {
		r.Fail(wire.ErrLimit)
		return 0
	}
	if n > r.Len()/size {
		r.Fail(wire.ErrShort)
		return 0
	}
	return n
}

func readUint16(r *wire.Reader) uint16 { return uint16(r.Uint8()) | uint16(r.Uint8())<<8 }

func readPeer(r *wire.Reader) Peer {
	return Peer{protocols.NodeID(r.Uint32()), readUint16(r)}
}
