package partition

import "meshsim/protocols"

var lies = []protocols.LieSpec{
	{Name: "reach", Doc: "pledges say that the node reaches everybody; claims say that everybody stands behind them"},
}

// alter makes a lie out of a message. There is one, so all variants are equal.
func alter(_ *protocols.Env, _ uint8, _ uint64, m protocols.Message) protocols.Message {
	switch x := m.(type) {
	case *Pledge:
		if len(x.Unreached) > 0 {
			lie := *x
			lie.Unreached = nil
			return &lie
		}
	case *Claim:
		lie := *x
		lie.Confirmed, lie.Out, lie.Unheard = x.Round-1, nil, nil
		return lie.seal()
	}
	return nil
}
