package byzantine

import (
	"bytes"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// attempts is how many bits a tamperer tries for a message that can still be
// read. If none leaves one, it sends nothing: nobody could have read it.
const attempts = 16

// say sends the message with a bit flipped.
func (b *Tamper) say(t *saying, _ *act, s protocols.Send) {
	m := s.Message
	if t.rand.Hit(b.Share) {
		m = t.tampered(m)
	}
	if m != nil {
		t.send(s.To, m)
	}
}

// tampered is the message with one bit flipped, as far as it can be read.
func (l *liar) tampered(m protocols.Message) protocols.Message {
	whole := m.AppendTo(nil)
	for range attempts {
		b := bytes.Clone(whole)
		if len(b) == 0 {
			return nil
		}
		b[l.rand.IntN(len(b))] ^= 1 << l.rand.IntN(8)
		if got, err := decode(l.protocol, b); err == nil {
			return got
		}
		if b = sealed(b); bytes.Equal(b, whole) {
			continue // the bit was one of the seal's
		}
		if got, err := decode(l.protocol, b); err == nil {
			return got
		}
	}
	return nil
}

// sealed gives bytes that end with a checksum the right one.
func sealed(b []byte) []byte {
	n := max(len(b)-wire.ChecksumSize, 0)
	return wire.AppendChecksum(b[:n:n], 0)
}
