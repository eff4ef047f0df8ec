package wal

import (
	"encoding/binary"
	"hash/crc32"

	"meshsim/protocols/draw"
)

type kind uint8

const (
	head   kind = 1 + iota // in front, and only there
	record                 // the next one
	cut                    // takes all records back from a number on
)

// frame is a frame as it was parsed.
type frame struct {
	kind   kind
	number uint64
	length int    // of the payload
	body   []byte // checksum, payload and padding, whitened
}

const (
	fixedSize  = 16 // what stands before the body
	maxPayload = 1<<30 - 1
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// frameSize is the length of a frame with a payload of n bytes.
func frameSize(n int) int { return fixedSize + (4+n+7)&^7 }

func (f *frame) size() int { return fixedSize + len(f.body) }

// appendFrame appends a frame.
func appendFrame(b []byte, k kind, number uint64, payload []byte) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload))<<2|uint32(k))
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
	b = binary.LittleEndian.AppendUint64(b, number)
	b = append(b, 0, 0, 0, 0)
	b = append(b, payload...)
	for (len(b)-start)%8 != 0 {
		b = append(b, 0)
	}
	f := b[start:]
	whiten(f[fixedSize:], number)
	binary.LittleEndian.PutUint32(f[fixedSize:], checksum(f))
	return b
}

// measure reads kind and length of the frame at the front of b; ok is false if
// they are not there or not what was written.
func measure(b []byte) (k kind, length int, ok bool) {
	if len(b) < 8 || crc32.Checksum(b[:4], castagnoli) != binary.LittleEndian.Uint32(b[4:]) {
		return 0, 0, false
	}
	word := binary.LittleEndian.Uint32(b)
	return kind(word & 3), int(word >> 2), true
}

// parse reads the frame at the front of b; ok is false if there is no good one.
func parse(b []byte) (f frame, ok bool) {
	k, length, ok := measure(b)
	if !ok || frameSize(length) > len(b) {
		return f, false
	}
	b = b[:frameSize(length)]
	f = frame{k, binary.LittleEndian.Uint64(b[8:]), length, b[fixedSize:]}
	return f, checksum(b) == binary.LittleEndian.Uint32(f.body)
}

// payload is a copy of the frame's payload.
func (f *frame) payload() []byte {
	b := append([]byte{}, f.body...)
	whiten(b, f.number)
	return b[4 : 4+f.length : 4+f.length]
}

// checksum is the CRC-32C of a frame without its checksum.
func checksum(b []byte) uint32 {
	return crc32.Update(crc32.Checksum(b[:fixedSize], castagnoli), castagnoli, b[fixedSize+4:])
}

// whiten adds a stream of pseudo-random words to b, or takes it away again. The
// length of b is a multiple of 8.
func whiten(b []byte, number uint64) {
	r := draw.New(number)
	for ; len(b) > 0; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^r.Uint64())
	}
}
