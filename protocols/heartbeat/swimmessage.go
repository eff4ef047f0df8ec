package heartbeat

import (
	"fmt"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Update is a piece of news about a member.
type Update struct {
	Peer        protocols.NodeID
	Incarnation uint32
	status      status
	By          protocols.NodeID // of suspects: who accuses
}

// String returns the status, and whose.
func (u Update) String() string {
	text := fmt.Sprintf("%v %d/%d", u.status, u.Peer, u.Incarnation)
	if u.status == suspect {
		text += fmt.Sprintf(" by %d", u.By)
	}
	return text
}

func (u *Update) size() int {
	n := 1 + wire.UvarintSize(uint64(u.Peer)) + wire.UvarintSize(uint64(u.Incarnation))
	if u.status == suspect {
		n += wire.UvarintSize(uint64(u.By))
	}
	return n
}

func (u *Update) appendTo(b []byte) []byte {
	b = append(b, byte(u.status))
	b = wire.AppendUvarint(b, uint64(u.Peer))
	b = wire.AppendUvarint(b, uint64(u.Incarnation))
	if u.status == suspect {
		b = wire.AppendUvarint(b, uint64(u.By))
	}
	return b
}

func updatesSize(list []Update) int {
	n := wire.UvarintSize(uint64(len(list)))
	for i := range list {
		n += list[i].size()
	}
	return n
}

func appendUpdates(b []byte, list []Update) []byte {
	b = wire.AppendUvarint(b, uint64(len(list)))
	for i := range list {
		b = list[i].appendTo(b)
	}
	return b
}

func readUpdates(r *wire.Reader) []Update {
	n := r.Count(3)
	if n == 0 {
		return nil
	}
	list := make([]Update, n)
	for i := range list {
		u := &list[i]
		u.status = status(r.Uint8())
		if u.status > failed {
			r.Fail(fmt.Errorf("status %d", u.status))
		}
		u.Peer = readID(r)
		u.Incarnation = readIncarnation(r, uint32(r.UvarintMax(maxIncarnation)))
		if u.status == suspect {
			u.By = readID(r)
		}
	}
	return list
}

func readID(r *wire.Reader) protocols.NodeID { return protocols.NodeID(r.UvarintMax(1<<32 - 1)) }

// Probe is one of SWIM's messages about a ping: KindProbe, KindAck, KindIndirect or
// KindNack. All carry news.
type Probe struct {
	kind     protocols.Kind
	Sequence uint32           // the period of the origin
	Origin   protocols.NodeID // whose period it is: who wants to know
	Target   protocols.NodeID // about whom
	Updates  []Update
}

// Kind returns the kind.
func (m *Probe) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Probe) Size() int {
	return 1 + wire.UvarintSize(uint64(m.Sequence)) + wire.UvarintSize(uint64(m.Origin)) +
		wire.UvarintSize(uint64(m.Target)) + updatesSize(m.Updates) + wire.ChecksumSize
}

// AppendTo appends kind, sequence, origin, target and the news.
func (m *Probe) AppendTo(b []byte) []byte {
	start := len(b)
	b = append(b, byte(m.kind))
	b = wire.AppendUvarint(b, uint64(m.Sequence))
	b = wire.AppendUvarint(b, uint64(m.Origin))
	b = wire.AppendUvarint(b, uint64(m.Target))
	return wire.AppendChecksum(appendUpdates(b, m.Updates), start)
}

// String tells who asks about whom, and the news.
func (m *Probe) String() string {
	return fmt.Sprintf("%s %d of %d for %d", kindNames[m.kind], m.Sequence, m.Target, m.Origin) + newsText(m.Updates)
}

func newsText(list []Update) string {
	var b strings.Builder
	for _, u := range list {
		fmt.Fprintf(&b, ", %v", u)
	}
	return b.String()
}

func readProbe(r *wire.Reader, kind protocols.Kind) *Probe {
	return &Probe{kind, uint32(r.UvarintMax(1<<32 - 1)), readID(r), readID(r), readUpdates(r)}
}

// State is all that a member knows of others. Its kind is KindSync or KindState.
type State struct {
	kind    protocols.Kind
	Updates []Update
}

// Kind returns KindSync or KindState.
func (m *State) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *State) Size() int { return 1 + updatesSize(m.Updates) + wire.ChecksumSize }

// AppendTo appends the kind and the updates.
func (m *State) AppendTo(b []byte) []byte {
	start := len(b)
	return wire.AppendChecksum(appendUpdates(append(b, byte(m.kind)), m.Updates), start)
}

// String tells what is known.
func (m *State) String() string { return kindNames[m.kind] + newsText(m.Updates) }
