package byzantine

import (
	"slices"

	"meshsim/protocols"
)

// lying is a Lie, an Equivocate or a Twice in force.
type lying struct {
	lie    int    // of the protocol; -1: a Twice without a lie
	beside bool   // the truth is told, too
	sides  *sides // nil: all are told the same
}

// lying finds the lie; nil if the protocol has none of that name.
func (l *liar) lying(name string, beside bool, s *sides) doing {
	i := slices.IndexFunc(l.protocol.Lies, func(x protocols.LieSpec) bool { return x.Name == name })
	if i < 0 && (name != "" || !beside) {
		return nil
	}
	return &lying{i, beside, s}
}

// say tells the lie, but not to accomplices.
func (b *lying) say(t *saying, a *act, s protocols.Send) {
	variant := uint64(1)
	if b.sides != nil {
		variant = uint64(b.sides.of(s.To))
	}
	if variant == 0 || contains(a.Nodes, s.To) {
		t.send(s.To, s.Message)
		return
	}
	lie := s.Message
	if b.lie >= 0 {
		lie = t.lie(a, uint8(b.lie), variant, s.Message)
	}
	if b.beside || lie == nil {
		t.send(s.To, s.Message)
	}
	if lie != nil {
		t.send(s.To, lie)
	}
}

// told is a lie that was told in this call.
type told struct {
	by      *act
	lie     uint8
	variant uint64
	message protocols.Message
	as      protocols.Message // nil: it cannot be changed so
}

// lie is a message altered; nil if it cannot be. One that goes to many nodes is
// altered, and signed, once. Accomplices have one another's keys.
func (t *saying) lie(a *act, lie uint8, variant uint64, m protocols.Message) protocols.Message {
	for i := range t.lies {
		if x := &t.lies[i]; x.by == a && x.message == m && x.variant == variant && x.lie == lie {
			return x.as
		}
	}
	plain, label := bare(m)
	t.env.Accomplices = a.Nodes
	as := t.protocol.Alter(t.env, lie, variant, plain)
	t.env.Accomplices = nil
	if as != nil && label != nil {
		as = &labelled{as, label.from}
	}
	t.lies = append(t.lies, told{a, lie, variant, m, as})
	return as
}
