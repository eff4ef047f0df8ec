package task

import "meshsim/protocols"

// What nodes observe. The key is always a task, or a job; the value is given
// behind each. A node has a task in hand from Submitted, Spawned, Took,
// Recovered or Reclaimed on, until Gave, Leased, Rejected or Ran; one that forks
// until Done.
const (
	Submitted      protocols.ObservationKind = iota // it entered here: when it was asked for
	Spawned                                         // it is a part that is ready to run: of which task or job
	Depends                                         // it must not start before another is done: that one
	Rejected                                        // it is given up for good: the Reason
	Started                                         // it begins to run: when it was asked for; 0 of parts
	Ran                                             // it ran to its end: for how long, of a core
	Done                                            // it and all its parts are done: when it was asked for; 0 of parts
	Late                                            // it is done, after its deadline: by how much
	Took                                            // it was handed over to this node: by whom
	Gave                                            // another node took it, and answers for it alone: which
	Leased                                          // another node took it, this one answers for it still: which
	Renewed                                         // a node says that it has the task: which
	Reclaimed                                       // nothing was heard of it, or its holder failed: who had it last
	Returned                                        // a hand-over failed, it is still here: to whom
	Recovered                                       // the journal has kept it: 0
	Reported                                        // the origin knows that it is done: 0
	JournalFailed                                   // it could not be written (value 1), or nothing read (key 0, value 0)
	Matched                                         // a task with needs begins to run: 1 if the node offers what it must, else 0
	OwnObservation                                  // the first kind of a strategy's own
)

var observationNames = []string{"submitted", "spawned", "depends", "rejected", "started", "ran", "done", "late", "took", "gave", "leased",
	"renewed", "reclaimed", "returned", "recovered", "reported", "journal-failed", "matched"}

// Reason says why a task was rejected.
type Reason uint8

// The reasons.
const (
	Full         Reason = iota // the queue is full
	Unable                     // nobody who was asked offers what it needs
	TooLarge                   // it needs more memory than the node has
	ReadOnly                   // this side of a partition takes no tasks
	Unplaced                   // the strategy found nobody in time
	PartRejected               // one of its parts was
	reasons
)

// String returns the word for the reason.
func (r Reason) String() string {
	return [...]string{"queue full", "unable", "too large", "read-only", "unplaced", "a part was rejected"}[r]
}

// The names of timers that all strategies share.
const (
	runTimer    uint8 = iota // a slice of a task is over, or it may begin; the argument is the core
	giveTimer                // a hand-over was not answered; the argument is its sequence number
	leaseTimer               // renew what came from others, and look for what was not renewed
	reportTimer              // reports were not answered
	OwnTimer                 // the first timer of a strategy's own
)

var timerNames = []string{"run", "give", "lease", "report"}
