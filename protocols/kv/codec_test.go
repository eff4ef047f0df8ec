package kv_test

import (
	"bytes"
	"testing"

	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
)

// What decodes encodes to the same bytes; nothing makes a decoder panic.
func FuzzDecode(f *testing.F) {
	r := draw.New(3)
	var s kv.Store
	for i := range 40 {
		c := some(&r, i)
		f.Add(c.AppendTo(nil))
		f.Add(s.Apply(c.AppendTo(nil)))
	}
	f.Add(s.Snapshot())
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := kv.Decode(b); err == nil {
			if got := c.AppendTo(nil); !bytes.Equal(got, b) || c.Size() != len(b) {
				t.Errorf("%x decodes to %v, which is %x of %d bytes", b, c, got, c.Size())
			}
		}
		if x, err := kv.DecodeResult(b); err == nil {
			if got := x.AppendTo(nil); !bytes.Equal(got, b) || x.Size() != len(b) {
				t.Errorf("%x decodes to %v, which is %x of %d bytes", b, x, got, x.Size())
			}
		}
		var s kv.Store
		if err := s.Restore(b); err == nil {
			if got := s.Snapshot(); !bytes.Equal(got, b) {
				t.Errorf("%x restores to %x", b, got)
			}
		} else if s.Len() != 0 {
			t.Errorf("%x is refused, but restored something", b)
		}
	})
}

// Every cut and every change of a byte of a snapshot is refused or makes the
// store that it says.
func TestDamagedSnapshots(t *testing.T) {
	r := draw.New(5)
	var s kv.Store
	for i := range 60 {
		s.ApplyCommand(some(&r, i))
	}
	whole := s.Snapshot()
	for i := range whole {
		var x kv.Store
		if err := x.Restore(whole[:i]); err == nil {
			t.Errorf("the first %d of %d bytes are a snapshot", i, len(whole))
		}
		b := bytes.Clone(whole)
		b[i] ^= byte(1 + r.IntN(255))
		if err := x.Restore(b); err == nil && !bytes.Equal(x.Snapshot(), b) {
			t.Errorf("a change of byte %d goes unnoticed", i)
		}
	}
}
