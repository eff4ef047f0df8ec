package raft

import (
	"fmt"
	"math"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// fields are the numbers that a message carries, in the order of its wire form.
func uvarintsSize(fields ...uint64) int {
	n := 1 + wire.ChecksumSize
	for _, f := range fields {
		n += wire.UvarintSize(f)
	}
	return n
}

// begin appends a message's kind and numbers.
func begin(b []byte, k protocols.Kind, fields ...uint64) []byte {
	b = append(b, byte(k))
	for _, f := range fields {
		b = wire.AppendUvarint(b, f)
	}
	return b
}

func number(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// Size is the length of the wire form.
func (m *RequestVote) Size() int { return uvarintsSize(m.Term, m.LastIndex, m.LastTerm, 0, 0) }

// AppendTo appends the wire form.
func (m *RequestVote) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindRequestVote, m.Term, m.LastIndex, m.LastTerm, number(m.Pre), number(m.Transfer)), len(b))
}

// Size is the length of the wire form.
func (m *Vote) Size() int { return uvarintsSize(m.Term, 0, 0) }

// AppendTo appends the wire form.
func (m *Vote) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindVote, m.Term, number(m.Pre), number(m.Granted)), len(b))
}

// Size is the length of the wire form.
func (m *AppendEntries) Size() int {
	if m.size == 0 {
		panic("raft: a message with entries was not made by newAppend")
	}
	return m.size
}

// newAppend notes the size of a message: it is asked for at each send.
func newAppend(m AppendEntries) *AppendEntries {
	m.size = uvarintsSize(m.Term, m.PrevIndex, m.PrevTerm, m.Commit, m.Round, uint64(len(m.Entries)))
	for i := range m.Entries {
		m.size += m.Entries[i].size()
	}
	return &m
}

// AppendTo appends the wire form.
func (m *AppendEntries) AppendTo(b []byte) []byte {
	start := len(b)
	b = begin(b, KindAppendEntries, m.Term, m.PrevIndex, m.PrevTerm, m.Commit, m.Round, uint64(len(m.Entries)))
	for i := range m.Entries {
		b = m.Entries[i].appendTo(b)
	}
	return wire.AppendChecksum(b, start)
}

// Size is the length of the wire form.
func (m *AppendReply) Size() int {
	return uvarintsSize(m.Term, 0, m.Index, m.Round, m.HintTerm, m.HintIndex)
}

// AppendTo appends the wire form.
func (m *AppendReply) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindAppendReply, m.Term, number(m.Rejected), m.Index, m.Round, m.HintTerm, m.HintIndex), len(b))
}

// Size is the length of the wire form.
func (m *InstallSnapshot) Size() int {
	return uvarintsSize(m.Term, m.Round, m.Index, m.Offset, m.Total) + wire.BytesSize(m.Data)
}

// AppendTo appends the wire form.
func (m *InstallSnapshot) AppendTo(b []byte) []byte {
	start := len(b)
	b = begin(b, KindInstallSnapshot, m.Term, m.Round, m.Index, m.Offset, m.Total)
	return wire.AppendChecksum(wire.AppendBytes(b, m.Data), start)
}

// Size is the length of the wire form.
func (m *InstallReply) Size() int { return uvarintsSize(m.Term, m.Round, m.Index, m.Offset) }

// AppendTo appends the wire form.
func (m *InstallReply) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindInstallReply, m.Term, m.Round, m.Index, m.Offset), len(b))
}

// Size is the length of the wire form.
func (m *TimeoutNow) Size() int { return uvarintsSize(m.Term) }

// AppendTo appends the wire form.
func (m *TimeoutNow) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindTimeoutNow, m.Term), len(b))
}

// Size is the length of the wire form.
func (m *Synced) Size() int { return uvarintsSize(m.Term, m.Index) }

// AppendTo appends the wire form.
func (m *Synced) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindSynced, m.Term, m.Index), len(b))
}

// Size is the length of the wire form.
func (m *Change) Size() int { return uvarintsSize(uint64(m.Op), uint64(m.Node)) }

