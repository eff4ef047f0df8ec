package sim

import (
	"bytes"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// rewire sends a message through its codec, as a real network would, and panics
// if the codec lies: the protocol has a bug that would show on a real network.
func (w *worker) rewire(protocol uint8, m protocols.Message) protocols.Message {
	p := w.k.table.protocols[protocol]
	w.wire = m.AppendTo(w.wire[:0])
	if len(w.wire) != m.Size() {
		panic(fmt.Sprintf("sim: %s: a %s says that its size is %d bytes, but it appends %d",
			p.Name, p.Kinds[m.Kind()], m.Size(), len(w.wire)))
	}
	back, err := p.Decode(w.wire)
	if err != nil {
		panic(fmt.Sprintf("sim: %s: a %s cannot be decoded from what it appended: %v", p.Name, p.Kinds[m.Kind()], err))
	}
	w.rewired = back.AppendTo(w.rewired[:0])
	if back.Kind() != m.Kind() || !bytes.Equal(w.wire, w.rewired) {
		panic(fmt.Sprintf("sim: %s: a %s reads back as another message", p.Name, p.Kinds[m.Kind()]))
	}
	w.counts.payload += digest(w.wire)
	return back
}

// digest is a 64-bit digest of bytes and their number, the same everywhere.
func digest(b []byte) uint64 {
	h := uint64(len(b))
	for len(b) >= 8 {
		h = draw.Mix(h ^ (uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56))
		b = b[8:]
	}
	var tail uint64
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return draw.Mix(h ^ tail ^ uint64(len(b))<<56)
}
