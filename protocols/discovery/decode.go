package discovery

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind := protocols.Kind(r.Uint8())
	var m protocols.Message
	switch kind {
	case KindReject, KindDisconnect, KindKeepAlive, KindLeave, KindEnter:
		m = &Signal{kind}
	case KindJoin, KindForwardJoin, KindNeighbour, KindAccept, KindAnnounce, KindWalk:
		m = &Introduction{kind: kind, TTL: r.Uint8(), Urgent: r.Bool(), Of: readAnnouncement(&r)}
	case KindWelcome, KindRedirect, KindShuffle, KindShuffleReply:
		m = readPeers(&r, kind)
	case KindProof:
		m = readProof(&r)
	case KindProbe, KindProbed:
		m = &Probe{kind, r.Uint32()}
	case KindSwap, KindReplace, KindSwitch, KindSwitched, KindReplaced, KindSwapped:
		m = readSwap(&r, kind)
	default:
		r.Fail(fmt.Errorf("unknown kind %d", kind))
		return nil, r.Close("discovery")
	}
	if err := r.Close("discovery " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}

func readPeers(r *wire.Reader, kind protocols.Kind) *Peers {
	m := &Peers{kind: kind}
	if kind != KindWelcome && kind != KindRedirect && kind != KindShuffle && kind != KindShuffleReply {
		r.Fail(wire.ErrForm) // within a proof
	}
	if n := r.Count(minAnnouncement); n > 0 {
		m.List = make([]*Announcement, n)
		for i := range m.List {
			m.List[i] = readAnnouncement(r)
		}
	}
	if n := r.Count(2); n > 0 {
		m.Reports = make([]Report, n)
		for i := range m.Reports {
			m.Reports[i] = Report{protocols.NodeID(r.UvarintMax(1<<32 - 1)), int8(r.Uint8())}
		}
	}
	m.Signature = readSignature(r)
	return m
}

func readProof(r *wire.Reader) *Proof {
	m := &Proof{Liar: protocols.NodeID(r.UvarintMax(1<<32 - 1))}
	m.Of = readPeers(r, protocols.Kind(r.Uint8()))
	return m
}

func readSignature(r *wire.Reader) (s protocols.Signature) {
	for i := range s {
		s[i] = r.Uint8()
	}
	return s
}

func readSwap(r *wire.Reader, kind protocols.Kind) *Swap {
	id := func() protocols.NodeID { return protocols.NodeID(r.UvarintMax(1<<32 - 1)) }
	m := &Swap{kind: kind, Initiator: id(), Candidate: id(), Old: id(), Far: id()}
	m.Saved = wire.Unzigzag(r.Uvarint())
	m.OK, m.Of = r.Bool(), readAnnouncement(r)
	return m
}
