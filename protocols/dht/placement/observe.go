package placement

import "meshsim/protocols/task"

// What nodes observe beside what all strategies do. The key is always a task.
const (
	Owned      = task.OwnObservation + iota // it belongs here: its key on the ring
	Forwarded                               // it was handed to who should be responsible: to whom
	Copied                                  // a copy is held here: for whom
	Dropped                                 // it is held here no longer: for whom it was
	TookOver                                // it was taken over from a copy: whose it was
	Merged                                  // another node has it, too, and got this one: which
	HandedOver                              // it waited here, and belongs to another node now: to whom
)

var observationNames = []string{"owned", "forwarded", "copied", "dropped", "took-over", "merged", "handed-over"}

// The timers of the strategy's own.
const (
	renewTimer = task.OwnTimer + iota // renew what others hold, and look who is silent
	askTimer                          // ask once more who is silent
)
