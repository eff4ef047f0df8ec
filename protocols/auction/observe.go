package auction

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

// What nodes observe beside what all strategies do.
const (
	Announced = task.OwnObservation + iota // a round began: the task, how many others were asked
	Bid                                    // a bid came: the task, the bidder
	Awarded                                // the task, the winner
	Ranked                                 // an award went to one that was not the first choice: the task, the winner
	Vain                                   // a round brought no winner: the task, the round from 1
	Learned                                // an outcome: the peer, its past performance in thousandths
)

var observationNames = []string{"announced", "bid", "awarded", "ranked", "vain", "learned"}

// The names of timers; the argument is the number of the round.
const (
	deadlineTimer = task.OwnTimer + iota // bids were waited for long enough
	retryTimer                           // announce again
)

var metrics = []protocols.MetricSpec{
	{Name: "bids_per_auction", Form: protocols.Scalar, Unit: "1", Doc: "bids that came for each announcement", Better: protocols.Neither},
	{Name: "second_best", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the awards that did not go to the first choice", Better: protocols.Smaller},
	{Name: "vain_rounds", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the announcements that brought no winner", Better: protocols.Smaller},
}

// probe makes figures of counts.
type probe struct{}

// Wants lists nothing: counts are enough.
func (probe) Wants() []protocols.ObservationKind { return nil }

// Observe does nothing.
func (probe) Observe(protocols.Observed) {}

// Sample adds nothing.
func (probe) Sample(protocols.Time, *protocols.Figures) {}

// Finish adds the run's figures.
func (probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	share := func(name string, part, of protocols.ObservationKind) {
		if n := t.Observations[of].Count; n > 0 {
			out.Scalar(name, t.At, float64(t.Observations[part].Count)/float64(n))
		}
	}
	share("bids_per_auction", Bid, Announced)
	share("second_best", Ranked, Awarded)
	share("vain_rounds", Vain, Announced)
}
