package decision_test

import (
	"bytes"
	"testing"

	"meshsim/protocols/decision"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	f.Add(decision.NewPropose("auth-service", 3, 10).AppendTo(nil))
	f.Add(decision.NewAsk("auth-service").AppendTo(nil))
	for kind := range byte(8) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
	}
	decode := decision.New(decision.Default()).Decode
	f.Fuzz(func(t *testing.T, b []byte) {
		b = reseal(b)
		if m, err := decode(b); err == nil && (!bytes.Equal(m.AppendTo(nil), b) || m.Size() != len(b)) {
			t.Errorf("%x is read as %v, which is written as %x", b, m, m.AppendTo(nil))
		}
	})
}
