package heartbeat

import (
	"slices"

	"meshsim/protocols"
)

// The lies.
const (
	lieAccuse uint8 = iota
	lieWithhold
)

var lies = []protocols.LieSpec{
	lieAccuse:   {Name: "accuse", Doc: "heartbeats become accusations of the node behind the last liar, for all its incarnations, signed by the liar; SWIM's pings and answers say that it has failed"},
	lieWithhold: {Name: "withhold", Doc: "accusations become heartbeats, so nothing is ever confirmed; SWIM's messages carry no news"},
}

// alter makes a lie out of a message, nil if it cannot be changed so.
func alter(env *protocols.Env, lie uint8, variant uint64, m protocols.Message) protocols.Message {
	switch m := m.(type) {
	case *Beat:
		if lie == lieAccuse {
			id := victim(env, variant)
			a := Accusation{By: env.Self, Incarnation: maxIncarnation, Signature: env.Sign(digest(silent, id, maxIncarnation))}
			return &Accuse{KindAccuse, id, a}
		}
	case *Accuse:
		if lie == lieWithhold {
			return &Beat{kind: KindBeat, Incarnation: 1, Sequence: 1}
		}
	case *Probe:
		return alterProbe(env, lie, variant, m)
	}
	return nil
}

func alterProbe(env *protocols.Env, lie uint8, variant uint64, m *Probe) protocols.Message {
	n := *m
	switch lie {
	case lieAccuse:
		incarnation := min(m.Sequence, maxIncarnation>>4)<<4 + 1 // above what was refuted before
		n.Updates = append(slices.Clip(m.Updates), Update{victim(env, variant), incarnation, failed, 0})
	case lieWithhold:
		if len(m.Updates) == 0 {
			return nil
		}
		n.Updates = nil
	}
	return &n
}

// victim is whom all accomplices accuse alike: the node whose identity follows theirs.
func victim(env *protocols.Env, variant uint64) protocols.NodeID {
	last := env.Self
	if n := len(env.Accomplices); n > 0 {
		last = max(last, env.Accomplices[n-1])
	}
	return last + protocols.NodeID(variant)
}
