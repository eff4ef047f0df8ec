package worksteal_test

import (
	"testing"

	"meshsim/protocols/protocoltest"
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
	protocoltest.FuzzDecode(f, worksteal.New(task.Default(), worksteal.Default()))
}
