package raft

import (
	"meshsim/protocols"
	"meshsim/protocols/client"
)

// What replicas observe; key and value are given behind each. A place is the
// term and index of an entry, see [Pack], with the hash of the log up to there:
// logs with equal hashes are equal.
const (
	Leader       protocols.ObservationKind = iota // it was elected: its last index, term
	SteppedDown                                   // it leads no more: 0, the term that it led
	Followed                                      // it knows who leads: the leader, term
	Canvassed                                     // it asks for pre-votes: time since word from a leader, the term it would stand for
	Stood                                         // it stands for election: time since word from a leader, term
	Appended                                      // an entry is in its log: place, hash
	Truncated                                     // entries were removed: the first index, term
	Restored                                      // its log now begins behind a place, all else is gone: place, hash
	Committed                                     // as leader, it knows that an entry is committed: place, hash
	Applied                                       // it applied an entry: place, hash
	Loaded                                        // its state is that after an entry: place, hash
	Configured                                    // a configuration is in force: index, voters·2^32 + learners
	Compacted                                     // it took a snapshot: index, bytes
	Installed                                     // it got a snapshot from the leader: index, bytes
	Wrote                                         // it made writes durable: bytes of its log, 0
	Joined                                        // it starts: first replica of its cluster, replicas
	Halted                                        // it takes no part any more: 0, 0
	observations                                  // those of clients follow
)

// Those that follow the clients'.
const (
	ReadOnly   = observations + client.Kinds + iota // another protocol on the node forbids to write, or allows it again: 0, 1 or 0
	TurnedAway                                      // a write was refused for that: its sequence number, 0; 0 of other protocols' events
)

var observationNames = append(append([]string{"leader", "stepped-down", "followed", "canvassed", "stood", "appended", "truncated",
	"restored", "committed", "applied", "loaded", "configured", "compacted", "installed", "wrote", "joined", "halted"},
	client.Observations...), "read-only", "turned-away")

// base is where the numbers of clients begin.
var base = client.Base{Timer: timers, Observation: observations}

// mutant is a fault that a test plants, to see that a checker finds it.
type mutant uint8

const (
	honest             mutant = iota
	votesTwice                // forgets at a restart whom it voted for
	countsOldTerms            // commits an entry of an old term by counting replicas (5.4.2, Figure 8)
	skipsVoteSync             // answers with a vote before that is durable
	trustsDrift               // takes a lease as if no clock drifted
	truncatesCommitted        // makes its log that of each message, however old
	writesReadOnly            // takes entries although its node is read-only
)
