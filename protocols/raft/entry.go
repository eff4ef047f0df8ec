package raft

import (
	"encoding/binary"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/wire"
)

// The limits of terms and indexes: an observation holds both in 64 bits, see
// [Pack]. A term has 24 bits, an index 40.
const (
	maxTerm  = 1<<24 - 1
	maxIndex = 1<<40 - 1
)

// Pack puts a term and an index into the key of an observation.
func Pack(term, index uint64) uint64 { return term<<40 | index }

// Unpack undoes [Pack].
func Unpack(key uint64) (term, index uint64) { return key >> 40, key & maxIndex }

// EntryKind tells what an entry of the log is for.
type EntryKind uint8

// The kinds of entries.
const (
	EntryNoOp    EntryKind = iota // the first of each leader, so that it may commit (5.4.2, 8)
	EntryCommand                  // for the state machine
	EntryMembers                  // a new configuration of the cluster
	EntryEvent                    // what another protocol on a replica asked to be decided
	entryKinds
)

var entryNames = [entryKinds]string{"no-op", "command", "members", "event"}

// Entry is an entry of the log. Its index is its place.
type Entry struct {
	Term uint64
	Kind EntryKind
	Data []byte // never changed

	digest uint64 // of Kind and Data
}

func newEntry(term uint64, kind EntryKind, data []byte) Entry {
	return Entry{term, kind, data, digest(kind, data)}
}

// String returns the term and what the entry is for.
func (e Entry) String() string {
	if e.Kind == EntryMembers {
		if m, err := readMembers(e.Data); err == nil {
			return fmt.Sprintf("%d:%v", e.Term, m)
		}
	}
	return fmt.Sprintf("%d:%s", e.Term, entryNames[e.Kind])
}

func (e *Entry) size() int {
	return wire.UvarintSize(e.Term) + 1 + wire.BytesSize(e.Data)
}

func (e *Entry) appendTo(b []byte) []byte {
	b = wire.AppendUvarint(b, e.Term)
	b = append(b, byte(e.Kind))
	return wire.AppendBytes(b, e.Data)
}

// readEntry reads what appendTo wrote; the data are a copy.
func readEntry(r *wire.Reader) Entry {
	term, kind := r.UvarintMax(maxTerm), EntryKind(r.Uint8())
	if kind >= entryKinds {
		r.Fail(fmt.Errorf("unknown kind of entry %d", kind))
	}
	data := r.Bytes(1 << 30)
	if kind == EntryMembers {
		if _, err := readMembers(data); err != nil {
			r.Fail(err)
		}
	}
	return newEntry(term, kind, append([]byte(nil), data...))
}

// digest is a hash of an entry's content, the same on every machine. It costs
// about a nanosecond for eight bytes.
func digest(kind EntryKind, data []byte) uint64 {
	h := uint64(kind)<<56 ^ uint64(len(data))
	for ; len(data) >= 8; data = data[8:] {
		h = (h ^ binary.LittleEndian.Uint64(data)) * 0x9fb21c651e98df25
		h ^= h >> 32
	}
	for _, c := range data {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	return draw.Mix(h)
}

// link extends the hash of a log by an entry. Two logs of equal hash are equal
// in all entries up to there.
func link(chain uint64, e *Entry) uint64 {
	return draw.Derive(chain, e.digest+e.Term*0xd6e8feb86659fd93)
}

// nobody stands for a node that is not known, or not there.
const nobody = protocols.External
