package protocols

import (
	"math"
	"time"

	"meshsim/protocols/draw"
)

// Env is what a node sees of the world during one call, and where it says what
// it wants done. A node must not keep it, nor any slice of it, after the call.
//
// Fields above the line are input; a driver fills them with [Env.Reset]. The
// rest are the wishes, in the order in which they were made. Protocol code uses
// the methods; drivers and tests read the fields.
type Env struct {
	Self NodeID    // the node's own identity
	Now  Time      // the node's own clock at the start of the call
	Rand draw.Rand // this call's random stream
	Disk *Disk     // what survives a crash

	Crypto Crypto       // behind Sign, Verify and Tag; the driver sets it, and Costs, once
	Costs  *CryptoCosts // what they cost on this node; must not be nil where they are used

	Accomplices []NodeID // whose keys a Byzantine node has, while it lies; shared, do not change

	// ---

	Sends         []Send
	Timers        []TimerOp
	Observations  []Observation
	Announcements []Event
	Busy          time.Duration // CPU time that the call asked for by Work
}

// Send is a message on its way out.
type Send struct {
	To      NodeID
	Message Message
}

// TimerOp is a wish to set a timer or, with a negative After, to stop it.
type TimerOp struct {
	Timer TimerID
	After time.Duration // on the node's clock, from the end of the call
}

// Reset makes env ready for a call. Wishes of the last call are dropped, their
// memory is kept. Draws come from key.
func (env *Env) Reset(self NodeID, now Time, key uint64, disk *Disk) {
	env.Self, env.Now, env.Disk = self, now, disk
	env.Rand = draw.New(key)
	env.Sends = env.Sends[:0]
	env.Timers = env.Timers[:0]
	env.Observations = env.Observations[:0]
	env.Announcements = env.Announcements[:0]
	env.Busy = 0
}

// Send asks for m to be sent to a node, once, without guarantee. Sending to
// oneself goes through the network like everything else, and can be lost.
func (env *Env) Send(to NodeID, m Message) {
	env.Sends = append(env.Sends, Send{to, m})
}

// Multicast asks for one shared m to be sent to each node in to.
func (env *Env) Multicast(to []NodeID, m Message) {
	for _, t := range to {
		env.Sends = append(env.Sends, Send{t, m})
	}
}

// SetTimer asks for Expire(t) when the node's clock has advanced by after.
// A timer of that name that is already set is replaced. A negative duration
// counts as 0.
func (env *Env) SetTimer(t TimerID, after time.Duration) {
	env.Timers = append(env.Timers, TimerOp{t, max(after, 0)})
}

// StopTimer unsets a timer; stopping one that is not set does nothing.
func (env *Env) StopTimer(t TimerID) {
	env.Timers = append(env.Timers, TimerOp{t, -1})
}

// Observe tells checkers and probes that something happened: the only window
// they look through. What key and value mean is the kind's own affair. It stands
// at the start of the call, before any Sync of the call is done: what must not
// be believed before it is durable is observed by whoever hears of it, or after.
// An observation that nobody asked for costs a few nanoseconds.
func (env *Env) Observe(kind ObservationKind, key, value uint64) {
	env.Observations = append(env.Observations, Observation{kind, key, value})
}

// Announce tells the other protocols on this node; see [Hearer].
func (env *Env) Announce(e Event) {
	env.Announcements = append(env.Announcements, e)
}

// Work says that this call costs d of CPU time beyond what the scenario charges
// for each message and byte. What the call sends leaves when the work is done.
func (env *Env) Work(d time.Duration) {
	if d > 0 {
		env.Busy += min(d, math.MaxInt64-env.Busy)
	}
}
