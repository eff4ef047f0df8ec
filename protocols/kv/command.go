package kv

import (
	"bytes"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Op says what a command does.
type Op uint8

// The operations.
const (
	Get            Op = iota + 1 // returns the value of Key
	Put                          // sets Key to Value, whatever it was
	CompareAndSwap               // sets Key to Value if it is Expect
	Delete                       // removes Key and returns the value that it had
)

var opNames = [...]string{"nothing", "get", "put", "cas", "delete"}

// String returns the operation's name.
func (o Op) String() string {
	if int(o) >= len(opNames) {
		return "unknown"
	}
	return opNames[o]
}

// Session names one line of commands of a client: the node and a slot on it.
type Session uint64

// NewSession returns the session of a node's slot.
func NewSession(node protocols.NodeID, slot uint16) Session {
	return Session(node)<<16 | Session(slot)
}

// Node is the client.
func (s Session) Node() protocols.NodeID { return protocols.NodeID(s >> 16) }

// Slot is the client's place for one command under way.
func (s Session) Slot() uint16 { return uint16(s) }

// A Command asks the store for something. What its Op does not use is zero.
type Command struct {
	Session  Session
	Sequence uint64 // rises within the session; 0: not in a session, applied each time it comes
	Op       Op
	Key      uint64
	Expect   uint64 // the value that must be there; 0: none
	Value    uint64 // what is written, never 0
	Payload  int    // bytes that the value has beside its number
}

// MaxPayload is the largest payload in bytes.
const MaxPayload = 1 << 24

// Which fields an operation uses.
var hasExpect, hasValue = [...]bool{CompareAndSwap: true, Delete: false}, [...]bool{Put: true, CompareAndSwap: true, Delete: false}

// Size is the length of the wire form.
func (c *Command) Size() int {
	n := 1 + wire.UvarintSize(uint64(c.Session)) + wire.UvarintSize(c.Sequence) + wire.UvarintSize(c.Key)
	if hasExpect[c.Op] {
		n += 8
	}
	if hasValue[c.Op] {
		n += 8 + payloadSize(c.Payload)
	}
	return n
}

// AppendTo appends the operation, the session, the sequence number, the key and
// what the operation uses of Expect, Value and the payload.
func (c *Command) AppendTo(b []byte) []byte {
	b = append(b, byte(c.Op))
	b = wire.AppendUvarint(b, uint64(c.Session))
	b = wire.AppendUvarint(b, c.Sequence)
	b = wire.AppendUvarint(b, c.Key)
	if hasExpect[c.Op] {
		b = wire.AppendUint64(b, c.Expect)
	}
	if hasValue[c.Op] {
		b = wire.AppendUint64(b, c.Value)
		b = appendPayload(b, c.Payload)
	}
	return b
}

// Decode reads what AppendTo wrote.
func Decode(b []byte) (c Command, err error) {
	r := wire.NewReader(b)
	c.Op = Op(r.Uint8())
	if c.Op < Get || c.Op > Delete {
		r.Fail(fmt.Errorf("unknown operation %d", c.Op))
		return Command{}, r.Close("command")
	}
	c.Session = Session(r.UvarintMax(1<<48 - 1))
	c.Sequence = r.Uvarint()
	c.Key = r.Uvarint()
	if hasExpect[c.Op] {
		c.Expect = r.Uint64()
	}
	if hasValue[c.Op] {
		if c.Value = r.Uint64(); c.Value == 0 {
			r.Fail(fmt.Errorf("value 0 cannot be written"))
		}
		c.Payload = readPayload(&r)
	}
	if err := r.Close("command"); err != nil {
		return Command{}, err
	}
	return c, nil
}

// String returns the command as traces print it.
func (c Command) String() string {
	s := fmt.Sprintf("%v %d", c.Op, c.Key)
	if hasExpect[c.Op] {
		s += fmt.Sprintf(" from %d", c.Expect)
	}
	if hasValue[c.Op] {
		s += fmt.Sprintf(" to %d", c.Value)
	}
	return s
}

// zeros are what payloads are made of.
var zeros [4096]byte

func payloadSize(n int) int { return wire.UvarintSize(uint64(n)) + n }

// appendPayload appends the length, then so many zeros.
func appendPayload(b []byte, n int) []byte {
	b = wire.AppendUvarint(b, uint64(n))
	for ; n > len(zeros); n -= len(zeros) {
		b = append(b, zeros[:]...)
	}
	return append(b, zeros[:n]...)
}

// readPayload reads what appendPayload wrote.
func readPayload(r *wire.Reader) int {
	p := r.Bytes(MaxPayload)
	n := len(p)
	for len(p) > 0 {
		k := min(len(p), len(zeros))
		if !bytes.Equal(p[:k], zeros[:k]) {
			r.Fail(wire.ErrForm)
			return 0
		}
		p = p[k:]
	}
	return n
}
