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
