package partition

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind := protocols.Kind(r.Uint8())
	if int(kind) >= len(kindNames) {
		r.Fail(fmt.Errorf("unknown kind %d", kind))
		return nil, r.Close("partition")
	}
	m := body(kind, &r)
	if err := r.Close("partition " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}

// body reads what follows the kind.
func body(kind protocols.Kind, r *wire.Reader) protocols.Message {
	switch kind {
	case KindPing:
		return ping
	case KindPong:
		return pong
	case KindClaim:
		m := &Claim{Epoch: Epoch(r.Uvarint()), Round: r.Uvarint(), Confirmed: r.Uvarint(), Out: readPlaces(r), Unheard: readPlaces(r)}
		m.Votes = readVotes(r)
		if m.Round == 0 || m.Confirmed >= m.Round {
			r.Fail(wire.ErrForm)
		}
		return m.seal()
	case KindPledge:
		m := &Pledge{Epoch: Epoch(r.Uvarint()), Round: r.Uvarint(), Unreached: readPlaces(r)}
		if r.Bool() {
			readSignature(r, &m.Signature)
			if !m.signed() {
				r.Fail(wire.ErrForm)
			}
		}
		return m
	}
	return &Release{Epoch(r.Uvarint()), r.Uvarint()}
}

func readVotes(r *wire.Reader) []Vote {
	n := r.Count(voteSize)
	if n == 0 {
		return nil
	}
	votes := make([]Vote, n)
	for i := range votes {
		votes[i].Place = r.Uint32()
		readSignature(r, &votes[i].Signature)
		if i > 0 && votes[i].Place <= votes[i-1].Place {
			r.Fail(wire.ErrForm)
		}
	}
	return votes
}

func readSignature(r *wire.Reader, s *protocols.Signature) {
	for i := range s {
		s[i] = r.Uint8()
	}
}
