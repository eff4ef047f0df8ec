package raft

import "slices"

// position is a place in a log: an index, the term of the entry there, and the
// hash of all entries up to it.
type position struct{ index, term, chain uint64 }

// raftLog is the replicated log, without what was compacted away. Entries and
// their data are shared with messages and never changed in place.
type raftLog struct {
	base    position // the last entry that was compacted away
	entries []Entry  // the first has index base.index+1
	chains  []uint64 // hash of the log up to each entry
}

// last is the index of the last entry.
func (l *raftLog) last() uint64 { return l.base.index + uint64(len(l.entries)) }

// at is the place at an index; ok is false if the log does not hold it (any more).
func (l *raftLog) at(index uint64) (p position, ok bool) {
	switch {
	case index == l.base.index:
		return l.base, true
	case index < l.base.index || index > l.last():
		return position{}, false
	}
	i := index - l.base.index - 1
	return position{index, l.entries[i].Term, l.chains[i]}, true
}

// end is the place of the last entry.
func (l *raftLog) end() position {
	p, _ := l.at(l.last())
	return p
}

// entry is the entry at an index that the log holds.
func (l *raftLog) entry(index uint64) *Entry { return &l.entries[index-l.base.index-1] }

// append adds an entry and returns its place.
func (l *raftLog) append(e Entry) position {
	chain := link(l.end().chain, &e)
	l.entries = append(l.entries, e)
	l.chains = append(l.chains, chain)
	return position{l.last(), e.Term, chain}
}

// truncate removes the entries from an index on. What is appended later goes to
// new memory: messages may still show the old.
func (l *raftLog) truncate(from uint64) {
	n := int(from - l.base.index - 1)
	l.entries = l.entries[:n:n]
	l.chains = l.chains[:n]
}

// slice returns the entries from an index on, as many as fit the limits, but at
// least one if there is one.
func (l *raftLog) slice(from uint64, entries, bytes int) []Entry {
	rest := l.entries[min(from-l.base.index-1, uint64(len(l.entries))):]
	n := min(len(rest), entries)
	for i := range n {
		if bytes -= rest[i].size(); bytes < 0 && i > 0 {
			n = i
			break
		}
	}
	return rest[:n:n]
}

// compact forgets the entries up to a place that the log holds.
func (l *raftLog) compact(to position) {
	n := int(to.index - l.base.index)
	l.base = to
	l.entries = slices.Clone(l.entries[n:])
	l.chains = slices.Clone(l.chains[n:])
}

// reset makes the log empty behind a place that it need not hold.
func (l *raftLog) reset(base position) { *l = raftLog{base: base} }

// firstOfTerm is the first index of the run of entries of one term that ends at
// an index; the log does not know of any below its base.
func (l *raftLog) firstOfTerm(index, term uint64) uint64 {
	for index > l.base.index+1 && l.entries[index-l.base.index-2].Term == term {
		index--
	}
	return index
}

// lastOfTerm is the last index, at most a given one, of an entry of the term;
// ok is false if the log holds none.
func (l *raftLog) lastOfTerm(index, term uint64) (last uint64, ok bool) {
	for index = min(index, l.last()); index > l.base.index; index-- {
		if t := l.entries[index-l.base.index-1].Term; t <= term {
			return index, t == term
		}
	}
	return index, l.base.term == term && index == l.base.index
}

// isUpToDate reports whether a log that ends with another entry is at least as
// up-to-date as this one (5.4.1): "If the logs have last entries with different
// terms, then the log with the later term is more up-to-date. If the logs end
// with the same term, then whichever log is longer is more up-to-date."
func (l *raftLog) isUpToDate(term, index uint64) bool {
	mine := l.end()
	return term > mine.term || term == mine.term && index >= mine.index
}
