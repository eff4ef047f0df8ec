package paxos_test

import (
	"testing"

	"meshsim/protocols/paxos"
	"meshsim/protocols/protocoltest"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	f.Add(paxos.NewPropose([]byte("red")).AppendTo(nil))
	for kind := range byte(8) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, paxos.New(paxos.Default()))
}