// AppendTo appends the wire form.
func (m *Change) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindChange, uint64(m.Op), uint64(m.Node)), len(b))
}

// Size is the length of the wire form.
func (m *Transfer) Size() int { return uvarintsSize(uint64(m.To)) }

// AppendTo appends the wire form.
func (m *Transfer) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(begin(b, KindTransfer, uint64(m.To)), len(b))
}

// Size is the length of the wire form.
func (m *Forward) Size() int { return uvarintsSize(m.Hops) + wire.BytesSize(m.Data) }

// AppendTo appends the wire form.
func (m *Forward) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendBytes(begin(b, KindForward, m.Hops), m.Data), len(b))
}

// Size is the length of the wire form.
func (m *Request) Size() int { return uvarintsSize(m.Sequence, 0) + wire.BytesSize(m.Command) }

// AppendTo appends the wire form.
func (m *Request) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendBytes(begin(b, KindRequest, m.Sequence, number(m.ReadOnly)), m.Command), len(b))
}

// Size is the length of the wire form.
func (m *Reply) Size() int {
	return uvarintsSize(m.Sequence, 0, uint64(m.Leader)) + wire.BytesSize(m.Result)
}

// AppendTo appends the wire form.
func (m *Reply) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendBytes(begin(b, KindReply, m.Sequence, uint64(m.Status), uint64(m.Leader)), m.Result), len(b))
}

// decode reads what AppendTo wrote.
func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	kind := protocols.Kind(r.Uint8())
	if kind >= kinds {
		r.Fail(fmt.Errorf("unknown kind %d", kind))
		return nil, r.Close("raft")
	}
	m := body(kind, &r)
	if err := r.Close("raft " + kindNames[kind]); err != nil {
		return nil, err
	}
	return m, nil
}

// body reads what follows the kind.
func body(kind protocols.Kind, r *wire.Reader) protocols.Message {
	term := func() uint64 { return r.UvarintMax(maxTerm) }
	index := func() uint64 { return r.UvarintMax(maxIndex) }
	flag := func() bool { return r.UvarintMax(1) == 1 }
	switch kind {
	case KindRequestVote:
		return &RequestVote{term(), index(), term(), flag(), flag()}
	case KindVote:
		return &Vote{term(), flag(), flag()}
	case KindAppendEntries:
		m := AppendEntries{Term: term(), PrevIndex: index(), PrevTerm: term(), Commit: index(), Round: r.Uvarint()}
		if n := r.Count(3); n > 0 {
			m.Entries = make([]Entry, n)
			for i := range m.Entries {
				m.Entries[i] = readEntry(r)
			}
		}
		return newAppend(m)
	case KindAppendReply:
		return &AppendReply{term(), flag(), index(), r.Uvarint(), term(), index()}
	case KindInstallSnapshot:
		return &InstallSnapshot{term(), r.Uvarint(), index(), r.Uvarint(), r.Uvarint(), append([]byte(nil), r.Bytes(math.MaxInt)...)}
	case KindInstallReply:
		return &InstallReply{term(), r.Uvarint(), index(), r.Uvarint()}
	case KindTimeoutNow:
		return &TimeoutNow{term()}
	case KindSynced:
		return &Synced{term(), index()}
	}
	return outer(kind, r)
}

// outer reads what comes from outside the cluster.
func outer(kind protocols.Kind, r *wire.Reader) protocols.Message {
	id := func() protocols.NodeID { return protocols.NodeID(r.UvarintMax(math.MaxUint32)) }
	data := func() []byte { return append([]byte(nil), r.Bytes(math.MaxInt)...) }
	switch kind {
	case KindChange:
		return &Change{ChangeOp(r.UvarintMax(uint64(changeOps) - 1)), id()}
	case KindTransfer:
		return &Transfer{id()}
	case KindForward:
		return &Forward{r.Uvarint(), data()}
	case KindRequest:
		return &Request{r.Uvarint(), r.UvarintMax(1) == 1, data()}
	}
	return &Reply{r.Uvarint(), Status(r.UvarintMax(uint64(statuses) - 1)), id(), data()}
}
