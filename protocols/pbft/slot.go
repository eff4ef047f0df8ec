package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/quorum"
)

// slot is what a replica knows of one sequence number. The upper part is of the
// present view alone.
type slot struct {
	sequence            uint64
	record              uint64      // the first one on disk that is of this number; 0: none
	proposal            *PrePrepare // accepted; nil: none yet
	prepares, commits   tally
	prepare, commit     *Vote // the replica's own
	prepared, committed bool

	decided bool             // a batch has committed here, in whatever view
	outcome protocols.Digest // of that batch
	late    []commit         // of views that the replica has left or not entered

	certificate *certificate // of the last view in which a batch prepared here; nil: none
	accepted    []accepted   // the batches that were accepted, each with its last view
	batches     []*batch     // all that are known of this number
}

// batch finds the batch with a digest, nil if it is not known.
func (s *slot) batch(d protocols.Digest) *batch {
	if d == null.digest {
		return null
	}
	for _, b := range s.batches {
		if b.digest == d {
			return b
		}
	}
	return nil
}

// keep remembers a batch until the number is collected.
func (s *slot) keep(b *batch) {
	if s.batch(b.digest) == nil {
		s.batches = append(s.batches, b)
	}
}

// take accepts a proposal in its view.
func (s *slot) take(m *PrePrepare) {
	s.proposal = m
	for i := range s.accepted {
		if s.accepted[i].batch == m.Batch {
			s.accepted[i].view = m.View
			return
		}
	}
	s.accepted = append(s.accepted, accepted{m.Sequence, m.View, m.Batch})
}

// lacks is the digest of the batch that belongs here and is not known.
func (s *slot) lacks() (d protocols.Digest, ok bool) {
	switch {
	case s.decided:
		d = s.outcome
	case s.proposal != nil:
		d = s.proposal.Batch
	default:
		return d, false
	}
	return d, s.batch(d) == nil
}

// commit is what one replica has committed, in the last view in which it did.
type commit struct {
	place int
	view  uint64
	batch protocols.Digest
}

// addLate counts a commit of a view that is not the replica's own, and returns
// how many there are like it; 0 if it is no news.
func (s *slot) addLate(c commit) (n int) {
	known := false
	for i := range s.late {
		switch o := &s.late[i]; {
		case o.place == c.place && o.view >= c.view:
			return 0
		case o.place == c.place:
			*o, known = c, true
			n++
		case o.view == c.view && o.batch == c.batch:
			n++
		}
	}
	if !known {
		s.late = append(s.late, c)
		n++
	}
	return n
}

// leaveView forgets what belongs to a view.
func (s *slot) leaveView() {
	s.proposal, s.prepare, s.commit = nil, nil, nil
	s.prepared, s.committed = false, false
	s.prepares.clear()
	s.commits.clear()
}

// tally counts the votes of one kind at one number in one view. Each replica has
// one vote, the first that arrives.
type tally struct {
	voters quorum.Set
	counts []count // one for each digest: more than one only if somebody lies
	votes  []*Vote // kept for certificates
	room   int     // votes that a certificate takes
}

type count struct {
	batch protocols.Digest
	n     int
}

// add counts a vote and returns how many there are for its digest.
func (t *tally) add(place int, m *Vote) int {
	t.voters.Add(place)
	if m.kind == KindPrepare {
		if t.votes == nil {
			t.votes = make([]*Vote, 0, t.room)
		}
		t.votes = append(t.votes, m)
	}
	for i := range t.counts {
		if c := &t.counts[i]; c.batch == m.Batch {
			c.n++
			return c.n
		}
	}
	t.counts = append(t.counts, count{m.Batch, 1})
	return 1
}

// of is the number of votes for a digest.
func (t *tally) of(d protocols.Digest) int {
	for i := range t.counts {
		if t.counts[i].batch == d {
			return t.counts[i].n
		}
	}
	return 0
}

// matching returns the first limit votes for a digest, in the order of arrival.
// The tally must get no more votes afterwards until it is cleared.
func (t *tally) matching(d protocols.Digest, limit int) []*Vote {
	if len(t.counts) == 1 {
		return t.votes[:limit:limit]
	}
	list := make([]*Vote, 0, limit)
	for _, v := range t.votes {
		if v.Batch == d && len(list) < limit {
			list = append(list, v)
		}
	}
	return list
}

func (t *tally) clear() {
	t.voters.Clear()
	t.counts = t.counts[:0]
	t.votes = nil // a certificate may have them
}

// log is the numbers between the watermarks: h < n <= h+L (section 4.2). They
// lie in a ring, and are made when they are first needed.
type log struct {
	low      uint64  // h: the last stable checkpoint
	ring     []*slot // L of them; number n is at n mod L
	replicas int
	quorum   int
}

func newLog(c *cluster) log {
	return log{ring: make([]*slot, c.Window), replicas: c.n, quorum: c.quorum}
}

// high is H.
func (l *log) high() uint64 { return l.low + uint64(len(l.ring)) }

// within reports whether a number is between the watermarks.
func (l *log) within(sequence uint64) bool { return sequence > l.low && sequence <= l.high() }

// find returns the slot of a number, nil if it has none.
func (l *log) find(sequence uint64) *slot {
	if !l.within(sequence) {
		return nil
	}
	s := l.ring[sequence%uint64(len(l.ring))]
	if s == nil || s.sequence != sequence {
		return nil
	}
	return s
}

// at returns the slot of a number between the watermarks.
func (l *log) at(sequence uint64) *slot {
	p := &l.ring[sequence%uint64(len(l.ring))]
	if *p == nil {
		*p = &slot{prepares: tally{voters: quorum.NewSet(l.replicas), room: l.quorum - 1}, commits: tally{voters: quorum.NewSet(l.replicas)}}
	}
	s := *p
	if s.sequence != sequence { // what is left of a number that was collected
		s.leaveView()
		clear(s.batches)
		*s = slot{sequence: sequence, prepares: s.prepares, commits: s.commits,
			accepted: s.accepted[:0], batches: s.batches[:0], late: s.late[:0]}
	}
	return s
}

// collect makes a checkpoint the low watermark and drops what is not above it.
func (l *log) collect(sequence uint64) { l.low = sequence }

// slots visits the slots between the watermarks, ascending.
func (l *log) slots(visit func(*slot)) {
	for i := range l.ring {
		if s := l.find(l.low + 1 + uint64(i)); s != nil {
			visit(s)
		}
	}
}
