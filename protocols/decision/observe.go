package decision

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// What nodes observe. Keys and values are given behind each.
const (
	Proposed   protocols.ObservationKind = iota // a member proposes: ID, digest
	Ordered                                     // a voter hears that a proposal is in the order: ID, digest
	Voted                                       // a voter signs its vote: ID, outcome; again, perhaps another, if it crashes before that is on disk
	Counted                                     // a voter's vote, the first one, came to another: ID, outcome and voter, see Pack
	Decided                                     // a member takes a verdict: ID, outcome and place, see Pack; again if it crashes before that is on disk
	Certified                                   // with Decided: ID, votes that prove it
	VotedBoth                                   // a voter was heard to vote both ways: ID, the voter
	Told                                        // a member was asked from outside: SubjectKey, outcome of the last decision and its target, see Pack
	Muted                                       // a voter that cannot use its disk votes no more: 0, 0
	ReadOnly                                    // another protocol on the node forbids to propose, or allows it again: 0, 1 or 0
	TurnedAway                                  // a proposal was refused for that: SubjectKey, 0
)

var observationNames = []string{"proposed", "ordered", "voted", "counted", "decided", "certified", "voted-both", "told", "muted", "read-only", "turned-away"}

// Pack puts an outcome and a place, a target or a voter into one value.
func Pack(o Outcome, rest uint64) uint64 { return rest<<2 | uint64(o) }

// Unpack undoes Pack.
func Unpack(v uint64) (o Outcome, rest uint64) { return Outcome(v & 3), v >> 2 }

// SubjectKey is what observations tell of a subject.
func SubjectKey(subject string) uint64 { return draw.DeriveString(0, subject) }
