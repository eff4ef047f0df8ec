package worksteal_test

import (
	"bytes"
	"testing"

	"meshsim/protocols/task"
	"meshsim/protocols/worksteal"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for kind := range byte(10) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 9, 1, 7, 7, 7, 7, 2, 0, 0, 0, 0})
	}
	f.Add(task.NewSubmit(&task.Task{ID: 1, Size: 1}).AppendTo(nil))
	decode := worksteal.New(task.Default(), worksteal.Default()).Decode
	f.Fuzz(func(t *testing.T, b []byte) {
		b = reseal(b)
		if m, err := decode(b); err == nil && (!bytes.Equal(m.AppendTo(nil), b) || m.Size() != len(b)) {
			t.Errorf("%x is read as %v, which is written as %x", b, m, m.AppendTo(nil))
		}
	})
}
