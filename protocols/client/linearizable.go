package client

import (
	"meshsim/protocols"
	"meshsim/protocols/linear"
)

// Checkers are the properties of what clients see, whatever the protocol:
// linearizable.
func Checkers(b Base) []protocols.CheckerSpec {
	at := func(k protocols.ObservationKind) protocols.ObservationKind { return b.Observation + k }
	return []protocols.CheckerSpec{linear.Spec(linear.Kinds{
		Asked: at(asked), Expects: at(expects), Writes: at(writes), Submitted: at(submitted),
		Returned: at(returned), Refused: at(refused), Failed: at(failed), Dropped: at(dropped)})}
}
