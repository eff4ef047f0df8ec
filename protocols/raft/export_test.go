package raft

import "meshsim/protocols"

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
