package capability

import "meshsim/protocols/task"

// What nodes observe beside what all strategies do.
const (
	Routed    = task.OwnObservation + iota // a place was chosen: the task, the node
	Offered                                // a task that needs something is to run here: the task, how well this node matches it in units of 2^-64
	Waits                                  // no place was found: the task, for how long it waits, in nanoseconds
	Relaxed                                // the threshold of a task was lowered: the task, to what, in units of 2^-64
	Announced                              // a node told of itself: its sequence number, its room
	Doubted                                // a claim was broken: the node, how often it now counts as that
	Refused                                // a task was not taken: the task, the reason
)

var observationNames = []string{"routed", "offered", "waits", "relaxed", "announced", "doubted", "refused"}

// The names of timers.
const (
	roundTimer = task.OwnTimer + iota // tell others
	retryTimer                        // look again for a place; the argument is the number of the wait
)
