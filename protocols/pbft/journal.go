package pbft

import (
	"errors"
	"math"

	"meshsim/protocols"
	"meshsim/protocols/wal"
	"meshsim/protocols/wire"
)

// journal is what a replica must not forget: its view, what it accepted, what
// prepared, and its stable checkpoint with the state. All of it is on disk before
// a message leaves that depends on it. What has committed is noted, too, but is
// not waited for: the others know it.
type journal struct {
	log   *wal.Log // nil: the configuration keeps nothing
	waits bool     // the disk could not be read or written; it is tried again
}

// file is the name of the log on the disk.
const file = "pbft.log"

// The kinds of records.
const (
	viewRecord uint8 = iota + 1
	proposalRecord
	certificateRecord
	committedRecord
	batchRecord
	stableRecord
	decidedRecord
	readsRecord
)

// write appends a record; false if the replica had to halt.
func (n *replica) write(env *protocols.Env, s *slot, record []byte, sync bool) bool {
	switch {
	case n.journal.log == nil:
		return true
	case n.halted != "":
		return false
	}
	number, err := n.journal.log.Append(env.Disk, record)
	if err != nil {
		n.refused(env, err)
		return false
	}
	if s != nil && s.record == 0 {
		s.record = number
	}
	if sync {
		env.Disk.Sync()
	}
	return true
}

// refused stops a replica whose disk is full: it cannot keep what it would promise.
// It comes back as after a crash, from what the disk has, and tries again.
func (n *replica) refused(env *protocols.Env, err error) {
	n.halted, n.journal.waits = "its disk refuses to write: "+err.Error(), true
	env.StopTimer(viewTimer)
	env.SetTimer(retryTimer, n.Retransmit)
}

func (n *replica) saveView(env *protocols.Env) bool {
	return n.write(env, nil, n.appendView([]byte{viewRecord}), true)
}

func (n *replica) appendView(b []byte) []byte {
	return wire.AppendBool(wire.AppendUvarint(b, n.view), n.changing)
}

func (n *replica) saveProposal(env *protocols.Env, m *PrePrepare) bool {
	if n.journal.log == nil {
		return true
	}
	b := append(make([]byte, 0, 1+m.size), proposalRecord)
	return n.write(env, n.log.at(m.Sequence), m.AppendTo(b), true)
}

func (n *replica) saveCertificate(env *protocols.Env, c *certificate) bool {
	if n.journal.log == nil {
		return true
	}
	b := append(make([]byte, 0, 200+len(c.prepares)*(4+64)), certificateRecord)
	return n.write(env, n.log.at(c.proposal.Sequence), c.appendTo(b), true)
}

// saveAdopted notes a low watermark without the state, which has yet to come.
func (n *replica) saveAdopted(env *protocols.Env) bool {
	return n.write(env, nil, n.stable.appendTo([]byte{stableRecord}), true)
}

func (n *replica) saveCommitted(env *protocols.Env, s *slot) bool {
	return n.write(env, s, wire.AppendUvarint([]byte{committedRecord}, s.sequence), false)
}

// saveDecided notes what others have committed. It is waited for: a client may be
// told of it, and the replica has no certificate that would remind it.
func (n *replica) saveDecided(env *protocols.Env, s *slot) bool {
	b := wire.AppendUvarint([]byte{decidedRecord}, s.sequence)
	return n.write(env, s, append(b, s.outcome[:]...), true)
}

// saveReads notes that clients may be told of a state that is not on disk.
func (n *replica) saveReads(env *protocols.Env, from uint64) bool {
	return n.write(env, nil, wire.AppendUvarint([]byte{readsRecord}, from), true)
}

func (n *replica) saveBatch(env *protocols.Env, s *slot, b *batch) bool {
	if n.journal.log == nil {
		return true
	}
	return n.write(env, s, b.appendTo(wire.AppendUvarint([]byte{batchRecord}, s.sequence)), false)
}

// saveStable puts the stable checkpoint and its state in front of the log, and
// drops what it has made obsolete.
func (n *replica) saveStable(env *protocols.Env) {
	size := 0
	if n.journal.log != nil {
		first := n.journal.log.Next()
		n.log.slots(func(s *slot) {
			if s.record > 0 {
				first = min(first, s.record)
			}
		})
		head := n.stable.appendTo(n.appendView(nil))
		head = wire.AppendBytes(head, n.store.SnapshotAt(n.checkpoints[0].mark))
		if err := n.journal.log.Compact(env.Disk, head, first); err != nil {
			n.refused(env, err)
			return
		}
		env.Disk.Sync()
		size = n.journal.log.Size()
	}
	env.Observe(Logged, n.top-n.log.low, uint64(size))
}

