// Package wire is what codecs of protocol messages are made of: functions that
// append numbers and bytes, functions that say how long these are, and a
// [Reader] that takes them back from bytes that nobody vouches for.
//
// Every value has exactly one form, so a message that decodes encodes to the
// same bytes again. Fixed numbers are little-endian; lengths and counts are
// unsigned varints of base 128, as in Protocol Buffers, but only the shortest
// form is read.
package wire

import (
	"encoding/binary"
	"hash/crc32"
	"math/bits"
)

// AppendUvarint appends v in 1 to 10 bytes.
func AppendUvarint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

// UvarintSize is the number of bytes that AppendUvarint appends.
func UvarintSize(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }

// Zigzag maps small numbers of either sign to small unsigned ones.
func Zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// Unzigzag undoes Zigzag.
func Unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// AppendUint32 appends 4 bytes.
func AppendUint32(b []byte, v uint32) []byte { return binary.LittleEndian.AppendUint32(b, v) }

// AppendUint64 appends 8 bytes.
func AppendUint64(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }

// AppendBool appends one byte, 0 or 1.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendBytes appends the length of p as a uvarint, then p.
func AppendBytes[T []byte | string](b []byte, p T) []byte {
	return append(AppendUvarint(b, uint64(len(p))), p...)
}

// BytesSize is the number of bytes that AppendBytes appends.
func BytesSize[T []byte | string](p T) int { return UvarintSize(uint64(len(p))) + len(p) }

// ChecksumSize is the number of bytes that AppendChecksum appends.
const ChecksumSize = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendChecksum appends the CRC-32C of b[start:]. It finds every change of up
// to three bits in messages of up to 2^31 bits, and misses other damage once in
// 2^32; it is no defence against an adversary.
func AppendChecksum(b []byte, start int) []byte {
	return AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}
