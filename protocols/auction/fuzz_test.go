package auction_test

import (
	"testing"

	"meshsim/protocols/auction"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for kind := range byte(12) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 4, 1, 7, 7, 7, 7, 2, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, auction.New(task.Default(), auction.Default()))
}
