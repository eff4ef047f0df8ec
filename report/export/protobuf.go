package export

import "math"

// message is a protocol buffer message under construction: fields with their
// numbers, in wire form (protobuf.dev/programming-guides/encoding).
type message []byte

// Wire types.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
)

func (m *message) varint(v uint64) {
	for ; v >= 0x80; v >>= 7 {
		*m = append(*m, byte(v)|0x80)
	}
	*m = append(*m, byte(v))
}

func (m *message) tag(field, wire int) { m.varint(uint64(field)<<3 | uint64(wire)) }

func (m *message) uint(field int, v uint64) {
	m.tag(field, wireVarint)
	m.varint(v)
}

func (m *message) fixed64(field int, v uint64) {
	m.tag(field, wireFixed64)
	for shift := 0; shift < 64; shift += 8 {
		*m = append(*m, byte(v>>shift))
	}
}

func (m *message) double(field int, v float64) { m.fixed64(field, math.Float64bits(v)) }

func (m *message) bytes(field int, b []byte) {
	m.tag(field, wireBytes)
	m.varint(uint64(len(b)))
	*m = append(*m, b...)
}

func (m *message) string(field int, s string) {
	m.tag(field, wireBytes)
	m.varint(uint64(len(s)))
	*m = append(*m, s...)
}
