package worksteal

import "meshsim/protocols/task"

// What nodes observe beside what all strategies do.
const (
	Asked   = task.OwnObservation + iota // a thief asked: its request's number, the victim
	Stole                                // a victim gave: the request's number, the victim
	Yielded                              // a victim handed a task over: the task, the thief
	Pushed                               // an overloaded node handed a task over: the task, to whom
	Rested                               // a round was in vain: rounds in vain so far, the rest in nanoseconds
)

var observationNames = []string{"asked", "stole", "yielded", "pushed", "rested"}

// The names of timers.
const (
	answerTimer = task.OwnTimer + iota // a victim has not answered
	restTimer                          // the back-off is over
)
