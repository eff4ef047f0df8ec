package heartbeat

import (
	"errors"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

var (
	errIncarnation = errors.New("incarnation out of range")
	errOrder       = errors.New("entries are not ascending")
)

// readIncarnation checks one that was read: 1 to maxIncarnation.
func readIncarnation(r *wire.Reader, n uint32) uint32 {
	if r.Err() == nil && (n == 0 || n > maxIncarnation) {
		r.Fail(errIncarnation)
	}
	return n
}

func readSignature(r *wire.Reader, s *protocols.Signature) {
	for i := range s {
		s[i] = r.Uint8()
	}
}

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind := protocols.Kind(r.Uint8())
	if int(kind) >= len(kindNames) {
		r.Fail(fmt.Errorf("unknown kind %d", kind))
		return nil, r.Close("heartbeat")
	}
	m := read(&r, kind)
	if err := r.Close("heartbeat " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}

func read(r *wire.Reader, kind protocols.Kind) protocols.Message {
	switch kind {
	case KindBeat, KindPing:
		return &Beat{kind, readIncarnation(r, uint32(r.UvarintMax(maxIncarnation))), uint32(r.UvarintMax(1<<32 - 1)), protocols.Time(r.Uint64())}
	case KindAccuse, KindConfirm:
		return &Accuse{kind, protocols.NodeID(r.Uint32()), readAccusation(r)}
	case KindVerdict:
		return readVerdict(r)
	case KindRevival:
		m := &Revival{Peer: protocols.NodeID(r.Uint32()), Incarnation: readIncarnation(r, r.Uint32())}
		readSignature(r, &m.Signature)
		return m
	case KindSync, KindState:
		return &State{kind, readUpdates(r)}
	}
	return readProbe(r, kind)
}

func readVerdict(r *wire.Reader) *Verdict {
	m := &Verdict{Peer: protocols.NodeID(r.Uint32()), Incarnation: readIncarnation(r, r.Uint32())}
	m.Accusations = make([]Accusation, r.Count(accusationSize))
	for i := range m.Accusations {
		m.Accusations[i] = readAccusation(r)
		if i > 0 && m.Accusations[i].By <= m.Accusations[i-1].By {
			r.Fail(errOrder)
		}
	}
	return m
}
