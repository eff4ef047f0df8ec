package task_test

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for kind := range byte(9) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0})
		f.Add([]byte{kind, 0, 0, 0, 7, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0})
	}
	whole := &task.Task{ID: 1, Size: 1, Bytes: 3, Memory: 5, Needs: task.NewVector([]task.Capability{{Name: "gpu", Level: 2}}),
		Priority: 1, Origin: 300, At: 1e9, Deadline: 1e9, Parent: 7, Place: 2, Width: 2, Depth: 3}
	for _, m := range []protocols.Message{
		task.NewSubmit(whole),
		&task.Submit{Job: 9, Tasks: []*task.Task{whole, whole, whole}, After: [][]uint16{nil, {0}, {0, 1}}},
		&task.Give{Sequence: 1 << 30, Tasks: []*task.Task{whole}},
	} {
		f.Add(m.AppendTo(nil))
	}
	protocoltest.FuzzDecode(f, task.NewChoices(task.Default(), task.DefaultChoices()))
}
