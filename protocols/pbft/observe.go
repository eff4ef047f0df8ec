package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
)

// The timers of replicas. Those of clients follow.
const (
	viewName uint8 = iota
	retryName
	replicaTimers
)

var (
	viewTimer  = protocols.Timer(viewName, 0)  // a request or a new view took too long
	retryTimer = protocols.Timer(retryName, 0) // ask for what is missing
)

var timerNames = append([]string{"view", "retry"}, client.Timers...)

// What nodes observe. Keys and values are given behind each. A digest stands for
// a batch, a request, a result or a state; a vote is a view and a digest.
const (
	Primary      protocols.ObservationKind = iota // a replica is the primary: 0, view
	Accepted                                      // a replica accepts a pre-prepare: number, vote
	Prepared                                      // it has a prepared certificate: number, vote
	Committed                                     // it has a quorum of commits: number, vote
	Executed                                      // it executes a committed batch: number, digest
	Applied                                       // it executes a request of it: digest of the request, client
	Replied                                       // it answers a client: operation, digest of the result
	Checkpointed                                  // it makes a checkpoint: number, digest of the state
	Stabilized                                    // it sees a quorum of equal checkpoint messages: number, digest of the state
	Raised                                        // a checkpoint becomes its low watermark: number, digest of the state
	Transferred                                   // it takes over the state of another replica: number, digest of the state
	ViewChanged                                   // it wants a new view: view, 0
	Entered                                       // it enters a view: view, 0
	Logged                                        // a checkpoint is stable: numbers in the log, bytes on disk
	Recovered                                     // a replica goes on from what its disk has kept: low watermark, number that was executed
	Issued                                        // a client makes a request: digest of the request, first replica of the cluster
	Completed                                     // a client has enough replies: operation, digest of the result
	replicaObservations
)

// Those that follow the clients'.
const (
	WritesForbidden = replicaObservations + client.Kinds + iota // another protocol on the node forbids to write, or allows it again: 0, 1 or 0
	TurnedAway                                                  // a write was refused, or not sent, for that: its timestamp, 0; 0 of other protocols' events
	Took                                                        // on a node that was told whether it may write: a replica takes a write, or proposes it, or a client sends one: digest of the request, 0
)

var observationNames = append(append([]string{"primary", "accepted", "prepared", "committed", "executed", "applied", "replied",
	"checkpointed", "stabilized", "raised", "transferred", "view-changed", "entered", "logged", "recovered", "issued", "completed"}, client.Observations...), "read-only", "turned-away", "took")

// base is where the timers and observations of clients begin.
var base = client.Base{Timer: replicaTimers, Observation: replicaObservations}

// vote is how observations tell of a batch in a view.
func vote(view uint64, batch protocols.Digest) uint64 { return draw.Derive(short(batch), view) }
