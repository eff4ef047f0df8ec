package kv

import (
	"crypto/sha256"
	"encoding/binary"

	"meshsim/protocols"
)

// place is a key or a session.
type place struct {
	session bool
	id      uint64
}

// sum adds hashes: four words, each modulo 2^64.
type sum [4]uint64

func (s *sum) add(h sum) {
	for i := range s {
		s[i] += h[i]
	}
}

func (s *sum) subtract(h sum) {
	for i := range s {
		s[i] -= h[i]
	}
}

// Digest is the digest of all keys, values and sessions: equal states have equal
// ones, whatever led there. It costs two hashes for each key and session that
// changed since the last call.
func (s *Store) Digest() (d protocols.Digest) {
	for _, p := range s.changed {
		if p.session {
			of := Session(p.id)
			if r, ok := s.sessions[of]; ok && !r.summed {
				s.sum.add(hashRecord(of, r))
				r.summed = true
				s.sessions[of] = r
			}
		} else if e, ok := s.entries[p.id]; ok && !e.summed {
			s.sum.add(hashEntry(p.id, e))
			e.summed = true
			s.entries[p.id] = e
		}
	}
	s.changed = s.changed[:0]
	for i, w := range s.sum {
		binary.LittleEndian.PutUint64(d[8*i:], w)
	}
	return d
}

// change notes that a place is not part of the sum. A key that is written and
// deleted again and again is noted each time, so the list is emptied when it is
// longer than it need be.
func (s *Store) change(p place) {
	s.changed = append(s.changed, p)
	if len(s.changed) > 2*(len(s.entries)+len(s.sessions))+1024 {
		s.Digest()
	}
}

func hashEntry(key uint64, e entry) sum {
	return hashWords(0, key, e.value, uint64(e.payload), 0)
}

func hashRecord(of Session, r record) sum {
	return hashWords(1, uint64(of), r.sequence, r.result.Value, uint64(r.result.Payload)<<8|uint64(r.result.Status))
}

func hashWords(words ...uint64) (h sum) {
	var b [40]byte
	for i, w := range words {
		binary.LittleEndian.PutUint64(b[8*i:], w)
	}
	d := sha256.Sum256(b[:])
	for i := range h {
		h[i] = binary.LittleEndian.Uint64(d[8*i:])
	}
	return h
}
