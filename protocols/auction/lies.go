package auction

import (
	"time"

	"meshsim/protocols"
)

var lies = []protocols.LieSpec{
	{Name: "overbid", Doc: "bids say that the node is idle, offers all that is needed and is done at once; it bids even for what it cannot run"},
}

// alter makes the best bid there is of any answer.
func alter(_ *protocols.Env, _ uint8, _ uint64, message protocols.Message) protocols.Message {
	best := bid{match: one, free: one, promise: time.Millisecond}
	switch m := message.(type) {
	case *bid:
		best.number = m.number
	case *pass:
		best.number = m.number
	default:
		return nil
	}
	return &best
}
