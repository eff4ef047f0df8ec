package task

import "meshsim/protocols/wire"

// EncodedSize is the number of bytes that AppendTo appends.
func (v Vector) EncodedSize() int { return v.encodedSize() }

// AppendTo appends the wire form of the vector, for messages of strategies.
func (v Vector) AppendTo(b []byte) []byte { return v.appendTo(b) }

// ReadVector reads what AppendTo wrote.
func ReadVector(r *wire.Reader) Vector { return readVector(r) }
