package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A Reader takes values from the front of a byte slice. After the first value
// that is not there, not in its shortest form, or over its limit, the Reader
// has an error and returns zeros. It never panics, and what it returns is never
// longer than what it was given.
type Reader struct {
	b   []byte
	err error
}

// The errors of a Reader. [Reader.Close] wraps them.
var (
	ErrShort    = errors.New("message ends early")
	ErrForm     = errors.New("value not in its only form")
	ErrLimit    = errors.New("value over its limit")
	ErrTrailing = errors.New("bytes left over")
	ErrChecksum = errors.New("checksum does not match")
)

// NewReader returns a Reader of b, which it does not change.
func NewReader(b []byte) Reader { return Reader{b: b} }

// NewChecked returns a Reader of a message that ends with its checksum; see
// [AppendChecksum]. It has an error at once if the two do not match.
func NewChecked(b []byte) Reader {
	n := len(b) - ChecksumSize
	if n < 0 {
		return Reader{err: ErrShort}
	}
	if crc32.Checksum(b[:n], castagnoli) != binary.LittleEndian.Uint32(b[n:]) {
		return Reader{err: ErrChecksum}
	}
	return Reader{b: b[:n]}
}

// Err is the first error, nil if there was none so far.
func (r *Reader) Err() error { return r.err }

// Len is the number of bytes that are left; 0 after an error.
func (r *Reader) Len() int { return len(r.b) }

// Fail sets the error unless there is one, for what only the caller can judge.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.b = nil
}

// Close ends the reading of a whole message: it returns the first error, or
// ErrTrailing if there are bytes left. what names the message.
func (r *Reader) Close(what string) error {
	if r.err == nil && len(r.b) > 0 {
		r.err = ErrTrailing
	}
	if r.err != nil {
		return fmt.Errorf("%s: %w", what, r.err)
	}
	return nil
}

// Uvarint reads what AppendUvarint wrote.
func (r *Reader) Uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	switch {
	case n == 0:
		r.Fail(ErrShort)
		return 0
	case n < 0 || n > 1 && r.b[n-1] == 0: // over 64 bits, or padded with zeros
		r.Fail(ErrForm)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// UvarintMax reads a uvarint that is at most limit.
func (r *Reader) UvarintMax(limit uint64) uint64 {
	v := r.Uvarint()
	if v > limit {
		r.Fail(ErrLimit)
		return 0
	}
	return v
}

// Uint8 reads one byte.
func (r *Reader) Uint8() uint8 {
	if p := r.take(1); p != nil {
		return p[0]
	}
	return 0
}

// Bool reads what AppendBool wrote.
func (r *Reader) Bool() bool {
	v := r.Uint8()
	if v > 1 {
		r.Fail(ErrForm)
	}
	return v == 1
}

// Uint32 reads 4 bytes.
func (r *Reader) Uint32() uint32 {
	if p := r.take(4); p != nil {
		return binary.LittleEndian.Uint32(p)
	}
	return 0
}

// Uint64 reads 8 bytes.
func (r *Reader) Uint64() uint64 {
	if p := r.take(8); p != nil {
		return binary.LittleEndian.Uint64(p)
	}
	return 0
}

// Bytes reads what AppendBytes wrote, at most limit bytes. What it returns is
// part of what the Reader was given: copy it to keep it.
func (r *Reader) Bytes(limit int) []byte {
	n := r.Uvarint()
	switch {
	case n > uint64(max(limit, 0)):
		r.Fail(ErrLimit)
		return nil
	case n > uint64(len(r.b)):
		r.Fail(ErrShort)
		return nil
	}
	return r.take(int(n))
}

// String is Bytes as a copy.
func (r *Reader) String(limit int) string { return string(r.Bytes(limit)) }

// Count reads the number of elements that follow, each at least size bytes
// long (size > 0). More than the message has room for is an error, so memory
// for that many elements is no more than the message justifies.
func (r *Reader) Count(size int) int {
	n := r.Uvarint()
	if n > uint64(len(r.b)/size) {
		r.Fail(ErrShort)
		return 0
	}
	return int(n)
}

func (r *Reader) take(n int) []byte {
	if n > len(r.b) {
		r.Fail(ErrShort)
		return nil
	}
	p := r.b[:n:n]
	r.b = r.b[n:]
	return p
}
