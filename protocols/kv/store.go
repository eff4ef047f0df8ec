package kv

// entry is what a key holds; there is none for a key without a value.
type entry struct {
	value   uint64
	payload uint32
	summed  bool // it is part of the digest's sum
}

// record is what the store remembers of a session.
type record struct {
	sequence uint64
	result   Result
	summed   bool
}

// Store is the state machine. The zero Store is empty and ready. A command costs
// some ten nanoseconds beside decoding, and an entry or a session about 50 bytes.
type Store struct {
	entries  map[uint64]entry
	sessions map[Session]record
	bytes    int // payloads

	sum     sum
	changed []place // what may not be part of the sum yet

	marked  bool
	journal []undo
	first   Mark // of the journal's first entry
}

// Len is the number of keys that have a value.
func (s *Store) Len() int { return len(s.entries) }

// Value returns what a key holds, 0 for none.
func (s *Store) Value(key uint64) uint64 { return s.entries[key].value }

// Last returns the last sequence number of a session, 0 if it has none.
func (s *Store) Last(of Session) uint64 { return s.sessions[of].sequence }

// Apply executes an encoded command and returns the encoded result. Bytes that
// are no command change nothing and get Invalid.
func (s *Store) Apply(command []byte) []byte {
	c, err := Decode(command)
	r := Result{Status: Invalid}
	if err == nil {
		r = s.ApplyCommand(c)
	}
	return r.AppendTo(make([]byte, 0, r.Size()))
}

// ApplyCommand executes a command. Within a session each sequence number is
// executed at most once.
func (s *Store) ApplyCommand(c Command) Result {
	if c.Sequence == 0 {
		return s.execute(c)
	}
	switch last := s.sessions[c.Session]; {
	case c.Sequence == last.sequence:
		return last.result
	case c.Sequence < last.sequence:
		return Result{Status: Stale, Value: last.sequence}
	}
	r := s.execute(c)
	s.setRecord(c.Session, record{sequence: c.Sequence, result: r})
	return r
}

// Read answers an encoded get without changing anything, not even its session.
// Other commands get Invalid.
func (s *Store) Read(command []byte) []byte {
	c, err := Decode(command)
	r := Result{Status: Invalid}
	if err == nil && c.Op == Get {
		r = s.execute(c)
	}
	return r.AppendTo(make([]byte, 0, r.Size()))
}

// execute does what the command says, whatever its session.
func (s *Store) execute(c Command) Result {
	e := s.entries[c.Key]
	switch c.Op {
	case Put:
		s.setEntry(c.Key, entry{value: c.Value, payload: uint32(c.Payload)})
		return Result{Status: Done}
	case CompareAndSwap:
		if e.value != c.Expect {
			return Result{Mismatch, e.value, int(e.payload)}
		}
		s.setEntry(c.Key, entry{value: c.Value, payload: uint32(c.Payload)})
		return Result{Status: Done}
	case Delete:
		s.setEntry(c.Key, entry{})
	}
	return Result{Done, e.value, int(e.payload)}
}

// setEntry changes what a key holds; the zero entry removes it.
func (s *Store) setEntry(key uint64, e entry) {
	old, there := s.entries[key]
	if !there && e.value == 0 {
		return
	}
	s.note(undo{place: place{id: key}, entry: old})
	if old.summed {
		s.sum.subtract(hashEntry(key, old))
	}
	s.bytes += int(e.payload) - int(old.payload)
	if e.value == 0 {
		delete(s.entries, key)
		return
	}
	if s.entries == nil {
		s.entries = map[uint64]entry{}
	}
	e.summed = false
	s.entries[key] = e
	if !there || old.summed {
		s.change(place{id: key})
	}
}

// setRecord changes what is remembered of a session; the zero record removes it.
func (s *Store) setRecord(of Session, r record) {
	old, there := s.sessions[of]
	p := place{session: true, id: uint64(of)}
	s.note(undo{place: p, record: old})
	if old.summed {
		s.sum.subtract(hashRecord(of, old))
	}
	s.bytes += r.result.Payload - old.result.Payload
	if r.sequence == 0 {
		delete(s.sessions, of)
		return
	}
	if s.sessions == nil {
		s.sessions = map[Session]record{}
	}
	r.summed = false
	s.sessions[of] = r
	if !there || old.summed {
		s.change(p)
	}
}
