package kv

import "maps"

// Mark names a state that a store was in.
type Mark uint64

// undo is what a change replaced.
type undo struct {
	place
	entry  entry
	record record
}

// Mark names the present state, for Rollback and SnapshotAt. From the first mark
// on, each change remembers what it replaces (80 bytes) until Forget.
func (s *Store) Mark() Mark {
	s.marked = true
	return s.first + Mark(len(s.journal))
}

// Forget says that no mark before m will be used any more.
func (s *Store) Forget(m Mark) {
	n := copy(s.journal, s.journal[m-s.first:])
	s.journal, s.first = s.journal[:n], m
}

// Rollback brings back the state of a mark. Marks of later states are invalid
// from now on. It costs as much as the changes since.
func (s *Store) Rollback(m Mark) {
	s.marked = false
	s.undo(s.journal[m-s.first:])
	s.journal, s.marked = s.journal[:m-s.first], true
}

// SnapshotAt is the snapshot of the state of a mark. It copies the whole store.
func (s *Store) SnapshotAt(m Mark) []byte {
	then := Store{entries: maps.Clone(s.entries), sessions: maps.Clone(s.sessions), bytes: s.bytes}
	then.undo(s.journal[m-s.first:])
	return then.Snapshot()
}

// note remembers a change if there are marks.
func (s *Store) note(u undo) {
	if s.marked {
		s.journal = append(s.journal, u)
	}
}

// undo takes changes back, the last one first.
func (s *Store) undo(changes []undo) {
	for i := len(changes) - 1; i >= 0; i-- {
		if u := changes[i]; u.session {
			s.setRecord(Session(u.id), u.record)
		} else {
			s.setEntry(u.id, u.entry)
		}
	}
}
