package kv

import (
	"fmt"
	"maps"
	"slices"

	"meshsim/protocols/wire"
)

// Snapshot encodes the whole state, payloads and sessions included. Equal states
// have equal snapshots. It costs a sort of the keys.
func (s *Store) Snapshot() []byte {
	b := make([]byte, 0, 32*(len(s.entries)+len(s.sessions))+s.bytes+16)
	b = wire.AppendUvarint(b, uint64(len(s.entries)))
	for _, key := range slices.Sorted(maps.Keys(s.entries)) {
		e := s.entries[key]
		b = wire.AppendUvarint(b, key)
		b = wire.AppendUint64(b, e.value)
		b = appendPayload(b, int(e.payload))
	}
	b = wire.AppendUvarint(b, uint64(len(s.sessions)))
	for _, of := range slices.Sorted(maps.Keys(s.sessions)) {
		r := s.sessions[of]
		b = wire.AppendUvarint(b, uint64(of))
		b = wire.AppendUvarint(b, r.sequence)
		b = r.result.AppendTo(b)
	}
	return b
}

// Restore replaces the state by that of a snapshot; marks are forgotten. Bytes
// that are no snapshot are an error and leave the store as it is.
func (s *Store) Restore(snapshot []byte) error {
	r := wire.NewReader(snapshot)
	var n Store
	last := uint64(0)
	for i := range r.Count(10) {
		key := r.Uvarint()
		e := entry{value: r.Uint64(), payload: uint32(readPayload(&r))}
		if i > 0 && key <= last || e.value == 0 {
			r.Fail(fmt.Errorf("entry of key %d is out of order or empty", key))
		}
		last = key
		if r.Err() == nil {
			n.setEntry(key, e)
		}
	}
	last = 0
	for i := range r.Count(12) {
		of := Session(r.UvarintMax(1<<48 - 1))
		x := record{sequence: r.Uvarint(), result: readResult(&r)}
		if i > 0 && uint64(of) <= last || x.sequence == 0 {
			r.Fail(fmt.Errorf("session %d is out of order or empty", of))
		}
		last = uint64(of)
		if r.Err() == nil {
			n.setRecord(of, x)
		}
	}
	if err := r.Close("snapshot"); err != nil {
		return err
	}
	*s = n
	return nil
}
