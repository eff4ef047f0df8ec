package raft

import (
	"time"

	"meshsim/protocols"
)

// Mutant is a fault that a test plants.
type Mutant = mutant

// The mutants.
const (
	Honest             = honest
	VotesTwice         = votesTwice
	CountsOldTerms     = countsOldTerms
	SkipsVoteSync      = skipsVoteSync
	TrustsDrift        = trustsDrift
	TruncatesCommitted = truncatesCommitted
	WritesReadOnly     = writesReadOnly
)

// NewMutant describes Raft with a fault.
func NewMutant(c Config, m Mutant) *protocols.Protocol { return describe(c, m) }

// NewEntry makes an entry.
func NewEntry(term uint64, kind EntryKind, data []byte) Entry { return newEntry(term, kind, data) }

// Entries makes a message with entries.
func Entries(term, prev, prevTerm, commit uint64, list ...Entry) *AppendEntries {
	return newAppend(AppendEntries{Term: term, PrevIndex: prev, PrevTerm: prevTerm, Commit: commit, Entries: list})
}

// Lease is how long a lease lasts.
func Lease(c Config) time.Duration { return c.leaseFor(honest) }

// Remembered is how much a checker of one cluster remembers.
func Remembered(c protocols.Checker) (n int) {
	switch c := c.(*byCluster).Checkers[0].(type) {
	case *logMatching:
		return len(c.chains.young) + len(c.chains.old) + len(c.chains.kept)
	case *completeness:
		for i := range c.logs {
			n += len(c.logs[i].chains)
		}
	}
	return n
}

// BackUp finds where the log of a follower matches that of a leader, both given by
// the terms of their entries, as messages between them would, and counts the
// rejections.
func BackUp(leads, follows []uint64) (match uint64, rejections int) {
	l, f := &node{shared: &shared{}, lead: &leadership{}}, &node{shared: &shared{}}
	for _, t := range leads {
		l.log.append(newEntry(t, EntryNoOp, nil))
	}
	for _, t := range follows {
		f.log.append(newEntry(t, EntryNoOp, nil))
	}
	p := &progress{next: l.log.last() + 1}
	for {
		prev, _ := l.log.at(p.next - 1)
		if at, ok := f.log.at(prev.index); ok && at.term == prev.term {
			return prev.index, rejections
		}
		rejections++
		term, index := f.hint(prev.index)
		l.onRejected(p, &AppendReply{Rejected: true, Index: prev.index, Round: uint64(rejections), HintTerm: term, HintIndex: index})
	}
}
