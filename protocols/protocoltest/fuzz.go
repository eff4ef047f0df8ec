package protocoltest

import (
	"bytes"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Reseal makes the checksum that ends a damaged message right again, so that the
// damage is seen. It is the Seal of a [Setup] whose messages end so.
func Reseal(b []byte) []byte {
	if len(b) < wire.ChecksumSize {
		return b
	}
	body := len(b) - wire.ChecksumSize
	return wire.AppendChecksum(b[:body:body], 0)
}

// FuzzDecode fuzzes the codec of messages that end in a checksum: whatever bytes
// arrive, Decode refuses them or reads back what was written. Add some with f.Add
// before.
func FuzzDecode(f *testing.F, p *protocols.Protocol) {
	f.Fuzz(func(t *testing.T, b []byte) {
		b = Reseal(b)
		m, err := p.Decode(b)
		if err != nil {
			return
		}
		if again := m.AppendTo(nil); !bytes.Equal(again, b) || m.Size() != len(b) {
			t.Errorf("%x is read as %v of %d bytes, which is written as %x", b, m, m.Size(), again)
		}
	})
}

// Except lists all kinds of messages but these: those that a [Setup] does not send.
func Except(p *protocols.Protocol, sent ...protocols.Kind) (list []protocols.Kind) {
	for k := range p.Kinds {
		if !slices.Contains(sent, protocols.Kind(k)) {
			list = append(list, protocols.Kind(k))
		}
	}
	return list
}
