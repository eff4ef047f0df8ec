package auction

import "meshsim/protocols/task"

// What nodes observe beside what all strategies do.
const (
	Announced = task.OwnObservation + iota // a round began: the task, how many others were asked
	Bid                                    // a bid came: the task, the bidder
	Awarded                                // the task, the winner
	Ranked                                 // the award went to one that was not the first choice: the task, the winner
	Fit                                    // an award of a task with needs: the task, how well the winner meets them in millionths
	Vain                                   // a round brought no winner: the task, the round from 1
	Learned                                // an outcome: the peer, the mark for it in millionths
)

var observationNames = []string{"announced", "bid", "awarded", "ranked", "fit", "vain", "learned"}

// The names of timers.
const (
	deadlineTimer = task.OwnTimer + iota // bids were waited for long enough; the argument is the number of the round
	retryTimer                           // announce again; the same
	overdueTimer                         // look for awards without outcome
)
