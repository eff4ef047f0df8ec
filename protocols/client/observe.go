package client

import "meshsim/protocols"

// What clients observe, counted from [Base].Observation. The key is always the
// operation's sequence number, which no other operation of the node has; the
// value is given behind each.
const (
	asked     protocols.ObservationKind = iota // the operation is wanted, and may wait: made by linear.Pack
	submitted                                  // an attempt leaves for the replicas: its number, from 1
	expects                                    // a compare-and-swap leaves: the value that it expects
	writes                                     // a put or compare-and-swap leaves: the value
	returned                                   // it was done: the value that get read or delete removed
	refused                                    // a compare-and-swap found another value: that
	failed                                     // given up: what it did is unknown
	dropped                                    // it found the client's queue full, and was never tried
	kinds
)

// Kinds is how many kinds of observations clients have.
const Kinds = kinds

// Observations are the names of what clients observe, in order.
var Observations = []string{"asked", "submitted", "expects", "writes", "returned", "refused", "failed", "dropped"}

// The names of timers, counted from [Base].Timer.
const (
	arrivalTimer uint8 = iota // an operation is asked for, or the load changes
	thinkTimer                // a user of a closed loop has thought; the argument is the slot
	attemptTimer              // an attempt waited too long, or the next is due; the argument is the slot
	timers
)

// Timers are the names of timers, in order.
var Timers = []string{"client-arrival", "client-think", "client-attempt"}

// Base says where a protocol's numbering has room for its clients: the first of
// len(Timers) timers and of len(Observations) kinds of observations.
type Base struct {
	Timer       uint8
	Observation protocols.ObservationKind
}
