package decision_test

import (
	"testing"

	"meshsim/protocols/decision"
	"meshsim/protocols/protocoltest"
)

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	f.Add(decision.NewPropose("auth-service", 3, 10).AppendTo(nil))
	f.Add(decision.NewAsk("auth-service").AppendTo(nil))
	for kind := range byte(8) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, decision.New(decision.Default()))
}
