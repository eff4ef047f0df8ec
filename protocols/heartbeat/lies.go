package heartbeat

import (
	"slices"

	"meshsim/protocols"
)

// The lies.
const (
	lieAccuse uint8 = iota
	lieWithhold
	lieFrame
)

var lies = []protocols.LieSpec{
	lieAccuse:   {Name: "accuse", Doc: "heartbeats become accusations of the node behind the last liar, for all its incarnations, signed by the liar; SWIM's pings and answers say that it has failed"},
	lieWithhold: {Name: "withhold", Doc: "accusations and verdicts become heartbeats, so that nothing is ever confirmed; SWIM's messages carry no news"},
	lieFrame:    {Name: "frame", Doc: "heartbeats become verdicts on the node behind the last liar, signed by the liar and all its accomplices"},
}

// alter makes a lie out of a message, nil if it cannot be changed so.
func alter(env *protocols.Env, lie uint8, variant uint64, m protocols.Message) protocols.Message {
	switch m := m.(type) {
	case *Beat:
		switch lie {
		case lieAccuse:
			id := victim(env, variant)
			return &Accuse{KindAccuse, id, falsely(env, env.Self, id)}
		case lieFrame:
			return frame(env, victim(env, variant))
		}
	case *Accuse, *Verdict:
		if lie == lieWithhold {
			return &Beat{kind: KindBeat, Incarnation: 1, Sequence: 1}
		}
	case *Probe:
		if n := alterProbe(env, lie, variant, m); n != nil {
			return n
		}
	}
	return nil
}

// falsely is an accusation that counts for all incarnations, signed for a liar by one
// who has its key.
func falsely(env *protocols.Env, by, id protocols.NodeID) Accusation {
	s, _ := env.SignAs(by, digest(silent, id, maxIncarnation))
	return Accusation{By: by, Incarnation: maxIncarnation, Signature: s}
}

// frame is a verdict that all accomplices have signed, of an incarnation that the peer
// will not have reached.
func frame(env *protocols.Env, id protocols.NodeID) *Verdict {
	v := &Verdict{Peer: id, Incarnation: 1000}
	who := env.Accomplices
	if len(who) == 0 {
		who = []protocols.NodeID{env.Self}
	}
	for _, by := range who {
		v.Accusations = append(v.Accusations, falsely(env, by, id))
	}
	return v
}

func alterProbe(env *protocols.Env, lie uint8, variant uint64, m *Probe) *Probe {
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
	default:
		return nil
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
