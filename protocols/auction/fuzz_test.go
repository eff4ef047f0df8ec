package auction_test

import (
	"bytes"
	"testing"

	"meshsim/protocols/auction"
	"meshsim/protocols/task"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for kind := range byte(12) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 1, 7, 7, 7, 7, 2, 0, 0, 0, 0})
	}
	decode := auction.New(task.Default(), auction.Default()).Decode
	f.Fuzz(func(t *testing.T, b []byte) {
		b = reseal(b)
		if m, err := decode(b); err == nil && (!bytes.Equal(m.AppendTo(nil), b) || m.Size() != len(b)) {
			t.Errorf("%x is read as %v, which is written as %x", b, m, m.AppendTo(nil))
		}
	})
}