// recover reads the journal back after a restart. A replica whose journal is
// damaged has broken promises it cannot know of, so it is silent from now on.
func (n *replica) recover(env *protocols.Env) {
	if !n.Durable {
		return
	}
	log, past, err := wal.Open(env.Disk, file)
	switch {
	case errors.Is(err, protocols.ErrRead), errors.Is(err, protocols.ErrFull):
		n.halted, n.journal.waits = err.Error(), true
		env.SetTimer(retryTimer, n.Retransmit)
		return
	case err != nil:
		n.halted = err.Error()
		return
	}
	n.halted, n.journal = "", journal{log: log}
	if past.Head != nil && !n.readHead(past.Head) {
		n.halted = file + " holds no checkpoint in front"
		return
	}
	for i, b := range past.Records {
		if !n.readRecord(b, past.First+uint64(i)) {
			n.halted = file + " holds a record that is none"
			return
		}
	}
	n.log.slots(func(s *slot) { n.voteAgain(env, s) })
}

func (n *replica) readHead(b []byte) bool {
	r := &reader{wire.NewReader(b)}
	n.view, n.changing = r.Uvarint(), r.Bool()
	c := readStable(r)
	state := r.Bytes(math.MaxInt)
	if r.Close(file) != nil || n.store.Restore(state) != nil {
		return false
	}
	n.executed = c.sequence
	n.checkpoints = []snapshot{{sequence: c.sequence, digest: c.state, mark: n.store.Mark()}}
	n.raise(c)
	return true
}

// readRecord takes up a record. Records of collected numbers, and views that were
// left before the head was written, may still be there.
func (n *replica) readRecord(b []byte, number uint64) bool {
	r := &reader{wire.NewReader(b)}
	kind := r.Uint8()
	if kind == proposalRecord {
		m, err := decode(b[1:])
		p, ok := m.(*PrePrepare)
		if err != nil || !ok {
			return false
		}
		n.restoreProposal(p, number)
		return true
	}
	switch kind {
	case viewRecord:
		view, changing := r.Uvarint(), r.Bool()
		n.restoreView(view, changing)
	case certificateRecord:
		n.restoreCertificate(readCertificate(r))
	case committedRecord:
		if s := n.log.find(r.Uvarint()); s != nil && s.proposal != nil {
			s.prepared, s.committed, s.decided, s.outcome = true, true, true, s.proposal.Batch
		}
	case stableRecord:
		if c := readStable(r); c.sequence > n.log.low {
			n.adoptable(c)
		}
	case decidedRecord:
		n.restoreDecided(r.Uvarint(), r.digest(), number)
	case readsRecord:
		n.reads.from = max(n.reads.from, r.Uvarint())
	case batchRecord:
		s := n.log.find(r.Uvarint())
		if b := readBatch(r); s != nil {
			s.keep(b)
		}
	default:
		return false
	}
	return r.Close(file) == nil
}

func (n *replica) restoreView(view uint64, changing bool) {
	if view < n.view {
		return
	}
	if view > n.view {
		n.log.slots((*slot).leaveView)
		n.top = n.log.low
		n.next = n.log.low + 1
	}
	n.view, n.changing = view, changing
}

func (n *replica) restoreProposal(m *PrePrepare, number uint64) {
	if !n.log.within(m.Sequence) {
		return
	}
	s := n.log.at(m.Sequence)
	if s.record == 0 {
		s.record = number
	}
	s.take(m)
	if m.View != n.view || n.changing {
		s.proposal = nil
	} else {
		n.top = max(n.top, m.Sequence)
		n.next = n.top + 1
	}
	if m.batch != nil {
		s.keep(m.batch)
	}
}

func (n *replica) restoreCertificate(c *certificate) {
	s := n.log.find(c.proposal.Sequence)
	if s == nil {
		return
	}
	s.certificate = c
	n.reads.from = max(n.reads.from, s.sequence)
	if s.proposal != nil && c.proposal.View == n.view {
		s.prepared = true
	}
}

func (n *replica) restoreDecided(sequence uint64, d protocols.Digest, number uint64) {
	if !n.log.within(sequence) {
		return
	}
	s := n.log.at(sequence)
	if s.record == 0 {
		s.record = number
	}
	s.decided, s.outcome = true, d
	n.reads.from = max(n.reads.from, sequence)
}

// voteAgain makes the replica's own votes of its present view again: it sends
// them to those who lack them.
func (n *replica) voteAgain(env *protocols.Env, s *slot) {
	m := s.proposal
	if m == nil {
		return
	}
	if b := s.batch(m.Batch); b != nil {
		n.expect(b)
	}
	if m.Primary != n.id {
		s.prepare = newVote(KindPrepare, m.View, m.Sequence, m.Batch, n.id)
		s.prepare.prove(n.prove(env, s.prepare.digest), 0)
		s.prepares.add(n.self, s.prepare)
	}
	if s.prepared {
		s.commit = newVote(KindCommit, m.View, m.Sequence, m.Batch, n.id)
		s.commit.prove(n.prove(env, s.commit.digest), 0)
		s.commits.add(n.self, s.commit)
	}
}
