package kv

// Changed is the number of places that a store holds for its next digest.
func Changed(s *Store) int { return len(s.changed) }
